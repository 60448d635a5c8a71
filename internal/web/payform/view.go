package payform

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"smartlinks/internal/checkout"
	"smartlinks/internal/fault"
	"smartlinks/internal/i18n"
	"smartlinks/internal/money"
	"smartlinks/internal/text"
)

// View is the form with what is wrong with it.
type View struct {
	Form
	Asked
	Localizer i18n.Localizer
	Problem   func(name string) string                 // the sentence at a field, "" when nothing is wrong with it
	State     func(name, hint string) templ.Attributes // ties a control to what is said about it
	Country   string                                   // of the business, chosen beforehand; "" for none
}

func (v View) highest() string { return strconv.FormatInt(v.most(), 10) }

// each is the price of one.
func (v View) each() string { return v.Unit.Format(v.Localizer.Lang()) }

// canStep reports whether − or + leads anywhere.
func (v View) canStep(by int64) bool {
	n := v.Units() + by
	return n >= v.Least() && n <= v.most()
}

func (v View) value(name string) string { return v.typed.Get(name) }

func (v View) holds(name, value string) bool { return slices.Contains(v.typed[name], value) }

// locked reports whether the URL fills an input in for good; what is wrong with it must be
// the payer's to mend.
func (v View) locked(name string) bool {
	return slices.Contains(v.fromURL, name) && v.Problem(name) == ""
}

// control is the state of an input.
func (v View) control(name, hint string) templ.Attributes {
	if v.locked(name) {
		return templ.Attributes{"readonly": true, "aria-describedby": name + "-hint"}
	}
	if hint == "" {
		return v.State(name, "")
	}
	return v.State(name, name+"-hint")
}

// hint is the text under an input.
func (v View) hint(name, usual string) string {
	if v.locked(name) {
		return v.Localizer.T("pay.locked")
	}
	return usual
}

// fewOptions is how many short options stand in a row; more become a list to open.
const fewOptions = 4

// bounds says which numbers a question takes.
func (v View) bounds(q checkout.Question) string {
	switch {
	case q.Help != "":
		return q.Help
	case q.Min != "" && q.Max != "":
		return v.Localizer.T("pay.number_range", "Min", q.Min, "Max", q.Max)
	case q.Min != "":
		return v.Localizer.T("pay.number_from", "Min", q.Min)
	case q.Max != "":
		return v.Localizer.T("pay.number_to", "Max", q.Max)
	}
	return ""
}

// tipOf is what a step of the tip comes to.
func (v View) tipOf(percent int64) string {
	p := v.Parts(v.Asked)
	return p.In(v.Can.OfPercent(p.Goods(), percent)).Format(v.Localizer.Lang())
}

func (v View) feeText() string {
	if v.Unit.IsZero() {
		return v.Localizer.T("pay.cover_fee_open")
	}
	f := v.Form
	f.extras.CoverFee = true
	p := f.Parts(v.Asked)
	return v.Localizer.T("pay.cover_fee", "Amount", p.In(p.Fee).Format(v.Localizer.Lang()))
}

// offText says what the code takes off, in parts before and behind the code.
func (v View) offText() (before, code, behind string) {
	said := v.Unit
	off := ""
	if v.off.Percent > 0 {
		off = money.Percent(checkout.WritePercent(v.off.Percent), v.Localizer.Lang())
	} else {
		said.Minor = v.off.Amount
		off = said.Format(v.Localizer.Lang())
	}
	before, behind, _ = strings.Cut(v.Localizer.T("pay.code_off", "Off", off), "{}")
	return before, v.off.Code, behind
}

func (v View) lessText() string {
	p := v.Parts(v.Asked)
	return v.Localizer.T("pay.code_less", "Off", p.In(p.Discount).Format(v.Localizer.Lang()), "Least", p.In(p.Total()).Format(v.Localizer.Lang()))
}

// piece is a part of a merchant's text: words, or a link.
type piece struct{ Text, Href string }

var links = regexp.MustCompile(`\[([^\[\]]+)\]\((https?://[^\s()]+)\)`)

// pieces are a text with its links, which are written [terms](https://example.com/terms).
func pieces(s string) (all []piece) {
	last := 0
	for _, at := range links.FindAllStringSubmatchIndex(s, -1) {
		if at[0] > last {
			all = append(all, piece{Text: s[last:at[0]]})
		}
		all = append(all, piece{Text: s[at[2]:at[3]], Href: s[at[4]:at[5]]})
		last = at[1]
	}
	if last < len(s) {
		all = append(all, piece{Text: s[last:]})
	}
	return all
}

func (v View) chosenCountry() string {
	if c := v.value("country"); c != "" {
		return c
	}
	return v.Country
}

// sentences are those of the codes of this part of the form.
var sentences = map[string]string{
	checkout.Missing: "error.answer_missing", checkout.NotChosen: "error.answer_choose", checkout.NotOption: "error.answer_gone", checkout.BadNumber: "error.answer_number",
	checkout.BadDate: "error.answer_date", checkout.NotTicked: "error.answer_tick", checkout.BadPhone: "error.phone", checkout.BadVATID: "error.vat_id",
	checkout.NoCountry: "error.country", checkout.BadPostal: "error.postal_code", checkout.TipGone: "error.answer_gone", checkout.TipAmount: "error.tip", text.Long: "error.long",
}

// Sentence is what is wrong with a field, in the payer's language; false when the field
// is not of this part of the form.
func (f Form) Sentence(t i18n.Localizer, a Asked, wrong fault.Field) (string, bool) {
	if !slices.Contains(a.Names(), wrong.Name) {
		return "", false
	}
	if wrong.Name == CodeField {
		return f.codeSentence(t, a, wrong.Code), true
	}
	if wrong.Name == QuantityField {
		return f.quantitySentence(t, a, wrong), true
	}
	for _, q := range a.Questions {
		if q.Key != wrong.Name {
			continue
		}
		switch wrong.Code {
		case checkout.OutOfRange:
			return (View{Localizer: t}).bounds(checkout.Question{Min: q.Min, Max: q.Max}), true
		case checkout.OffStep:
			return t.T("error.answer_step", "Step", q.Step), true
		}
	}
	if key := sentences[wrong.Code]; key != "" {
		return t.T(key), true
	}
	return t.T("error.characters"), true
}

// The codes of a promotion code that could not be looked up: of too many wrong ones before
// it, and when the database was away.
const (
	CodeWait   = "code.wait"
	CodeUnread = "code.unread"
)

func (f Form) codeSentence(t i18n.Localizer, a Asked, code string) string {
	switch {
	case code == CodeWait:
		return t.T("error.code_wait")
	case code == CodeUnread:
		return t.T("error.code_unread")
	case f.off.Least > 0:
		return t.T("error.code_minimum", "Min", money.Amount{Minor: f.off.Least, Currency: a.Unit.Currency}.Format(t.Lang()))
	}
	return t.T("error.code")
}

func (f Form) quantitySentence(t i18n.Localizer, a Asked, wrong fault.Field) string {
	number := func(n int64) string { return strconv.FormatInt(n, 10) }
	switch wrong.Code {
	case left:
		return t.T("error.quantity_left", "Left", f.typed.Get(QuantityField), "Wanted", wrong.Message)
	case checkout.TooLow:
		return t.T("error.quantity_low", "Min", number(a.Least()))
	case checkout.TooHigh:
		return t.T("error.quantity_high", "Max", number(a.most()))
	}
	return t.T("error.quantity")
}

// kindOf is how a browser helps with an input of a question.
func kindOf(q checkout.Question) templ.Attributes {
	switch q.Type {
	case checkout.Date:
		return templ.Attributes{"type": "date", "dir": "ltr"}
	case checkout.Number:
		return templ.Attributes{"inputmode": "decimal", "dir": "ltr", "maxlength": "20"}
	}
	return templ.Attributes{"maxlength": "200", "dir": "auto"}
}
