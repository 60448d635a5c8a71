package requests_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/customer"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/fault"
	"smartlinks/internal/link"
	"smartlinks/internal/message"
	"smartlinks/internal/reminder"
	"smartlinks/internal/requests"
)

func TestEachRowBecomesAPersonalLinkThatIsSent(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		rows := people(3)
		rows[1].Email = "nobody@"
		rows[2].Reference = rows[0].Reference
		how := byEmail()
		how.Message, how.Reminders = "For {course}, {reference}: {link}", &reminder.Settings{Frequency: reminder.Weekly, Max: 3}
		made := w.create(append(rows, requests.Row{Name: "Cy", Email: "cy@example.com", Amount: rows[0].Amount, Variables: map[string]string{"course": "Glass"}}), how)
		if made.State != requests.Running || made.Total != 4 || made.Failed != 2 {
			t.Fatalf("made %+v", made)
		}
		w.due()
		done := w.batch(made.ID)
		if done.State != requests.Done || done.Sent != 2 || done.Failed != 2 || done.Waiting != 0 {
			t.Errorf("it ended as %+v", done)
		}
		letters := w.server.Mails()
		said := ""
		for _, l := range letters {
			said += l.Source
		}
		if len(letters) != 2 || !strings.Contains(said, "Pottery (link) 0, M-0") {
			t.Fatalf("%d letters came: %s", len(letters), said)
		}
		all, err := w.Requests.Rows(t.Context(), w.acme, made.ID, "", 0, 10)
		if err != nil || !strings.HasPrefix(all[1].Reason, "Email: ") || all[2].Reason != "Same reference as row 1." || all[0].Email != "" || all[1].Email == "" {
			t.Errorf("the rows are %+v, %v", all, err)
		}
		l, err := w.Links.Get(t.Context(), w.acme, all[0].LinkID)
		if err != nil || l.Limit.Kind != link.Once || l.Reference != "M-0" || l.CustomerID == "" || !strings.HasPrefix(l.Path, "membership-") || len(l.Path) < 20 {
			t.Errorf("the link is %+v, %v", l, err)
		}
		if set, err := w.Reminders.Settings(t.Context(), d, w.acme.ID, l.ID); err != nil || set == nil || set.Max != 3 {
			t.Errorf("its reminders are %+v, %v", set, err)
		}
	})
}

// What is too long is told before anything is sent.
func TestATooLongNameIsToldAtOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		rows := people(2)
		rows[1].Name = strings.Repeat("n", customer.MaxName+1)
		made := w.create(rows, byEmail())
		all, err := w.Requests.Rows(t.Context(), w.acme, made.ID, "", 0, 10)
		if err != nil || made.Failed != 1 || all[1].Reason != "Name: Use at most 120 characters." {
			t.Errorf("%+v, %+v, %v", made, all, err)
		}
	})
}

func TestTheSameRowsWithinADayAreOneBatch(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		first := w.create(people(2), byEmail())
		rows := people(2)
		rows[0], rows[1] = rows[1], rows[0]
		_, err := w.Requests.Create(t.Context(), w.acme, "Another name", rows, byEmail())
		if before, same := requests.SameAs(err); !same || before != first.ID || !fault.Is(err, fault.Conflict) {
			t.Errorf("the same rows: %q, %v", before, err)
		}
		again := byEmail()
		again.Again = true
		w.create(people(2), again)
		d.Clock().SetOffset(25 * time.Hour)
		w.create(people(2), byEmail())
		w.due()
		if n := len(w.server.Mails()); n != 6 {
			t.Errorf("%d letters came; the first batch is %+v", n, w.batch(first.ID))
		}
	})
}

func TestABatchGoesOutAtItsTimeAndStops(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		at, how := d.Clock().Now().Add(time.Hour), byEmail()
		how.At = &at
		later, never := w.create(people(3), how), w.create(people(4), how)
		w.due()
		if got := w.batch(later.ID); got.State != requests.Scheduled || len(w.server.Mails()) != 0 {
			t.Fatalf("before its time: %+v", got)
		}
		if err := w.Requests.Stop(t.Context(), w.acme, never.ID); err != nil {
			t.Fatal(err)
		}
		d.Clock().SetOffset(2 * time.Hour)
		w.due()
		if got := w.batch(never.ID); got.State != requests.Stopped || got.Sent != 0 {
			t.Errorf("stopped: %+v", got)
		}
		if n := len(w.server.Mails()); n != 3 {
			t.Errorf("%d letters came", n)
		}
		if err := w.Requests.Stop(t.Context(), w.acme, later.ID); !fault.Is(err, fault.Conflict) {
			t.Errorf("what is done is stopped: %v", err)
		}
	})
}

// A process that is killed in the middle leaves rows that wait; whoever goes on sends
// those, and nobody twice. Two at the same time are as one.
func TestABatchThatIsCutOffGoesOnAndNobodyGetsTwo(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		const n = 60
		made := w.create(people(n), byEmail())
		errCut, sent := errors.New("cut off"), 0
		w.Links.OnChange(func(_ context.Context, _ *db.Tx, _ business.Business, c link.Change) error {
			if c.Kind == link.Created {
				if sent++; sent%17 == 0 {
					return errCut
				}
			}
			return nil
		})
		for range 10 {
			if err := w.Requests.ContinueDue(t.Context()); err != nil && !strings.Contains(err.Error(), errCut.Error()) {
				t.Fatal(err)
			}
			d.Clock().SetOffset(d.Clock().Offset() + time.Minute)
		}
		w.due()
		if got := w.batch(made.ID); got.State != requests.Done || got.Sent != n {
			t.Errorf("it ended as %+v", got)
		}
		seen := map[string]bool{}
		for _, l := range w.server.Mails() {
			if seen[l.To] {
				t.Errorf("%s got two", l.To)
			}
			seen[l.To] = true
		}
		if len(seen) != n {
			t.Errorf("%d people got theirs", len(seen))
		}
	})
}

func TestRowsAreReadAgainWhenTheyAreSent(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		c, err := w.Customers.Create(t.Context(), w.acme, customer.Fields{Name: "Known", Email: "person0@example.com"})
		if err != nil {
			t.Fatal(err)
		}
		at, how := d.Clock().Now().Add(time.Hour), requests.How{Channels: []message.Channel{message.ByEmail, message.BySMS}}
		how.At = &at
		made := w.create(people(2), how)
		if err := w.Customers.Erase(t.Context(), w.acme.ID, c.ID); err != nil {
			t.Fatal(err)
		}
		d.Clock().SetOffset(2 * time.Hour)
		w.due()
		if got := w.batch(made.ID); got.Sent != 1 || len(w.server.Mails()) != 1 {
			t.Errorf("who was erased meanwhile is asked: %+v", got)
		}
	})
}

func TestWrongBatchesAreRefusedByField(t *testing.T) {
	w := mustWorld(t, dbtest.SQLite(t))
	unknown := byEmail()
	unknown.Message = "Hi {nobody}"
	for field, of := range map[string]struct {
		rows []requests.Row
		how  requests.How
	}{
		"rows": {nil, byEmail()}, "channels": {people(1), requests.How{}}, "message": {people(1), unknown},
	} {
		_, err := w.Requests.Create(t.Context(), w.acme, "Membership", of.rows, of.how)
		if said := fault.Of(err); said == nil || len(said.Fields) != 1 || said.Fields[0].Name != field {
			t.Errorf("%s: %v", field, err)
		}
	}
	var n int
	if err := w.d.Get(t.Context(), &n, `SELECT COUNT(*) FROM request_batches`); err != nil || n != 0 {
		t.Errorf("%d batches are kept, %v", n, err)
	}
}
