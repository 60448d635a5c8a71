package conformance_test

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
	"smartlinks/internal/payment/paymenttest"
	"smartlinks/internal/payment/provider"
)

func TestEveryProviderTakesMoney(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		paymenttest.Parties(t, d, func(t *testing.T, w *paymenttest.PartyWorld) {
			l := w.MustLink(2)
			a := w.MustStart(w.Ask(l))
			if a.State != attempt.Open || a.CheckoutURL == "" || a.Mode != business.Test {
				t.Fatalf("started as %s at %q in %s", a.State, a.CheckoutURL, a.Mode)
			}
			w.Do(a.ProviderRef, provider.RemotePaid)
			v := w.MustSync(a)
			if v.State != attempt.Paid || v.Receipt == "" || v.Method == "" || v.PaidAt.IsZero() {
				t.Errorf("it is %s, receipt %q, by %q, at %v", v.State, v.Receipt, v.Method, v.PaidAt)
			}
			byHook := w.MustStart(w.Ask(l))
			w.Do(byHook.ProviderRef, provider.RemotePaid)
			w.Party.Report(byHook.ProviderRef)
			if w.Party.Line == nil { // the sandbox reports a first decision alone
				w.MustSync(byHook)
			}
			w.Expect(byHook, attempt.Paid, history.StatusPaid)
			if s := w.Slots(l); s.Used != 2 || s.Held != 0 {
				t.Errorf("slots %+v", s)
			}
			w.MustHold()
		})
	})
}

func TestEveryProviderPinsWhatIsPending(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		paymenttest.Parties(t, d, func(t *testing.T, w *paymenttest.PartyWorld) {
			l := w.MustLink(1)
			a := w.MustStart(w.Ask(l))
			w.Do(a.ProviderRef, provider.RemotePending)
			w.MustSync(a)
			w.Pass(3 * time.Hour)
			w.Expect(a, attempt.Pending, history.StatusPending)
			if s := w.Slots(l); s.Held != 1 {
				t.Errorf("slots %+v", s)
			}
			w.Do(a.ProviderRef, provider.RemotePaid)
			w.Pass(2 * time.Hour)
			w.Expect(a, attempt.Paid, history.StatusPaid)
			w.MustHold()
		})
	})
}

func TestEveryProviderGivesTheSlotBackWhenTheTimeIsUp(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		paymenttest.Parties(t, d, func(t *testing.T, w *paymenttest.PartyWorld) {
			l := w.MustLink(1)
			a := w.MustStart(w.Ask(l))
			w.Pass(31 * time.Minute)
			if w.Payments.Providers[a.Provider] != nil && strings.HasPrefix(a.ProviderRef, "tr_") {
				w.Expect(a, attempt.Closing, history.StatusOpen) // Mollie ends it by itself, some time later
				if s := w.Slots(l); s.Held != 1 {
					t.Errorf("given back before it was confirmed: %+v", s)
				}
				w.Do(a.ProviderRef, provider.RemoteExpired)
				w.Pass(time.Hour)
			}
			w.Expect(a, attempt.Released, history.StatusExpired)
			if s := w.Slots(l); s.Held != 0 || s.Used != 0 {
				t.Errorf("slots %+v", s)
			}
		})
	})
}

func TestEveryProviderRefundsWhatCameTooLate(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		paymenttest.Parties(t, d, func(t *testing.T, w *paymenttest.PartyWorld) {
			l := w.MustLink(1)
			late := w.MustStart(w.Ask(l))
			w.Do(late.ProviderRef, provider.RemoteExpired)
			w.MustSync(late)
			quick := w.MustStart(w.Ask(l))
			w.Do(quick.ProviderRef, provider.RemotePaid)
			w.MustSync(quick)
			w.Do(late.ProviderRef, provider.RemotePaid) // all the same
			w.MustSync(late)
			w.Pass(time.Hour)
			w.Expect(late, attempt.Paid, history.StatusOverflow)
			if !w.Refunded(late.ProviderRef) || w.Refunded(quick.ProviderRef) {
				t.Errorf("refunded: the late one %v, the other %v", w.Refunded(late.ProviderRef), w.Refunded(quick.ProviderRef))
			}
			w.MustHold()
		})
	})
}

func TestNoProviderIsBelievedAboutOtherMoney(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		paymenttest.Parties(t, d, func(t *testing.T, w *paymenttest.PartyWorld) {
			for name, lie := range map[string]func(ref string){
				"half the amount":  func(ref string) { w.Alter(ref, "", "", true) },
				"another currency": func(ref string) { w.Alter(ref, "USD", "", false) },
				"another attempt":  func(ref string) { w.Alter(ref, "", "pay_other", false) },
			} {
				a := w.MustStart(w.Ask(w.MustLink(1)))
				lie(a.ProviderRef)
				w.Do(a.ProviderRef, provider.RemotePaid)
				w.MustSync(a)
				if v := w.View(a); v.State != attempt.Review || v.Receipt != "" {
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
		paymenttest.Others(t, d, func(t *testing.T, w *paymenttest.PartyWorld) {
			for _, broken := range linetest.Faults() {
				if broken == linetest.Silent {
					continue // it takes as long as our patience; see the providers' own tests
				}
				l := w.MustLink(1)
				made := w.Made()
				w.Party.Line.Break(slices.Repeat([]linetest.Fault{broken}, 9)...) // net/http tries again by itself, too
				a := w.MustStart(w.Ask(l))
				if a.State != attempt.Creating || w.Slots(l).Held != 1 {
					t.Errorf("%s: started as %s, slots %+v", broken, a.State, w.Slots(l))
				}
				w.Party.Line.Mend()
				w.Pass(5 * time.Minute)
				a.ProviderRef = w.View(a).ProviderRef
				w.Expect(a, attempt.Open, history.StatusOpen)
				if n := w.Made() - made; n != 1 {
					t.Errorf("%s: %d checkouts were made", broken, n)
				}
				w.Do(a.ProviderRef, provider.RemotePaid)
				w.Party.Line.Break(slices.Repeat([]linetest.Fault{broken}, 9)...)
				if _, err := w.Payments.Sync(t.Context(), a.BusinessID, a.ID, attempt.CauseReturn); !paymenttest.IsAway(err) {
					t.Errorf("%s: syncing says %v", broken, err)
				}
				w.Expect(a, attempt.Open, history.StatusOpen)
				w.Party.Line.Mend()
				w.MustSync(a)
				w.Expect(a, attempt.Paid, history.StatusPaid)
			}
			w.MustHold()
		})
	})
}

func TestAStatusOfTomorrowDecidesNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		paymenttest.Others(t, d, func(t *testing.T, w *paymenttest.PartyWorld) {
			l := w.MustLink(1)
			a := w.MustStart(w.Ask(l))
			w.Odd(a.ProviderRef)
			w.MustSync(a)
			w.Expect(a, attempt.Open, history.StatusOpen)
			if w.Slots(l).Held != 1 {
				t.Error("the slot was given back")
			}
		})
	})
}

func TestARevokedKeyChargesNothingAndIsNoticed(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		paymenttest.Others(t, d, func(t *testing.T, w *paymenttest.PartyWorld) {
			l := w.MustLink(2)
			before := w.MustStart(w.Ask(l))
			w.Revoke()
			_, err := w.Payments.Start(t.Context(), w.Ask(l))
			if !paymenttest.IsAway(err) || !strings.Contains(err.Error(), "cannot take payments right now") {
				t.Errorf("starting says %v", err)
			}
			if s := w.Slots(l); s.Held != 1 || s.Used != 0 {
				t.Errorf("slots %+v", s)
			}
			if _, err := w.Payments.Sync(t.Context(), before.BusinessID, before.ID, attempt.CauseReturn); !paymenttest.IsAway(err) {
				t.Errorf("syncing what is under way says %v", err)
			}
			w.Expect(before, attempt.Open, history.StatusOpen) // its money may be there
			accounts, err := w.Ring.List(t.Context(), w.Business.ID)
			if err != nil || len(accounts) != 1 || accounts[0].Status != keyring.Refused || accounts[0].Problem == "" {
				t.Errorf("accounts %+v, %v", accounts, err)
			}
		})
	})
}

// What comes to Mollie's hook is signed by nobody, so it may not even fill the
// inbox.
func TestAnUnsignedWebhookAboutNothingLeavesNothing(t *testing.T) {
	w := paymenttest.MustParty(t, dbtest.SQLite(t), "mollie")
	a := w.MustStart(w.Ask(w.MustLink(1)))
	for id, want := range map[string]int{"tr_unknown": http.StatusNoContent, "ord_1": http.StatusBadRequest, "": http.StatusBadRequest} {
		got, err := http.PostForm(w.Payments.Addresses.Origin()+"/hooks/mollie/"+string(w.Business.ID), url.Values{"id": {id}})
		if err != nil || got.StatusCode != want {
			t.Errorf("%q was answered %v, %v", id, got.StatusCode, err)
		}
		_ = got.Body.Close()
	}
	if n := w.Count(`SELECT COUNT(*) FROM webhook_inbox`); n != 0 {
		t.Errorf("%d were stored", n)
	}
	w.Party.Report(a.ProviderRef)
	w.Party.Report(a.ProviderRef) // nothing tells them apart: one row, however often
	if n := w.Count(`SELECT COUNT(*) FROM webhook_inbox WHERE processed_at IS NOT NULL`); n != 1 {
		t.Errorf("%d about a payment of ours are kept", n)
	}
	w.Expect(a, attempt.Open, history.StatusOpen)
}

// An attempt stays with the account it was started in, whatever the business
// uses since.
func TestWhatIsUnderWayIsSettledWhereItWasStarted(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := paymenttest.MustParty(t, d, "stripe")
		l := w.MustLink(link.MaxLimit)
		a := w.MustStart(w.Ask(l))
		if err := w.Ring.Disconnect(t.Context(), w.Business, "stripe", business.Test); err == nil {
			t.Error("an account with payments under way was disconnected")
		}
		w.Connect("mollie", paymenttest.MollieKey)
		w.Do(a.ProviderRef, provider.RemotePaid)
		w.MustSync(a)
		w.Expect(a, attempt.Paid, history.StatusPaid)
		if err := w.Ring.Disconnect(t.Context(), w.Business, "stripe", business.Test); err != nil {
			t.Error(err)
		}
	})
}
