package history

import "smartlinks/internal/payment/attempt"

// Status is an attempt's state and its payment's, as the API tells them.
type Status string

// The statuses.
const (
	StatusOpen              Status = "open"
	StatusPending           Status = "pending"
	StatusPaid              Status = "paid"
	StatusFailed            Status = "failed"
	StatusCanceled          Status = "canceled"
	StatusExpired           Status = "expired"
	StatusRefunded          Status = "refunded"
	StatusPartiallyRefunded Status = "partially_refunded"
	StatusOverflow          Status = "overflow"
	StatusReview            Status = "review"
)

// statusCase is Status in SQL; attempts is a, payments p. Money without a
// receipt is overflow, also once it is given back.
const statusCase = `CASE
	WHEN p.id IS NOT NULL AND p.receipt IS NULL THEN 'overflow'
	WHEN p.captured_minor = 0 AND p.status = 'refunded' THEN 'refunded'
	WHEN p.refunded_minor > 0 THEN CASE WHEN p.refunded_minor = p.captured_minor THEN 'refunded' ELSE 'partially_refunded' END
	WHEN p.id IS NOT NULL THEN 'paid'
	WHEN a.state IN ('creating', 'open', 'closing') THEN 'open'
	WHEN a.state = 'released' THEN 'expired'
	ELSE a.state END`

// StatusOfMoney is statusCase for a payment that was read already: its receipt's
// number, how its money stands, and minor units that were captured and refunded.
func StatusOfMoney(receipt string, status attempt.MoneyStatus, captured, refunded int64) Status {
	switch {
	case receipt == "":
		return StatusOverflow
	case captured == 0 && status == attempt.Refunded:
		return StatusRefunded
	case refunded == 0:
	case refunded == captured:
		return StatusRefunded
	default:
		return StatusPartiallyRefunded
	}
	return StatusPaid
}

// Statuses are all of them.
func Statuses() []Status {
	return []Status{StatusOpen, StatusPending, StatusPaid, StatusFailed, StatusCanceled, StatusExpired,
		StatusRefunded, StatusPartiallyRefunded, StatusOverflow, StatusReview}
}
