package public

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"smartlinks/internal/checkout"
	"smartlinks/internal/fault"
	"smartlinks/internal/i18n"
	"smartlinks/internal/mailaddr"
	"smartlinks/internal/money"
	"smartlinks/internal/payment/provider"
	"smartlinks/internal/text"
	"smartlinks/internal/web/payform"
	"smartlinks/internal/web/public/frame"
	"smartlinks/internal/web/public/offer"
)

// form is what a payer typed, as it was typed, and what is wrong with it.
type form struct {
	Name, Email, Amount, Notes string
	opened                     opened
	wrong                      fault.Fields
	onceMore                   string   // the code of the payment that the payer was told of
	fromURL                    []string // fields that the URL filled in for good
	asked                      payform.Form
}

// The names of the inputs, which the faults of the payment room end with.
const (
	nameField  = "name"
	emailField = "email"
	notesField = "notes"
)

// honeypotField is out of sight and of the accessibility tree, and left out by keyboards:
// programs that fill in whatever they find give themselves away by it.
const honeypotField = "website"

// The rules of what payers type.
var (
	nameRule  = text.Rule{Most: 120, Required: true}
	notesRule = text.Rule{Most: 500, Lines: true}
)

// readForm reads the body of a POST; what stands in the URL doesn't count.
func readForm(r *http.Request, o offer.Offer) form {
	typed := r.PostForm.Get
	return form{
		Name: typed(nameField), Email: typed(emailField), Amount: typed(offer.AmountField), Notes: typed(notesField),
		asked: payform.Read(r.PostForm, r.URL.Query(), o.Asks()), onceMore: typed(onceMoreParameter),
		opened: opened{version: typed(versionField), price: typed(priceField), currency: typed(currencyField)},
	}
}

// parseForm reads the body that readForm takes apart.
func parseForm(r *http.Request) error {
	err := r.ParseForm()
	if large := (*http.MaxBytesError)(nil); errors.As(err, &large) {
		return fault.Wrap(err, fault.TooLarge, "This form is too large.")
	}
	if err != nil {
		return fault.Wrap(err, fault.Malformed, "This form can't be read.")
	}
	return nil
}

// check finds what is wrong with the form, and what the payer is to pay. An
// amount that is sent for a fixed price is ignored.
func (f *form) check(t i18n.Localizer, o offer.Offer, by checkout.Reading) (amount money.Amount) {
	f.Name = nameRule.Clean(nameField, f.Name, f.wrong.Add)
	f.checkEmail()
	f.Notes = notesRule.Clean(notesField, f.Notes, f.wrong.Add)
	f.asked.Check(o.AsksIn(t), by, &f.wrong)
	if o.Fixed {
		return *o.Price
	}
	return f.checkAmount(t, o)
}

func (f *form) checkEmail() {
	address, err := mailaddr.Parse(f.Email)
	if refusal := (*mailaddr.Refusal)(nil); errors.As(err, &refusal) {
		f.wrong.Add(emailField, refusal.Code, refusal.Message)
		return
	}
	f.Email = address.Typed
}

// outOfRange is the code of an amount that the page doesn't take.
const outOfRange = "amount.range"

func (f *form) checkAmount(t i18n.Localizer, o offer.Offer) money.Amount {
	amount, err := money.ParseTypedIn(f.Amount, o.Currency, t.Lang())
	if refusal := (*money.ParseError)(nil); errors.As(err, &refusal) {
		f.wrong.Add(offer.AmountField, string(refusal.Reason), refusal.Message)
		return money.Amount{}
	}
	f.checkBounds(o, amount)
	return amount
}

// checkBounds tells what is wrong with an amount that can be read.
func (f *form) checkBounds(o offer.Offer, amount money.Amount) {
	if !o.Within(amount) {
		f.wrong.Add(offer.AmountField, outOfRange, "Choose an amount that this page takes.")
	} else if refusal := o.Bounds.Refuse(amount); refusal != nil {
		f.wrong.Add(offer.AmountField, refusal.Code, refusal.Message())
	}
}

// adopt takes over what another room found wrong with the form.
func (f *form) adopt(fields []fault.Field) {
	for _, wrong := range fields {
		for _, name := range []string{nameField, emailField, offer.AmountField, notesField, payform.QuantityField, payform.TipField, methodField, payform.CodeField} {
			if strings.Contains(wrong.Name, name) && !f.wrong.Has(name) {
				f.wrong.Add(name, wrong.Code, wrong.Message)
				if name == payform.CodeField {
					f.asked.Refuse(0)
				}
				break
			}
		}
	}
}

// problem is the sentence at a field in the payer's language, "" when nothing
// is wrong with it.
func (f form) problem(t i18n.Localizer, o offer.Offer, name string) string {
	for _, wrong := range f.wrong {
		if wrong.Name == name {
			if said, ours := f.asked.Sentence(t, o.Asks(), wrong); ours {
				return said
			}
			return sentence(t, o, wrong)
		}
	}
	return ""
}

func sentence(t i18n.Localizer, o offer.Offer, wrong fault.Field) string {
	switch {
	case wrong.Name == nameField && wrong.Code == text.Missing:
		return t.T("error.name")
	case wrong.Name == emailField && wrong.Code == mailaddr.Missing:
		return t.T("error.email_missing")
	case wrong.Name == emailField && wrong.Code == mailaddr.Incomplete:
		return t.T("error.email")
	case wrong.Name == emailField && wrong.Code == mailaddr.Unseen:
		return t.T("error.email_unseen")
	case wrong.Name == emailField && wrong.Code == mailaddr.WideAt:
		return t.T("error.email_at")
	case wrong.Name == emailField:
		return t.T("error.email_invalid")
	case wrong.Name == offer.AmountField && slices.Contains([]string{outOfRange, "amount.min", "amount.max"}, wrong.Code):
		return rangeText(t, o)
	case wrong.Name == offer.AmountField && strings.HasPrefix(wrong.Code, provider.NotTaken):
		return boundText(t, o, wrong.Code)
	case wrong.Name == methodField:
		return t.T("error.method", "Business", o.Business.Name)
	case wrong.Name == offer.AmountField:
		return amountSentence(t, o.Currency, money.Reason(wrong.Code))
	case wrong.Code == text.Long:
		return t.T("error.long")
	}
	return t.T("error.characters")
}

// amountSentence tells why an amount can't be read, and how to write it.
func amountSentence(t i18n.Localizer, c money.Currency, why money.Reason) string {
	example := typedIn(t, money.ExampleAmount(c))
	switch why {
	case money.Ambiguous:
		return t.T("error.amount_ambiguous", "Example", example)
	case money.TooManyDecimals:
		return t.T("error.amount_decimals", "Currency", string(c), "Example", example)
	case money.NotPositive:
		return t.T("error.amount_positive")
	case money.TooLarge:
		return t.T("error.amount_large", "Max", frame.Sum(t, money.Max(c)))
	case money.OtherCurrency:
		return t.T("error.amount_currency", "Currency", string(c), "Example", example)
	}
	return t.T("error.amount", "Example", example)
}

// boundText says which amounts the provider charges.
func boundText(t i18n.Localizer, o offer.Offer, code string) string {
	in := func(minor int64) string { return frame.Sum(t, money.Amount{Minor: minor, Currency: o.Currency}) }
	switch code {
	case provider.BelowLeast:
		return t.T("pay.amount_from", "Min", in(o.Bounds.Min))
	case provider.AboveMost:
		return t.T("pay.amount_to", "Max", in(o.Bounds.Max))
	case provider.BetweenSteps:
		return t.T("error.amount_step", "Step", in(o.Bounds.Step))
	}
	return t.T("error.amount_unpayable", "Business", o.Business.Name)
}

// rangeText says which amounts a page takes, no wider than its provider does; "" when
// the page takes any.
func rangeText(t i18n.Localizer, o offer.Offer) string {
	if o.Min != nil && o.Min.Minor < o.Bounds.Min {
		o.Min = &money.Amount{Minor: o.Bounds.Min, Currency: o.Currency}
	}
	if o.Max != nil && o.Bounds.Max > 0 && o.Max.Minor > o.Bounds.Max {
		o.Max = &money.Amount{Minor: o.Bounds.Max, Currency: o.Currency}
	}
	switch {
	case o.Min != nil && o.Max != nil:
		return t.T("pay.amount_range", "Min", frame.Sum(t, *o.Min), "Max", frame.Sum(t, *o.Max))
	case o.Min != nil:
		return t.T("pay.amount_from", "Min", frame.Sum(t, *o.Min))
	case o.Max != nil:
		return t.T("pay.amount_to", "Max", frame.Sum(t, *o.Max))
	}
	return ""
}

// first reports whether the field is the first wrong one, which gets the focus.
func (f form) first(o offer.Offer, name string) bool {
	names := append([]string{offer.AmountField, payform.QuantityField, nameField, emailField}, o.Asks().Names()...)
	for _, candidate := range append(names, notesField) {
		if f.wrong.Has(candidate) {
			return candidate == name
		}
	}
	return false
}

// maxPrefill bounds what a link may fill in beforehand, in characters.
const maxPrefill = 500

// prefill fills the form in from the page's own URL. It
// reports whether there was anything, because such a page isn't shared.
//
// Everywhere else in a query a plus is a blank; no address has one, and many people
// write jan+shop@example.com as it is. So the blank of an address is that plus.
func prefill(query url.Values) (form, bool) {
	take := func(name string) string {
		value := query.Get(name)
		if !utf8.ValidString(value) || utf8.RuneCountInString(value) > maxPrefill {
			return ""
		}
		return value
	}
	f := form{Name: text.Plain(take(nameField)), Email: withPlus(take(emailField)), Amount: take(offer.AmountField), Notes: take(notesField)}
	return f, f.Name+f.Email+f.Amount+f.Notes != ""
}

// withPlus gives an address of a query its plus back.
func withPlus(address string) string {
	address = strings.TrimSpace(address)
	local, domain, _ := strings.Cut(address, "@")
	if with := strings.ReplaceAll(local, " ", "+") + "@" + domain; with != address {
		if _, err := mailaddr.Parse(with); err == nil {
			return with
		}
	}
	return address
}
