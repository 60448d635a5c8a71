package checkout

import (
	"strconv"

	"smartlinks/internal/money"
)

// Parts are what a payment is made of, in minor units of one currency. What is charged
// is always their sum: list − discount + tip + fee.
type Parts struct {
	Currency money.Currency
	Quantity int64 // units
	Unit     int64 // what one costs
	Discount int64 // taken off by a code
	Code     string
	Tip      int64
	Fee      int64 // of the provider, which the payer covers
}

// List is what the units cost together.
func (p Parts) List() int64 { return p.Unit * p.Quantity }

// Goods is what is paid for the units.
func (p Parts) Goods() int64 { return p.List() - p.Discount }

// Total is what is charged.
func (p Parts) Total() int64 { return p.Goods() + p.Tip + p.Fee }

// Taxed is the part that bears VAT: a tip never does.
func (p Parts) Taxed() int64 { return p.Total() - p.Tip }

// In is a part as an amount.
func (p Parts) In(minor int64) money.Amount {
	return money.Amount{Minor: minor, Currency: p.Currency}
}

// Kind says what a line of a payment is.
type Kind string

// The kinds of lines.
const (
	GoodsLine Kind = "goods"
	CodeLine  Kind = "discount"
	TipLine   Kind = "tip"
	FeeLine   Kind = "fee_covered"
)

// Line is a part of a payment, as people read it.
type Line struct {
	Kind   Kind
	Label  string
	Amount string
	Less   bool // it is taken off
}

// Localizer has the words of a reader's language.
type Localizer interface {
	T(key string, arguments ...string) string
	Lang() string
}

// Lines are the parts in a reader's language, in the order of the sum; none where the
// total is the price of one alone. The same lines stand on page, receipt and in mails.
func (p Parts) Lines(t Localizer) (lines []Line) {
	if p.Total() == p.Unit && p.Tip == 0 && p.Discount == 0 {
		return nil
	}
	say := func(minor int64) string { return p.In(minor).Format(t.Lang()) }
	lines = append(lines, Line{Kind: GoodsLine, Label: Times(p.Quantity, say(p.Unit)), Amount: say(p.List())})
	if p.Discount > 0 {
		lines = append(lines, Line{Kind: CodeLine, Label: t.T("parts.code", "Code", p.Code), Amount: "−" + say(p.Discount), Less: true})
	}
	if p.Tip > 0 {
		lines = append(lines, Line{Kind: TipLine, Label: t.T("parts.tip"), Amount: say(p.Tip)})
	}
	if p.Fee > 0 {
		lines = append(lines, Line{Kind: FeeLine, Label: t.T("parts.fee"), Amount: say(p.Fee)})
	}
	return lines
}

// Times writes "3 × €49.00".
func Times(units int64, price string) string {
	return strconv.FormatInt(units, 10) + " × " + price
}
