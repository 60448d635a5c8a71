// Package receipt makes the numbered documents of payments and refunds: what they say, in
// the language of the payer, and as PDF. Page, mail and PDF have the same words and figures
// from here, and VAT is reckoned here alone.
package receipt

import (
	"context"
	"strings"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/calendar"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/money"
	"smartlinks/internal/payment"
	"smartlinks/internal/payment/history"
)

// Localizer has the words of one language.
type Localizer interface {
	T(key string, pairs ...string) string
	Lang() string
	Dir() string
}

// Config is what receipts are made of.
type Config struct {
	DB         *db.DB
	Businesses *business.Businesses
	Payments   *payment.Payments
}

// Receipts makes receipts and credit notes. It is safe for concurrent use.
type Receipts struct{ Config }

// New returns it.
func New(c Config) *Receipts { return &Receipts{c} }

// Fact is a line of a document. A figure is written from left to right in every language.
type Fact struct {
	Label, Value string
	Figure       bool
}

// Document is a receipt or a credit note in words.
type Document struct {
	Number string
	Title  string // with the number
	At     time.Time
	Amount string
	Parts  []Fact // of the amount; none where it is a price alone
	Taxes  []Fact // none for a business without VAT
	What   []Fact // what was paid for
	Paid   []Fact // when and how, or what was given back
	Payer  []Fact
	Issuer []Fact
	Test   string // says so of play money

	texts    Localizer
	business business.Business
}

// Receipt is the receipt of an accepted payment, in a language. NotFound: it has none.
func (r *Receipts) Receipt(ctx context.Context, t Localizer, b business.Business, v history.View) (Document, error) {
	if v.Receipt == "" {
		return Document{}, fault.New(fault.NotFound, "There is no receipt for this payment.")
	}
	d, issuer, err := r.document(ctx, t, b, v)
	if err != nil {
		return d, err
	}
	d.Number, d.Title, d.At, d.Amount = v.Receipt, t.T("receipt.title", "Number", v.Receipt), v.PaidAt, v.Amount.Format(t.Lang())
	d.Paid = filled(Fact{t.T("paid.when"), calendar.DateTime(v.PaidAt, b.Location(), t.Lang()), false}, Fact{t.T("paid.method"), MethodName(t.T, v.Method), false},
		Fact{t.T("receipt.code"), v.ID.Code(), true})
	if v.Refunded().Minor > 0 {
		d.Paid = append(d.Paid, Fact{t.T("receipt.refunded"), v.Refunded().Format(t.Lang()), false})
	}
	if numbers := v.CreditNotes(); len(numbers) > 0 {
		d.Paid = append(d.Paid, Fact{t.T("receipt.credit_notes"), strings.Join(numbers, ", "), true})
	}
	for _, l := range v.Parts().Lines(t) {
		d.Parts = append(d.Parts, Fact{l.Label, l.Amount, true})
	}
	d.Taxes = taxes(t, issuer, v.Amount.Currency, 0, v.Parts().Taxed(), v.Tip)
	return d, nil
}

// CreditNote is a credit note of a payment by its number, in a language, or a NotFound
// fault.
func (r *Receipts) CreditNote(ctx context.Context, t Localizer, b business.Business, v history.View, number string) (Document, error) {
	notes, err := r.Payments.CreditNotes(ctx, b.ID, v.ID)
	if err != nil {
		return Document{}, err
	}
	for _, n := range notes {
		if n.Number == number {
			return r.creditNote(ctx, t, b, v, n)
		}
	}
	return Document{}, fault.New(fault.NotFound, "There is no such credit note.")
}

func (r *Receipts) creditNote(ctx context.Context, t Localizer, b business.Business, v history.View, n payment.CreditNote) (Document, error) {
	d, issuer, err := r.document(ctx, t, b, v)
	if err != nil {
		return d, err
	}
	in := func(minor int64) string {
		return money.Amount{Minor: minor, Currency: n.Amount.Currency}.Format(t.Lang())
	}
	d.Number, d.Title, d.At, d.Amount = n.Number, t.T("receipt.credit_note", "Number", n.Number), n.DoneAt, n.Amount.Format(t.Lang())
	d.Paid = filled(Fact{t.T("receipt.refunded_on"), calendar.Date(n.DoneAt, b.Location(), t.Lang()), false}, Fact{t.T("receipt.for_receipt"), v.Receipt, true},
		Fact{t.T("paid.when"), calendar.Date(v.PaidAt, b.Location(), t.Lang()), false}, Fact{t.T("receipt.code"), v.ID.Code(), true})
	if n.Fee > 0 || n.Tip > 0 {
		for _, part := range []struct {
			label string
			minor int64
		}{{t.T("receipt.goods"), n.Goods}, {t.T("parts.fee"), n.Fee}, {t.T("parts.tip"), n.Tip}} {
			if part.minor > 0 {
				d.Parts = append(d.Parts, Fact{part.label, in(part.minor), true})
			}
		}
	}
	d.Taxes = taxes(t, issuer, n.Amount.Currency, n.TaxedBefore, n.Taxed(), n.Tip)
	return d, nil
}

// document is what a receipt and its credit notes have in common.
func (r *Receipts) document(ctx context.Context, t Localizer, b business.Business, v history.View) (Document, business.Legal, error) {
	d := Document{
		texts: t, business: b,
		What:  filled(Fact{t.T("paid.for"), v.Title, false}, Fact{t.T("receipt.description"), v.Description, false}, Fact{t.T("paid.reference"), v.Reference, true}),
		Payer: filled(Fact{t.T("receipt.payer"), v.Payer.Name, false}, Fact{t.T("receipt.email"), v.Payer.Email, true}),
	}
	for _, f := range v.Answers.Who(t) {
		d.Payer = append(d.Payer, Fact{f.Label, f.Value, f.Figure})
	}
	if v.Mode == business.Test {
		d.Test = t.T("frame.test")
	}
	issuer, err := IssuerOf(ctx, r.DB, b.ID, v.ID)
	if err != nil {
		return d, issuer, err
	}
	if issuer.Name == "" {
		issuer.Name = b.Name
	}
	d.Issuer = filled(Fact{t.T("receipt.issuer"), issuer.Name, false}, Fact{t.T("receipt.address"), issuer.Address, false},
		Fact{t.T("receipt.registration_number"), issuer.RegistrationNumber, true}, Fact{t.T("receipt.vat_number"), issuer.VATNumber, true})
	if due, ok := calendar.ParseDay(v.DueOn, b.Location()); ok {
		d.What = append(d.What, Fact{t.T("mail.due"), calendar.Date(due, b.Location(), t.Lang()), false})
	}
	return d, issuer, nil
}

// taxes are the lines of the VAT in an amount: what it is without, and the tax. A tip bears
// none and is told apart.
func taxes(t Localizer, issuer business.Legal, currency money.Currency, before, taxed, tip int64) (lines []Fact) {
	if issuer.VATRate == nil {
		return nil
	}
	in := func(minor int64) string { return money.Amount{Minor: minor, Currency: currency}.Format(t.Lang()) }
	vat := issuer.VATRate.Split(before, taxed)
	lines = []Fact{{t.T("receipt.net"), in(vat.Net), true}, {VATLabel(t, vat.Rate), in(vat.Tax), true}}
	if tip > 0 {
		lines = append(lines, Fact{t.T("receipt.untaxed"), in(tip), true})
	}
	return lines
}

// VATLabel names the VAT within an amount.
func VATLabel(t Localizer, rate business.Rate) string {
	return t.T("receipt.vat", "Rate", money.WithPoint(rate.String(), t.Lang()))
}

// WithoutPayer is the document without who paid: for a mail to an address that nobody has
// confirmed, which must not carry what a stranger typed.
func (d Document) WithoutPayer() Document {
	d.Payer = nil
	return d
}

// filled leaves out what has no value.
func filled(all ...Fact) []Fact {
	var kept []Fact
	for _, f := range all {
		if f.Value != "" {
			kept = append(kept, f)
		}
	}
	return kept
}

// FileName is what a document is called when it is saved.
func FileName(number string) string { return number + ".pdf" }
