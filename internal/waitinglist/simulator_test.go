package waitinglist_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"
	"time"

	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/link"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/payment/sandbox"
	"smartlinks/internal/waitinglist"
)

// seeds are those that every run goes through; SMARTLINKS_SEEDS adds as many others.
func seeds(t *testing.T) []uint64 {
	all := []uint64{1, 2, 3}
	n, _ := strconv.Atoi(os.Getenv("SMARTLINKS_SEEDS"))
	for range n {
		seed := rand.Uint64()
		t.Logf("seed %d", seed)
		all = append(all, seed)
	}
	return all
}

// A simulated crowd pays, joins, declines, lets offers pass, is refunded, while the
// merchant raises and lowers the limit: never more than the limit is held and paid, no
// slot is offered twice, and none stays empty while somebody waits whom it fits. A seed
// replays what it did.
func TestTheWaitingListHoldsWhateverHappens(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		for _, seed := range seeds(t) {
			t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) { simulate(t, d, seed) })
		}
	})
}

func simulate(t *testing.T, d *db.DB, seed uint64) {
	r := rand.New(rand.NewPCG(seed, 0))
	w := mustWorldNamed(t, d, fmt.Sprintf("sim%d", seed), 3)
	var open, paid []attempt.Attempt
	var entries []waitinglist.Entry
	for i := range 12 {
		w.knows(fmt.Sprintf("p%d@example.com", i))
	}
	email := func() string { return fmt.Sprintf("p%d@example.com", r.IntN(12)) }
	remove := func(all *[]attempt.Attempt) (attempt.Attempt, bool) {
		if len(*all) == 0 {
			return attempt.Attempt{}, false
		}
		i := r.IntN(len(*all))
		a := (*all)[i]
		*all = append((*all)[:i:i], (*all)[i+1:]...)
		return a, true
	}
	for range 60 {
		switch r.IntN(10) {
		case 0, 1: // somebody who is on no list
			if a, err := w.start(email(), ""); err == nil {
				open = append(open, a)
			} else if !taken(err) {
				t.Fatal(err)
			}
		case 2, 3:
			if e, err := w.Waiting.Join(t.Context(), w.acme, w.link.ID, email(), "en", 1+r.Int64N(2)); err == nil {
				entries = append(entries, e)
			}
		case 4: // an offer is taken, or what was one
			if len(entries) > 0 {
				e := w.entry(entries[r.IntN(len(entries))])
				if a, err := w.start(e.Email, e.Token); err == nil {
					if e.State != waitinglist.Offered {
						t.Fatalf("%s is taken as an offer", e.State)
					}
					open = append(open, a)
				} else if !taken(err) {
					t.Fatal(err)
				}
			}
		case 5:
			if a, ok := remove(&open); ok {
				outcome := []sandbox.Outcome{sandbox.Paid, sandbox.Paid, sandbox.Failed, sandbox.Canceled}[r.IntN(4)]
				if w.end(a, outcome); outcome == sandbox.Paid && w.accepted(a) { // else it goes back by itself
					paid = append(paid, a)
				}
				for _, e := range entries {
					if e = w.entry(e); outcome != sandbox.Paid && e.AttemptID == a.ID && e.State == waitinglist.Taken {
						t.Fatalf("a checkout that %s has used up the offer of %s", outcome, e.Email)
					}
				}
			}
		case 6:
			if a, ok := remove(&paid); ok {
				w.refund(a)
			}
		case 7:
			if len(entries) > 0 {
				if _, err := w.Waiting.Leave(t.Context(), entries[r.IntN(len(entries))].Token); err != nil {
					t.Fatal(err)
				}
			}
		case 8:
			w.limit(link.Limit{Kind: link.Multiple, Max: max(1, w.used()+r.Int64N(4))})
		case 9:
			d.Clock().SetOffset(d.Clock().Offset() + time.Duration(r.IntN(20))*time.Hour)
			if err := w.Waiting.EndDue(t.Context()); err != nil {
				t.Fatal(err)
			}
			w.settle()
		}
		w.whole()
	}
}

// accepted reports whether money found a slot.
func (w *world) accepted(a attempt.Attempt) (has bool) {
	w.Helper()
	if err := w.d.Get(w.Context(), &has, `SELECT EXISTS (SELECT 1 FROM payments WHERE id = $1 AND receipt IS NOT NULL)`, a.ID); err != nil {
		w.Fatal(err)
	}
	return has
}

// used are the slots that nobody else can have.
func (w *world) used() (n int64) {
	w.Helper()
	if err := w.d.Get(w.Context(), &n, `SELECT held + consumed FROM link_slots WHERE link_id = $1 AND mode = $2`, w.link.ID, w.acme.Mode); err != nil {
		w.Fatal(err)
	}
	return n
}
