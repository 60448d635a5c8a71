package provider_test

import (
	"testing"

	"smartlinks/internal/checkout"
	"smartlinks/internal/payment/paymenttest"
	"smartlinks/internal/payment/provider"
)

// A provider that can't take something off one thing is told a single thing that says what
// it is made of; without anything off, the line stays as it is.
func TestALineWithSomethingOffIsOneThing(t *testing.T) {
	line := func(name string, quantity, unit, off int64, code string) provider.OrderLine {
		return provider.OrderLine{Kind: checkout.GoodsLine, Name: name, Quantity: quantity, Unit: paymenttest.Eur(unit), Discount: paymenttest.Eur(off), Code: code}
	}
	whole := func(name string, minor int64) provider.OrderLine {
		return provider.OrderLine{Kind: checkout.GoodsLine, Name: name, Quantity: 1, Unit: paymenttest.Eur(minor)}
	}
	for _, c := range []struct {
		line, want provider.OrderLine
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

// Metadata takes what fits, and nothing takes the place of another. A pair is counted with six
// bytes besides its quoted key and value.
func TestMetadataTakesWhatFits(t *testing.T) {
	given := func() map[string]string { return map[string]string{"attempt": "pay_1"} }
	pairs := []checkout.Pair{{Name: "attempt", Value: "mine"}, {Name: "table", Value: "4"}, {Name: "name", Value: "Bo"}}
	for bytes, want := range map[int]int{0: 3, 56: 3, 55: 2, 40: 2, 39: 1} {
		got := given()
		if provider.Fit(got, pairs, 0, bytes); len(got) != want || got["attempt"] != "pay_1" {
			t.Errorf("%d bytes take %v", bytes, got)
		}
	}
	got := given()
	if provider.Fit(got, pairs, 2, 0); len(got) != 2 || got["table"] != "4" {
		t.Errorf("two are %v", got)
	}
}
