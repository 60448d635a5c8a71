package history_test

import (
	"testing"

	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/payment/history"
)

func TestStatusOfMoney(t *testing.T) {
	for _, c := range []struct {
		receipt            string
		status             attempt.MoneyStatus
		captured, refunded int64
		want               history.Status
	}{
		{"2026-00001", attempt.Accepted, 4900, 0, history.StatusPaid},
		{"2026-00001", attempt.PartiallyRefunded, 4900, 900, history.StatusPartiallyRefunded},
		{"2026-00001", attempt.Refunded, 4900, 4900, history.StatusRefunded},
		{"2026-00001", attempt.RefundFailed, 4900, 4900, history.StatusRefunded},
		{"2026-00001", attempt.Accepted, 0, 0, history.StatusPaid},
		{"2026-00001", attempt.Refunded, 0, 0, history.StatusRefunded},
		{"", attempt.Overflow, 4900, 0, history.StatusOverflow},
		{"", attempt.Refunded, 4900, 4900, history.StatusOverflow},
	} {
		if got := history.StatusOfMoney(c.receipt, c.status, c.captured, c.refunded); got != c.want {
			t.Errorf("%+v is %s", c, got)
		}
	}
}
