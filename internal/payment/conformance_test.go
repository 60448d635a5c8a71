package payment_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/link"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/payment/history"
	"smartlinks/internal/payment/keyring"
	"smartlinks/internal/payment/linetest"
	"smartlinks/internal/payment/provider"
)

func TestEveryProviderTakesMoney(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		parties(t, d, func(t *testing.T, w *partyWorld) {
			l := w.mustLink(2)
			a := w.mustStart(w.ask(l))
			if a.State != attempt.Open || a.CheckoutURL == "" || a.Mode != business.Test {
				t.Fatalf("started as %s at %q in %s", a.State, a.CheckoutURL, a.Mode)
			}
			w.do(a.ProviderRef, provider.RemotePaid)
			v := w.mustSync(a)
			if v.State != attempt.Paid || v.Receipt == "" || v.Method == "" || v.PaidAt.IsZero() {
				t.Errorf("it is %s, receipt %q, by %q, at %v", v.State, v.Receipt, v.Method, v.PaidAt)
			}
			byHook := w.mustStart(w.ask(l))
			w.do(byHook.ProviderRef, provider.RemotePaid)
			w.party.report(byHook.ProviderRef)
			if w.party.line == nil { // the sandbox reports a first decision alone
				w.mustSync(byHook)
			}
			w.expect(byHook, attempt.Paid, history.StatusPaid)
			if s := w.slots(l); s.Used != 2 || s.Held != 0 {
				t.Errorf("slots %+v", s)
			}
			w.mustHold()
		})
	})
}

func TestEveryProviderPinsWhatIsPending(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		parties(t, d, func(t *testing.T, w *partyWorld) {
			l := w.mustLink(1)
			a := w.mustStart(w.ask(l))
			w.do(a.ProviderRef, provider.RemotePending)
			w.mustSync(a)
			w.pass(3 * time.Hour)
			w.expect(a, attempt.Pending, history.StatusPending)
			if s := w.slots(l); s.Held != 1 {
				t.Errorf("slots %+v", s)
			}
			w.do(a.ProviderRef, provider.RemotePaid)
			w.pass(2 * time.Hour)
			w.expect(a, attempt.Paid, history.StatusPaid)
			w.mustHold()
		})
	})
}

func TestEveryProviderGivesTheSlotBackWhenTheTimeIsUp(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		parties(t, d, func(t *testing.T, w *partyWorld) {
			l := w.mustLink(1)
			a := w.mustStart(w.ask(l))
			w.pass(31 * time.Minute)
			if w.payments.Providers[a.Provider] != nil && strings.HasPrefix(a.ProviderRef, "tr_") {
				w.expect(a, attempt.Closing, history.StatusOpen) // Mollie ends it by itself, some time later
				if s := w.slots(l); s.Held != 1 {
					t.Errorf("given back before it was confirmed: %+v", s)
				}
				w.do(a.ProviderRef, provider.RemoteExpired)
				w.pass(time.Hour)
			}
			w.expect(a, attempt.Released, history.StatusExpired)
			if s := w.slots(l); s.Held != 0 || s.Used != 0 {
				t.Errorf("slots %+v", s)
			}
		})
	})
}

func TestEveryProviderRefundsWhatCameTooLate(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		parties(t, d, func(t *testing.T, w *partyWorld) {
			l := w.mustLink(1)
			late := w.mustStart(w.ask(l))
			w.do(late.ProviderRef, provider.RemoteExpired)
			w.mustSync(late)
			quick := w.mustStart(w.ask(l))
			w.do(quick.ProviderRef, provider.RemotePaid)
			w.mustSync(quick)
			w.do(late.ProviderRef, provider.RemotePaid) // all the same
			w.mustSync(late)
			w.pass(time.Hour)
			w.expect(late, attempt.Paid, history.StatusOverflow)
			if !w.refunded(late.ProviderRef) || w.refunded(quick.ProviderRef) {
				t.Errorf("refunded: the late one %v, the other %v", w.refunded(late.ProviderRef), w.refunded(quick.ProviderRef))
			}
			w.mustHold()
		})
	})
}

func TestNoProviderIsBelievedAboutOtherMoney(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		parties(t, d, func(t *testing.T, w *partyWorld) {
			for name, lie := range map[string]func(ref string){
				"half the amount":  func(ref string) { w.alter(ref, "", "", true) },
				"another currency": func(ref string) { w.alter(ref, "USD", "", false) },
				"another attempt":  func(ref string) { w.alter(ref, "", "pay_other", false) },
			} {
				a := w.mustStart(w.ask(w.mustLink(1)))
				lie(a.ProviderRef)
				w.do(a.ProviderRef, provider.RemotePaid)
				w.mustSync(a)
				if v := w.view(a); v.State != attempt.Review || v.Receipt != "" {
					t.Errorf("%s: %s, receipt %q", name, v.State, v.Receipt)
				}
			}
		})
	})
}

// A broken line is doubt, never an end: the slot stays held, and the truth comes
// when the line is mended.
func TestABrokenLineDecidesNothing(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		others(t, d, func(t *testing.T, w *partyWorld) {
			for _, broken := range linetest.Faults() {
				if broken == linetest.Silent {
					continue // it takes as long as our patience; see the providers' own tests
				}
				l := w.mustLink(1)
				made := w.made()
				w.party.line.Break(slices.Repeat([]linetest.Fault{broken}, 9)...) // net/http tries again by itself, too
				a := w.mustStart(w.ask(l))
				if a.State != attempt.Creating || w.slots(l).Held != 1 {
					t.Errorf("%s: started as %s, slots %+v", broken, a.State, w.slots(l))
				}
				w.party.line.Mend()
				w.pass(5 * time.Minute)
				a.ProviderRef = w.view(a).ProviderRef
				w.expect(a, attempt.Open, history.StatusOpen)
				if n := w.made() - made; n != 1 {
					t.Errorf("%s: %d checkouts were made", broken, n)
				}
				w.do(a.ProviderRef, provider.RemotePaid)
				w.party.line.Break(slices.Repeat([]linetest.Fault{broken}, 9)...)
				if _, err := w.payments.Sync(t.Context(), a.BusinessID, a.ID, attempt.CauseReturn); !isAway(err) {
					t.Errorf("%s: syncing says %v", broken, err)
				}
				w.expect(a, attempt.Open, history.StatusOpen)
				w.party.line.Mend()
				w.mustSync(a)
				w.expect(a, attempt.Paid, history.StatusPaid)
			}
			w.mustHold()
		})
	})
}

func TestAStatusOfTomorrowDecidesNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		others(t, d, func(t *testing.T, w *partyWorld) {
			l := w.mustLink(1)
			a := w.mustStart(w.ask(l))
			w.odd(a.ProviderRef)
			w.mustSync(a)
			w.expect(a, attempt.Open, history.StatusOpen)
			if w.slots(l).Held != 1 {
				t.Error("the slot was given back")
			}
		})
	})
}

func TestARevokedKeyChargesNothingAndIsNoticed(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		others(t, d, func(t *testing.T, w *partyWorld) {
			l := w.mustLink(2)
			before := w.mustStart(w.ask(l))
			w.revoke()
			_, err := w.payments.Start(t.Context(), w.ask(l))
			if !isAway(err) || !strings.Contains(err.Error(), "cannot take payments right now") {
				t.Errorf("starting says %v", err)
			}
			if s := w.slots(l); s.Held != 1 || s.Used != 0 {
				t.Errorf("slots %+v", s)
			}
			if _, err := w.payments.Sync(t.Context(), before.BusinessID, before.ID, attempt.CauseReturn); !isAway(err) {
				t.Errorf("syncing what is under way says %v", err)
			}
			w.expect(before, attempt.Open, history.StatusOpen) // its money may be there
			accounts, err := w.ring.List(t.Context(), w.business.ID)
			if err != nil || len(accounts) != 1 || accounts[0].Status != keyring.Refused || accounts[0].Problem == "" {
				t.Errorf("accounts %+v, %v", accounts, err)
			}
		})
	})
}

// What comes to Mollie's hook is signed by nobody, so it may not even fill the
// inbox.
func TestAnUnsignedWebhookAboutNothingLeavesNothing(t *testing.T) {
	w := mustParty(t, dbtest.SQLite(t), "mollie")
	a := w.mustStart(w.ask(w.mustLink(1)))
	for id, want := range map[string]int{"tr_unknown": http.StatusNoContent, "ord_1": http.StatusBadRequest, "": http.StatusBadRequest} {
		got, err := http.PostForm(w.payments.Addresses.Origin()+"/hooks/mollie/"+string(w.business.ID), url.Values{"id": {id}})
		if err != nil || got.StatusCode != want {
			t.Errorf("%q was answered %v, %v", id, got.StatusCode, err)
		}
		_ = got.Body.Close()
	}
	if n := w.count(`SELECT COUNT(*) FROM webhook_inbox`); n != 0 {
		t.Errorf("%d were stored", n)
	}
	w.party.report(a.ProviderRef)
	w.party.report(a.ProviderRef) // nothing tells them apart: one row, however often
	if n := w.count(`SELECT COUNT(*) FROM webhook_inbox WHERE processed_at IS NOT NULL`); n != 1 {
		t.Errorf("%d about a payment of ours are kept", n)
	}
	w.expect(a, attempt.Open, history.StatusOpen)
}

// An attempt stays with the account it was started in, whatever the business
// uses since.
func TestWhatIsUnderWayIsSettledWhereItWasStarted(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustParty(t, d, "stripe")
		l := w.mustLink(link.MaxLimit)
		a := w.mustStart(w.ask(l))
		if err := w.ring.Disconnect(t.Context(), w.business, "stripe", business.Test); err == nil {
			t.Error("an account with payments under way was disconnected")
		}
		w.connect("mollie", mollieKey)
		w.do(a.ProviderRef, provider.RemotePaid)
		w.mustSync(a)
		w.expect(a, attempt.Paid, history.StatusPaid)
		if err := w.ring.Disconnect(t.Context(), w.business, "stripe", business.Test); err != nil {
			t.Error(err)
		}
	})
}
