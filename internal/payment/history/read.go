package history

import (
	"strings"

	"smartlinks/internal/money"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/payment/provider"
)

// Status is how it stands.
func (v View) Status() Status { return v.status }

// Late reports whether the money came after its hold had ended.
func (v View) Late() bool { return v.late }

// RefundFailed reports whether money that must go back could not be given back
// yet. It is tried again; the merchant must know.
func (v View) RefundFailed() bool { return v.money == attempt.RefundFailed }

// Refunded is what was given back.
func (v View) Refunded() money.Amount {
	return money.Amount{Minor: v.refunded, Currency: v.Amount.Currency}
}

// CreditNotes are the numbers of its credit notes, the oldest first.
func (v View) CreditNotes() []string { return strings.Fields(v.notes) }

// Lost is what disputes took.
func (v View) Lost() money.Amount { return money.Amount{Minor: v.lost, Currency: v.Amount.Currency} }

// Kept is what was taken, less what was given back and what disputes took; zero
// for money that never counted.
func (v View) Kept() money.Amount {
	kept := money.Amount{Currency: v.Amount.Currency}
	if v.Receipt != "" {
		kept.Minor = v.Amount.Minor - v.refunded - v.lost
	}
	return kept
}

// Refundable is what may still be given back.
func (v View) Refundable() money.Amount {
	left := money.Amount{Currency: v.Amount.Currency}
	if v.Receipt != "" {
		left.Minor = max(v.Amount.Minor-v.refunded-v.reserved-v.lost, 0)
	}
	return left
}

// TakesRefunds reports whether something may still be given back: money, or the place of a
// payment of nothing.
func (v View) TakesRefunds() bool {
	return v.Refundable().Minor > 0 || v.Free() && v.status == StatusPaid && v.money != attempt.RefundPending
}

// Free reports whether nothing was to be paid, and it counts.
func (v View) Free() bool { return v.Receipt != "" && v.Amount.IsZero() }

// RefundOnItsWay is what was asked for and is not confirmed yet.
func (v View) RefundOnItsWay() money.Amount {
	return money.Amount{Minor: v.reserved, Currency: v.Amount.Currency}
}

// Dispute is how the worst of its disputes stands, "" without any.
func (v View) Dispute() provider.DisputeState { return v.dispute }

// PaidTwice reports whether its payer paid for the same another way too, as far as is known,
// and nobody has looked at it yet.
func (v View) PaidTwice() bool { return v.double }

// InQueue reports whether it is in review, a refund failed for good, or it was probably paid
// twice, and nobody has looked at it yet.
func (v View) InQueue() bool {
	return v.State == attempt.Review && !v.resolved || v.double || v.RefundFailed() && (v.Receipt != "" || v.reserved == 0)
}

// Unsettled reports whether the provider may still change how it stands.
func (v View) Unsettled() bool { return v.State.Live() }

func (r viewRow) view() View {
	v := View{
		Attempt: r.Attempt(), ProductSlug: r.ProductSlug, Receipt: r.Receipt, Method: r.Method, PaidAt: r.PaidAt.Time,
		status: r.Status, money: r.MoneyStatus, late: r.Late, refunded: r.RefundedMinor,
		reserved: r.ReservedMinor, lost: r.LostMinor, resolved: r.Resolved, double: r.PaidTwice, notes: r.CreditNotes,
	}
	if r.Dispute != "" {
		v.dispute = r.Dispute[1:] // behind its rank
	}
	if r.CustomerID != nil {
		v.CustomerID = *r.CustomerID
	}
	return v
}
