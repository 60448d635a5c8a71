package checkout

import (
	"math"

	"smartlinks/internal/fault"
)

// Off is what a code takes off the list price: a share of it, or an amount.
type Off struct {
	Code    string // as people read it, SUMMER10; "" for none
	Percent int64  // hundredths of a percent; 0: the amount
	Amount  int64  // minor units
	Least   int64  // what must be bought at least for it to count, minor units; 0: anything
}

// Of is what is taken off a list price: a share rounded half up, and never more than the
// price.
func (o Off) Of(list int64) int64 {
	if o.Percent > 0 && list > math.MaxInt64/200_00 { // more than a payment can be
		return list / 100_00 * o.Percent
	}
	if o.Percent > 0 {
		return min(list, (list*o.Percent+50_00)/100_00)
	}
	return min(list, o.Amount)
}

// ReadPercent reads a percentage with at most two decimals, in hundredths of a percent.
func ReadPercent(typed string) (hundredths int64, ok bool) {
	d, ok := parseDecimal(typed)
	return int64(d) / 10_000, ok && d%10_000 == 0
}

// WritePercent is how a percentage in hundredths of a percent is written, like 12.5.
func WritePercent(hundredths int64) string { return decimal(hundredths * 10_000).String() }

// Chargeable bounds what a provider charges: at least so much, and multiples of a step. Of
// nothing no provider is asked.
type Chargeable struct{ Least, Step int64 }

// Price is what the units come to with a code and what the payer adds. Where the total would
// be above zero and less than can be charged, less is taken off, so that the least is left.
func (r Rules) Price(p Parts, off Off, e Extras, can Chargeable, wrong *fault.Fields) Parts {
	if off.Code == "" {
		return r.Add(p, e, can, wrong)
	}
	p.Code = off.Code
	less := func(discount int64, wrong *fault.Fields) Parts {
		p.Discount = max(0, p.List()-can.up(p.List()-discount))
		return r.Add(p, e, can, wrong)
	}
	full := off.Of(p.List())
	priced := less(full, wrong)
	if total := priced.Total(); total == 0 || total >= can.Least {
		return priced
	}
	// The total only falls as more is taken off: the most that leaves enough is found by
	// halving what it may be.
	var again fault.Fields // what is wrong is told once
	low, high := int64(0), full
	for low < high {
		middle := low + (high-low+1)/2
		if less(middle, &again).Total() >= can.Least {
			low = middle
		} else {
			high = middle - 1
		}
	}
	return less(low, &again)
}

// Lifts reports whether less is taken off than a code gives, so that the least is left. What
// a step takes of it is no more than rounding.
func (c Chargeable) Lifts(off Off, p Parts) bool {
	return off.Code != "" && off.Of(p.List())-p.Discount >= c.step()
}

func (c Chargeable) step() int64 { return max(c.Step, 1) }

// up and down are the next amount in whole steps.
func (c Chargeable) up(minor int64) int64   { return c.down(minor + c.step() - 1) }
func (c Chargeable) down(minor int64) int64 { return minor - minor%c.step() }
