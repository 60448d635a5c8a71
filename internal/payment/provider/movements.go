package provider

// Later reports whether a refund may go from one state to the other. A refund
// that was done may still come back from the payer's bank.
func (s RefundState) Later(to RefundState) bool {
	switch s {
	case RefundAsked:
		return to != RefundAsked
	case RefundUnderway:
		return to == RefundDone || to == RefundRejected
	case RefundDone:
		return to == RefundRejected
	}
	return false
}
