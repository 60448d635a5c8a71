package messages

import (
	"slices"
	"strings"

	"smartlinks/internal/i18n"
	"smartlinks/internal/message"
	"smartlinks/internal/message/wording"
	"smartlinks/internal/web/dashboard/frame"
	"smartlinks/internal/web/ui"
)

// fieldView is a field that a mail fills in.
type fieldView struct {
	Name, Label, Sample string
}

// isAddress reports whether a field is an address, which a button leads to.
func isAddress(name string) bool { return strings.HasSuffix(name, "_url") }

// fieldsOf are the fields of a mail, with what they say in its preview.
func fieldsOf(reader frame.Reader, k message.Kind, samples map[string]string) (all []fieldView) {
	for _, name := range message.Variables(k) {
		if name != wording.Summary {
			all = append(all, fieldView{name, fieldLabel(reader, name), samples[name]})
		}
	}
	return all
}

// fieldLabel is what a chip says.
func fieldLabel(reader frame.Reader, name string) string {
	labels := map[string]string{
		"first_name": reader.T("First name|of a customer"), "customer_name": reader.T("Customer’s name"), "customer_email": reader.T("Payer’s email"),
		"amount": reader.T("Amount|a field"), "link_name": reader.T("Link name"), "business_name": reader.T("Business|a field"),
		"message": reader.T("Your message"), "due_date": reader.T("Due date|a field"), "number": reader.T("Which reminder"), "max": reader.T("How many reminders"),
		"until": reader.T("Until when"), "kept_for": reader.T("How long it is kept"), "hours": reader.T("Hours|a field"), "receipt_number": reader.T("Receipt number"), "paid_at": reader.T("Paid on"),
		"reference": reader.T("Reference|a field"), "payment_code": reader.T("Payment code|a field"), "notes": reader.T("Payer’s note"), "limit": reader.T("Limit|a field"),
		"inviter_name": reader.T("Who invites"), "role": reader.T("Role|a field"), "expires_at": reader.T("Works until"),
		"link_url": reader.T("Customer’s own link"), "receipt_url": reader.T("Receipt|an address"), "dashboard_url": reader.T("Dashboard|an address"),
		"page_url": reader.T("Link’s page"), "leave_url": reader.T("Way off the list"), "invitation_url": reader.T("Invitation|an address"),
	}
	if label := labels[name]; label != "" {
		return label
	}
	return name
}

// mayBeEmpty are the fields that not every mail has something for.
var mayBeEmpty = []string{"first_name", "customer_name", "message", "due_date", "reference", "payment_code", "notes", "role"}

// whenOptions are when a block can be shown.
func whenOptions(reader frame.Reader, fields []fieldView, chosen string) []ui.Option {
	options := []ui.Option{{Label: reader.T("Always shown")}}
	asked := strings.TrimPrefix(chosen, "!")
	for _, f := range fields {
		if slices.Contains(mayBeEmpty, f.Name) || f.Name == asked {
			options = append(options,
				ui.Option{Value: f.Name, Label: reader.T("Shown with: {{.Field}}", "Field", f.Label)},
				ui.Option{Value: "!" + f.Name, Label: reader.T("Shown without: {{.Field}}", "Field", f.Label)})
		}
	}
	return options
}

// addressOptions are where a button can lead.
func addressOptions(reader frame.Reader, fields []fieldView) (options []ui.Option) {
	for _, f := range fields {
		if isAddress(f.Name) {
			options = append(options, ui.Option{Value: "{" + f.Name + "}", Label: f.Label})
		}
	}
	return append(options, ui.Option{Value: elsewhere, Label: reader.T("Another address")})
}

// leadsTo is the choice for a button's address, and what stands in the field beside it.
func leadsTo(options []ui.Option, p wording.Part) (chosen, typed string) {
	if p.Address == "" && strings.TrimSpace(p.Text) == "" {
		return options[0].Value, "" // it was added just now
	}
	for _, o := range options {
		if o.Value == p.Address {
			return p.Address, ""
		}
	}
	return elsewhere, p.Address
}

// faultsOfBlocks are the sentences of internal/message/wording, which are put together
// there.
func faultsOfBlocks() []string {
	return []string{
		i18n.Mark("There is no field {{.Field}}. Choose one from the menu."),
		i18n.Mark("Two opening braces can’t be read here. Choose a field from the menu, or remove one of them."),
		i18n.Mark("Write some words, or remove this block."),
		i18n.Mark("Write what the button says."),
		i18n.Mark("Choose where the button leads, or write an address without spaces, like https://example.com."),
		i18n.Mark("Choose a picture, or remove this block."),
		i18n.Mark("Say in a few words what the picture shows, for those who can’t see it."),
		i18n.Mark("These words can’t have braces."),
		i18n.Mark("Line {{.Line}}: {{.Open}} has no {{.Close}} on this line."),
		i18n.Mark("Line {{.Line}}: {{.Field}} names no variable."),
		i18n.Mark("Line {{.Line}}: there is no {{.Field}}. You can use {{.Fields}}."),
		i18n.Mark("Line {{.Line}}: {{.Field}} is always there; ask for another variable."),
		i18n.Mark("Line {{.Line}}: conditions stand more than {{.Most}} deep in each other."),
		i18n.Mark("Line {{.Line}}: {{.What}} has no {{.If}} before it."),
		i18n.Mark("Line {{.Line}}: this {{.If}} has two {{.Else}}."),
		i18n.Mark("Line {{.Line}}: this {{.If}} has no {{.End}}."),
		i18n.Mark("Line {{.Line}}: {{.Field}} stands alone on its line."),
		i18n.Mark("Line {{.Line}}: the button has no words between its brackets."),
		i18n.Mark("Line {{.Line}}: a button leads to an address like https://example.com, or to a variable that ends with _url."),
	}
}

// fault is what is wrong with a block, in the reader's language.
func sayFault(reader frame.Reader, english string) string {
	return reader.SentenceOf(faultsOfBlocks(), english)
}
