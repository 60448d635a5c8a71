package reminder_test

import (
	"slices"
	"sync"
	"testing"
	"time"

	"smartlinks/internal/business/businesstest"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/delivery"
	"smartlinks/internal/fault"
	"smartlinks/internal/link"
	"smartlinks/internal/message"
	"smartlinks/internal/payment/sandbox"
	"smartlinks/internal/reminder"
)

var every2Days = reminder.Settings{Frequency: reminder.Every2Days, Max: 5}

// The example of the specification: every 2 days, 5 reminders.
func TestRemindersComeOnDays246810AndNoMore(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		began := d.Clock().Now()
		l := w.remind(every2Days, link.Limit{}, "Ann")
		if sum := w.summary(l); sum.Status != reminder.Active || sum.Sent != 0 || sum.Remaining != 5 || sum.NextAt.Sub(began) != 2*day {
			t.Errorf("at the start %+v", sum)
		}
		w.pass(14 * day)
		if got := w.days(l, began); !slices.Equal(got, []int{2, 4, 6, 8, 10}) {
			t.Errorf("reminded on days %v", got)
		}
		if sum := w.summary(l); sum.Status != reminder.Stopped || sum.Plans[0].Reason != reminder.AllSent || sum.Sent != 5 || !sum.NextAt.IsZero() {
			t.Errorf("at the end %+v", sum)
		}
	})
}

func TestRemindersStopWhenTheRecipientPays(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		began := d.Clock().Now()
		l := w.remind(every2Days, link.Limit{}, "Ann")
		w.pass(3 * day)
		// The link can be paid by others too: a stranger's payment is not Ann's.
		w.settle(w.start(l, "somebody-else@example.com", ""), sandbox.Paid)
		if sum := w.summary(l); sum.Status != reminder.Active || sum.NextAt.IsZero() {
			t.Errorf("after a stranger's payment %+v", sum)
		}
		w.settle(w.start(l, "ANN@example.com", ""), sandbox.Paid)
		if sum := w.summary(l); sum.Status != reminder.Complete || !sum.NextAt.IsZero() || sum.Sent != 1 || sum.Max != 5 || !sum.Plans[0].PaidAt.Equal(d.Clock().Now()) || sum.Plans[0].PaidBy == "" {
			t.Errorf("after the payment %+v", sum)
		}
		// Of a one-time link any payment counts: nobody can pay it any more.
		once := w.remind(every2Days, link.Limit{Kind: link.Once}, "Ben", "Bea")
		w.settle(w.start(once, "somebody-else@example.com", ""), sandbox.Paid)
		w.wantStates(once, "a one-time link, paid by anybody", "Bea complete", "Ben complete")
		w.pass(10 * day)
		if got := w.days(l, began); !slices.Equal(got, []int{2}) {
			t.Errorf("reminded on days %v", got)
		}
	})
}

// Who opts out is not waited for: the plan ends with it, and what was to come goes.
func TestOptingOutEndsAPlanAtOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		l := w.remind(every2Days, link.Limit{}, "Ann", "Ben")
		w.pass(3 * day)
		w.optOut("ann@example.com")
		sum := w.summary(l)
		for _, p := range sum.Plans {
			if ended := p.State == reminder.Stopped && p.Reason == reminder.NoWay && p.NextAt.IsZero(); ended != (p.Customer == "Ann") {
				t.Errorf("%s: %+v", p.Customer, p)
			}
		}
		for _, u := range sum.Upcoming(time.UTC, 50) {
			if u.Customer == "Ann" {
				t.Errorf("a reminder is to come on %v", u.At)
			}
		}
		w.optOut("ben@example.com")
		if sum := w.summary(l); sum.Status != reminder.Stopped || len(sum.Upcoming(time.UTC, 50)) != 0 || !sum.NextAt.IsZero() {
			t.Errorf("all opted out: %+v", sum)
		}
	})
}

// Of several recipients only those who paid are left alone: matched by the link
// they got, or by the address they typed.
func TestOfSeveralOnlyWhoPaidIsLeftAlone(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		l := w.remind(every2Days, link.Limit{}, "Ann", "Ben", "Cleo")
		ann := w.planOf(l, "Ann")
		sends, _, err := w.deliveries.Sends(t.Context(), d, w.business.ID, w.business.Mode, delivery.Query{Link: l.ID, Recipient: ann.RecipientID})
		if err != nil || len(sends) != 1 {
			t.Fatal(len(sends), err)
		}
		w.settle(w.start(l, "private@example.com", sends[0].Deliveries[0].Token), sandbox.Paid) // Ann's own link
		w.settle(w.start(l, "BEN@example.com", ""), sandbox.Paid)
		w.settle(w.start(l, "stranger@example.com", ""), sandbox.Paid)
		states := map[string]reminder.State{}
		for _, p := range w.summary(l).Plans {
			states[p.Customer] = p.State
		}
		if states["Ann"] != reminder.Complete || states["Ben"] != reminder.Complete || states["Cleo"] != reminder.Active {
			t.Errorf("%v", states)
		}
	})
}

func TestNobodyIsRemindedWhilePaying(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		began := d.Clock().Now()
		l := w.remind(every2Days, link.Limit{}, "Ann")
		a := w.start(l, "ann@example.com", "")
		w.settle(a, sandbox.Pending)
		w.pass(3 * day)
		if got := w.days(l, began); len(got) != 0 {
			t.Errorf("reminded on days %v while money is on its way", got)
		}
		if err := w.reminders.SendNow(t.Context(), w.business, l.ID, ""); !fault.Is(err, fault.Conflict) {
			t.Errorf("sent by hand: %v", err)
		}
		w.settle(a, sandbox.Failed)
		w.pass(2 * day) // the one that waited, then the grid again
		if got := w.days(l, began); !slices.Equal(got, []int{4}) && !slices.Equal(got, []int{3, 4}) {
			t.Errorf("reminded on days %v", got)
		}
	})
}

// A payment between the moment when a reminder is written and when its mail is
// handed over takes it back.
func TestAPaymentTakesBackAReminderThatHasNotLeft(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		began := d.Clock().Now()
		l := w.remind(every2Days, link.Limit{}, "Ann")
		w.moved += 2 * day
		d.Clock().SetOffset(w.moved)
		if n, err := w.reminders.SendDue(t.Context()); n != 1 || err != nil {
			t.Fatal(n, err)
		}
		w.settle(w.start(l, "ann@example.com", ""), sandbox.Paid)
		w.due()
		if got := w.days(l, began); len(got) != 0 {
			t.Errorf("reminded on days %v", got)
		}
		sends, _, err := w.deliveries.Sends(t.Context(), d, w.business.ID, w.business.Mode, delivery.Query{Link: l.ID, Kind: delivery.KindReminder})
		if err != nil || len(sends) != 1 || sends[0].Status != message.Failed || sends[0].Deliveries[0].Reason == "" {
			t.Errorf("%+v, %v", sends, err)
		}
	})
}

// The server was off for a week: one reminder makes up for what was missed, and
// the grid stays.
func TestMissedRemindersAreOne(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		began := d.Clock().Now()
		l := w.remind(every2Days, link.Limit{}, "Ann")
		w.moved += 7*day + time.Hour
		d.Clock().SetOffset(w.moved)
		w.due()
		if got := w.days(l, began); !slices.Equal(got, []int{7}) {
			t.Errorf("reminded on days %v", got)
		}
		if next := w.summary(l).NextAt.Sub(began); next != 8*day {
			t.Errorf("the next comes after %s", next)
		}
		w.pass(3 * day)
		if got := w.days(l, began); !slices.Equal(got, []int{7, 8, 10}) {
			t.Errorf("reminded on days %v", got)
		}
		if got := w.skipped(l, began); !slices.Equal(got, []string{"2 " + reminder.MadeUpFor, "4 " + reminder.MadeUpFor}) {
			t.Errorf("left out %q", got)
		}
	})
}

func TestRemindersRestSkipAndGoOutByHand(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		began := d.Clock().Now()
		l := w.remind(every2Days, link.Limit{}, "Ann")
		do := func(act func() error) {
			t.Helper()
			if err := act(); err != nil {
				t.Fatal(err)
			}
		}
		do(func() error { return w.reminders.Pause(t.Context(), w.business, l.ID, "") })
		if sum := w.summary(l); sum.Status != reminder.Paused || !sum.NextAt.IsZero() {
			t.Errorf("paused %+v", sum)
		}
		w.pass(5 * day)
		do(func() error { return w.reminders.Resume(t.Context(), w.business, l.ID, "") })
		w.pass(day) // day 6
		do(func() error { return w.reminders.Skip(t.Context(), w.business, l.ID, "") })
		w.pass(2 * day) // day 8 is left out
		do(func() error { return w.reminders.SendNow(t.Context(), w.business, l.ID, "") })
		w.due() // in place of day 10
		w.pass(6 * day)
		if got := w.days(l, began); !slices.Equal(got, []int{6, 8, 12, 14}) {
			t.Errorf("reminded on days %v", got)
		}
		if got := w.skipped(l, began); !slices.Equal(got, []string{"2 " + reminder.Rested, "4 " + reminder.Rested, "8 " + reminder.ByHand}) {
			t.Errorf("left out %q", got)
		}
		w.settle(w.start(l, "ann@example.com", ""), sandbox.Paid)
		if err := w.reminders.SendNow(t.Context(), w.business, l.ID, ""); !fault.Is(err, fault.Conflict) {
			t.Errorf("paid, and reminded: %v", err)
		}
		if err := w.reminders.Pause(t.Context(), businesstest.Make(t, d, "zenith"), l.ID, ""); !fault.Is(err, fault.NotFound) {
			t.Errorf("another business: %v", err)
		}
	})
}

func TestRemindersEndWithTheLink(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		began := d.Clock().Now()
		full := w.remind(every2Days, link.Limit{Kind: link.Multiple, Max: 1}, "Ann", "Ben")
		w.settle(w.start(full, "stranger@example.com", ""), sandbox.Paid)
		if sum := w.summary(full); sum.Status != reminder.Stopped || sum.Plans[0].Reason != reminder.LinkClosed {
			t.Errorf("all payments are made: %+v", sum)
		}
		off := w.remind(every2Days, link.Limit{}, "Cleo")
		no := false
		if _, err := w.links.Edit(t.Context(), w.business, off.ID, 0, func(f *link.Fields) { f.Active = no }); err != nil {
			t.Fatal(err)
		}
		w.pass(5 * day)
		if got := append(w.days(full, began), w.days(off, began)...); len(got) != 0 {
			t.Errorf("reminded on days %v", got)
		}
	})
}

// Switched on or changed later, reminders count from the last message, and
// nothing goes out at once.
func TestSwitchedOnLaterRemindersCountFromTheLastSend(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		began := d.Clock().Now()
		l := w.remind(every2Days, link.Limit{}, "Ann")
		w.set(l, nil)
		w.pass(5 * day)
		if got := w.days(l, began); len(got) != 0 {
			t.Fatalf("switched off, and reminded on days %v", got)
		}
		w.set(l, &reminder.Settings{Frequency: reminder.Every3Days, Max: 2})
		if next := w.summary(l).NextAt.Sub(began); next != 6*day {
			t.Errorf("the next comes after %s", next)
		}
		w.pass(day)
		w.set(l, &reminder.Settings{Frequency: reminder.Daily, Max: 2})
		w.pass(5 * day)
		if got := w.days(l, began); !slices.Equal(got, []int{6, 7}) {
			t.Errorf("reminded on days %v", got)
		}
		for name, wrong := range map[string]reminder.Settings{
			"never": {Frequency: "yearly", Max: 1}, "none": {Frequency: reminder.Daily}, "too many": {Frequency: reminder.Daily, Max: 51},
			"no hours": {Frequency: reminder.Daily, Max: 1, Quiet: &reminder.Quiet{From: 60, To: 60}},
		} {
			if err := d.InTx(t.Context(), func(tx *db.Tx) error { return w.reminders.SetTx(t.Context(), tx, w.business, l.ID, &wrong) }); !fault.Is(err, fault.Invalid) {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}

// Several processes look at once; each reminder goes out once.
func TestSeveralWorkersSendEachReminderOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		began := d.Clock().Now()
		l := w.remind(every2Days, link.Limit{}, "Ann", "Ben", "Cleo", "Dan")
		for range 5 {
			w.moved += 2 * day
			d.Clock().SetOffset(w.moved)
			var workers sync.WaitGroup
			for range 4 {
				workers.Go(func() {
					if _, err := w.reminders.SendDue(t.Context()); err != nil {
						t.Error(err)
					}
				})
			}
			workers.Wait()
			w.due()
		}
		if got := w.days(l, began); len(got) != 20 {
			t.Errorf("%d reminders went out: %v", len(got), got)
		}
		if n := len(w.summary(l).Upcoming(time.UTC, 50)); n != 0 {
			t.Errorf("%d are still to come", n)
		}
	})
}

func TestWhoCantBeReachedIsLeftAlone(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		began := d.Clock().Now()
		l := w.remind(every2Days, link.Limit{}, "Ann")
		to := w.summary(l).Plans[0]
		if err := w.customers.Delete(t.Context(), w.business.ID, to.CustomerID); err != nil {
			t.Fatal(err)
		}
		w.pass(3 * day)
		if got := w.days(l, began); len(got) != 0 {
			t.Errorf("reminded on days %v", got)
		}
		if p := w.summary(l).Plans[0]; p.State != reminder.Stopped || p.Reason != reminder.Gone {
			t.Errorf("%+v", p)
		}
	})
}
