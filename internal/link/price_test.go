package link_test

import (
	"slices"
	"testing"

	"smartlinks/internal/business"
	"smartlinks/internal/checkout"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/fault"
	"smartlinks/internal/link"
	"smartlinks/internal/money"
	"smartlinks/internal/product"
)

// The bounds of what a payer chooses are amounts that they may choose.
func TestWhatAPayerChoosesIsWithinItsBounds(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		most := money.Max("EUR").Minor
		for name, c := range map[string]struct {
			amount *money.Amount
			payer  link.Range
			field  string // what is wrong, "" for nothing
		}{
			"one amount":        {eur(500), link.Range{Min: *eur(500), Max: *eur(500)}, ""},
			"the largest":       {eur(500), link.Range{Min: *eur(500), Max: *eur(most)}, ""},
			"too large":         {eur(500), link.Range{Min: *eur(500), Max: *eur(most + 1)}, "payer_amount.max.value"},
			"the wrong order":   {eur(500), link.Range{Min: *eur(501), Max: *eur(500)}, "payer_amount.max.value"},
			"at the minimum":    {eur(500), link.Range{Min: *eur(500), Max: *eur(900)}, ""},
			"at the maximum":    {eur(900), link.Range{Min: *eur(500), Max: *eur(900)}, ""},
			"below the minimum": {eur(499), link.Range{Min: *eur(500), Max: *eur(900)}, "amount.value"},
			"above the maximum": {eur(901), link.Range{Min: *eur(500), Max: *eur(900)}, "amount.value"},
			"another currency":  {&money.Amount{Minor: 600, Currency: "USD"}, link.Range{Min: *eur(500), Max: *eur(900)}, "payer_amount.min.currency"},
			"many to press":     {eur(500), link.Range{Min: *eur(500), Max: *eur(900), Suggested: slices.Repeat([]money.Amount{*eur(500)}, link.MaxSuggested)}, ""},
			"too many to press": {eur(500), link.Range{Min: *eur(500), Max: *eur(900), Suggested: slices.Repeat([]money.Amount{*eur(500)}, link.MaxSuggested+1)}, "payer_amount.suggestions"},
			"at the bounds":     {eur(500), link.Range{Min: *eur(500), Max: *eur(900), Suggested: []money.Amount{*eur(500), *eur(900)}}, ""},
			"one below":         {eur(500), link.Range{Min: *eur(500), Max: *eur(900), Suggested: []money.Amount{*eur(499)}}, "payer_amount.suggestions"},
			"one above":         {eur(500), link.Range{Min: *eur(500), Max: *eur(900), Suggested: []money.Amount{*eur(901)}}, "payer_amount.suggestions"},
		} {
			f := draft(name)
			f.Amount, f.PayerAmount = c.amount, &c.payer
			_, err := w.Create(t.Context(), w.b, f)
			if c.field == "" && err != nil {
				t.Errorf("%s: %v", name, err)
			}
			if c.field != "" {
				t.Run(name, func(t *testing.T) { wantFault(t, err, fault.Invalid, c.field) })
			}
		}
	})
}

// The provider is asked about the least that a payment costs, and about ways to pay where
// some are chosen.
func TestTheProviderIsAskedWhatItCanCollect(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		var amounts []money.Amount
		var ways [][]string
		refuse := ""
		w.OnPrice(func(_ business.Business, a money.Amount) string { amounts = append(amounts, a); return refuse })
		w.OnWays(func(_ business.Business, methods []string) string { ways = append(ways, methods); return refuse })
		f := draft("Tickets")
		f.Checkout.Quantity = &checkout.Quantity{Min: 3, Max: 10}
		l := w.make(t, f)
		if !slices.Equal(amounts, []money.Amount{*eur(3 * 4900)}) || len(ways) > 0 {
			t.Errorf("it was asked about %v and %v", amounts, ways)
		}
		f.Checkout.Methods = []string{"ideal"}
		w.make(t, f)
		if len(ways) != 1 || !slices.Equal(ways[0], []string{"ideal"}) {
			t.Errorf("it was asked about the ways %v", ways)
		}
		refuse = "It can't."
		_, err := w.Create(t.Context(), w.b, f)
		wantFault(t, err, fault.Invalid, "methods")
		f.Checkout.Methods = nil
		_, err = w.Create(t.Context(), w.b, f)
		wantFault(t, err, fault.Invalid, "amount.value")
		w.patch(t, l.ID, func(f *link.Fields) { f.Notes = "Private" }) // its price was accepted before
		_, err = w.Edit(t.Context(), w.b, l.ID, 0, func(f *link.Fields) { f.Amount = eur(9900) })
		wantFault(t, err, fault.Invalid, "amount.value")
	})
}

// What a product asks of its payers holds for the links that sell it.
func TestALimitHasRoomForTheLeastOfItsProduct(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		p, err := w.products.Create(t.Context(), w.b, product.Fields{Name: "Bottles", Active: true, Price: *eur(900), Checkout: checkout.Rules{Quantity: &checkout.Quantity{Min: 6, Max: 60}}})
		if err != nil {
			t.Fatal(err)
		}
		f := link.Fields{Name: "Six", Type: link.Product, ProductID: p.ID, Active: true, Limit: link.Limit{Kind: link.Multiple, Counts: link.Units, Max: 6}}
		w.make(t, f)
		f.Limit.Max = 5
		_, err = w.Create(t.Context(), w.b, f)
		wantFault(t, err, fault.Invalid, "quantity.min")
	})
}

// A link whose type was not said sells its product, unless it asks an amount as well.
func TestWhatALinkSellsTellsItsType(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		p, err := w.products.Create(t.Context(), w.b, product.Fields{Name: "Course", Price: *eur(2500), Active: true})
		if err != nil {
			t.Fatal(err)
		}
		f := link.Fields{Name: "Course", ProductID: p.ID, Active: true}
		if l := w.make(t, f); l.Type != link.Product || l.Price() != *eur(2500) {
			t.Errorf("it is of the type %s and costs %v", l.Type, l.Price())
		}
		f.Amount = eur(100)
		_, err = w.Create(t.Context(), w.b, f)
		wantFault(t, err, fault.Invalid, "product_id")
	})
}

// What is no longer money can't be asked.
func TestACurrencyThatIsGoneIsNotAsked(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		l := w.make(t, draft("Sale"))
		f := draft("Kuna")
		f.Amount = &money.Amount{Minor: 4900, Currency: "HRK"}
		_, err := w.Create(t.Context(), w.b, f)
		wantFault(t, err, fault.Invalid, "amount.currency")
		_, err = w.Edit(t.Context(), w.b, l.ID, 0, func(edited *link.Fields) { edited.Amount = f.Amount })
		wantFault(t, err, fault.Invalid, "amount.currency")
	})
}
