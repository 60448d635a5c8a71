package payment

import "smartlinks/internal/checkout"

// What members hear of beside what a movement is: money that came when no place was left, and
// went back by itself or is theirs to send back.
const (
	WentBack MovementKind = "overflow"
	SendBack MovementKind = "send_back"
)

// Attention is what members hear of money that moved, "" where nothing needs them. Nobody
// but the merchant can send a bank transfer back, and who did knows that it went back.
func (m Movement) Attention() MovementKind {
	over := m.Receipt == ""
	transferred := over && m.Provider == checkout.ByTransfer
	switch m.Kind {
	case MoneyRefunded:
		if over && !transferred {
			return WentBack
		}
	case RefundStuck:
		if transferred {
			return SendBack
		}
		return m.Kind
	case DisputeOpened:
		if !m.Decided {
			return m.Kind
		}
	case DisputeTaken:
		return m.Kind
	}
	return ""
}
