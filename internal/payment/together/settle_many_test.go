package together_test

import (
	"context"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"smartlinks/internal/customer"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/link"
	"smartlinks/internal/payment"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/payment/history"
	"smartlinks/internal/payment/paymenttest"
	"smartlinks/internal/payment/sandbox"
)

// asked are the statements that one piece of work sent, a line for each round trip.
type asked struct {
	mu    sync.Mutex
	trips [][]string
}

// asking writes down what the database is asked until stop is called.
func asking(d *db.DB) (a *asked, stop func()) {
	a = &asked{}
	return a, d.Observe(func(statements []string) {
		a.mu.Lock()
		defer a.mu.Unlock()
		a.trips = append(a.trips, statements)
	})
}

// times counts the statements with the words.
func (a *asked) times(words string) (n int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, trip := range a.trips {
		for _, s := range trip {
			if strings.Contains(s, words) {
				n++
			}
		}
	}
	return n
}

// untilQuiet waits until the database is asked nothing more: whoever works waits for another.
func (a *asked) untilQuiet() {
	for before, quiet := -1, 0; quiet < 10; time.Sleep(10 * time.Millisecond) {
		a.mu.Lock()
		now := len(a.trips)
		a.mu.Unlock()
		if quiet++; now != before {
			before, quiet = now, 0
		}
	}
}

// mustSend is the token of a message about the link to a customer.
func mustSend(w *paymenttest.World, l link.Link, c customer.ID) (token string) {
	w.T.Helper()
	token = "token of " + string(c)
	if err := w.DB.InTx(w.T.Context(), func(tx *db.Tx) error {
		return tx.Queue(w.T.Context(),
			db.Exec(nil, `INSERT INTO recipients (id, business_id, link_id, mode, customer_id, created_at) VALUES ($1, $2, $3, 'test', $4, 0)`, "rcp_"+c, l.BusinessID, l.ID, c),
			db.Exec(nil, `INSERT INTO sends (id, business_id, link_id, recipient_id, mode, kind, status, at) VALUES ($1, $2, $3, $1, 'test', 'send', 'sent', 0)`, "rcp_"+c, l.BusinessID, l.ID),
			db.Exec(nil, `INSERT INTO deliveries (id, business_id, send_id, channel, address, token, stop_token, status, updated_at) VALUES ($1, $2, $1, 'email', '', $3, $3, 'sent', 0)`, "rcp_"+c, l.BusinessID, token))
	}); err != nil {
		w.T.Fatal(err)
	}
	return token
}

// Payments of several links that come while another is settled are settled by the next
// transaction, all of them, and each is whose it is: the customer's who was written to, the
// one's that the link is for, else the one's with the address, who is made where unknown.
func TestPaymentsOfSeveralLinksAreSettledTogether(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		holding, release := make(chan struct{}), make(chan struct{})
		var first atomic.Bool
		var mu sync.Mutex
		places := map[attempt.ID]link.Slots{}
		linked := map[link.ID]bool{}
		w := paymenttest.MustWorld(t, d, func(c *payment.Config, _ *sandbox.Sandbox) {
			c.Effects = append(c.Effects, payment.Effect{Name: "look", Do: func(_ context.Context, _ *db.Tx, s payment.Settlement) error {
				if first.CompareAndSwap(false, true) { // the others gather meanwhile
					close(holding)
					<-release
				}
				mu.Lock()
				defer mu.Unlock()
				for _, p := range s.Payments {
					places[p.ID] = link.Slots{Used: p.Slots.Consumed}
				}
				for _, l := range s.Links {
					linked[l.ID] = true
				}
				return nil
			}})
		})
		known, err := w.Customers.Create(t.Context(), w.Business, customer.Fields{Name: "Firm", Email: "info@firm.example"})
		if err != nil {
			t.Fatal(err)
		}
		one, other := w.MustLink(0), w.MustLink(20)
		theirs := w.Create(link.Fields{Name: "Invoice", Amount: paymenttest.Part(4900), CustomerID: known.ID})
		written := w.Ask(one)
		written.Attribution.RecipientToken = mustSend(w, one, known.ID)
		nobodys := w.Ask(one)
		nobodys.Attribution.RecipientToken = "token of nobody"
		requests := []payment.StartRequest{w.Ask(one), w.Ask(one), w.Ask(other), w.Ask(other), w.Ask(other), written, nobodys, w.Ask(theirs)}
		attempts := make([]attempt.Attempt, len(requests))
		for i, r := range requests {
			attempts[i] = w.MustStart(r)
			w.Decide(attempts[i], sandbox.Paid)
		}
		causes := []attempt.Cause{attempt.CauseReturn, attempt.CauseWebhook}
		seen, stop := asking(d)
		var came atomic.Int64
		paymenttest.Together(len(attempts), func(i int) {
			if i > 0 {
				<-holding
			}
			if came.Add(1) == int64(len(attempts)) {
				go func() {
					seen.untilQuiet()
					close(release)
				}()
			}
			if _, err := w.Payments.Sync(t.Context(), w.Business.ID, attempts[i].ID, causes[i%2]); err != nil {
				t.Error(err)
			}
		})
		stop()
		// On a busy machine some come too late for the rest, never all.
		if n := seen.times("INSERT INTO receipt_series"); n < 2 || n == len(attempts) {
			t.Errorf("receipts were taken %d times for %d payments", n, len(attempts))
		}
		if n := seen.times("UPDATE attempts SET updated_at = updated_at"); n > 0 {
			t.Errorf("%d of them were settled by themselves besides", n)
		}
		for i, a := range attempts {
			v := w.Expect(a, attempt.Paid, history.StatusPaid)
			w.MustTell(a, causes[i%2], "accepted")
			if isTheirs := i == 5 || i == 7; isTheirs != (v.CustomerID == known.ID) || v.CustomerID == "" {
				t.Errorf("payment %d is %q's", i, v.CustomerID)
			}
			if !linked[a.LinkID] {
				t.Errorf("the effects of payment %d don't know its link", i)
			}
		}
		if n, err := w.Customers.Count(t.Context(), w.Business.ID); n != 7 || err != nil { // the firm and who is new
			t.Errorf("%d customers, %v", n, err)
		}
		for l, want := range map[link.ID][]int64{one.ID: {1, 2, 3, 4}, other.ID: {1, 2, 3}, theirs.ID: {1}} {
			var got []int64
			for _, a := range attempts {
				if a.LinkID == l {
					got = append(got, places[a.ID].Used)
				}
			}
			if slices.Sort(got); !slices.Equal(got, want) {
				t.Errorf("the places of a link are %v", got)
			}
		}
		w.MustHold()
	})
}

// What is usual asks little: a start writes the attempt once, and a payer who reloads writes
// nothing. How often a whole payment asks, the test of the program's costs counts.
func TestWhatIsUsualAsksLittle(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := paymenttest.MustWorld(t, d)
		l := w.MustLink(9)
		seen, stop := asking(d)
		a := w.MustStart(w.Ask(l))
		stop()
		if n := seen.times("INSERT INTO attempts"); n != 1 {
			t.Errorf("the attempt is written %d times", n)
		}
		seen, stop = asking(d)
		w.MustSync(a)
		stop()
		if n := seen.times("UPDATE attempts"); n != 0 {
			t.Errorf("a reload writes %d times", n)
		}
	})
}
