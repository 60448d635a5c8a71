package linkform

import (
	"net/url"
	"strconv"
	"strings"

	"smartlinks/internal/checkout"
	"smartlinks/internal/fault"
	"smartlinks/internal/money"
	"smartlinks/internal/web/dashboard/frame"
)

// extrasValues are the tip and the fee that payers may add, as they were typed.
type extrasValues struct {
	TipSteps             string // percentages, apart by commas
	TipOwn               bool
	FeePercent, FeeFixed string
}

func extrasFrom(form url.Values) extrasValues {
	return extrasValues{
		TipSteps: strings.TrimSpace(form.Get("tip_percent")), TipOwn: frame.Ticked(form, "tip_own"),
		FeePercent: strings.TrimSpace(form.Get("fee_percent")), FeeFixed: strings.TrimSpace(form.Get("fee_fixed")),
	}
}

// extrasOf fills the fields from a link's rules, in the link's currency.
func extrasOf(r checkout.Rules, c money.Currency) (v extrasValues) {
	if r.Tip != nil {
		steps := make([]string, len(r.Tip.Percent))
		for i, p := range r.Tip.Percent {
			steps[i] = strconv.FormatInt(p, 10)
		}
		v.TipSteps, v.TipOwn = strings.Join(steps, ", "), r.Tip.Own
	}
	if fee := r.CoverFee; fee != nil {
		if v.FeePercent = fee.Percent; fee.Fixed != 0 {
			v.FeeFixed = frame.AmountInput(&money.Amount{Minor: fee.Fixed, Currency: c})
		}
	}
	return v
}

// tip reads the steps of the tip; nil where none is offered. A step that is no number
// becomes 0, which is refused.
func (v extrasValues) tip(unread *fault.Fields) *checkout.Tip {
	tip := checkout.Tip{Own: v.TipOwn}
	for _, step := range strings.FieldsFunc(v.TipSteps, func(c rune) bool { return strings.ContainsRune(" ,;،؛%٪", c) }) {
		n, err := strconv.ParseInt(step, 10, 32)
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
func (v extrasValues) coverFee(reader frame.Reader, c money.Currency, unread *fault.Fields) *checkout.CoverFee {
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
func (v extrasValues) tipWords(reader frame.Reader) string {
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
func (v extrasValues) feeWords(reader frame.Reader) string {
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

// extrasEdits are the fields for two who edit the same link.
func extrasEdits(reader frame.Reader) []frame.FormField[linkEdit] {
	return []frame.FormField[linkEdit]{
		{Label: reader.T("Tip"), Show: func(e linkEdit) string { return e.Extras.tipWords(reader) }, Take: func(from linkEdit, to *linkEdit) {
			to.Extras.TipSteps, to.Extras.TipOwn = from.Extras.TipSteps, from.Extras.TipOwn
		}},
		{Label: reader.T("Fee that payers cover"), Show: func(e linkEdit) string { return e.Extras.feeWords(reader) }, Take: func(from linkEdit, to *linkEdit) {
			to.Extras.FeePercent, to.Extras.FeeFixed = from.Extras.FeePercent, from.Extras.FeeFixed
		}},
	}
}
