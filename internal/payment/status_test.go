package payment_test

import (
	"testing"

	"smartlinks/internal/payment"
)

func TestStatusOfMoney(t *testing.T) {
	for _, c := range []struct {
		receipt            string
		captured, refunded int64
		want               payment.Status
	}{
		{"2026-00001", 4900, 0, payment.StatusPaid},
		{"2026-00001", 4900, 900, payment.StatusPartiallyRefunded},
		{"2026-00001", 4900, 4900, payment.StatusRefunded},
		{"", 4900, 0, payment.StatusOverflow},
		{"", 4900, 4900, payment.StatusOverflow},
	} {
		if got := payment.StatusOfMoney(c.receipt, c.captured, c.refunded); got != c.want {
			t.Errorf("%+v is %s", c, got)
		}
	}
}
