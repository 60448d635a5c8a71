package checkout

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"smartlinks/internal/fault"
	"smartlinks/internal/money"
)

// Tip is a voluntary extra: steps in percent of what the goods cost, or an amount of the
// payer's own.
type Tip struct {
	Percent []int64 `json:"percent,omitempty"`
	Own     bool    `json:"own,omitempty"`
}

const (
	maxTipSteps   = 4
	maxTipPercent = 100
)

func (t *Tip) clean(wrong *fault.Fields) {
	if t == nil {
		return
	}
	if len(t.Percent) > maxTipSteps || len(t.Percent) == 0 && !t.Own {
		wrong.Add("tip.percent", "tip.steps", fmt.Sprintf("Give 1 to %d steps, or let payers enter an amount of their own.", maxTipSteps))
	}
	for i, p := range t.Percent {
		if p < 1 || p > maxTipPercent || slices.Contains(t.Percent[:i], p) {
			wrong.Add("tip.percent", "tip.percent", fmt.Sprintf("Use whole percentages from 1 to %d, each once.", maxTipPercent))
			return
		}
	}
}

// CoverFee lets payers take over what the payment costs the merchant.
type CoverFee struct {
	Percent string `json:"percent,omitempty"` // decimal, like 1.5
	Fixed   int64  `json:"fixed,omitempty"`   // minor units of the link's currency
	// Said is the currency in which a program gave Fixed, "" for the link's: it is checked
	// and then forgotten.
	Said money.Currency `json:"-"`
}

// maxFeePercent bounds a fee: more of it is a price.
const maxFeePercent = 25

func (c *CoverFee) clean(wrong *fault.Fields) {
	if c == nil {
		return
	}
	d, ok := parseDecimal(c.Percent)
	switch {
	case c.Percent == "":
	case !ok || d < 0 || d > maxFeePercent*1_000_000 || d%1000 != 0:
		wrong.Add("cover_fee.percent", "cover_fee.percent", fmt.Sprintf("Enter a percentage from 0 to %d with at most three decimals, like 1.5.", maxFeePercent))
		return
	default:
		c.Percent = d.String()
	}
	if c.Fixed < 0 || c.Fixed > 1_000_000 {
		wrong.Add("cover_fee.fixed.value", "cover_fee.fixed", "Enter a small amount that is not below zero.")
	} else if d == 0 && c.Fixed == 0 {
		wrong.Add("cover_fee.percent", "cover_fee.nothing", "Enter a percentage, a fixed amount, or both.")
	}
}

// What a payer may choose as a tip beside a percentage.
const (
	NoTip  = ""
	OwnTip = "own"
)

// The codes of the field "tip".
const (
	TipGone   = "tip.gone" // the step is not offered
	TipAmount = "tip.amount"
)

// Extras are what a payer adds of their own will.
type Extras struct {
	Tip      string // a step in percent, OwnTip or NoTip
	Own      int64  // of OwnTip, minor units
	CoverFee bool
}

// Add adds the payer's extras to what the goods cost, in steps of what can be charged: of the
// tip a percentage is rounded half up and an amount down, as nobody gives more than they
// typed; the fee is rounded up, so that the merchant keeps the whole.
func (r Rules) Add(p Parts, e Extras, can Chargeable, wrong *fault.Fields) Parts {
	p.Tip, p.Fee = r.tip(p.Goods(), e, can, wrong), 0
	if r.CoverFee != nil && e.CoverFee {
		p.Fee = r.CoverFee.on(p.Goods()+p.Tip, can)
	}
	return p
}

func (r Rules) tip(goods int64, e Extras, can Chargeable, wrong *fault.Fields) int64 {
	switch {
	case r.Tip == nil || e.Tip == NoTip:
		return 0
	case e.Tip == OwnTip && r.Tip.Own:
		if e.Own < 0 {
			wrong.Add("tip", TipAmount, "Enter an amount that is not below zero.")
			return 0
		}
		return can.down(e.Own)
	}
	percent, err := strconv.ParseInt(strings.TrimSpace(e.Tip), 10, 64)
	if err != nil || !slices.Contains(r.Tip.Percent, percent) {
		wrong.Add("tip", TipGone, "This can't be chosen any more. Choose again.")
		return 0
	}
	return can.OfPercent(goods, percent)
}

// OfPercent is a percentage of an amount, rounded half up to a step.
func (c Chargeable) OfPercent(minor, percent int64) int64 {
	return (minor*percent + 50*c.step()) / (100 * c.step()) * c.step()
}

// on is what must be added so that the merchant keeps the amount: ⌈(amount + fixed) ÷
// (1 − rate)⌉ − amount.
func (c CoverFee) on(amount int64, can Chargeable) int64 {
	if amount == 0 {
		return 0 // nothing is charged, so nothing is taken
	}
	d, _ := parseDecimal(c.Percent)
	const whole = 100_000 // of a rate in thousandths of a percent
	rest := whole - int64(d)/1000
	return can.up(((amount+c.Fixed)*whole+rest-1)/rest) - amount
}
