package transactions_test

import (
	"net/http"
	"net/url"
	"testing"

	"smartlinks/internal/coupon"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/link"
	"smartlinks/internal/money"
	"smartlinks/internal/payment"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/payment/sandbox"
	"smartlinks/internal/web/dashboard/dashboardtest"
)

func TestAMerchantGivesMoneyBackInParts(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		acme := s.Business(t, "acme", "marit@example.com")
		l := s.Link(t, acme, link.Fields{Name: "Workshop", Limit: link.Limit{Kind: link.Once}})
		paid := s.Attempt(t, acme, l, "Ann Fine", "ann@example.com", sandbox.Paid)
		page := "/dashboard/acme/transactions/" + string(paid.ID)
		b := s.SignedIn(t, "marit@example.com")
		if got := b.Get(page + "?refund=yes"); !got.Has(`name="amount"`, `value="89.00"`, "At most €89.00", `<dialog open`) && !got.Has(`id="refund"`) {
			t.Errorf("the form: %s", got.Said())
		}
		for typed, says := range map[string]string{"": "Enter an amount", "90": "At most €89.00", "1,500": "", "ten": ""} {
			got := b.Post(page+"/refund", url.Values{"amount": {typed}, "reason": {"Rain"}})
			if got.Status != http.StatusUnprocessableEntity || !got.Has(says, `value="Rain"`) || typed != "" && !got.Has(`value="`+typed+`"`) {
				t.Errorf("%q: %d %s", typed, got.Status, got.Said())
			}
		}
		if got := b.Post(page+"/refund", url.Values{"amount": {"9.00"}, "reason": {"Rain"}}); got.Status != http.StatusSeeOther || got.Location != page {
			t.Errorf("a part: %d %s", got.Status, got.Said())
		}
		if got := b.Get(page); !got.Has("€9.00 refunded", "Partly refunded", "Rain", "By Marit", "€80.00") {
			t.Errorf("after a part: %s", got.Said())
		}
		if got := b.Post(page+"/refund", url.Values{"amount": {"80"}, "return_slot": {"yes"}}); got.Status != http.StatusSeeOther {
			t.Errorf("the rest: %d %s", got.Status, got.Said())
		}
		if got := b.Get(page); !got.Has("All of", "the place is free again") || got.Has(`/refund"`) {
			t.Errorf("after all: %s", got.Said())
		}
		// Another page that was open still says that this one did nothing.
		for typed, says := range map[string]string{"80": "All of this payment was given back already", "ten": "Nothing was refunded"} {
			if got := b.Post(page+"/refund", url.Values{"amount": {typed}}); got.Status != http.StatusSeeOther || got.Location != page {
				t.Errorf("%q once more: %d %s", typed, got.Status, got.Said())
			}
			if got := b.Get(page); !got.Has("Nothing was refunded", says) {
				t.Errorf("%q once more: %s", typed, got.Said())
			}
		}
		now, err := s.Links.Get(t.Context(), acme, l.ID)
		if err != nil || now.Slots.Used != 0 {
			t.Errorf("slots %+v, %v", now.Slots, err)
		}
		if got := b.Get("/dashboard/acme/links/" + string(l.ID)); !got.Has("€89.00 refunded") {
			t.Errorf("the link's figures: %s", got.Said())
		}
		s.Business(t, "zenith", "zoe@example.com")
		if got := s.SignedIn(t, "zoe@example.com").Post("/dashboard/zenith/transactions/"+string(paid.ID)+"/refund", url.Values{"amount": {"1"}}); got.Status != http.StatusNotFound {
			t.Errorf("another business: %d", got.Status)
		}
	})
}

func TestAMerchantCancelsWhatWasFree(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		acme := s.Business(t, "acme", "marit@example.com")
		l := s.Link(t, acme, link.Fields{Name: "Workshop", Limit: link.Limit{Kind: link.Once}})
		if _, _, err := s.Coupons.CreateWithCodes(t.Context(), acme.ID, 100_00, money.Amount{}, coupon.Fields{Name: "Gift"}, []string{"GIFT"}, coupon.CodeFields{}); err != nil {
			t.Fatal(err)
		}
		free, err := s.Payments.Start(t.Context(), payment.StartRequest{
			Business: acme, Source: attempt.SourceLink, Link: &l, Version: l.Version, Amount: l.Price(), Title: l.Name, Code: "GIFT", Payer: attempt.Payer{Name: "Ann Fine", Email: "ann@example.com", Language: "en"},
		})
		if err != nil {
			t.Fatal(err)
		}
		page := "/dashboard/acme/transactions/" + string(free.ID)
		b := s.SignedIn(t, "marit@example.com")
		if got := b.Get(page + "?refund=yes"); !got.Has("Cancel payment", "Keep payment", "no money moves", `name="return_slot"`) || got.Has(`name="amount"`) || got.Has("Check again") || got.Has("Provider’s reference") || got.Has(">none<") {
			t.Errorf("the form: %s", got.Said())
		}
		if got := b.Post(page+"/refund", url.Values{"return_slot": {"yes"}}); got.Status != http.StatusSeeOther || got.Location != page {
			t.Errorf("%d %s", got.Status, got.Said())
		}
		if got := b.Get(page); !got.Has("The payment was canceled", "the place is free again", "CN-2026-00001") || got.Has(`/refund"`) {
			t.Errorf("after it: %s", got.Said())
		}
		if now, err := s.Links.Get(t.Context(), acme, l.ID); err != nil || now.Slots.Used != 0 {
			t.Errorf("slots %+v, %v", now.Slots, err)
		}
		told := 0 // without a word of banks: no money moved
		if err := d.Get(t.Context(), &told, `SELECT COUNT(*) FROM mails WHERE kind = 'canceled'`); err != nil || told != 1 {
			t.Errorf("%d mails say that it was canceled, %v", told, err)
		}
	})
}

// A payer who is refunded may be given the money by their bank too.
func TestADisputeOfWhatWasRefundedIsToldAsThat(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		acme := s.Business(t, "acme", "marit@example.com")
		paid := s.Attempt(t, acme, s.Link(t, acme, link.Fields{Name: "Workshop"}), "Ann Fine", "ann@example.com", sandbox.Paid)
		page := "/dashboard/acme/transactions/" + string(paid.ID)
		b := s.SignedIn(t, "marit@example.com")
		if got := b.Post(page+"/refund", url.Values{"amount": {"9.00"}}); got.Status != http.StatusSeeOther {
			t.Fatalf("a part: %d %s", got.Status, got.Said())
		}
		for _, c := range []struct {
			outcome sandbox.Outcome
			says    string
		}{
			{sandbox.Disputed, "€9.00 was refunded already. Answer the dispute"}, {sandbox.DisputeLost, "took back €89.00 of this payment, and €9.00 was refunded too: more than was paid"},
		} {
			if _, err := s.Sandbox.Decide(t.Context(), paid.ProviderRef, c.outcome, sandbox.Lost); err != nil {
				t.Fatal(err)
			}
			if _, err := s.Payments.Sync(t.Context(), acme.ID, paid.ID, attempt.CauseMerchant); err != nil {
				t.Fatal(err)
			}
			if got := b.Get(page); !got.Has(c.says) || got.Has("remains yours") {
				t.Errorf("%s: %s", c.outcome, got.Said())
			}
		}
	})
}
