package offer

import (
	"net/url"
	"slices"
	"strings"

	"smartlinks/internal/money"
)

// lockParameter names the fields that the URL fills in for good:
// ?notes=Seat+4&amount=25&lock=notes,amount. It spares payers mistakes and proves
// nothing, as everybody can write a URL; a price that must hold is a link's. Name and
// email stay the payer's to change: the receipt goes by them.
const lockParameter = "lock"

// AmountField is the amount, in the form and in the URL.
const AmountField = "amount"

// LockedIn are the names of the fields that a URL locks.
func LockedIn(query url.Values) []string {
	if query.Get(lockParameter) == "" {
		return nil
	}
	return strings.Split(query.Get(lockParameter), ",")
}

// Locked is the offer with the amount that the URL asks and locks, where the
// payer could choose it.
func (o Offer) Locked(query url.Values) Offer {
	if o.Fixed || !slices.Contains(LockedIn(query), AmountField) {
		return o
	}
	amount, err := money.ParseTyped(query.Get(AmountField), o.Currency)
	if err != nil || !o.Takes(amount) {
		return o
	}
	o.Price, o.Fixed = &amount, true
	return o
}
