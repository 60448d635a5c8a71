package payment_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"testing"

	"smartlinks/internal/address/addresstest"
	"smartlinks/internal/business"
	"smartlinks/internal/checkout"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/fault"
	"smartlinks/internal/link"
	"smartlinks/internal/payment"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/payment/history"
	"smartlinks/internal/payment/paymenttest"
	"smartlinks/internal/payment/provider"
	"smartlinks/internal/payment/sandbox"
)

// asks is a sandbox that hears what it is asked, and may do something before it answers.
type asks struct {
	*sandbox.Sandbox
	orders []provider.Order
	backs  []provider.RefundOrder
	before func(context.Context, provider.Order) error
}

func (s *asks) Start(ctx context.Context, o provider.Order) (provider.Checkout, error) {
	s.orders = append(s.orders, o)
	if s.before != nil {
		if err := s.before(ctx, o); err != nil {
			return provider.Checkout{}, err
		}
	}
	return s.Sandbox.Start(ctx, o)
}

func (s *asks) Refund(ctx context.Context, account provider.Account, ref string, o provider.RefundOrder) (provider.RemoteRefund, error) {
	s.backs = append(s.backs, o)
	return s.Sandbox.Refund(ctx, account, ref, o)
}

// The payer's bank names a refund by the receipt, which the payer has, and money that got
// none by what it was for.
func TestARefundIsCalledByItsReceipt(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w, s := askedWorld(t, d)
		a := w.MustPay(w.MustLink(0))
		w.MustRefund(a, payment.RefundRequest{Amount: paymenttest.Part(100)})
		late := w.MustComeTooLate()
		w.MustSync(late)
		if len(s.backs) != 2 || s.backs[0].Description != w.View(a).Receipt || s.backs[1].Description != late.Title {
			t.Errorf("asked for %+v", s.backs)
		}
	})
}

func askedWorld(t *testing.T, d *db.DB) (*paymenttest.World, *asks) {
	s := &asks{}
	return paymenttest.MustWorld(t, d, func(c *payment.Config, sandbox *sandbox.Sandbox) {
		s.Sandbox = sandbox
		c.Providers[business.Sandbox], c.Providers["other"] = s, s
	}), s
}

// A checkout is asked for once; where the first answer is lost, once more, while the payer
// waits.
func TestALostAnswerIsAskedForOnceMoreAtOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w, s := askedWorld(t, d)
		l := w.MustLink(0)
		if a := w.MustStart(w.Ask(l)); a.CheckoutURL == "" || len(s.orders) != 1 {
			t.Errorf("asked %d times for %q", len(s.orders), a.CheckoutURL)
		}
		s.orders, s.before = nil, func(context.Context, provider.Order) error {
			if len(s.orders) == 1 {
				return paymenttest.ErrTimeout
			}
			return nil
		}
		if a := w.MustStart(w.Ask(l)); a.CheckoutURL == "" || len(s.orders) != 2 || s.orders[0].AttemptID != s.orders[1].AttemptID {
			t.Errorf("asked %d times for %q", len(s.orders), a.CheckoutURL)
		}
	})
}

// Who is quicker with the same answer has stored it: the payer goes there all the same.
func TestAnAnswerThatSomebodyElseStoredLeadsThePayerOn(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w, s := askedWorld(t, d)
		s.before = func(ctx context.Context, o provider.Order) error {
			if len(s.orders) > 1 {
				return nil
			}
			_, err := w.Payments.Sync(ctx, w.Business.ID, o.AttemptID, attempt.CausePoller)
			return err
		}
		if a := w.MustStart(w.Ask(w.MustLink(1))); len(s.orders) != 2 || a.CheckoutURL == "" || a.State != attempt.Open {
			t.Errorf("asked %d times; %s at %q", len(s.orders), a.State, a.CheckoutURL)
		}
	})
}

// The sandbox lives here and reports past any proxy, every other provider to where payers
// come. Without a place of its own the sandbox does too.
func TestWhereProvidersReport(t *testing.T) {
	w, s := askedWorld(t, dbtest.SQLite(t))
	public := addresstest.Book().Origin()
	l := w.MustLink(0)
	to := func(provider string) string {
		r := w.Ask(l)
		r.Provider = provider
		w.MustStart(r)
		return s.orders[len(s.orders)-1].WebhookURL
	}
	if at := to(business.Sandbox); !strings.HasPrefix(at, w.Payments.HookURL+"/") || w.Payments.HookURL == public {
		t.Errorf("the sandbox reports to %s", at)
	}
	if at := to("other"); !strings.HasPrefix(at, public+"/") {
		t.Errorf("another provider reports to %s", at)
	}
	if p := payment.New(payment.Config{Queue: w.Queue, Addresses: addresstest.Book(), Log: slog.New(slog.DiscardHandler)}); p.HookURL != public {
		t.Errorf("without a place of its own it is %s", p.HookURL)
	}
}

// An attempt says where its payer came from, and what is wrong with what they added is told.
func TestWhatAPayerAsksForIsKept(t *testing.T) {
	w, s := askedWorld(t, dbtest.SQLite(t))
	r := w.AskUnits(w.MustUnits(9), 2)
	r.Extras = checkout.Extras{Tip: "10", CoverFee: true}
	a := w.MustStart(r)
	if a.Channel != "qr" {
		t.Errorf("the channel is %q", a.Channel)
	}
	lines := s.orders[0].Lines
	var sum int64
	for _, line := range lines {
		sum += line.Total()
	}
	if len(lines) != 3 || lines[1].Unit != paymenttest.Eur(980) || lines[2].Kind != checkout.FeeLine || sum != a.Amount.Minor {
		t.Errorf("the provider is told %+v of %s", lines, a.Amount)
	}
	r = w.AskUnits(w.MustUnits(9), 2)
	r.Attribution.Channel, r.Attribution.Detail, r.Attribution.Campaign = "", strings.Repeat("d", 60), strings.Repeat("c", 59)+"é"
	if a = w.MustStart(r); a.Channel != "direct" || len(s.orders[1].Lines) != 1 {
		t.Errorf("the channel is %q, the provider is told %+v", a.Channel, s.orders[1].Lines)
	}
	kept := slices.Collect(maps.Values(s.orders[1].Source)) // to make it anew; a text that is too long ends with a whole character
	if !slices.Contains(kept, r.Attribution.Detail) || !slices.Contains(kept, strings.Repeat("c", 59)) {
		t.Errorf("the provider keeps %q", kept)
	}
	r = w.Ask(w.MustUnits(9))
	r.Extras.Tip = "much"
	if _, err := w.Payments.Start(t.Context(), r); !fault.Is(err, fault.Invalid) {
		t.Errorf("a tip that is no number: %v", err)
	}
}

// held is a link that is paid in these ways alone.
func held(w *paymenttest.World, methods ...string) link.Link {
	w.T.Helper()
	amount := paymenttest.Eur(4900)
	return w.Create(link.Fields{Type: link.Amount, Name: "Held", Amount: &amount, Checkout: checkout.Rules{Methods: methods}})
}

func TestAnAttemptIsHeldToTheWaysOfItsLink(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := paymenttest.MustWorld(t, d)
		l := held(w, "IDEAL", "card", "bank_transfer", "ideal")
		if !slices.Equal(l.Checkout.Methods, []string{"ideal", "card", "bank_transfer"}) {
			t.Errorf("the link has %v", l.Checkout.Methods)
		}
		r := w.Ask(l)
		r.Attribution.VisitID = "visit-of-ways"
		a := w.MustStart(r)
		if kept, err := w.Payments.Get(t.Context(), w.Business.ID, a.ID); err != nil || !slices.Equal(kept.Methods, []string{"ideal", "card"}) {
			t.Errorf("%v, %v", kept.Methods, err)
		}
		if again := w.MustStart(r); again.ID != a.ID {
			t.Error("the same again is another attempt")
		}
		if r.Method = "card"; !slices.Equal(w.MustStart(r).Methods, []string{"card"}) {
			t.Error("another way to pay is the attempt before")
		}
		// Every way needs no names.
		all := held(w, "provider")
		if a := w.MustStart(w.Ask(all)); len(a.Methods) > 0 {
			t.Errorf("%v", a.Methods)
		}
		for _, methods := range [][]string{{""}, {"No way"}} {
			_, err := w.Links.Create(t.Context(), w.Business, link.Fields{Name: "Way", Amount: l.Amount, Checkout: checkout.Rules{Methods: methods}})
			if !fault.Is(err, fault.Invalid) || !fault.Fields(fault.Of(err).Fields).Has("methods") {
				t.Errorf("%q: %v", methods, err)
			}
		}
	})
}

// Checkouts that come together are each their own payer's, however many they are. One that a
// provider made for two attempts is the first one's, and keeps nobody else from theirs.
func TestCheckoutsThatComeTogetherAreEachTheirOwn(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w, line := paymenttest.BrokenWorld(t, d)
		line.Set(func() { line.StartErr = paymenttest.ErrTimeout })
		answers := make([]payment.Answer, 5)
		for i := range answers {
			answers[i] = payment.Answer{Attempt: w.MustStart(w.Ask(w.MustLink(1))), Made: provider.Checkout{Ref: fmt.Sprint("sbx_", i), URL: fmt.Sprint("https://pay.example/", i)}}
		}
		got, errs := w.Payments.OpenTogether(answers[:3]...)
		for i, a := range got {
			if errs[i] != nil || a.CheckoutURL != answers[i].Made.URL || a.State != attempt.Open {
				t.Errorf("payer %d: %s at %q, %v", i, a.State, a.CheckoutURL, errs[i])
			}
			w.Expect(a, attempt.Open, history.StatusOpen)
		}
		answers[3].Made.Ref = answers[0].Made.Ref
		_, errs = w.Payments.OpenTogether(answers[3:]...)
		if errs[0] == nil || errors.Is(errs[0], db.ErrAway) || errs[1] != nil {
			t.Errorf("one checkout for two: %v", errs)
		}
		if v := w.Expect(answers[3].Attempt, attempt.Creating, history.StatusOpen); v.CheckoutURL != "" {
			t.Errorf("the second one pays at %q", v.CheckoutURL)
		}
		if v := w.Expect(answers[4].Attempt, attempt.Open, history.StatusOpen); v.CheckoutURL != answers[4].Made.URL {
			t.Errorf("who came with it pays at %q", v.CheckoutURL)
		}
	})
}
