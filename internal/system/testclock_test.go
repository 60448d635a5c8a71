package system_test

import (
	"testing"
	"time"

	"smartlinks/internal/customer"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/delivery"
	"smartlinks/internal/link"
	"smartlinks/internal/message"
	"smartlinks/internal/reminder"
	"smartlinks/internal/testclock"
)

// A script that sends a link and moves the clock at once means "a day after it was
// sent"; a mail that was still queued then must not count from the next day.
func TestTheClockMovesAfterWhatWasUnderWay(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		l, ctx := listen(t, d), t.Context()
		c, err := l.Customers.Create(ctx, l.b, customer.Fields{Name: "Ann", Email: "ann@example.com"})
		if err != nil {
			t.Fatal(err)
		}
		made := l.link(link.Fields{Name: "Workshop", CustomerID: c.ID})
		err = d.InTx(ctx, func(tx *db.Tx) error {
			return l.Reminders.SetTx(ctx, tx, l.b, made.ID, &reminder.Settings{Frequency: reminder.Daily, Max: 3})
		})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := l.Deliveries.Start(ctx, l.b, made.ID, delivery.Request{Customers: []customer.ID{c.ID}, Channels: []message.Channel{message.ByEmail}}); err != nil {
			t.Fatal(err)
		}
		before := d.Clock().Now()
		at, err := testclock.New(d, l.Due).Advance(ctx, 25*time.Hour)
		if err != nil || at.Sub(before) < 25*time.Hour {
			t.Fatalf("%s later, %v", at.Sub(before), err)
		}
		sum, err := l.Reminders.Of(ctx, d, l.b, made)
		if err != nil || sum.Sent != 1 {
			t.Errorf("a day after the link was sent %d reminders have gone out, %v", sum.Sent, err)
		}
	})
}
