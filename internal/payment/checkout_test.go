package payment_test

import (
	"context"
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
	"smartlinks/internal/payment"
	"smartlinks/internal/payment/attempt"
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
		a := w.mustPay(w.mustLink(0))
		w.mustRefund(a, payment.RefundRequest{Amount: part(100)})
		late := w.mustComeTooLate()
		w.mustSync(late)
		if len(s.backs) != 2 || s.backs[0].Description != w.view(a).Receipt || s.backs[1].Description != late.Title {
			t.Errorf("asked for %+v", s.backs)
		}
	})
}

func askedWorld(t *testing.T, d *db.DB) (*world, *asks) {
	s := &asks{}
	return mustWorld(t, d, func(c *payment.Config, sandbox *sandbox.Sandbox) {
		s.Sandbox = sandbox
		c.Providers[business.Sandbox], c.Providers["other"] = s, s
	}), s
}

// A checkout is asked for once; where the first answer is lost, once more, while the payer
// waits.
func TestALostAnswerIsAskedForOnceMoreAtOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w, s := askedWorld(t, d)
		l := w.mustLink(0)
		if a := w.mustStart(w.ask(l)); a.CheckoutURL == "" || len(s.orders) != 1 {
			t.Errorf("asked %d times for %q", len(s.orders), a.CheckoutURL)
		}
		s.orders, s.before = nil, func(context.Context, provider.Order) error {
			if len(s.orders) == 1 {
				return errTimeout
			}
			return nil
		}
		if a := w.mustStart(w.ask(l)); a.CheckoutURL == "" || len(s.orders) != 2 || s.orders[0].AttemptID != s.orders[1].AttemptID {
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
			_, err := w.payments.Sync(ctx, w.business.ID, o.AttemptID, attempt.CausePoller)
			return err
		}
		if a := w.mustStart(w.ask(w.mustLink(1))); len(s.orders) != 2 || a.CheckoutURL == "" || a.State != attempt.Open {
			t.Errorf("asked %d times; %s at %q", len(s.orders), a.State, a.CheckoutURL)
		}
	})
}

// The sandbox lives here and reports past any proxy, every other provider to where payers
// come. Without a place of its own the sandbox does too.
func TestWhereProvidersReport(t *testing.T) {
	w, s := askedWorld(t, dbtest.SQLite(t))
	public := addresstest.Book().Origin()
	l := w.mustLink(0)
	to := func(provider string) string {
		r := w.ask(l)
		r.Provider = provider
		w.mustStart(r)
		return s.orders[len(s.orders)-1].WebhookURL
	}
	if at := to(business.Sandbox); !strings.HasPrefix(at, w.payments.HookURL+"/") || w.payments.HookURL == public {
		t.Errorf("the sandbox reports to %s", at)
	}
	if at := to("other"); !strings.HasPrefix(at, public+"/") {
		t.Errorf("another provider reports to %s", at)
	}
	if p := payment.New(payment.Config{Queue: w.queue, Addresses: addresstest.Book(), Log: slog.New(slog.DiscardHandler)}); p.HookURL != public {
		t.Errorf("without a place of its own it is %s", p.HookURL)
	}
}

// An attempt says where its payer came from, and what is wrong with what they added is told.
func TestWhatAPayerAsksForIsKept(t *testing.T) {
	w, s := askedWorld(t, dbtest.SQLite(t))
	r := w.askFor(w.mustUnits(9), 2)
	r.Extras = checkout.Extras{Tip: "10", CoverFee: true}
	a := w.mustStart(r)
	if a.Channel != "qr" {
		t.Errorf("the channel is %q", a.Channel)
	}
	lines := s.orders[0].Lines
	var sum int64
	for _, line := range lines {
		sum += line.Total()
	}
	if len(lines) != 3 || lines[1].Unit != eur(980) || lines[2].Kind != checkout.FeeLine || sum != a.Amount.Minor {
		t.Errorf("the provider is told %+v of %s", lines, a.Amount)
	}
	r = w.askFor(w.mustUnits(9), 2)
	r.Attribution.Channel, r.Attribution.Detail, r.Attribution.Campaign = "", strings.Repeat("d", 60), strings.Repeat("c", 59)+"é"
	if a = w.mustStart(r); a.Channel != "direct" || len(s.orders[1].Lines) != 1 {
		t.Errorf("the channel is %q, the provider is told %+v", a.Channel, s.orders[1].Lines)
	}
	kept := slices.Collect(maps.Values(s.orders[1].Source)) // to make it anew; a text that is too long ends with a whole character
	if !slices.Contains(kept, r.Attribution.Detail) || !slices.Contains(kept, strings.Repeat("c", 59)) {
		t.Errorf("the provider keeps %q", kept)
	}
	r = w.ask(w.mustUnits(9))
	r.Extras.Tip = "much"
	if _, err := w.payments.Start(t.Context(), r); !fault.Is(err, fault.Invalid) {
		t.Errorf("a tip that is no number: %v", err)
	}
}
