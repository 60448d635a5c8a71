package payment_test

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
	"smartlinks/internal/link"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/payment/history"
	"smartlinks/internal/payment/provider"
	"smartlinks/internal/payment/sandbox"
)

// happenings are what happens to a payment at the provider, in this order. Each
// is reported by an event of its own, which may arrive in any order.
var happenings = []string{"created", "failed", "expired", "paid", "refunded", "disputed"}

// happen lets the n-th of them happen at the provider, unreported.
func (w *world) happen(a attempt.Attempt, n int) error {
	switch happenings[n] {
	case "created":
		return nil
	case "refunded": // a part, by the merchant at the provider
		at := provider.Account{Business: w.business.ID, Mode: w.business.Mode}
		_, err := w.sandbox.Refund(w.t.Context(), at, a.ProviderRef, provider.RefundOrder{Key: "by hand", Amount: eur(1000), Description: "Workshop"})
		return err
	}
	_, err := w.sandbox.Decide(w.t.Context(), a.ProviderRef, sandbox.Outcome(happenings[n]), sandbox.Lost)
	return err
}

// tell delivers an event about an attempt's checkout as the sandbox signs it.
func (w *world) tell(a attempt.Attempt, event string) error {
	body := fmt.Appendf(nil, `{"id": %q, "type": "payment.updated", "object": %q}`, event, a.ProviderRef)
	at := strconv.FormatInt(w.d.Clock().Wall().Unix(), 10)
	of := func(key []byte, text string) []byte {
		mac := hmac.New(sha256.New, key)
		mac.Write([]byte(text))
		return mac.Sum(nil)
	}
	signature := hex.EncodeToString(of(of(sandboxSecret, "sandbox webhooks of "+string(w.business.ID)), at+"."+string(body)))
	header := http.Header{sandbox.SignatureHeader: {"t=" + at + ",v1=" + signature}}
	return w.payments.ReceiveWebhook(w.t.Context(), w.business, sandbox.Name, header, body)
}

// live lets everything happen to a new payment and delivers the events in the
// order, each other one twice. An event arrives after what it tells of.
func (w *world) live(l link.Link, order []int) (attempt.Attempt, error) {
	a, err := w.payments.Start(w.t.Context(), w.ask(l))
	if err != nil {
		return a, err
	}
	happened := 0
	for _, n := range order {
		for ; happened <= n; happened++ {
			if err := w.happen(a, happened); err != nil {
				return a, fmt.Errorf("%s: %w", happenings[happened], err)
			}
		}
		for range 1 + n%2 {
			if err := w.tell(a, fmt.Sprintf("evt_%s_%d", a.ID, n)); err != nil {
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
		w := mustWorld(t, d)
		all := permutations(len(happenings))
		if d.Engine() == db.PostgreSQL || dbtest.Race {
			all = slices.DeleteFunc(all, func(order []int) bool { return happenings[order[0]] != "expired" })
		}
		if dbtest.Race {
			all = slices.DeleteFunc(all, func(order []int) bool { return happenings[order[len(order)-1]] != "created" })
		}
		l := w.mustLink(int64(len(all)))
		attempts := make([]attempt.Attempt, len(all))
		var group sync.WaitGroup
		for worker := range 16 {
			group.Go(func() {
				for i := worker; i < len(all); i += 16 {
					var err error
					if attempts[i], err = w.live(l, all[i]); err != nil {
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
			v := w.view(a)
			if v.State != attempt.Paid || v.Status() != history.StatusPartiallyRefunded || v.Refunded() != eur(1000) || v.Receipt == "" {
				t.Errorf("%v: %s, %s, refunded %s, receipt %q", all[i], v.State, v.Status(), v.Refunded(), v.Receipt)
			}
		}
		for query, want := range map[string]int{
			`SELECT COUNT(*) FROM payments WHERE refunded_minor = 1000 AND reserved_minor = 0 AND disputed_minor = captured_minor`: len(all),
			`SELECT COUNT(*) FROM disputes WHERE state = 'open'`:                                                                   len(all),
			`SELECT COUNT(*) FROM refunds WHERE state = 'done' AND origin = 'provider'`:                                            len(all),
			`SELECT COUNT(*) FROM webhook_inbox WHERE processed_at IS NULL`:                                                        0,
		} {
			if got := w.count(query); got != int64(want) {
				t.Errorf("%s: %d, want %d", query, got, want)
			}
		}
		if got := w.slots(l); got != (link.Slots{Used: int64(len(all))}) {
			t.Errorf("slots %+v", got)
		}
		w.mustHold()
	})
}

// A report that another business's provider account signed, about a payment of
// ours or one that was made up, is answered like any other and changes nothing.
func TestReportsAboutOthersPaymentsChangeAndTellNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		ours := w.business
		a := w.mustStart(w.ask(w.mustLink(1)))
		w.decide(a, sandbox.Paid)
		w.business = businesstest.Make(t, d, "other")
		for i, ref := range []string{a.ProviderRef, "sbx_00000000000000000000000000", string(a.ID), "' OR 1=1 --"} {
			if err := w.tell(attempt.Attempt{ProviderRef: ref}, fmt.Sprintf("evt_%d", i)); err != nil {
				t.Errorf("%q is answered %v, which tells it from the others", ref, err)
			}
		}
		w.business = ours
		w.expect(a, attempt.Open, history.StatusOpen)
		if n := w.count(`SELECT COUNT(*) FROM webhook_inbox WHERE business_id = $1`, ours.ID); n != 0 {
			t.Errorf("%d reports are in the wrong inbox", n)
		}
	})
}
