package payment_test

import (
	"testing"

	"smartlinks/internal/checkout"
	"smartlinks/internal/payment"
)

// A provider that can't take something off one thing is told a single thing that says what
// it is made of; without anything off, the line stays as it is.
func TestALineWithSomethingOffIsOneThing(t *testing.T) {
	line := func(name string, quantity, unit, off int64, code string) payment.OrderLine {
		return payment.OrderLine{Kind: checkout.GoodsLine, Name: name, Quantity: quantity, Unit: eur(unit), Discount: eur(off), Code: code}
	}
	whole := func(name string, minor int64) payment.OrderLine {
		return payment.OrderLine{Kind: checkout.GoodsLine, Name: name, Quantity: 1, Unit: eur(minor)}
	}
	for _, c := range []struct {
		line, want payment.OrderLine
		total      int64
	}{
		{line("Ticket", 3, 1000, 0, ""), line("Ticket", 3, 1000, 0, ""), 3000},
		{line("Ticket", 3, 1000, 500, "SUMMER10"), whole("3 × Ticket, SUMMER10", 2500), 2500},
		{line("Ticket", 1, 1000, 500, "SUMMER10"), whole("Ticket, SUMMER10", 500), 500},
	} {
		if got := c.line.Whole(); got != c.want || c.line.Total() != c.total || got.Total() != c.total {
			t.Errorf("%+v of %d, want %+v of %d", got, got.Total(), c.want, c.total)
		}
	}
}
