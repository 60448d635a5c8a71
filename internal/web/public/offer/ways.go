package offer

import (
	"smartlinks/internal/money"
	"smartlinks/internal/payment/banktransfer"
)

// euro is the one currency that can be transferred.
const euro = money.Currency("EUR")

// ByProvider reports whether a way of the payment provider's may be chosen.
func (o Offer) ByProvider() bool {
	_, may := o.Rules.ByProvider()
	return may
}

// OffersTransfer reports whether payers of what is offered may send the money from their bank.
func (o Offer) OffersTransfer(c money.Currency) bool {
	b := o.Business
	return b.Transfers && o.Rules.TakesTransfers() && b.Provider != banktransfer.Name && c == euro && !(b.InstantOnly && o.Link != nil && o.Link.Limit.Limited())
}

// ByTransfer reports whether the payer is to send the money from their bank.
func (o Offer) ByTransfer() bool {
	return o.Way == banktransfer.Name || o.Business.Provider == banktransfer.Name
}

// NoWay reports whether the business has set up nothing yet that moves money.
func (o Offer) NoWay() bool { return o.Business.Provider == "" && !o.OffersTransfer(o.Currency) }

// HasOtherWays reports whether the payer may pay another way than the one that was chosen
// beforehand.
func (o Offer) HasOtherWays() bool {
	named, may := o.Rules.ByProvider()
	return o.Way != "" && !o.WayLocked && may && (len(named) != 1 || o.Way == banktransfer.Name)
}
