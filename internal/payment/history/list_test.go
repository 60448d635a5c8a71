package history_test

import (
	"cmp"
	"slices"
	"testing"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/business/businesstest"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/fault"
	"smartlinks/internal/link"
	"smartlinks/internal/money"
	"smartlinks/internal/payment"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/payment/history"
	"smartlinks/internal/payment/paymenttest"
	"smartlinks/internal/payment/sandbox"
)

func TestListNarrowsAndPages(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := paymenttest.MustWorld(t, d)
		one, two := w.MustLink(0), w.MustLink(0)
		var made []attempt.ID // the newest first
		outcomes := []sandbox.Outcome{sandbox.Paid, sandbox.Failed, sandbox.Pending, "", sandbox.Paid}
		for i, outcome := range outcomes {
			d.Clock().SetOffset(time.Duration(i) * time.Minute)
			l := one
			if i == 4 {
				l = two
			}
			a := w.MustStart(w.Ask(l))
			made = slices.Insert(made, 0, a.ID)
			if outcome != "" {
				w.Decide(a, outcome)
				w.MustSync(a)
			}
		}
		at := func(i int) time.Time { return dbtest.Start.Add(time.Duration(i) * time.Minute) }
		for name, c := range map[string]struct {
			filter history.Filter
			want   []attempt.ID
		}{
			"all":            {history.Filter{}, made},
			"link":           {history.Filter{LinkID: two.ID}, made[:1]},
			"status":         {history.Filter{Statuses: []history.Status{history.StatusPaid}}, []attempt.ID{made[0], made[4]}},
			"statuses":       {history.Filter{Statuses: []history.Status{history.StatusOpen, history.StatusPending}}, made[1:3]},
			"from":           {history.Filter{From: at(3)}, made[:2]},
			"to, exclusive":  {history.Filter{To: at(3)}, made[2:]},
			"what it is for": {history.Filter{Said: two.Name}, made[:1]},
			"both":           {history.Filter{From: at(1), To: at(2), LinkID: one.ID}, made[3:4]},
		} {
			for _, limit := range []int{1, 2, 0} { // 0 is twenty-five
				c.filter.Limit, c.filter.Cursor = limit, ""
				var got []attempt.ID
				pages := 0
				for ; ; pages++ {
					views, next, err := w.Payments.List(t.Context(), w.Business.ID, business.Test, c.filter)
					if err != nil {
						t.Fatal(err)
					}
					for _, v := range views {
						got = append(got, v.ID)
					}
					if c.filter.Cursor = next; next == "" {
						break
					}
				}
				size := cmp.Or(limit, 25)
				if want := (len(c.want) + size - 1) / size; !slices.Equal(got, c.want) || pages+1 != want {
					t.Errorf("%s, %d a page: %v, want %v; on %d pages, want %d", name, limit, got, c.want, pages+1, want)
				}
			}
		}
		if _, _, err := w.Payments.List(t.Context(), w.Business.ID, business.Test, history.Filter{Cursor: "'"}); !fault.Is(err, fault.Invalid) {
			t.Errorf("a foreign cursor: %v", err)
		}
		if views, _, err := w.Payments.List(t.Context(), w.Business.ID, business.Live, history.Filter{}); err != nil || len(views) != 0 {
			t.Errorf("test money among live: %d, %v", len(views), err)
		}
	})
}

func TestAnotherBusinessSeesNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := paymenttest.MustWorld(t, d)
		other := businesstest.Make(t, d, "other")
		a := w.MustStart(w.Ask(w.MustLink(1)))
		if _, err := w.Payments.Get(t.Context(), other.ID, a.ID); !fault.Is(err, fault.NotFound) {
			t.Errorf("get: %v", err)
		}
		if _, err := w.Payments.Sync(t.Context(), other.ID, a.ID, attempt.CauseMerchant); !fault.Is(err, fault.NotFound) {
			t.Errorf("sync: %v", err)
		}
		if events, err := w.Payments.Timeline(t.Context(), other.ID, a.ID); len(events) != 0 || err != nil {
			t.Errorf("timeline: %v %v", events, err)
		}
		if views, _, err := w.Payments.List(t.Context(), other.ID, business.Test, history.Filter{}); len(views) != 0 || err != nil {
			t.Errorf("list: %d %v", len(views), err)
		}
		if v, err := w.Payments.ByPublicID(t.Context(), a.ID); err != nil || v.BusinessID != w.Business.ID {
			t.Errorf("the payer: %v", err)
		}
	})
}

func TestTheTimelineTellsEachStep(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := paymenttest.MustWorld(t, d)
		a := w.MustStart(w.Ask(w.MustLink(1)))
		w.Decide(a, sandbox.Pending)
		w.MustSync(a)
		w.MustSync(a) // nothing new, no line
		w.Decide(a, sandbox.Paid)
		w.MustSync(a)
		events, err := w.Payments.Timeline(t.Context(), a.BusinessID, a.ID)
		if err != nil {
			t.Fatal(err)
		}
		var got []attempt.State
		for _, e := range events {
			got = append(got, e.State)
		}
		if want := []attempt.State{attempt.Creating, attempt.Open, attempt.Pending, attempt.Paid}; !slices.Equal(got, want) {
			t.Errorf("%v, want %v", got, want)
		}
	})
}

func TestAReceiptsYearIsTheBusinesses(t *testing.T) {
	for zone, eve := range map[string]time.Time{
		"Asia/Tokyo": time.Date(2026, 12, 31, 14, 59, 0, 0, time.UTC), "America/Los_Angeles": time.Date(2027, 1, 1, 7, 59, 0, 0, time.UTC),
	} {
		w := paymenttest.MustWorld(t, dbtest.SQLite(t))
		var err error
		if w.Business, err = businesstest.New(t, w.DB).Update(t.Context(), w.Business.ID, 0, business.Patch{TimeZone: &zone}); err != nil {
			t.Fatal(err)
		}
		w.DB.Clock().SetOffset(eve.Sub(dbtest.Start))
		for _, want := range []string{"TEST-2026-00001", "TEST-2027-00001"} {
			a := w.MustStart(w.Ask(w.MustLink(1)))
			w.Decide(a, sandbox.Paid)
			if v := w.MustSync(a); v.Receipt != want {
				t.Errorf("%s: receipt %s, want %s", zone, v.Receipt, want)
			}
			w.DB.Clock().SetOffset(w.DB.Clock().Offset() + time.Minute)
		}
	}
}

// Search takes whole words, and sums leave out what was not paid.
func TestSearchFindsAndSumsAddUp(t *testing.T) {
	w := paymenttest.MustWorld(t, dbtest.SQLite(t))
	a := w.MustStart(w.Ask(w.MustLink(0)))
	w.Decide(a, sandbox.Paid)
	paid := w.MustSync(a)
	odd := w.MustStart(w.Ask(w.MustLink(0)))
	for query, want := range map[string]attempt.ID{paid.Receipt: a.ID, paid.Payer.Email: a.ID, string(odd.ID): odd.ID} {
		got, _, err := w.Payments.List(t.Context(), w.Business.ID, business.Test, history.Filter{Query: query})
		if err != nil || len(got) != 1 || got[0].ID != want {
			t.Errorf("%q: %d found, %v", query, len(got), err)
		}
	}
	sums, all, err := w.Payments.Sums(t.Context(), w.Business.ID, business.Test, history.Filter{})
	if err != nil || !all || len(sums) != 1 || sums[0].Payments != 1 || sums[0].Gross != paymenttest.Eur(4900) || sums[0].Net() != paymenttest.Eur(4900) {
		t.Errorf("sums %+v, all %v, %v", sums, all, err)
	}
	w.MustRefund(a, payment.RefundRequest{Amount: paymenttest.Part(900)})
	for _, o := range []sandbox.Outcome{sandbox.Disputed, sandbox.DisputeLost} {
		w.Decide(a, o)
		if _, err := w.Payments.Sync(t.Context(), a.BusinessID, a.ID, attempt.CauseMerchant); err != nil {
			t.Fatal(err)
		}
	}
	dollars := w.Ask(w.Create(link.Fields{Type: link.Amount, Name: "Dollars", Amount: &money.Amount{Minor: 500, Currency: "USD"}}))
	w.MustStart(dollars) // nobody pays it
	lost := w.Count(`SELECT lost_minor FROM payments`)
	if got := w.View(a).Refundable(); got != paymenttest.Eur(0) {
		t.Errorf("of what the bank took %s may be refunded", got)
	}
	sums, _, err = w.Payments.Sums(t.Context(), w.Business.ID, business.Test, history.Filter{})
	if err != nil || lost == 0 || len(sums) != 1 || sums[0].Refunded != paymenttest.Eur(900) || sums[0].Lost != paymenttest.Eur(lost) || sums[0].Net() != paymenttest.Eur(4900-900-lost) {
		t.Errorf("what came and went: %+v, %v", sums, err)
	}
}

// Search takes parts of a payer's name, whatever its letters, and an amount.
func TestSearchFindsPartsOfANameAndAmounts(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := paymenttest.MustWorld(t, d)
		renamed := w.MustLink(0)
		r := w.Ask(renamed)
		r.Payer.Name = "Jonas ÅÖ"
		a := w.MustStart(r)
		if _, err := w.Links.Edit(t.Context(), w.Business, renamed.ID, 0, func(f *link.Fields) { f.Name = "Autumn" }); err != nil {
			t.Fatal(err)
		}
		theirs := w.Buy(w.Create(link.Fields{Name: "Invoice", Amount: paymenttest.Part(100), CustomerID: w.MustCustomer("Firm", "info@company.example").ID}), "assistant@company.example")
		small := paymenttest.Eur(700)
		r = w.Ask(w.Create(link.Fields{Type: link.Amount, Name: "Small", Amount: &small}))
		r.Payer.Name = "Mira Sand"
		b := w.MustStart(r)
		for name, c := range map[string]struct {
			filter history.Filter
			want   attempt.ID
		}{
			"letters of no ASCII": {history.Filter{Words: "ÅÖ"}, a.ID},
			"a part":              {history.Filter{Words: "ira sa"}, b.ID},
			"a link's name":       {history.Filter{Words: "small"}, b.ID},
			"an amount":           {history.Filter{Words: "49.00", Amount: paymenttest.Eur(4900)}, a.ID},
			"its name by now":     {history.Filter{Words: "autumn"}, a.ID},
			"whose payment it is": {history.Filter{Words: "firm"}, theirs.ID},
		} {
			got, _, err := w.Payments.List(t.Context(), w.Business.ID, business.Test, c.filter)
			if err != nil || len(got) != 1 || got[0].ID != c.want {
				t.Errorf("%s: %d found, %v", name, len(got), err)
			}
		}
	})
}
