package payment

import (
	"smartlinks/internal/fault"
	"smartlinks/internal/payment/history"
)

// ErrPaidBefore refuses an attempt of a payer who has paid for the same already,
// or whose money is on its way.
var ErrPaidBefore = fault.New(fault.Conflict, "You have paid for this already, or your payment is on its way. You have not been charged again.")

// payerQuery asks what the payer has going at what they pay for.
func (r StartRequest) payerQuery() history.PayerQuery {
	q := history.PayerQuery{BusinessID: r.Business.ID, Mode: r.Business.Mode, BrowserKey: r.BrowserKey, Request: r.Request}
	if r.Link != nil {
		q.LinkID = r.Link.ID
	}
	if r.Product != nil {
		q.ProductID = r.Product.ID
	}
	return q
}

// checkPayer refuses who pays again by accident.
func (r StartRequest) checkPayer(is history.PayerStatuses) error {
	told := is.Mine.Paid == nil || is.Mine.Paid.ID.Code() == r.OnceMore
	if is.Mine.UnderWay != nil || !told || is.Mine.Paid == nil && is.Theirs.Settled() {
		return ErrPaidBefore
	}
	return nil
}
