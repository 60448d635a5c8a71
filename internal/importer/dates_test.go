package importer_test

import (
	"slices"
	"testing"

	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/fault"
	"smartlinks/internal/importer"
)

// Days that may have the day or the month first are never guessed: somebody says which.
func TestDaysThatMayBeEitherAreAsked(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		i := w.read(t, importer.Payments, "Date,Amount\n03/11/2025,49.00\n04/11/2025,10.00\n")
		if p, err := w.Preview(t.Context(), w.b, i); err != nil || !p.Dates.Open || p.Created != 0 || p.Failed != 2 {
			t.Errorf("%+v, %v", p, err)
		}
		if err := w.Start(t.Context(), w.b.ID, i.ID); !fault.Is(err, fault.Invalid) || fault.Of(err).Fields[0].Name != "dates" {
			t.Errorf("it starts: %v", err)
		}
		if err := w.Choose(t.Context(), w.b.ID, i.ID, i.Fields, importer.Options{DateOrder: "week"}); !fault.Is(err, fault.Invalid) {
			t.Errorf("an order that there is not: %v", err)
		}
		if err := w.Choose(t.Context(), w.b.ID, i.ID, i.Fields, importer.Options{DateOrder: importer.DayFirst}); err != nil {
			t.Fatal(err)
		}
		if done := w.run(t, w.get(t, i.ID)); done.Created != 2 {
			t.Errorf("%+v\n%s", done.Counts, w.problems(t, done))
		}
		w.paidIn(t, "2025-11", 2)

		// One line tells it for all, also for those whose turn comes when it is gone.
		if done := w.run(t, w.read(t, importer.Payments, "Date,Amount\n12/25/2025,49.00\n12/01/2025,10.00\n")); done.Created != 2 {
			t.Errorf("%+v\n%s", done.Counts, w.problems(t, done))
		}
		w.paidIn(t, "2025-12", 2)

		links := w.run(t, w.read(t, importer.Links, "Name,Amount,Opens on,Ends on,Due date\nSale,5.00,01.12.2027,24.12.2027 18:00,20.12.2027\n"))
		if links.Created != 1 {
			t.Fatalf("%+v\n%s", links.Counts, w.problems(t, links))
		}
		made, err := w.links.ByPath(t.Context(), w.b, "sale")
		if err != nil || made.Link.StartsAt.In(w.b.Location()).Format("2006-01-02") != "2027-12-01" || made.Link.EndsAt.In(w.b.Location()).Format("2006-01-02 15:04") != "2027-12-24 18:00" || made.Link.DueOn != "2027-12-20" {
			t.Errorf("%+v, %v", made.Link, err)
		}
	})
}

func (w world) paidIn(t *testing.T, month string, want int) {
	t.Helper()
	var all []struct{ PaidAt db.Time }
	if err := w.DB.Select(t.Context(), &all, `SELECT paid_at FROM past_payments WHERE business_id = $1`, w.b.ID); err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, p := range all {
		if p.PaidAt.In(w.b.Location()).Format("2006-01") == month {
			n++
		}
	}
	if n != want {
		t.Errorf("%d payments in %s, of %v", n, month, all)
	}
}

// A first line that is data is imported as the others, and its columns are told by what they hold.
func TestAFirstLineOfDataIsNotLost(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		i := w.read(t, importer.Payments, "03.11.2025;49,00;sanne@example.com\n04.11.2025;10,00;;Cash\n")
		if !i.Nameless() || !slices.Equal(i.Fields, []string{"date", "amount", "email", ""}) || i.Total() != 2 {
			t.Fatalf("%+v", i)
		}
		if done := w.run(t, i); done.Created != 2 {
			t.Errorf("%+v\n%s", done.Counts, w.problems(t, done))
		}
		w.paidIn(t, "2025-11", 2)
		if done := w.run(t, w.read(t, importer.Customers, "Bo,bo@example.com\nCy,cy@example.com\n")); done.Created != 2 {
			t.Errorf("%+v\n%s", done.Counts, w.problems(t, done))
		}
		for _, named := range []string{"Datum,Betrag\n2025-11-05,10\n", "When,What\n2025-11-05,10.00\n", "Name,49.00\nBo,1\n"} {
			if i := w.read(t, importer.Payments, named); i.Nameless() || i.Total() != 1 {
				t.Errorf("%q: %+v", named, i)
			}
		}
	})
}
