package asking

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"smartlinks/internal/checkout"
	"smartlinks/internal/fault"
	"smartlinks/internal/money"
	"smartlinks/internal/text"
	"smartlinks/internal/web/dashboard/frame"
)

// Extras are the tip and the fee that payers may add, as they were typed.
type Extras struct {
	TipSteps             string // percentages, apart by commas
	TipOwn               bool
	FeePercent, FeeFixed string
}

// ExtrasFrom reads the fields of a form.
func ExtrasFrom(form url.Values) Extras {
	return Extras{
		TipSteps: strings.TrimSpace(form.Get("tip_percent")), TipOwn: frame.Ticked(form, "tip_own"),
		FeePercent: strings.TrimSpace(form.Get("fee_percent")), FeeFixed: strings.TrimSpace(form.Get("fee_fixed")),
	}
}

// ExtrasOf fills the fields from rules whose amounts are in c.
func ExtrasOf(reader frame.Reader, r checkout.Rules, c money.Currency) (v Extras) {
	if r.Tip != nil {
		steps := make([]string, len(r.Tip.Percent))
		for i, p := range r.Tip.Percent {
			steps[i] = strconv.FormatInt(p, 10)
		}
		v.TipSteps, v.TipOwn = strings.Join(steps, ", "), r.Tip.Own
	}
	if fee := r.CoverFee; fee != nil {
		if v.FeePercent = fee.Percent; fee.Fixed != 0 {
			v.FeeFixed = reader.AmountInput(&money.Amount{Minor: fee.Fixed, Currency: c})
		}
	}
	return v
}

// Set writes the fields into rules whose amounts are in c. What can't be read is noted, and
// left as something that is refused.
func (v Extras) Set(r *checkout.Rules, reader frame.Reader, c money.Currency, unread *fault.Fields) {
	r.Tip, r.CoverFee = v.tip(unread), v.coverFee(reader, c, unread)
}

// tip reads the steps of the tip; nil where none is offered. A step that is no number
// becomes 0, which is refused.
func (v Extras) tip(unread *fault.Fields) *checkout.Tip {
	tip := checkout.Tip{Own: v.TipOwn}
	for _, step := range strings.FieldsFunc(v.TipSteps, func(c rune) bool { return strings.ContainsRune(" ,;،؛%٪", c) }) {
		n, err := strconv.ParseInt(text.Digits(step), 10, 32)
		if err != nil && !unread.Has("tip.percent") {
			unread.Add("tip.percent", "", "Enter whole percentages, like 5, 10, 15.")
		}
		tip.Percent = append(tip.Percent, n)
	}
	if len(tip.Percent) == 0 && !tip.Own {
		return nil
	}
	return &tip
}

// coverFee reads the fee that payers may take over; nil where none was typed. A fixed
// amount that can't be read becomes one below zero, which is refused.
func (v Extras) coverFee(reader frame.Reader, c money.Currency, unread *fault.Fields) *checkout.CoverFee {
	if v.FeePercent == "" && v.FeeFixed == "" {
		return nil
	}
	const at = "cover_fee.fixed.value"
	fee := checkout.CoverFee{Percent: strings.TrimSpace(strings.TrimRight(v.FeePercent, "%٪"))}
	if fixed := frame.OptionalAmount(reader, v.FeeFixed, c, at, unread); fixed != nil {
		if fee.Fixed = fixed.Minor; unread.Has(at) {
			fee.Fixed = -1
		}
	}
	return &fee
}

// tipWords is the tip in a line, "" where none is offered.
func (v Extras) tipWords(reader frame.Reader) string {
	switch {
	case v.TipSteps != "" && v.TipOwn:
		return reader.T("Tip in percent: {{.Steps}}, or an own amount", "Steps", v.TipSteps)
	case v.TipSteps != "":
		return reader.T("Tip in percent: {{.Steps}}", "Steps", v.TipSteps)
	case v.TipOwn:
		return reader.T("Tip of an own amount")
	}
	return ""
}

// feeWords is the fee in a line, "" where payers are not offered to cover it.
func (v Extras) feeWords(reader frame.Reader) string {
	switch {
	case v.FeePercent != "" && v.FeeFixed != "":
		return reader.T("Fee of {{.Percent}}% and {{.Fixed}}", "Percent", v.FeePercent, "Fixed", v.FeeFixed)
	case v.FeePercent != "":
		return reader.T("Fee of {{.Percent}}%", "Percent", v.FeePercent)
	case v.FeeFixed != "":
		return reader.T("Fee of {{.Fixed}}", "Fixed", v.FeeFixed)
	}
	return ""
}

// Sum says in a line what is offered, and whether that is anything.
func (v Extras) Sum(reader frame.Reader) (line string, any bool) {
	parts := slices.DeleteFunc([]string{v.tipWords(reader), v.feeWords(reader)}, func(words string) bool { return words == "" })
	if len(parts) == 0 {
		return reader.T("Not offered"), false
	}
	return reader.Line(parts...), true
}

// ExtrasNames are the inputs that something may be wrong with.
func ExtrasNames() []string { return []string{"tip_percent", "tip_own", "fee_percent", "fee_fixed"} }

// ExtrasEdits are the fields for two who edit the same thing.
func ExtrasEdits[V any](reader frame.Reader, of func(*V) *Extras) []frame.FormField[V] {
	return []frame.FormField[V]{
		{Label: reader.T("Tip"), Show: func(v V) string { return of(&v).tipWords(reader) }, Take: func(from V, to *V) {
			of(to).TipSteps, of(to).TipOwn = of(&from).TipSteps, of(&from).TipOwn
		}},
		{Label: reader.T("Fee that payers cover"), Show: func(v V) string { return of(&v).feeWords(reader) }, Take: func(from V, to *V) {
			of(to).FeePercent, of(to).FeeFixed = of(&from).FeePercent, of(&from).FeeFixed
		}},
	}
}
