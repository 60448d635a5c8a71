package house

import (
	"go/ast"
	"go/parser"
	"go/token"
	"html"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	templ "github.com/a-h/templ/parser/v2"
)

// What members read goes through i18n. These tests find what stands in English beside it:
// in the elements and attributes of templates, and in what is handed to them.

// readAttributes are the attributes of elements that people read or hear.
var readAttributes = []string{"data-label", "aria-label", "title", "placeholder", "alt", "aria-description", "aria-roledescription"}

// sameEverywhere are words that are written alike in every language.
var sameEverywhere = map[string]string{
	"Stripe": "a name", "Mollie": "a name",
	"SMS": "a word of every language", "CSV": "a format", "JSON": "a format", "PDF": "a format", "Excel": "a name",
	"600 px": "a size", "320 px": "a size", "QR": "a word of every language", "PayRequest": "a name", "Smart Links": "the product's name", "Slack": "a name", "Discord": "a name", "Telegram": "a name", "ntfy": "a name",
	"Standard Webhooks": "a name", "Amazon SES": "a name", "Postmark": "a name", "Brevo": "a name", "#sales": "an example", "pay.example.com": "an example", "imap.example.com": "an example", "mail.example.com": "an example", "whsec_…": "an example", "Bird": "a name", "Twilio": "a name", "Webhook": "a word of the field",
}

// saidInTemplates are the folders whose templates speak to members.
var saidInTemplates = []string{"internal/web/dashboard/", "internal/web/ui/"}

// forDevelopers are folders within those that no member sees.
var forDevelopers = []string{"internal/web/ui/gallery", "internal/web/ui/node_modules"}

// aWord is two letters of a word: a sign, a number or a unit of one letter is none.
var aWord = regexp.MustCompile(`\p{L}\p{Ll}`)

// isEnglish tells whether a text has words that would have to be translated.
func isEnglish(text string) bool {
	text = strings.TrimSpace(html.UnescapeString(text))
	_, same := sameEverywhere[text]
	return !same && aWord.MatchString(text) && !strings.Contains(text, "@example.") && !strings.HasPrefix(text, "https://")
}

func spokenIn(file string) bool {
	within := func(folder string) bool { return strings.HasPrefix(file, folder) }
	return slices.ContainsFunc(saidInTemplates, within) && !slices.ContainsFunc(forDevelopers, within)
}

func TestTemplatesSayNothingInEnglish(t *testing.T) {
	read := 0
	err := fs.WalkDir(os.DirFS(root), "internal/web", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && entry.Name() == "node_modules":
			return fs.SkipDir
		case filepath.Ext(name) != ".templ" || !spokenIn(name):
			return nil
		}
		parsed, err := templ.Parse(filepath.Join(root, filepath.FromSlash(name)))
		if err != nil {
			return err
		}
		read++
		for _, node := range parsed.Nodes {
			if template, ok := node.(*templ.HTMLTemplate); ok {
				saysNothing(t, name, template.Children)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if read < 50 {
		t.Fatalf("%d templates read: they are looked for in the wrong place", read)
	}
}

func saysNothing(t *testing.T, file string, nodes []templ.Node) {
	t.Helper()
	for _, node := range nodes {
		switch n := node.(type) {
		case *templ.Text:
			if isEnglish(n.Value) {
				t.Errorf("%s:%d: %q is said in English alone; write it by i18n.T", file, n.Range.From.Line+1, strings.TrimSpace(n.Value))
			}
		case *templ.StringExpression:
			if e, err := parser.ParseExpr(n.Expression.Value); err == nil && saysLiteral(e) {
				t.Errorf("%s:%d: %s is said in English alone; write it by i18n.T", file, n.Expression.Range.From.Line+1, n.Expression.Value)
			}
		case *templ.Element:
			if slices.Contains([]string{"code", "kbd", "pre"}, n.Name) {
				continue // names of programs and of keys
			}
			attributesSayNothing(t, file, n.Attributes)
		}
		if parent, ok := node.(templ.CompositeNode); ok {
			saysNothing(t, file, parent.ChildNodes())
		}
	}
}

func attributesSayNothing(t *testing.T, file string, attributes []templ.Attribute) {
	t.Helper()
	for _, attribute := range attributes {
		switch a := attribute.(type) {
		case *templ.ConstantAttribute:
			key, ok := a.Key.(templ.ConstantAttributeKey)
			if ok && slices.Contains(readAttributes, key.Name) && isEnglish(a.Value) {
				t.Errorf("%s:%d: %s=%q is said in English alone; write it by i18n.T", file, key.NameRange.From.Line+1, key.Name, a.Value)
			}
		case *templ.ConditionalAttribute:
			attributesSayNothing(t, file, a.Then)
			attributesSayNothing(t, file, a.Else)
		}
	}
}

// readFields are the fields by which a part of a page is told what to say.
var readFields = []string{"Label", "Title", "Text", "Hint", "Note", "Legend", "Placeholder", "More", "Busy", "Summary"}

// TestPartsOfPagesAreToldNothingInEnglish holds it for what templates and handlers hand on:
// a field that is read is no English literal, nor a number with an English word behind it.
func TestPartsOfPagesAreToldNothingInEnglish(t *testing.T) {
	for _, f := range goFiles(t) {
		if f.ForTests() || !spokenIn(f.Path) {
			continue
		}
		ast.Inspect(f.AST, func(n ast.Node) bool {
			if more, ok := n.(*ast.AssignStmt); ok && more.Tok == token.ADD_ASSIGN && saysSentence(more.Rhs[0]) {
				t.Errorf("%s: a text is lengthened in English alone; write whole sentences by i18n.T or a Reader", f.At(more))
			}
			pair, ok := n.(*ast.KeyValueExpr)
			if !ok {
				return true
			}
			field, ok := pair.Key.(*ast.Ident)
			if ok && slices.Contains(readFields, field.Name) && saysLiteral(pair.Value) {
				t.Errorf("%s: %s is said in English alone; write it by i18n.T or a Reader", f.At(pair), field.Name)
			}
			return true
		})
	}
}

// saysSentence tells whether an expression is an English literal of several words: what is
// put together of one word alone is mostly a name or an address.
func saysSentence(e ast.Expr) bool {
	literal, ok := e.(*ast.BasicLit)
	if !ok {
		return false
	}
	text, ok := constantText(literal)
	return ok && isEnglish(text) && strings.Contains(strings.Trim(text, " ,.·"), " ")
}

// saysLiteral tells whether an expression is an English literal, or a sum with one.
func saysLiteral(e ast.Expr) bool {
	switch e := e.(type) {
	case *ast.BasicLit:
		text, ok := constantText(e)
		return ok && isEnglish(text)
	case *ast.BinaryExpr:
		return e.Op == token.ADD && (saysLiteral(e.X) || saysLiteral(e.Y))
	case *ast.ParenExpr:
		return saysLiteral(e.X)
	}
	return false
}
