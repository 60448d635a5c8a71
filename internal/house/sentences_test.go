package house

import (
	"go/ast"
	"go/token"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"smartlinks/internal/i18n"
)

// notForMembers are folders and files whose sentences no page of the dashboard shows: they are
// for whoever runs the program, for programs, and for payers, who are told by its code.
var notForMembers = []string{
	"internal/app/", "internal/cli", "internal/db/", "internal/house/", "internal/idempotency/", "internal/payrequest/", "internal/qr/", "internal/calendar/", "internal/spectest/",
	"internal/web/api/", "internal/web/oauth/", "internal/web/mcp/", "internal/web/public/", "internal/web/payform/", "internal/web/inbox/", "internal/web/print/", "internal/web/ui/", "internal/web/guard/", "internal/web/host/",
	"internal/account/scope.go", "internal/bounce/hook.go", "internal/checkout/answers.go", "internal/checkout/collect.go", "internal/checkout/rules.go", "internal/checkout/vat.go",
	"internal/coupon/use.go", "internal/grant/client.go", "internal/grant/exchange.go", "internal/grant/use.go", "internal/link/cursor.go", "internal/link/slots.go", "internal/link/checkout.go",
	"internal/message/email/url.go", "internal/message/wording/template.go", "internal/message/sample.go",
	"internal/payment/caps.go", "internal/payment/payer_status.go", "internal/payment/waiting.go", "internal/payment/start.go", "internal/payment/checkout.go", "internal/payment/sandbox/", "internal/payment/reconcile.go", "internal/receipt/", "internal/system/", "internal/waitinglist/join.go", "internal/waitinglist/change.go", "internal/waitinglist/waitinglist.go",
}

// saidToPrograms are single sentences of that kind.
var saidToPrograms = []string{
	"A member of {{}} tries this endpoint.", "Nothing is here.", "This cursor is not one of ours. Start again without it.", "The id of a program is an https address with a path.",
	"This API token is unknown or was revoked. Make another and send it as “Authorization: Bearer TOKEN”.", "Nobody has the email address “{{}}”.",
	"The SMS gateway starts with bird://, messagebird:// or twilio://.", "The key of the SMS gateway can't be read. Write % as %25.", "What stands behind the ? of the SMS gateway can't be read. Write + as %2B.", "Write the SMS gateway as bird://KEY or twilio://SID:TOKEN@.",
	"The price changed while you were here. Look at the new price; you have not been charged.", "This is not for sale at the moment. You have not been charged.", "This way to pay is not available right now. You have not been charged.",
	"This amount can't be paid here. Please tell the business.", "This amount can't be paid here. You have not been charged.", "Enter your full name.", "Enter an amount that is not below zero.", "This can't be chosen any more. Choose again.",
	"This is a test from {{}}. Your SMS settings work.", "Amazon SES: {{}}",
	"This cursor belongs to another list. Start again without it.", "This cursor is not one of ours. Start without one.",
	"Sort by created, name, type, amount, views, payments, conversion, revenue, limit or active, with - before it for the largest first.",
	"A link that asks an amount has no product. Leave it out, or choose the type product.", "The price comes from the product. Leave the amount out, or choose the type amount.",
	"Choose the type amount or product.", "A product has one price. Leave this out.",
	"Say accept, assign, returned or not_ours.", "Say whose payment it is: send payment_id.",
	"This is not from the gateway.", "There is no such message.", "This link only stops messages. Ask the business to write to you again.",
}

// TestSentencesOfFaultsAreTranslated holds that what a member reads when a rule refuses
// something, or something went wrong, is in their language.
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
			if !translated[english] && !slices.ContainsFunc(notForMembers, within) && !slices.Contains(saidToPrograms, english) {
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
		f.addSentences(said)
	}
	return said
}

// sentence is what reads as one.
var sentence = regexp.MustCompile(`^(\{\{\}\}|[\p{Lu}“]).* .*(\.|: \{\{\}\})$`)

// fragment is how gateways' refusals are told: without a full stop, as something may follow.
var fragment = regexp.MustCompile(`^(\{\{\}\}[’ ]|\p{Lu}).* .* .*[^.,:;=]$`)

// addSentences adds what else reads as a sentence, wherever it stands: in returns, tables and
// constants. What the dashboard's own texts and errors for the log say is left out.
func (f file) addSentences(said map[string]string) {
	gateways := slices.Contains([]string{"internal/message/sms", "internal/message/email", "internal/bounce/imap"}, f.Folder())
	ast.Inspect(f.AST, func(n ast.Node) bool {
		if spec, ok := n.(*ast.ValueSpec); ok && gateways {
			if kind, ok := spec.Type.(*ast.Ident); ok && kind.Name == "Step" {
				said[withVerbs(spec.Values[0])] = f.At(n) // what the server was doing
			}
		}
		e, ok := n.(ast.Expr)
		if !ok {
			return true
		}
		if call, ok := e.(*ast.CallExpr); ok && forOthers(call) {
			return false
		}
		text := anyValues(withVerbs(e))
		if strings.Contains(text, "\n") || !sentence.MatchString(text) && !(gateways && fragment.MatchString(text)) {
			return true
		}
		if _, known := said[text]; !known {
			said[text] = f.At(n)
		}
		return false
	})
}

// forOthers tells whether a call takes texts that are translated elsewhere, or errors that
// only the log has.
func forOthers(call *ast.CallExpr) bool {
	selector, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return false
	}
	if _, ok := placeOfText(selector); ok {
		return true
	}
	from, _ := selector.X.(*ast.Ident)
	return selector.Sel.Name == "Errorf" || selector.Sel.Name == "MustCompile" || from != nil && (from.Name == "errors" || from.Name == "slog" || from.Name == "templruntime")
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
		if e.Op != token.ADD {
			return ""
		}
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
