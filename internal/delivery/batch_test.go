package delivery_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"

	"smartlinks/internal/business"
	"smartlinks/internal/customer"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/delivery"
	"smartlinks/internal/link"
	"smartlinks/internal/message"
)

func TestEverybodyWithATagGetsOneMail(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		l := w.link("Workshop")
		const many = 60
		for i := range many {
			w.customer(fmt.Sprint("Customer ", i), fmt.Sprintf("c%d@example.com", i), "Spring")
		}
		w.customer("Somebody else", "else@example.com")
		for range 2 { // the same form, sent twice
			started, err := w.deliveries.Start(t.Context(), w.business, l.ID, delivery.Request{Tag: "spring", Channels: []message.Channel{message.ByEmail}, Key: "form/1"})
			if err != nil || started.Batch == nil || started.Batch.Total != many {
				t.Fatalf("started %+v, %v", started, err)
			}
		}
		var two sync.WaitGroup
		for range 2 { // two processes at once
			two.Go(func() {
				if err := w.deliveries.ContinueDue(t.Context()); err != nil {
					t.Error(err)
				}
			})
		}
		two.Wait()
		w.sendDue()
		n, to := w.received()
		if n != many || strings.Contains(to, "else@") {
			t.Errorf("%d mails went out, to %q", n, to)
		}
		batches, err := w.deliveries.Batches(t.Context(), d, w.business.ID, l.ID, w.business.Mode)
		if err != nil || len(batches) != 2 || batches[0].Done != many || batches[0].Failed != 0 || batches[0].FinishedAt == nil {
			t.Errorf("the batch is %+v, %v", batches, err)
		}
		var left int64
		if err := d.Get(t.Context(), &left, `SELECT COUNT(*) FROM send_batch_members`); err != nil || left != 0 {
			t.Errorf("behind the end it is still written down who got it: %d, %v", left, err)
		}
	})
}

// stopped is a batch to 60 customers that a crash stopped in its second chunk, which was not
// committed.
func stopped(t *testing.T, w *world, l link.Link) {
	t.Helper()
	for i := range 60 {
		w.customer(fmt.Sprint("Customer ", i), fmt.Sprintf("c%d@example.com", i), "Spring")
	}
	if _, err := w.deliveries.Start(t.Context(), w.business, l.ID, delivery.Request{Tag: "Spring", Channels: []message.Channel{message.ByEmail}}); err != nil {
		t.Fatal(err)
	}
	made := 0
	w.deliveries.OnMade(func(context.Context, *db.Tx, business.Business, delivery.Send) error {
		if made++; made == 40 {
			return context.Canceled
		}
		return nil
	})
	if err := w.deliveries.ContinueDue(t.Context()); err == nil {
		t.Fatal("nothing broke")
	}
	if got := len(w.sends(l)); got != 25 {
		t.Fatalf("%d sends are stored after the crash", got)
	}
}

// A crash in the middle of a batch is a chunk that was not committed.
func TestABatchGoesOnWhereItStopped(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		l := w.link("Workshop")
		stopped(t, w, l)
		if err := w.deliveries.ContinueDue(t.Context()); err != nil {
			t.Fatal(err)
		}
		w.sendDue()
		if n, _ := w.received(); n != 60 {
			t.Errorf("%d mails went out", n)
		}
	})
}

// Customers who are merged while a batch is being sent are one person: who had their turn as
// either gets nothing more, and who waited as either is left out by no batch.
func TestCustomersMergedWithinABatchAreSentItOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		l := w.link("Workshop")
		outside := w.customer("Outside", "outside@example.com")
		stopped(t, w, l)
		var had, waits []customer.ID
		for _, one := range w.sends(l) {
			had = append(had, one.CustomerID)
		}
		if err := d.Select(t.Context(), &waits, `SELECT m.customer_id FROM send_batch_members m JOIN send_batches b ON b.id = m.batch_id WHERE m.customer_id > b.next_customer ORDER BY m.customer_id`); err != nil || len(waits) != 35 {
			t.Fatalf("%d wait, %v", len(waits), err)
		}
		for _, pair := range [][2]customer.ID{
			{had[0], waits[0]}, {waits[1], had[1]}, {waits[2], waits[3]}, {had[2], had[3]}, {outside.ID, waits[4]},
		} {
			if _, err := w.customers.Merge(t.Context(), w.business, pair[0], pair[1]); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.deliveries.ContinueDue(t.Context()); err != nil {
			t.Fatal(err)
		}
		sent := map[customer.ID]int{}
		for _, one := range w.sends(l) {
			sent[one.CustomerID]++
		}
		for _, who := range append([]customer.ID{had[0], waits[1], waits[2], outside.ID}, waits[5:]...) {
			if sent[who] != 1 {
				t.Errorf("%s was sent it %d times", who, sent[who])
			}
		}
		if sent[had[2]] != 2 || len(sent) != 56 {
			t.Errorf("who got it as both was sent it %d times; %d people were", sent[had[2]], len(sent))
		}
	})
}
