package payment

import (
	"smartlinks/internal/checkout"
	"smartlinks/internal/payment/provider"
)

// partsLeft is what of each part of a payment was not given back and is not on its way:
// refunds take of their part, and without one of the goods first, then of the fee, then of
// the tip.
func partsLeft(p checkout.Parts, refunds []refundRow) map[checkout.Kind]int64 {
	left := map[checkout.Kind]int64{checkout.GoodsLine: p.Goods(), checkout.FeeLine: p.Fee, checkout.TipLine: p.Tip}
	for _, r := range refunds {
		if r.State != provider.RefundRejected {
			r.takeOf(left)
		}
	}
	return left
}

// takeOf takes a refund of what is left of the parts, and tells what it took of each.
func (r refundRow) takeOf(left map[checkout.Kind]int64) map[checkout.Kind]int64 {
	order := []checkout.Kind{checkout.GoodsLine, checkout.FeeLine, checkout.TipLine}
	if r.Part != "" {
		order = append([]checkout.Kind{r.Part}, order...)
	}
	taken, rest := map[checkout.Kind]int64{}, r.AmountMinor
	for _, kind := range order {
		part := min(left[kind], rest)
		left[kind] -= part
		taken[kind] += part
		rest -= part
	}
	return taken
}
