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

// faultsTranslated are the folders whose sentences of faults are translated; the list only
// grows.
var faultsTranslated = []string{
	"internal/text/", "internal/money/", "internal/mailaddr/", "internal/picture/", "internal/customer/", "internal/link/", "internal/product/", "internal/tag/", "internal/reminder/", "internal/saved/", "internal/coupon/", "internal/statement/",
	"internal/web/dashboard/frame/", "internal/web/dashboard/links/", "internal/web/dashboard/linkform/", "internal/web/dashboard/sending/", "internal/web/dashboard/customers/", "internal/web/dashboard/products/", "internal/web/dashboard/codes/",
	"internal/delivery/", "internal/message/", "internal/web/dashboard/messages/",
}

// saidToProgramsAndPayers are files of these folders whose sentences members never read:
// of cursors and of what the API alone can ask, and of what payers are told by its code.
var saidToProgramsAndPayers = []string{"internal/link/cursor.go", "internal/link/slots.go", "internal/link/checkout.go", "internal/coupon/use.go"}

// saidToPrograms are single sentences of that kind.
var saidToPrograms = []string{
	"This cursor belongs to another list. Start again without it.", "This cursor is not one of ours. Start without one.",
	"Sort by created, name, type, amount, views, payments, conversion, revenue, limit or active, with - before it for the largest first.",
	"A link that asks an amount has no product. Leave it out, or choose the type product.", "The price comes from the product. Leave the amount out, or choose the type amount.",
	"Choose the type amount or product.", "A product has one price. Leave this out.",
	"Say accept, assign, returned or not_ours.", "Say whose payment it is: send payment_id.",
	"This is not from the gateway.", "There is no such message.", "This link only stops messages. Ask the business to write to you again.",
}

// TestSentencesOfFaultsAreTranslated holds that what a member reads when a rule refuses
// something is in their language.
func TestSentencesOfFaultsAreTranslated(t *testing.T) {
	said := sentencesOfFaults(t)
	if len(said) < 300 {
		t.Fatalf("%d sentences of faults found: the sources are read wrongly", len(said))
	}
	for _, code := range i18n.Codes()[1:] {
		texts, err := i18n.DashboardTexts(code)
		if err != nil {
			t.Error(err)
		}
		translated := map[string]bool{}
		for english := range texts {
			translated[anyValues(english)] = true
		}
		for _, english := range slices.Sorted(maps.Keys(said)) {
			at := said[english]
			within := func(folder string) bool { return strings.HasPrefix(at, folder) }
			if !translated[english] && slices.ContainsFunc(faultsTranslated, within) && !slices.ContainsFunc(saidToProgramsAndPayers, within) && !slices.Contains(saidToPrograms, english) {
				t.Errorf("%s: %q has no translation into %s in internal/i18n/dashboard", at, english, code)
			}
		}
	}
}

// values are what is put into a text: by name in the catalogue, by verbs in sources.
var values = regexp.MustCompile(`\{\{[^{}]*\}\}|%[a-z]`)

// anyValues is a text without the names of what is put in.
func anyValues(english string) string { return values.ReplaceAllString(english, "{{}}") }

// sentencesOfFaults are the sentences in calls of fault.New and of whoever takes note of
// what is wrong with a field, and in refusals, by where they stand.
func sentencesOfFaults(t *testing.T) map[string]string {
	t.Helper()
	said := map[string]string{}
	for _, f := range goFiles(t) {
		name, ours := room(f.Folder())
		if !ours || f.ForTests() || floor(name) == "i18n" {
			continue
		}
		ast.Inspect(f.AST, func(n ast.Node) bool {
			var last ast.Expr
			switch n := n.(type) {
			case *ast.CallExpr:
				if !refuses(n.Fun) || len(n.Args) < 2 {
					return true
				}
				last = n.Args[len(n.Args)-1]
			case *ast.CompositeLit:
				kind, ok := n.Type.(*ast.Ident)
				if !ok || !slices.Contains([]string{"Refusal", "PhoneRefusal", "ParseError", "Problem"}, kind.Name) || len(n.Elts) == 0 {
					return true
				}
				last = sentenceOf(n.Elts)
			default:
				return true
			}
			if sentence := anyValues(withVerbs(last)); strings.HasSuffix(sentence, ".") && strings.Contains(sentence, " ") {
				said[sentence] = f.At(n)
			}
			return true
		})
	}
	return said
}

// sentenceOf is what is called Message, else the last.
func sentenceOf(members []ast.Expr) (last ast.Expr) {
	for _, last = range members {
		pair, ok := last.(*ast.KeyValueExpr)
		if !ok {
			continue
		}
		last = pair.Value
		if name, ok := pair.Key.(*ast.Ident); ok && name.Name == "Message" {
			break
		}
	}
	return last
}

// refuses tells whether a function takes a sentence that says what is wrong.
func refuses(function ast.Expr) bool {
	switch f := function.(type) {
	case *ast.SelectorExpr:
		from, _ := f.X.(*ast.Ident)
		return f.Sel.Name == "Add" || f.Sel.Name == "New" && from != nil && from.Name == "fault"
	case *ast.Ident:
		return slices.Contains([]string{"wrong", "refuse", "add"}, f.Name)
	}
	return false
}

// withVerbs is a text, with %v for what is put in; "" for what is none.
func withVerbs(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.BasicLit:
		text, _ := constantText(e)
		return text
	case *ast.BinaryExpr:
		a, b := withVerbs(e.X), withVerbs(e.Y)
		if a == "" && b == "" {
			return ""
		}
		for _, side := range []*string{&a, &b} {
			if *side == "" {
				*side = "%v"
			}
		}
		return a + b
	case *ast.CallExpr:
		if f, ok := e.Fun.(*ast.SelectorExpr); ok && f.Sel.Name == "Sprintf" && len(e.Args) > 0 {
			return withVerbs(e.Args[0])
		}
	}
	return ""
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
