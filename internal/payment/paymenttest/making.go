package paymenttest

import (
	"fmt"

	"smartlinks/internal/checkout"
	"smartlinks/internal/coupon"
	"smartlinks/internal/customer"
	"smartlinks/internal/link"
	"smartlinks/internal/money"
)

func (w *World) MustCustomer(name, email string) customer.Customer {
	w.T.Helper()
	c, err := w.Customers.Create(w.T.Context(), w.Business, customer.Fields{Name: name, Email: email})
	if err != nil {
		w.T.Fatal(err)
	}
	return c
}

// MustCode makes a coupon with one code.
func (w *World) MustCode(code string, percent int64, amount money.Amount, f coupon.CodeFields, fields ...coupon.Fields) coupon.Code {
	w.T.Helper()
	of := coupon.Fields{Name: "Coupon of " + code}
	if len(fields) > 0 {
		of = fields[0]
	}
	c, err := w.Coupons.Create(w.T.Context(), w.Business.ID, percent, amount, of)
	if err != nil {
		w.T.Fatal(err)
	}
	made, err := w.Coupons.CreateCode(w.T.Context(), w.Business.ID, c.ID, code, f)
	if err != nil {
		w.T.Fatal(err)
	}
	return made
}

// MustChoose makes a link whose amount the payer chooses, €10 to €200.
func (w *World) MustChoose(most int64) link.Link {
	w.T.Helper()
	w.Business.Page.PayerAmount = true
	amount := Eur(4900)
	return w.Create(link.Fields{Type: link.Amount, Name: "Gift", Amount: &amount, PayerAmount: &link.Range{Min: Eur(1000), Max: Eur(20000)},
		Limit: link.Limit{Kind: link.Multiple, Max: most}})
}

// MustLink makes a link for €49.00; most 0 is unlimited.
func (w *World) MustLink(most int64) link.Link {
	w.T.Helper()
	amount := Eur(4900)
	draft := link.Fields{Type: link.Amount, Name: fmt.Sprintf("Link %d", w.Payers.Add(1)), Amount: &amount}
	if most > 0 {
		draft.Limit = link.Limit{Kind: link.Multiple, Max: most}
	}
	return w.Create(draft)
}

// MustUnits makes a link for €49.00 each, of which a payment buys 1 to 10, and all of
// them together so many.
func (w *World) MustUnits(most int64) link.Link {
	w.T.Helper()
	amount := Eur(4900)
	return w.Create(link.Fields{
		Type: link.Amount, Name: fmt.Sprintf("Tickets %d", w.Payers.Add(1)), Amount: &amount,
		Limit: link.Limit{Kind: link.Multiple, Max: most, Counts: link.Units}, Checkout: checkout.Rules{
			Quantity: &checkout.Quantity{Min: 1, Max: 10}, Tip: &checkout.Tip{Percent: []int64{5, 10}, Own: true}, CoverFee: &checkout.CoverFee{Percent: "1.5", Fixed: 25},
		},
	})
}

func (w *World) Create(draft link.Fields) link.Link {
	w.T.Helper()
	draft.Active, draft.ShowRemaining = true, true
	l, err := w.Links.Create(w.T.Context(), w.Business, draft)
	if err != nil {
		w.T.Fatal(err)
	}
	return l
}
