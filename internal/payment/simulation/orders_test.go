package simulation_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"testing"

	"smartlinks/internal/business/businesstest"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/fault"
	"smartlinks/internal/link"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/payment/history"
	"smartlinks/internal/payment/paymenttest"
	"smartlinks/internal/payment/provider"
	"smartlinks/internal/payment/sandbox"
)

// happenings are what happens to a payment at the provider, in this order. Each
// is reported by an event of its own, which may arrive in any order.
var happenings = []string{"created", "failed", "expired", "paid", "refunded", "disputed"}

// happen lets the n-th of them happen at the provider, unreported.
func happen(w *paymenttest.World, a attempt.Attempt, n int) error {
	switch happenings[n] {
	case "created":
		return nil
	case "refunded": // a part, by the merchant at the provider
		at := provider.Account{Business: w.Business.ID, Mode: w.Business.Mode}
		_, err := w.Sandbox.Refund(w.T.Context(), at, a.ProviderRef, provider.RefundOrder{Key: "by hand", Amount: paymenttest.Eur(1000), Description: "Workshop"})
		return err
	}
	_, err := w.Sandbox.Decide(w.T.Context(), a.ProviderRef, sandbox.Outcome(happenings[n]), sandbox.Lost)
	return err
}

// tell delivers an event about an attempt's checkout as the sandbox signs it.
func tell(w *paymenttest.World, a attempt.Attempt, event string) error {
	body := fmt.Appendf(nil, `{"id": %q, "type": "payment.updated", "object": %q}`, event, a.ProviderRef)
	at := strconv.FormatInt(w.DB.Clock().Wall().Unix(), 10)
	of := func(key []byte, text string) []byte {
		mac := hmac.New(sha256.New, key)
		mac.Write([]byte(text))
		return mac.Sum(nil)
	}
	signature := hex.EncodeToString(of(of(paymenttest.SandboxSecret, "sandbox webhooks of "+string(w.Business.ID)), at+"."+string(body)))
	header := http.Header{sandbox.SignatureHeader: {"t=" + at + ",v1=" + signature}}
	return w.Payments.ReceiveWebhook(w.T.Context(), w.Business, sandbox.Name, header, body)
}

// live lets everything happen to a new payment and delivers the events in the
// order, each other one twice. An event arrives after what it tells of.
func live(w *paymenttest.World, l link.Link, order []int) (attempt.Attempt, error) {
	a, err := w.Payments.Start(w.T.Context(), w.Ask(l))
	if err != nil {
		return a, err
	}
	happened := 0
	for _, n := range order {
		for ; happened <= n; happened++ {
			if err := happen(w, a, happened); err != nil {
				return a, fmt.Errorf("%s: %w", happenings[happened], err)
			}
		}
		for range 1 + n%2 {
			if err := tell(w, a, fmt.Sprintf("evt_%s_%d", a.ID, n)); err != nil {
				return a, err
			}
		}
	}
	return a, nil
}

// permutations are all orders of 0 to n-1.
func permutations(n int) [][]int {
	all := [][]int{nil}
	for next := range n {
		var longer [][]int
		for _, p := range all {
			for at := range len(p) + 1 {
				longer = append(longer, slices.Insert(slices.Clone(p), at, next))
			}
		}
		all = longer
	}
	return all
}

// All 720 orders in which six events may arrive lead to the same books. On
// PostgreSQL, where a transaction costs more, it is those that begin with the end: the
// 120 orders of the other five. Under the race detector it is the 24 that end with the
// beginning as well.
func TestAllOrdersOfReportsEndInTheSameBooks(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := paymenttest.MustWorld(t, d)
		all := permutations(len(happenings))
		if d.Engine() == db.PostgreSQL || dbtest.Race {
			all = slices.DeleteFunc(all, func(order []int) bool { return happenings[order[0]] != "expired" })
		}
		if dbtest.Race {
			all = slices.DeleteFunc(all, func(order []int) bool { return happenings[order[len(order)-1]] != "created" })
		}
		l := w.MustLink(int64(len(all)))
		attempts := make([]attempt.Attempt, len(all))
		var group sync.WaitGroup
		for worker := range 16 {
			group.Go(func() {
				for i := worker; i < len(all); i += 16 {
					var err error
					if attempts[i], err = live(w, l, all[i]); err != nil {
						t.Errorf("%v: %v", all[i], err)
					}
				}
			})
		}
		group.Wait()
		if t.Failed() {
			return
		}
		for i, a := range attempts {
			v := w.View(a)
			if v.State != attempt.Paid || v.Status() != history.StatusPartiallyRefunded || v.Refunded() != paymenttest.Eur(1000) || v.Receipt == "" {
				t.Errorf("%v: %s, %s, refunded %s, receipt %q", all[i], v.State, v.Status(), v.Refunded(), v.Receipt)
			}
		}
		for query, want := range map[string]int{
			`SELECT COUNT(*) FROM payments WHERE refunded_minor = 1000 AND reserved_minor = 0 AND disputed_minor = captured_minor`: len(all),
			`SELECT COUNT(*) FROM disputes WHERE state = 'open'`:                                                                   len(all),
			`SELECT COUNT(*) FROM refunds WHERE state = 'done' AND origin = 'provider'`:                                            len(all),
			`SELECT COUNT(*) FROM webhook_inbox WHERE processed_at IS NULL`:                                                        0,
		} {
			if got := w.Count(query); got != int64(want) {
				t.Errorf("%s: %d, want %d", query, got, want)
			}
		}
		if got := w.Slots(l); got != (link.Slots{Used: int64(len(all))}) {
			t.Errorf("slots %+v", got)
		}
		w.MustHold()
	})
}

// A report that another business's provider account signed, about a payment of
// ours or one that was made up, is answered like any other and changes nothing.
func TestReportsAboutOthersPaymentsChangeAndTellNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := paymenttest.MustWorld(t, d)
		ours := w.Business
		a := w.MustStart(w.Ask(w.MustLink(1)))
		w.Decide(a, sandbox.Paid)
		w.Business = businesstest.Make(t, d, "other")
		for i, ref := range []string{a.ProviderRef, "sbx_00000000000000000000000000", string(a.ID), "' OR 1=1 --"} {
			if err := tell(w, attempt.Attempt{ProviderRef: ref}, fmt.Sprintf("evt_%d", i)); err != nil {
				t.Errorf("%q is answered %v, which tells it from the others", ref, err)
			}
		}
		w.Business = ours
		w.Expect(a, attempt.Open, history.StatusOpen)
		if n := w.Count(`SELECT COUNT(*) FROM webhook_inbox WHERE business_id = $1`, ours.ID); n != 0 {
			t.Errorf("%d reports are in the wrong inbox", n)
		}
	})
}

// orders are all orders of the events, each event once.
func orders(events []sandbox.Outcome) [][]sandbox.Outcome {
	if len(events) == 0 {
		return [][]sandbox.Outcome{nil}
	}
	var all [][]sandbox.Outcome
	for i, first := range events {
		rest := append(append([]sandbox.Outcome{}, events[:i]...), events[i+1:]...)
		for _, order := range orders(rest) {
			all = append(all, append([]sandbox.Outcome{first}, order...))
		}
	}
	return all
}

// Whatever the provider says in whichever order, heard each time or only at
// the end: once it says paid, there is one payment, and it stays.
func TestAllOrdersOfEventsEndInOnePayment(t *testing.T) {
	if dbtest.Race {
		t.Skip("one thing happens after another: the detector has nothing to find")
	}
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := paymenttest.MustWorld(t, d)
		for i, order := range orders([]sandbox.Outcome{sandbox.Pending, sandbox.Failed, sandbox.Expired, sandbox.Paid}) {
			for _, heard := range []bool{true, false} {
				l := w.MustLink(1)
				a := w.MustStart(w.Ask(l))
				for _, outcome := range order {
					_, err := w.Sandbox.Decide(t.Context(), a.ProviderRef, outcome, sandbox.Lost)
					if err != nil && !fault.Is(err, fault.Conflict) {
						t.Fatal(err)
					}
					if heard {
						w.MustSync(a)
						w.MustSync(a)
					}
				}
				if v := w.MustSync(a); v.Status() != history.StatusPaid || w.Slots(l) != (link.Slots{Used: 1}) {
					t.Errorf("order %d %v, heard %v: %s, slots %+v", i, order, heard, v.Status(), w.Slots(l))
				}
			}
		}
		w.MustHold()
	})
}
