package recovery_test

import (
	"strings"
	"testing"
	"time"

	"smartlinks/internal/checkout"
	"smartlinks/internal/customer"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/fault"
	"smartlinks/internal/link"
	"smartlinks/internal/message/mailbox"
	"smartlinks/internal/payment"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/payment/sandbox"
	"smartlinks/internal/recovery"
)

func TestAMailBringsBackWhatWasTyped(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		w.change(func(f *link.Fields) { f.Checkout.Quantity = &checkout.Quantity{Min: 1, Max: 5} })
		a := w.left("jo@example.com", func(r *payment.StartRequest) {
			r.Payer.Notes, r.Quantity = "Window seat", 2
			r.Answers = checkout.Answers{Fields: []checkout.Answer{{Key: "shirt", Label: "Shirt", Type: checkout.Text, Values: []string{"L"}}}}
		})
		listed := w.unfinished()
		if len(listed) != 1 || listed[0].ID != a.ID || !listed[0].May() {
			t.Fatalf("%+v", listed)
		}
		asked, err := w.Recovery.Ask(t.Context(), w.acme, a.ID)
		if err != nil || asked.State != recovery.Sent || !asked.ByHand {
			t.Fatalf("%+v %v", asked, err)
		}
		if n := w.mails(); n != 1 {
			t.Fatalf("%d mails", n)
		}
		if _, err := w.Recovery.Ask(t.Context(), w.acme, a.ID); !fault.Is(err, fault.Conflict) {
			t.Errorf("asked twice: %v", err)
		}
		v, may, err := w.Recovery.Restore(t.Context(), w.acme.ID, asked.Token)
		if err != nil || !may || v.Payer.Name != "Payer" || v.Payer.Notes != "Window seat" || v.Quantity != 2 || len(v.Answers.Fields) != 1 {
			t.Fatalf("%v %v %+v", may, err, v)
		}
		if _, may, _ := w.Recovery.Restore(t.Context(), w.other.ID, asked.Token); may {
			t.Error("another business's token brings something back")
		}
		w.advance(7 * 24 * time.Hour)
		if _, may, _ := w.Recovery.Restore(t.Context(), w.acme.ID, asked.Token); may {
			t.Error("the token lives after seven days")
		}
		if _, err := w.Recovery.ByToken(t.Context(), asked.Token); err != nil {
			t.Errorf("the address of the mail leads nowhere afterwards: %v", err)
		}
	})
}

func TestATokenEndsWhenItIsPaidAndItsFiguresSayWhatItBrought(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		asked, err := w.Recovery.Ask(t.Context(), w.acme, w.left("jo@example.com").ID)
		if err != nil {
			t.Fatal(err)
		}
		w.pay("jo.work@example.com", func(r *payment.StartRequest) { // another address, the mail's own way
			r.Attribution.RecipientToken, r.Attribution.Channel = asked.Token, "recovery"
			r.BrowserKey = browser
		})
		if _, may, _ := w.Recovery.Restore(t.Context(), w.acme.ID, asked.Token); may {
			t.Error("the token lives although it is paid")
		}
		now := d.Clock().Now()
		f, err := w.Recovery.FiguresOf(t.Context(), w.acme, now.Add(-time.Hour), now)
		if err != nil || f.Asked != 1 || f.Paid != 1 || len(f.Revenue) != 1 || f.Revenue[0].Minor != 4900 {
			t.Errorf("%+v %v", f, err)
		}
		for what, none := range map[string]func() (recovery.Figures, error){
			"the days before": func() (recovery.Figures, error) {
				return w.Recovery.FiguresOf(t.Context(), w.acme, now.Add(-48*time.Hour), now.Add(-24*time.Hour))
			},
			"another business": func() (recovery.Figures, error) {
				return w.Recovery.FiguresOf(t.Context(), w.other, now.Add(-time.Hour), now)
			},
		} {
			if f, err := none(); err != nil || f.Asked != 0 || f.Paid != 0 || f.Revenue != nil {
				t.Errorf("%s: %+v %v", what, f, err)
			}
		}
		if len(w.unfinished()) != 0 {
			t.Error("what was paid is listed")
		}
	})
}

// rules are what happens to somebody who did not finish, and why they are not asked then.
var rules = []struct {
	name   string
	happen func(w *world, a attempt.Attempt)
	want   recovery.Obstacle
}{
	{"paid since", func(w *world, _ attempt.Attempt) { w.pay("JO@example.com") }, recovery.PaidSince},
	{"paid in the same browser", func(w *world, _ attempt.Attempt) {
		w.pay("else@example.com", func(r *payment.StartRequest) { r.BrowserKey = browser })
	}, recovery.PaidSince},
	{"paid by hand", func(w *world, _ attempt.Attempt) { w.record("jo@example.com") }, recovery.PaidSince},
	{"tries again", func(w *world, _ attempt.Attempt) { w.start("jo@example.com") }, recovery.TriedAgain},
	{"gets reminders", func(w *world, _ attempt.Attempt) { w.remind("jo@example.com") }, recovery.Reminded},
	{"opted out", func(w *world, _ attempt.Attempt) { w.optOut("Jo@example.com") }, recovery.OptedOut},
	{"link switched off", func(w *world, _ attempt.Attempt) { w.change(func(f *link.Fields) { f.Active = false }) }, recovery.Closed},
	{"link full", func(w *world, _ attempt.Attempt) {
		w.pay("first@example.com")
		w.change(func(f *link.Fields) { f.Limit = link.Limit{Kind: link.Once} })
	}, recovery.Closed},
	{"link ended", func(w *world, _ attempt.Attempt) {
		w.change(func(f *link.Fields) { at := w.d.Clock().Now().Add(time.Minute); f.EndsAt = &at })
		w.advance(2 * time.Minute)
	}, recovery.Closed},
	{"link deleted", func(w *world, _ attempt.Attempt) {
		if err := w.Links.Delete(w.Context(), w.acme, w.link.ID); err != nil {
			w.Fatal(err)
		}
	}, recovery.Closed},
	{"asked about another try", func(w *world, a attempt.Attempt) {
		if _, err := w.Recovery.Ask(w.Context(), w.acme, a.ID); err != nil {
			w.Fatal(err)
		}
	}, recovery.Asked},
	{"got three mails today", func(w *world, _ attempt.Attempt) {
		for range 3 {
			other, err := w.Links.Create(w.Context(), w.acme, link.Fields{Name: "Other", Active: true, Amount: w.link.Amount, Limit: link.Limit{Kind: link.Unlimited}})
			if err != nil {
				w.Fatal(err)
			}
			was := w.link
			w.link = other
			b := w.left("jo@example.com")
			if _, err := w.Recovery.Ask(w.Context(), w.acme, b.ID); err != nil {
				w.Fatal(err)
			}
			w.link = was
		}
	}, recovery.MailsUsedUp},
}

func TestWhoIsNotAskedByHand(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		first := mustWorld(t, d)
		for i, rule := range rules {
			w := first.again(i + 1)
			a := w.left("jo@example.com")
			rule.happen(w, a)
			before := w.mails()
			_, err := w.Recovery.Ask(t.Context(), w.acme, a.ID)
			if said := fault.Of(err); said == nil || said.Code != fault.Conflict || said.Message != rule.want.Sentence() {
				t.Errorf("%s: %v", rule.name, err)
			}
			if w.mails() != before {
				t.Errorf("%s: a mail goes out", rule.name)
			}
		}
	})
}

func TestWhoIsNotAskedWhenTheTimeHasCome(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		first := mustWorld(t, d)
		for i, rule := range rules {
			w := first.again(i + 1)
			w.byItself(24)
			a := w.left("jo@example.com")
			if w.standing(a).Recovery == nil {
				t.Fatalf("%s: nothing is planned", rule.name)
			}
			if rule.want == recovery.Asked {
				continue // there is one mail for the attempt: TestAMailBringsBackWhatWasTyped
			}
			rule.happen(w, a)
			before := w.mails()
			w.advance(24*time.Hour - 5*time.Minute) // whatever takes its hold ends before
			if rule.want == recovery.MailsUsedUp {
				continue // a day later the address may get mails again
			}
			w.advance(5 * time.Minute)
			got := w.standing(a)
			if got.Recovery.State != recovery.LeftOut || got.Recovery.Reason != rule.want && !(rule.want == recovery.TriedAgain && got.Recovery.Reason != recovery.None) {
				t.Errorf("%s: %+v", rule.name, got.Recovery)
			}
			if w.mailsAbout(a) != 0 {
				t.Errorf("%s: %d mails, before %d", rule.name, w.mails(), before)
			}
		}
	})
}

func TestWhoIsNotEvenPlanned(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		first := mustWorld(t, d)
		for i, rule := range rules {
			w := first.again(i + 1)
			if rule.want == recovery.MailsUsedUp || rule.name == "paid by hand" {
				continue // known when it is sent: to record a payment ends the checkout first
			}
			if rule.want == recovery.Asked {
				rule.happen(w, w.left("jo@example.com"))
			}
			w.byItself(1)
			a := w.start("jo@example.com")
			if rule.want != recovery.Asked {
				rule.happen(w, a)
			}
			w.end(a, sandbox.Expired)
			if r := w.standing(a).Recovery; r != nil {
				t.Errorf("%s: %+v", rule.name, r)
			}
		}
	})
}

func TestMailsGoOutByThemselvesOnceAndOnlyWhereItIsSwitchedOn(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		w.left("off@example.com")
		w.advance(25 * time.Hour)
		if w.mails() != 0 {
			t.Fatal("it is on without being switched on")
		}
		for _, wrong := range []int64{-1, 25} {
			if err := w.Recovery.SetHours(t.Context(), w.acme.ID, wrong); !fault.Is(err, fault.Invalid) {
				t.Errorf("%d hours: %v", wrong, err)
			}
		}
		w.byItself(3)
		a := w.left("jo@example.com")
		w.advance(3*time.Hour - time.Minute)
		if w.mails() != 0 {
			t.Fatal("a mail goes out early")
		}
		w.advance(time.Minute)
		w.advance(48 * time.Hour)
		if got := w.standing(a); w.mails() != 1 || got.Recovery.State != recovery.Sent || got.Recovery.ByHand {
			t.Errorf("%d mails, %+v", w.mails(), got.Recovery)
		}
		b := w.left("kim@example.com")
		w.byItself(0)
		w.advance(4 * time.Hour)
		if w.mails() != 1 || w.standing(b).Recovery != nil {
			t.Error("what was planned goes out although it was switched off")
		}
	})
}

func TestAStrangersMailSaysNothingThatWasTyped(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		a := w.left("jo@example.com", func(r *payment.StartRequest) { r.Payer.Name, r.Payer.Notes = "Buy at evil.example", "evil notes" })
		if _, err := w.Recovery.Ask(t.Context(), w.acme, a.ID); err != nil {
			t.Fatal(err)
		}
		if err := w.Due(t.Context()); err != nil {
			t.Fatal(err)
		}
		mails, err := w.Mailbox.List(t.Context(), mailbox.Filter{Limit: 10})
		if err != nil || len(mails) != 1 {
			t.Fatalf("%d %v", len(mails), err)
		}
		for words, want := range map[string]bool{"evil": false, "Workshop": true, "/r/": true, "/s/": true} {
			if strings.Contains(mails[0].Subject+mails[0].Text+mails[0].HTML, words) != want {
				t.Errorf("%q: %s", words, mails[0].Text)
			}
		}
	})
}

func TestErasingACustomerEndsTheirTokens(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		asked, err := w.Recovery.Ask(t.Context(), w.acme, w.left("jo@example.com").ID)
		if err != nil {
			t.Fatal(err)
		}
		c, err := w.Customers.Create(t.Context(), w.acme, customer.Fields{Name: "Jo", Email: "jo@example.com"})
		if err == nil {
			err = w.Customers.Erase(t.Context(), w.acme.ID, c.ID)
		}
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Recovery.ByToken(t.Context(), asked.Token); !fault.Is(err, fault.NotFound) {
			t.Errorf("%v", err)
		}
	})
}
