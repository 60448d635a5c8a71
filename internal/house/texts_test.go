package house

import (
	"go/ast"
	"go/token"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"smartlinks/internal/i18n"
)

// The rules of docs/architecture.md, "Texts of the dashboard". The English text is the key, so
// these tests read the sources, of templates what templ made of them.

// payersKey is a key of the payers' texts, which have a catalogue of their own.
var payersKey = regexp.MustCompile(`^[a-z0-9_]+\.[a-z0-9_.]*$`)

func TestTextsOfTheDashboardAreTranslated(t *testing.T) {
	used := textsInUse(t)
	for _, code := range i18n.Codes()[1:] {
		texts, err := i18n.DashboardTexts(code)
		if err != nil {
			t.Error(err)
		}
		for _, english := range slices.Sorted(maps.Keys(used)) {
			forms, ok := texts[english]
			if !ok {
				t.Errorf("%s: %q has no translation into %s in internal/i18n/dashboard", used[english].at, english, code)
				continue
			}
			if got, want := slices.Sorted(maps.Keys(forms)), formsFor(code, used[english].plural); !slices.Equal(got, want) {
				t.Errorf("%s: %q has the forms %v, want %v", code, english, got, want)
			}
		}
	}
}

func TestTextsOfTheDashboardAreAllInUse(t *testing.T) {
	used := textsInUse(t)
	said := sentencesOfFaults(t)
	for _, code := range i18n.Codes()[1:] {
		texts, err := i18n.DashboardTexts(code)
		if err != nil {
			t.Error(err)
		}
		for _, english := range slices.Sorted(maps.Keys(texts)) {
			_, fault := said[anyValues(english)]
			if _, ok := used[english]; !ok && !fault {
				t.Errorf("%s: nothing says %q; take it out of internal/i18n/dashboard, or mend what says it", code, english)
			}
		}
	}
}

// filledIn are the values of a text, the places of elements and the brackets around links.
var filledIn = regexp.MustCompile(`\{\{[^{}]*\}\}|\{\}|\[|\]`)

// Words for one and two may leave the number out.
func TestTextsOfTheDashboardFillInTheSameValues(t *testing.T) {
	for _, code := range i18n.Codes()[1:] {
		texts, err := i18n.DashboardTexts(code)
		if err != nil {
			t.Error(err)
		}
		for _, english := range slices.Sorted(maps.Keys(texts)) {
			want := slices.Compact(slices.Sorted(slices.Values(filledIn.FindAllString(english, -1))))
			for form, text := range texts[english] {
				got := slices.Compact(slices.Sorted(slices.Values(filledIn.FindAllString(text, -1))))
				for _, value := range got {
					if !slices.Contains(want, value) {
						t.Errorf("%s: %q (%s) fills in %s, which English doesn't", code, english, form, value)
					}
				}
				for _, value := range want {
					if !slices.Contains(got, value) && (form == "other" || value != "{{.Count}}") {
						t.Errorf("%s: %q (%s) leaves out %s", code, english, form, value)
					}
				}
			}
		}
	}
}

// TestTextsOfTheDashboardGetTheirValues holds that every value of a text is handed in with
// it: a name that is misspelt leaves a gap in the sentence.
func TestTextsOfTheDashboardGetTheirValues(t *testing.T) {
	named := regexp.MustCompile(`\{\{\.(\w+)\}\}`)
	for _, f := range goFiles(t) {
		if name, ours := room(f.Folder()); !ours || f.ForTests() || floor(name) == "i18n" {
			continue
		}
		ast.Inspect(f.AST, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || call.Ellipsis.IsValid() || len(call.Args) == 0 || forPayers(call.Args[0]) {
				return true
			}
			selector, ok := call.Fun.(*ast.SelectorExpr)
			if !ok || selector.Sel.Name != "T" && selector.Sel.Name != "N" {
				return true
			}
			at, ok := placeOfText(selector)
			if !ok || at >= len(call.Args) {
				return true
			}
			var handed []string
			if selector.Sel.Name == "N" {
				handed = append(handed, "Count")
			}
			for i := at + 1; i < len(call.Args); i += 2 {
				name, _ := constantText(call.Args[i])
				handed = append(handed, name)
			}
			english, _ := constantText(call.Args[at])
			for _, value := range named.FindAllStringSubmatch(english, -1) {
				if !slices.Contains(handed, value[1]) {
					t.Errorf("%s: nothing is handed in for %s of %q", f.At(call), value[0], english)
				}
			}
			return true
		})
	}
}

// formsFor are CLDR's cardinal forms that whole numbers below a million take.
func formsFor(code string, plural bool) []string {
	switch {
	case !plural:
		return []string{"other"}
	case code == "ar":
		return []string{"few", "many", "one", "other", "two", "zero"}
	}
	return []string{"one", "other"}
}

// text is where a text is used.
type text struct {
	at     string
	plural bool
}

// textsInUse are the English texts in calls of T, N and Mark, and what the audit log
// keeps of routes.
func textsInUse(t *testing.T) map[string]text {
	t.Helper()
	used := map[string]text{}
	for _, f := range goFiles(t) {
		name, ours := room(f.Folder())
		if !ours || f.ForTests() || floor(name) == "i18n" {
			continue
		}
		ast.Inspect(f.AST, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			selector, ok := call.Fun.(*ast.SelectorExpr)
			if !ok || len(call.Args) == 0 || forPayers(call.Args[0]) {
				return true
			}
			at, ok := placeOfText(selector)
			if !ok || at >= len(call.Args) {
				return true
			}
			english, literal := constantText(call.Args[at])
			switch {
			case literal:
				used[english] = text{f.At(call), selector.Sel.Name == "N"}
			case !literal && isSum(call.Args[at]):
				t.Errorf("%s: a text is put together; write it whole, with {{.Name}} for what is put in", f.At(call))
			}
			return true
		})
	}
	return used
}

// placeOfText is which argument of a function is a text; not ok for none.
func placeOfText(function *ast.SelectorExpr) (at int, ok bool) {
	of := ""
	if x, ok := function.X.(*ast.Ident); ok {
		of = x.Name
	}
	switch name := function.Sel.Name; {
	case of == "frame" && (name == "Post" || name == "Download"):
		return 2, true // after the path and who may
	case name == "T":
	case name == "N":
		at = 2 // the number and the form for one
	case name == "Mark":
		return 0, true
	default:
		return 0, false
	}
	if of == "i18n" {
		at++ // after the context
	}
	return at, true
}

// forPayers tells whether a text is asked for by a key.
func forPayers(first ast.Expr) bool {
	if sum, ok := first.(*ast.BinaryExpr); ok {
		return forPayers(sum.X)
	}
	key, ok := constantText(first)
	return ok && payersKey.MatchString(key)
}

// constantText is the text of a literal, or of literals joined by +.
func constantText(e ast.Expr) (string, bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		if e.Kind != token.STRING {
			return "", false
		}
		s, err := strconv.Unquote(e.Value)
		return s, err == nil
	case *ast.BinaryExpr:
		a, ok := constantText(e.X)
		b, also := constantText(e.Y)
		return a + b, ok && also && e.Op == token.ADD
	case *ast.ParenExpr:
		return constantText(e.X)
	}
	return "", false
}

func isSum(e ast.Expr) bool {
	sum, ok := e.(*ast.BinaryExpr)
	return ok && sum.Op == token.ADD
}

// A bar parts a note for translators; a text without words is none.
func TestTextsOfTheDashboardSaySomething(t *testing.T) {
	for english, at := range textsInUse(t) {
		if shown, _, _ := strings.Cut(english, "|"); strings.TrimSpace(shown) == "" {
			t.Errorf("%s: %q says nothing", at.at, english)
		}
	}
}
