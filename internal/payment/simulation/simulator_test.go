package simulation_test

import (
	"flag"
	"os"
	"testing"
	"time"

	"pgregory.net/rapid"

	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/link"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/payment/paymenttest"
)

// simulation is what may happen between payers, a provider that lies, a merchant,
// a line that breaks and a process that dies, in any order.
type simulation struct {
	*paymenttest.World
	line     *paymenttest.Wire
	links    []link.Link
	attempts []attempt.ID      // in the order in which they were made
	before   map[link.ID]int64 // held + used, of what the limit counts
	codes    []string          // that payers know
	byHand   int               // refunds that were made at the provider
}

// The same seeds each time. A failure prints the seed that replays it:
//
//	go test ./internal/payment/simulation -run TestMoneyHoldsWhateverHappens/sqlite -rapid.seed=…
func TestMoneyHoldsWhateverHappens(t *testing.T) {
	t.Parallel()
	byDefault(t, "rapid.seed", "0", "1")
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		seeds := "150"
		switch {
		case dbtest.Race:
			seeds = "20"
		case d.Engine() == db.PostgreSQL:
			seeds = "50"
		}
		byDefault(t, "rapid.checks", "100", seeds)
		simulate(t, d)
	})
}

// Fresh seeds, SMARTLINKS_SOAK_SEEDS of them on each engine.
func TestSoakMoneyHoldsWhateverHappens(t *testing.T) {
	if os.Getenv("SMARTLINKS_SOAK") == "" {
		t.Skip("a long test; `make soak` runs it")
	}
	seeds := os.Getenv("SMARTLINKS_SOAK_SEEDS")
	if seeds == "" {
		seeds = "10000"
	}
	byDefault(t, "rapid.checks", "100", seeds)
	dbtest.Each(t, simulate)
}

// enough is how many steps meet every end of an attempt.
const enough = 3000

func simulate(t *testing.T, d *db.DB) {
	w, line := paymenttest.BrokenWorld(t, d)
	w.Statements = mustStatements(w)
	// Webhooks come in steps of their own, when they fall due: one that came
	// beside a step would be blamed on it.
	w.Settle()
	steps, began, ends := 0, time.Now(), map[string]int64{}
	rapid.Check(t, func(rt *rapid.T) {
		empty(w)
		s := &simulation{World: w, line: line, before: map[link.ID]int64{}}
		s.links = []link.Link{w.MustLink(1), w.MustLink(3), w.MustLink(0), w.MustUnits(12)}
		s.makeCodes(rt)
		s.mendLine()
		for range 3 {
			s.pay(rt)
		}
		rt.Repeat(map[string]func(*rapid.T){
			"pay":             s.pay,
			"pay, too":        s.pay,
			"decide":          s.decideSome,
			"pay too late":    s.payTooLate,
			"return":          s.comeBack,
			"time passes":     s.timePasses,
			"line breaks":     s.lineBreaks,
			"provider lies":   s.providerLies,
			"process dies":    s.processDies,
			"hooks again":     s.hooksAgain,
			"refund":          s.refundSome,
			"refund, too":     s.refundSome,
			"refund, again":   s.refundAgain,
			"refund there":    s.refundThere,
			"bank":            s.bankTakesBack,
			"clear the queue": s.clearQueue,
			"limit changes":   s.limitChanges,
			"counts change":   s.countsChange,
			"link switched":   s.linkSwitched,
			"code ends":       s.codeEnds,
			"by hand":         s.recordSome,
			"transfer":        s.transferSome,
			"bank books":      s.bankBooks,
			"give up":         s.giveUpTransfer,
			"bank, decided":   s.decideTransfer,
			"statement":       s.statementComes,
			"entry, decided":  s.decideEntry,
			"": func(rt *rapid.T) {
				steps++
				s.check(rt)
			},
		})
		s.finish(rt)
		s.tally(ends)
	})
	t.Logf("%d steps, %.0f a second; the attempts became %v", steps, float64(steps)/time.Since(began).Seconds(), ends)
	for _, end := range []string{"accepted", "accepted_late", "free", "refunded", "partially_refunded", "refund_failed", "pending", "released", "review"} {
		if ends[end] == 0 && steps > enough && !t.Failed() {
			t.Errorf("nothing became %s: the simulation proves less than it should", end)
		}
	}
}

// byDefault changes rapid's own default of a flag for this test, so that the
// command line has the last word.
func byDefault(t *testing.T, name, theirs, ours string) {
	t.Helper()
	if flag.Lookup(name).Value.String() != theirs {
		return
	}
	if err := flag.Set(name, ours); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := flag.Set(name, theirs); err != nil {
			t.Error(err)
		}
	})
}

// empty forgets what happened before, so that a seed is a story of its own.
func empty(w *paymenttest.World) {
	w.T.Helper()
	w.DB.Clock().SetOffset(0)
	w.Moved = 0
	w.Hearing.Lock()
	w.Heard = nil
	w.Hearing.Unlock()
	w.Payers.Store(0)
	err := w.DB.InTx(w.T.Context(), func(tx *db.Tx) error {
		for _, table := range []string{"sandbox_webhooks", "sandbox_refunds", "sandbox_disputes", "sandbox_payments", "webhook_inbox", "payment_effects",
			"statement_hashes", "statement_entries", "statements", "refunds", "disputes", "recorded_payments", "bank_transfers", "payments", "attempt_events", "attempts", "receipt_series", "credit_note_series", "link_totals", "link_rollups", "business_days", "link_slots", "code_counts", "code_sums", "promotion_codes", "coupon_targets", "coupons", "link_tags", "links", "customers"} {
			if _, err := tx.Exec(w.T.Context(), `DELETE FROM `+table); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		w.T.Fatal(err)
	}
}
