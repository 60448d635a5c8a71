// Package payform is the part of the payers' form that a link's rules ask for, beside
// name, e-mail and amount: it keeps what was typed, reads it and draws it. It works
// without JavaScript: buttons that change how many send the form.
package payform

import (
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"smartlinks/internal/checkout"
	"smartlinks/internal/fault"
	"smartlinks/internal/link"
	"smartlinks/internal/money"
)

// The names of the inputs, beside those that checkout reads.
const (
	QuantityField = "quantity"
	TipField      = "tip"
	ownTipField   = "tip_own"
	feeField      = "cover_fee"
	CodeField     = "code"
	applyField    = "code_apply"
	removeField   = "code_remove"
	consentField  = "consent"
	marketField   = "marketing"
	stepField     = "step"        // − and +
	againField    = "recalculate" // shows the total
	totalField    = "total"       // what the page showed
	termsField    = "terms"       // what the page asked
	endedField    = "code_ended"  // a code that the payer was told counts no more
)

// Form is what a payer typed, as it was typed, and what it comes to.
type Form struct {
	typed   url.Values
	fromURL []string // the names of inputs that the URL fills in for good

	units   int64
	extras  checkout.Extras
	answers checkout.Answers
	off     checkout.Off // of the code; the least of one that was refused
}

// Asked says what is asked: the rules, the price of one, and how many there are.
type Asked struct {
	checkout.Rules
	Unit     money.Amount
	Chosen   bool   // the payer chooses the price; it is zero until they did
	Left     *int64 // units that can still be had, nil without a limit of units
	Language string // of the reader, in which amounts are typed
	Codes    bool   // a promotion code may count
	Sold     string // what is sold, where it is a product
	Can      checkout.Chargeable
}

// plain reports whether nothing is asked but name, e-mail and amount.
func (a Asked) plain() bool { return a.AsksNothing() && !a.Codes }

// most is how many a payer can choose.
func (a Asked) most() int64 {
	if a.Left != nil {
		return max(a.Least(), min(a.Most(), *a.Left))
	}
	return a.Most()
}

// Names are the inputs that the rules ask for, in their order on the page.
func (a Asked) Names() (names []string) {
	if a.Quantity != nil {
		names = append(names, QuantityField)
	}
	for _, q := range a.Questions {
		names = append(names, q.Key)
	}
	names = append(names, "phone", "company", "vat_id", "country", "line1", "line2", "postal_code", "city", "region")
	names = append(names, TipField)
	if a.Codes {
		names = append(names, CodeField)
	}
	return append(names, consentField)
}

// Read takes what was sent; what the URL locks stays as it says.
func Read(sent, query url.Values, a Asked) Form {
	f := Form{typed: url.Values{}, units: 1}
	for name, values := range sent {
		f.typed[name] = slices.Clone(values)
	}
	if sent.Has(removeField) {
		f.typed.Del(CodeField)
	}
	if sent.Has(applyField) {
		f.typed.Del(endedField)
	}
	f.lock(query, a)
	return f
}

// Code is the promotion code that was typed, "" for none, and for one that the payer was told
// counts no more.
func (f Form) Code() string {
	typed := strings.TrimSpace(f.typed.Get(CodeField))
	if strings.EqualFold(typed, f.typed.Get(endedField)) {
		return ""
	}
	return typed
}

// TypeCode types a promotion code, "" for none.
func (f *Form) TypeCode(code string) {
	if code != "" {
		f.typed.Set(CodeField, code)
	}
}

// Apply has the form reckon with what a code takes off.
func (f *Form) Apply(off checkout.Off) { f.off = off }

// Refuse takes the code out of the sum; what is wrong with it is told at its field. least is
// what must be bought for it to count, in minor units.
func (f *Form) Refuse(least int64) { f.off = checkout.Off{Least: least} }

// Listed is what the units cost that are typed, as far as they can be read.
func (f Form) Listed(a Asked) money.Amount {
	var ignored fault.Fields
	f.typed = maps.Clone(f.typed)
	f.readQuantity(a, &ignored)
	p := f.goods(a)
	return p.In(p.List())
}

// Prefilled is what the page's own URL fills in, and whether that is anything.
func Prefilled(query url.Values, a Asked) (f Form, any bool) {
	f = Form{typed: url.Values{}, units: a.Least()}
	for name, values := range fromURL(query, a) {
		f.typed[name], any = values, true
	}
	if f.typed.Get(QuantityField) == "" {
		f.typed.Set(QuantityField, strconv.FormatInt(a.Least(), 10))
	}
	if any {
		var ignored fault.Fields
		f.readSum(a, &ignored)
	}
	f.lock(query, a)
	return f, any
}

// Again is what an attempt before was for: as many, the answers, and what was added, as
// far as it can still be chosen.
func Again(a Asked, was checkout.Parts, answers checkout.Answers) Form {
	f := Form{typed: url.Values{QuantityField: {strconv.FormatInt(was.Quantity, 10)}}, units: was.Quantity}
	f.addAgain(a, was)
	for _, answer := range answers.Fields {
		f.typed[answer.Key] = answer.Values
	}
	for name, value := range map[string]string{"phone": answers.Phone, "company": answers.Company, "vat_id": answers.VATID} {
		f.typed.Set(name, value)
	}
	if at := answers.Address; at != nil {
		for name, value := range map[string]string{"line1": at.Line1, "line2": at.Line2, "postal_code": at.PostalCode, "city": at.City, "region": at.Region, "country": at.Country} {
			f.typed.Set(name, value)
		}
	}
	return f
}

// addAgain chooses the tip that was given, and the fee that was covered.
func (f *Form) addAgain(a Asked, was checkout.Parts) {
	if a.CoverFee != nil && was.Fee > 0 {
		f.typed.Set(feeField, "on")
	}
	if a.Tip != nil && was.Tip > 0 {
		// Of what was paid for the goods then: a code may have taken some off, and payers choose the price.
		step := slices.IndexFunc(a.Tip.Percent, func(percent int64) bool { return a.Can.OfPercent(was.Goods(), percent) == was.Tip })
		switch {
		case step >= 0:
			f.typed.Set(TipField, strconv.FormatInt(a.Tip.Percent[step], 10))
		case a.Tip.Own:
			f.typed.Set(TipField, checkout.OwnTip)
			f.typed.Set(ownTipField, money.WithPoint(was.In(was.Tip).Decimal(), a.Language))
		}
	}
	var ignored fault.Fields
	f.readSum(a, &ignored)
}

// Changes reports whether a button was pressed that only changes the form.
func Changes(sent url.Values) bool {
	return sent.Has(stepField) || sent.Has(againField) || sent.Has(applyField) || sent.Has(removeField)
}

// Check reads what was typed; what is wrong with it is added to wrong.
func (f *Form) Check(a Asked, by checkout.Reading, wrong *fault.Fields) {
	if a.plain() {
		return
	}
	f.readSum(a, wrong)
	f.answers = a.Read(func(name string) []string { return f.typed[name] }, by, wrong)
}

// Recount reads how many and what is added alone, for a form whose total is shown again.
func (f *Form) Recount(a Asked, wrong *fault.Fields) {
	if !a.plain() {
		f.readSum(a, wrong)
	}
}

// readSum reads what the total hangs on.
func (f *Form) readSum(a Asked, wrong *fault.Fields) {
	f.readQuantity(a, wrong)
	f.extras = checkout.Extras{Tip: f.typed.Get(TipField), CoverFee: f.typed.Get(feeField) != ""}
	if a.Tip == nil {
		f.extras.Tip = checkout.NoTip
	}
	if f.extras.Tip == checkout.OwnTip {
		if own := strings.TrimSpace(f.typed.Get(ownTipField)); own != "" {
			amount, err := money.ParseTypedIn(own, a.Unit.Currency, a.Language)
			if err != nil || amount.Cmp(money.Max(a.Unit.Currency)) > 0 {
				wrong.Add(TipField, checkout.TipAmount, "Enter an amount.")
			} else {
				f.extras.Own = amount.Minor
			}
		}
	}
	var mistakes fault.Fields
	a.Price(f.goods(a), f.off, f.extras, a.Can, &mistakes)
	for _, m := range mistakes {
		wrong.Add(m.Name, m.Code, m.Message)
		f.extras.Tip = checkout.NoTip
	}
}

func isNoNumber(w fault.Field) bool { return w.Code == checkout.NoNumber }

func (f *Form) readQuantity(a Asked, wrong *fault.Fields) {
	f.units = a.Least()
	if a.Quantity == nil {
		return
	}
	var mistakes fault.Fields
	n := a.ReadQuantity(f.typed.Get(QuantityField), &mistakes)
	if step := f.typed.Get(stepField); step != "" && !slices.ContainsFunc(mistakes, isNoNumber) {
		by := int64(1)
		if step == "-1" {
			by = -1
		}
		n, mistakes = min(max(n+by, a.Least()), a.most()), nil
		f.typed.Set(QuantityField, strconv.FormatInt(n, 10))
	}
	for _, m := range mistakes {
		wrong.Add(m.Name, m.Code, m.Message)
	}
	switch {
	case len(mistakes) > 0:
	case a.Left != nil && n > a.most():
		f.Fewer(&link.TooFew{Left: a.most()}, wrong)
	default:
		f.units = n
	}
}

// Units is how many the payer wants, Extras what they add and Answers what they answered,
// once the form was checked.
func (f Form) Units() int64              { return max(f.units, 1) }
func (f Form) Extras() checkout.Extras   { return f.extras }
func (f Form) Answers() checkout.Answers { return f.answers }

func (f Form) goods(a Asked) checkout.Parts {
	return checkout.Parts{Currency: a.Unit.Currency, Quantity: f.Units(), Unit: a.Unit.Minor}
}

// Parts are what the payment would be made of.
func (f Form) Parts(a Asked) checkout.Parts {
	var ignored fault.Fields
	return a.Price(f.goods(a), f.off, f.extras, a.Can, &ignored)
}

// Free reports whether a code takes off everything.
func (f Form) Free(a Asked) bool { return f.off.Code != "" && f.Total(a).IsZero() }

// less reports whether the code takes off less than it would, because of what the provider
// charges at least.
func (f Form) less(a Asked) bool {
	return a.Can.Lifts(f.off, f.Parts(a))
}

// Total is what the payer is to pay.
func (f Form) Total(a Asked) money.Amount {
	parts := f.Parts(a)
	return parts.In(parts.Total())
}

// Unseen reports whether the page showed another total than is to be paid. A form that
// was not filled in on a page has shown none; an amount that the payer typed they know, but
// not what is added to it.
func (f Form) Unseen(a Asked) bool {
	if p := f.Parts(a); a.Chosen && p.Tip == 0 && p.Fee == 0 {
		return false
	}
	seen := f.typed.Get(totalField)
	return !a.plain() && seen != "" && seen != f.Total(a).Decimal()
}

// Fewer sets a number that is too high to what is left.
func (f *Form) Fewer(few *link.TooFew, wrong *fault.Fields) {
	wrong.Add(QuantityField, left, f.typed.Get(QuantityField)) // what was wanted, for the sentence
	f.units = few.Left
	f.typed.Set(QuantityField, strconv.FormatInt(few.Left, 10))
}

// left is the code of a number that was set to what is left; its message is what was
// wanted.
const left = "quantity.left"
