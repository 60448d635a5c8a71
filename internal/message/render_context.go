package message

import (
	"strconv"
	"strings"
	"time"

	"smartlinks/internal/address"
	"smartlinks/internal/business"
	"smartlinks/internal/calendar"
	"smartlinks/internal/checkout"
	"smartlinks/internal/message/layout"
	"smartlinks/internal/money"
	"smartlinks/internal/receipt"
	"smartlinks/internal/text"
)

// renderContext is who a mail comes from and the language it is written in.
type renderContext struct {
	Localizer
	business *business.Business // nil for the installation itself
	address.Book
}

// name is whom the mail comes from, as people call them.
func (s renderContext) name() string {
	if s.business == nil {
		return installationName
	}
	return s.business.Name
}

func (s renderContext) sum(a money.Amount) string { return a.Format(s.Lang()) }

// day is a day of the business, "" for none.
func (s renderContext) day(t time.Time) string {
	if t.IsZero() || s.business == nil {
		return ""
	}
	return calendar.Date(t, s.business.Location(), s.Lang())
}

// at writes an instant in the business's time zone, "" for none.
func (s renderContext) at(t time.Time) string {
	switch {
	case t.IsZero():
		return ""
	case s.business == nil:
		return calendar.DateTime(t, time.UTC, s.Lang()) + " UTC"
	}
	return calendar.DateTime(t, s.business.Location(), s.Lang())
}

// The summary that data makes is laid out by layout.
type (
	card = layout.Card
	row  = layout.Row
)

// line is a row of a card.
func line(label, value string, figure bool) row {
	return row{Label: label, Value: value, Figure: figure}
}

// parts are what an amount is made of; none where it is a price alone.
func (s renderContext) parts(p checkout.Parts) (all []row) {
	for _, l := range p.Lines(s.Localizer) {
		all = append(all, line(l.Label, l.Amount, true))
	}
	return all
}

// answers are what a payer answered.
func (s renderContext) answers(a checkout.Answers) (all []row) {
	for _, f := range a.Facts(s.Localizer) {
		all = append(all, line(f.Label, f.Value, f.Figure))
	}
	return all
}

func (f Receipt) values(s renderContext) map[string]string {
	return map[string]string{
		"customer_name": f.CustomerName, "business_name": s.name(), "amount": s.sum(f.Amount), "link_name": f.Title,
		"receipt_number": f.Number, "reference": f.Reference, "paid_at": s.at(f.PaidAt), "receipt_url": f.URL, "payment_code": f.Code,
	}
}

func (f Receipt) card(s renderContext) *card {
	return &card{Title: f.Title, Text: f.Description, Amount: s.sum(f.Amount), Rows: layout.Rows(append(s.parts(f.Parts),
		line(s.T("mail.receipt_number"), f.Number, true), line(s.T("mail.paid_at"), s.at(f.PaidAt), false),
		line(s.T("mail.method"), receipt.MethodName(s.T, f.Method), false), line(s.T("mail.reference"), f.Reference, false), line(s.T("receipt.code"), f.Code, true),
		line(f.vat(s), f.vatAmount(s), false), row{Label: s.T("mail.test"), Value: s.test(f.Test)},
	)...)}
}

// vat names the VAT within the amount, and vatAmount is it; "" for none.
func (f Receipt) vat(s renderContext) string {
	if f.Issuer.VATRate == nil {
		return ""
	}
	return s.T("receipt.vat", "Rate", money.WithPoint(f.Issuer.VATRate.String(), s.Lang()))
}

func (f Receipt) vatAmount(s renderContext) string {
	if f.Issuer.VATRate == nil {
		return ""
	}
	return s.sum(money.Amount{Minor: f.Issuer.VATRate.Included(f.taxed()), Currency: f.Amount.Currency})
}

// taxed is what of the amount bears VAT: a tip never does.
func (f Receipt) taxed() int64 { return f.Amount.Minor - f.Parts.Tip }

// issuer are the lines that a receipt bears of who gave it.
func (f Receipt) issuer(s renderContext) []string {
	var lines []string
	if f.Issuer.Name != "" {
		lines = append(lines, f.Issuer.Name)
	}
	if f.Issuer.Address != "" {
		lines = append(lines, strings.Split(f.Issuer.Address, "\n")...)
	}
	if f.Issuer.RegistrationNumber != "" {
		lines = append(lines, s.T("receipt.registration_number")+" "+f.Issuer.RegistrationNumber)
	}
	if f.Issuer.VATNumber != "" {
		lines = append(lines, s.T("receipt.vat_number")+" "+f.Issuer.VATNumber)
	}
	return lines
}

// test is the note that the money is play money; "" where it is real.
func (s renderContext) test(test bool) string {
	if !test {
		return ""
	}
	return s.T("mail.test_text")
}

func (f Paid) values(s renderContext) map[string]string {
	name := f.CustomerName
	if name == "" { // recorded by hand
		name = text.Capital(s.T("news.somebody"))
	}
	return map[string]string{
		"customer_name": name, "customer_email": f.CustomerEmail, "business_name": s.name(), "amount": s.sum(f.Amount),
		"link_name": f.Title, "receipt_number": f.Number, "reference": f.Reference, "notes": f.Notes, "paid_at": s.at(f.PaidAt), "dashboard_url": f.URL,
		"payment_code": f.Code,
	}
}

func (f Paid) card(s renderContext) *card {
	return &card{Title: f.Title, Amount: s.sum(f.Amount), Rows: layout.Rows(append(append(s.parts(f.Parts), s.answers(f.Answers)...),
		line(s.T("mail.customer"), f.CustomerName, false), line(s.T("mail.email"), f.CustomerEmail, true), line(s.T("mail.notes"), f.Notes, false),
		line(s.T("mail.receipt_number"), f.Number, true), line(s.T("mail.paid_at"), s.at(f.PaidAt), false),
		line(s.T("mail.reference"), f.Reference, false), line(s.T("receipt.code"), f.Code, true), row{Label: s.T("mail.test"), Value: s.test(f.Test)},
	)...)}
}

func (f LimitReached) values(s renderContext) map[string]string {
	return map[string]string{"business_name": s.name(), "link_name": f.LinkName, "limit": strconv.FormatInt(f.Max, 10), "dashboard_url": f.URL}
}

func (f LimitReached) card(renderContext) *card { return nil }

func (f Invitation) values(s renderContext) map[string]string {
	return map[string]string{"business_name": f.BusinessName, "inviter_name": f.InviterName, "role": s.T("mail.role." + string(f.Role)), "invitation_url": f.URL, "expires_at": s.at(f.ExpiresAt)}
}

func (f Invitation) card(renderContext) *card { return nil }

func (f PasswordReset) values(s renderContext) map[string]string {
	return map[string]string{"name": f.Name, "reset_url": f.URL, "expires_at": s.at(f.ExpiresAt)}
}

func (f PasswordReset) card(renderContext) *card { return nil }

// changeKeys are the texts of what was changed.
var changeKeys = map[string]string{
	"password": "mail.account.password", "address": "mail.account.address", "two_step_on": "mail.account.two_step_on", "two_step_off": "mail.account.two_step_off",
	"codes": "mail.account.codes", "passkey_added": "mail.account.passkey_added", "passkey_removed": "mail.account.passkey_removed",
}

func (f AccountChanged) values(s renderContext) map[string]string {
	return map[string]string{"what": s.T(changeKeys[f.Change]), "name": f.Name, "at": s.at(f.At), "address": f.Address, "reset_url": s.Own(address.ForgotPassword())}
}

func (f AccountChanged) card(renderContext) *card { return nil }

func (f NewAddress) values(s renderContext) map[string]string {
	return map[string]string{"name": f.Name, "confirm_url": f.URL, "expires_at": s.at(f.ExpiresAt)}
}

func (f NewAddress) card(renderContext) *card { return nil }
