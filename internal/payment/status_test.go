package payment_test

import (
	"testing"

	"smartlinks/internal/payment"
)

func TestStatusOfMoney(t *testing.T) {
	for _, c := range []struct {
		receipt            string
		status             payment.MoneyStatus
		captured, refunded int64
		want               payment.Status
	}{
		{"2026-00001", payment.Accepted, 4900, 0, payment.StatusPaid},
		{"2026-00001", payment.PartiallyRefunded, 4900, 900, payment.StatusPartiallyRefunded},
		{"2026-00001", payment.Refunded, 4900, 4900, payment.StatusRefunded},
		{"2026-00001", payment.RefundFailed, 4900, 4900, payment.StatusRefunded},
		{"2026-00001", payment.Accepted, 0, 0, payment.StatusPaid},
		{"2026-00001", payment.Refunded, 0, 0, payment.StatusRefunded},
		{"", payment.Overflow, 4900, 0, payment.StatusOverflow},
		{"", payment.Refunded, 4900, 4900, payment.StatusOverflow},
	} {
		if got := payment.StatusOfMoney(c.receipt, c.status, c.captured, c.refunded); got != c.want {
			t.Errorf("%+v is %s", c, got)
		}
	}
}
