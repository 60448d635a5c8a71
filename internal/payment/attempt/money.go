package attempt

// MoneyStatus says what became of captured money.
type MoneyStatus string

// The statuses of money.
const (
	Accepted          MoneyStatus = "accepted"
	AcceptedLate      MoneyStatus = "accepted_late" // its hold had been given back, and a slot was free
	Overflow          MoneyStatus = "overflow"      // no slot was free: refunded by itself, never a receipt
	RefundPending     MoneyStatus = "refund_pending"
	Refunded          MoneyStatus = "refunded"
	PartiallyRefunded MoneyStatus = "partially_refunded"
	RefundFailed      MoneyStatus = "refund_failed" // tried again; the merchant must know
)
