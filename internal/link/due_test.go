package link_test

import (
	"context"
	"testing"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/business/businesstest"
	"smartlinks/internal/calendar"
	"smartlinks/internal/customer"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/delivery"
	"smartlinks/internal/fault"
	"smartlinks/internal/link"
	"smartlinks/internal/message"
	"smartlinks/internal/money"
	"smartlinks/internal/payment"
)

func day(offset int) string { return dbtest.Start.AddDate(0, 0, offset).Format(time.DateOnly) }

func (w world) overdue(t *testing.T, l link.Link) bool {
	t.Helper()
	found, err := w.Overdue(t.Context(), w.d, w.b, w.get(t, l.ID))
	if err != nil {
		t.Fatal(err)
	}
	page, err := w.List(t.Context(), w.b, link.Filter{Overdue: true})
	if err != nil {
		t.Fatal(err)
	}
	listed := false
	for _, one := range page.Links {
		listed = listed || one.ID == l.ID
	}
	if listed != found[l.ID] {
		t.Errorf("the list says %v, the link %v", listed, found[l.ID])
	}
	return listed
}

func TestALinkIsOverdueUntilEverybodyHasPaid(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		dated := func(name string, limit link.Limit, due string) link.Link {
			f := draft(name)
			f.Limit, f.DueOn = limit, due
			return w.make(t, f)
		}
		once, many := link.Limit{Kind: link.Once}, link.Limit{Kind: link.Multiple, Max: 5}
		if w.overdue(t, dated("Today", once, day(0))) {
			t.Error("its day has not ended")
		}
		if w.overdue(t, dated("For everybody", many, day(-3))) {
			t.Error("nobody was asked to pay it")
		}
		invoice := dated("Invoice", once, day(-1))
		if !w.overdue(t, invoice) {
			t.Error("an unpaid one-time link is overdue")
		}
		w.patch(t, invoice.ID, func(f *link.Fields) { f.Active = false })
		if w.overdue(t, invoice) {
			t.Error("it is switched off")
		}
		w.patch(t, invoice.ID, func(f *link.Fields) { f.Active = true })
		if _, err := w.all.Payments.Record(t.Context(), payment.RecordRequest{Business: w.b, LinkID: invoice.ID, Amount: *eur(4900), Method: payment.HandCash}); err != nil {
			t.Fatal(err)
		}
		if w.overdue(t, invoice) {
			t.Error("it is paid")
		}

		shared := dated("Shared", many, day(-1))
		var asked []customer.ID
		for _, name := range []string{"ann", "ben"} {
			c, err := w.all.Customers.Create(t.Context(), w.b, customer.Fields{Name: name, Email: name + "@example.com"})
			if err != nil {
				t.Fatal(err)
			}
			asked = append(asked, c.ID)
		}
		if _, err := w.all.Deliveries.Start(t.Context(), w.b, shared.ID, delivery.Request{Channels: []message.Channel{message.ByEmail}, Customers: asked}); err != nil {
			t.Fatal(err)
		}
		for i, id := range asked {
			if !w.overdue(t, shared) {
				t.Errorf("%d of two have paid", i)
			}
			if _, err := w.all.Payments.Record(t.Context(), payment.RecordRequest{Business: w.b, LinkID: shared.ID, Amount: *eur(4900), Method: payment.HandCash, CustomerID: id}); err != nil {
				t.Fatal(err)
			}
		}
		if w.overdue(t, shared) {
			t.Error("both have paid")
		}
	})
}

func TestADueDateIsADay(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		for _, wrong := range []string{"tomorrow", "2026-02-30", "2026-2-3", "2026-02-03T10:00"} {
			f := draft("Invoice")
			f.DueOn = wrong
			if _, err := w.Create(t.Context(), w.b, f); !fault.Is(err, fault.Invalid) {
				t.Errorf("%q: %v", wrong, err)
			}
		}
		f := draft("Invoice")
		if at, ok := w.make(t, f).Due(time.UTC); ok {
			t.Errorf("a link without a due date is due on %v", at)
		}
		f.DueOn = "2026-02-03"
		zone := time.FixedZone("", 3600)
		if at, ok := w.make(t, f).Due(zone); !ok || !at.Equal(time.Date(2026, 2, 3, 0, 0, 0, 0, zone)) {
			t.Errorf("it is due on %v, %v", at, ok)
		}
	})
}

// A link that nobody can pay yet is not overdue: its due date is not before the day on which
// it begins, where the business is.
func TestADueDateIsNotBeforeTheBeginning(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		begins := time.Date(2026, 3, 1, 22, 59, 0, 0, time.UTC)
		if err := d.InTx(t.Context(), func(tx *db.Tx) error {
			_, err := tx.Exec(t.Context(), `UPDATE businesses SET time_zone = 'Europe/Amsterdam'`)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct {
			due, moved string
			fits       bool
		}{{"2026-02-28", "0s", false}, {"2026-03-01", "0s", true}, {"2026-03-01", "1m", false}, {"2026-03-02", "1m", true}} {
			f := draft("Invoice")
			by, _ := time.ParseDuration(c.moved)
			f.DueOn, f.StartsAt = c.due, new(begins.Add(by))
			if _, err := w.Create(t.Context(), w.b, f); c.fits != (err == nil) || err != nil && !fault.Is(err, fault.Invalid) {
				t.Errorf("due %s, from %v: %v", c.due, f.StartsAt, err)
			}
		}
	})
}

// Whoever hears of changes hears of each due date that passes unpaid, once.
func TestOverdueIsToldOnceForEachDueDate(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		told := 0
		w.OnChange(func(_ context.Context, _ *db.Tx, _ business.Business, c link.Change) error {
			if c.Kind == link.BecameOverdue {
				told++
			}
			return nil
		})
		f := draft("Invoice")
		f.Limit, f.DueOn, f.Amount = link.Limit{Kind: link.Once}, day(1), &money.Amount{Minor: 100, Currency: "EUR"}
		l := w.make(t, f)
		expect := func(want int) {
			t.Helper()
			for range 2 {
				if err := w.NotifyOverdue(t.Context(), w.all.Businesses); err != nil {
					t.Fatal(err)
				}
			}
			if told != want {
				t.Errorf("told %d times, not %d", told, want)
			}
		}
		expect(0)
		d.Clock().SetOffset(48 * time.Hour)
		expect(1)
		w.patch(t, l.ID, func(f *link.Fields) { f.DueOn = day(3) })
		expect(1)
		d.Clock().SetOffset(5 * 24 * time.Hour)
		expect(2)
		w.patch(t, l.ID, func(f *link.Fields) { f.DueOn = "" })
		expect(2)
	})
}

// One run tells every business of its links.
func TestEachBusinessIsToldInOneRunOfWhatIsOverdue(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		told := map[business.ID]int{}
		w.OnChange(func(_ context.Context, _ *db.Tx, b business.Business, c link.Change) error {
			if c.Kind == link.BecameOverdue {
				told[b.ID]++
			}
			return nil
		})
		f := draft("Invoice")
		f.Limit, f.DueOn = link.Limit{Kind: link.Once}, day(-1)
		zenith := businesstest.Make(t, d, "zenith")
		for _, b := range []business.Business{w.b, zenith} {
			if _, err := w.Create(t.Context(), b, f); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.NotifyOverdue(t.Context(), w.all.Businesses); err != nil {
			t.Fatal(err)
		}
		if told[w.b.ID] != 1 || told[zenith.ID] != 1 {
			t.Errorf("told %v", told)
		}
	})
}

func TestALinkIsDueOnADayOnWhichItCanBePaid(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		midnight, ok := calendar.ParseDay(day(10), w.b.Location())
		if !ok {
			t.Fatal("no such day")
		}
		at := func(of time.Duration) *time.Time { return new(midnight.Add(of)) }
		for what, c := range map[string]struct {
			starts, ends *time.Time
			wrong        bool
		}{
			"closed before it":             {nil, at(-time.Hour), true},
			"closed as it begins":          {nil, at(0), true},
			"closed during it":             {nil, at(time.Minute), false},
			"closed long ago":              {nil, at(-1000 * time.Hour), true},
			"opened as it ends":            {at(24 * time.Hour), nil, true},
			"opened during it":             {at(24*time.Hour - time.Minute), nil, false},
			"opened and closed around it":  {at(-time.Hour), at(48 * time.Hour), false},
			"opened and closed before it":  {at(-48 * time.Hour), at(-time.Hour), true},
			"opened and closed behind it":  {at(48 * time.Hour), at(50 * time.Hour), true},
			"neither opened nor closed at": {nil, nil, false},
		} {
			f := draft("Invoice " + what)
			f.DueOn, f.StartsAt, f.EndsAt = day(10), c.starts, c.ends
			_, err := w.Create(t.Context(), w.b, f)
			if wrong := fault.Is(err, fault.Invalid) && fault.Of(err).Fields[0].Name == "due_on"; wrong != c.wrong || !wrong && err != nil {
				t.Errorf("a link that is %s: %v", what, err)
			}
		}

		// A change of any of the dates is looked at; others never stand in the way, though the
		// days are others in another zone.
		f := draft("Invoice")
		f.DueOn, f.EndsAt = day(10), at(time.Hour)
		l := w.make(t, f)
		for what, change := range map[string]func(*link.Fields){
			"its end": func(f *link.Fields) { f.EndsAt = at(-time.Hour) }, "its start": func(f *link.Fields) { f.StartsAt, f.EndsAt = at(30*time.Hour), nil },
			"its due date": func(f *link.Fields) { f.DueOn = day(11) },
		} {
			if _, err := w.Edit(t.Context(), w.b, l.ID, 0, change); !fault.Is(err, fault.Invalid) {
				t.Errorf("%s is changed: %v", what, err)
			}
		}
		if err := d.InTx(t.Context(), func(tx *db.Tx) error {
			_, err := tx.Exec(t.Context(), `UPDATE businesses SET time_zone = 'Pacific/Honolulu' WHERE id = $1`, w.b.ID)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		w.patch(t, l.ID, func(f *link.Fields) { f.Active, f.EndsAt = false, at(time.Hour) })
	})
}
