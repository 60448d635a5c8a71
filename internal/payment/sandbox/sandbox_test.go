package sandbox_test

import (
	"bytes"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"smartlinks/internal/address/addresstest"
	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/fault"
	"smartlinks/internal/job/jobtest"
	"smartlinks/internal/money"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/payment/provider"
	"smartlinks/internal/payment/sandbox"
)

const account business.ID = "biz_merchant"

var at = provider.Account{Business: account, Mode: business.Test}

var secret = bytes.Repeat([]byte{5}, 32)

// merchant is who the sandbox reports to.
type merchant struct {
	*httptest.Server
	mu     sync.Mutex
	status int // of its answers
	got    []report
}

type report struct {
	header http.Header
	body   []byte
}

func mustMerchant(t *testing.T) *merchant {
	m := &merchant{status: http.StatusNoContent}
	m.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		m.mu.Lock()
		defer m.mu.Unlock()
		m.got = append(m.got, report{r.Header, body})
		w.WriteHeader(m.status)
	}))
	t.Cleanup(m.Close)
	return m
}

func (m *merchant) answer(status int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.status = status
}

func (m *merchant) reports() []report {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.got
}

func mustSandbox(t *testing.T, d *db.DB, m *merchant) *sandbox.Sandbox {
	return sandbox.New(d, jobtest.New(t, d), secret, addresstest.Book(), m.Client(), slog.New(slog.DiscardHandler))
}

func order(m *merchant, key attempt.ID) provider.Order {
	return provider.Order{
		AttemptID: key, Account: at, Amount: money.Amount{Minor: 4900, Currency: "EUR"}, Description: "Workshop",
		ReturnURL: "https://pay.example/pay/" + string(key), WebhookURL: m.URL, ExpiresAt: dbtest.Start.Add(30 * time.Minute),
	}
}

func mustStart(t *testing.T, s *sandbox.Sandbox, m *merchant) string {
	t.Helper()
	c, err := s.Start(t.Context(), order(m, "pay_1"))
	if err != nil {
		t.Fatal(err)
	}
	return c.Ref
}

func status(t *testing.T, s *sandbox.Sandbox, ref string) provider.RemoteStatus {
	t.Helper()
	r, err := s.Fetch(t.Context(), at, ref)
	if err != nil {
		t.Fatal(err)
	}
	return r.Status
}

func TestTheSameKeyIsTheSameCheckout(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		m := mustMerchant(t)
		s := mustSandbox(t, d, m)
		first, again := mustStart(t, s, m), mustStart(t, s, m)
		other, err := s.Start(t.Context(), order(m, "pay_2"))
		if err != nil {
			t.Fatal(err)
		}
		if again != first || other.Ref == first || other.URL != "https://pay.example/sandbox/"+other.Ref {
			t.Errorf("%s, %s, %+v", first, again, other)
		}
		if _, err := s.Fetch(t.Context(), provider.Account{Business: "biz_other", Mode: business.Test}, first); !errors.Is(err, provider.ErrUnknown) {
			t.Errorf("another account: %v", err)
		}
	})
}

func TestPaidIsFinalAndNothingElse(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		m := mustMerchant(t)
		s := mustSandbox(t, d, m)
		ref := mustStart(t, s, m)
		for _, outcome := range []sandbox.Outcome{sandbox.Pending, sandbox.Failed, sandbox.Canceled, sandbox.Expired, sandbox.Paid} {
			to, err := s.Decide(t.Context(), ref, outcome, sandbox.Lost)
			if err != nil || to != "https://pay.example/pay/pay_1" || status(t, s, ref) != provider.RemoteStatus(outcome) {
				t.Errorf("%s: %s, %q, %v", outcome, status(t, s, ref), to, err)
			}
		}
		for _, outcome := range []sandbox.Outcome{sandbox.Pending, sandbox.Failed, sandbox.Canceled, sandbox.Expired} {
			if _, err := s.Decide(t.Context(), ref, outcome, ""); !fault.Is(err, fault.Conflict) {
				t.Errorf("%s after paid: %v", outcome, err)
			}
		}
		if err := s.Cancel(t.Context(), at, ref); err != nil || status(t, s, ref) != provider.RemotePaid {
			t.Errorf("cancelled after paid: %v, %s", err, status(t, s, ref))
		}
		settle(t, s)
		if n := len(m.reports()); n != 0 {
			t.Errorf("%d reports were not lost", n)
		}
	})
}

func TestNonsenseIsRefused(t *testing.T) {
	m := mustMerchant(t)
	s := mustSandbox(t, dbtest.SQLite(t), m)
	ref := mustStart(t, s, m)
	if _, err := s.Decide(t.Context(), ref, "stolen", ""); !fault.Is(err, fault.Invalid) {
		t.Error(err)
	}
	if _, err := s.Decide(t.Context(), ref, sandbox.Paid, "loudly"); !fault.Is(err, fault.Invalid) {
		t.Error(err)
	}
	if _, err := s.Decide(t.Context(), "sbx_none", sandbox.Paid, ""); !fault.Is(err, fault.NotFound) {
		t.Error(err)
	}
	if _, err := s.Get(t.Context(), "sbx_none"); !fault.Is(err, fault.NotFound) {
		t.Error(err)
	}
}

func TestAnOpenCheckoutExpiresByTheApplicationsClock(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		m := mustMerchant(t)
		s := mustSandbox(t, d, m)
		ref := mustStart(t, s, m)
		d.Clock().SetOffset(30*time.Minute - time.Microsecond)
		if got := status(t, s, ref); got != provider.RemoteOpen {
			t.Error(got)
		}
		d.Clock().SetOffset(30 * time.Minute)
		if got := status(t, s, ref); got != provider.RemoteExpired {
			t.Error(got)
		}
	})
}

func TestACancelEndsOpenCheckoutsAlone(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		m := mustMerchant(t)
		s := mustSandbox(t, d, m)
		ref := mustStart(t, s, m)
		if _, err := s.Decide(t.Context(), ref, sandbox.Pending, sandbox.Lost); err != nil {
			t.Fatal(err)
		}
		if err := s.Cancel(t.Context(), at, ref); err != nil || status(t, s, ref) != provider.RemotePending {
			t.Errorf("%v, %s", err, status(t, s, ref))
		}
		open, err := s.Start(t.Context(), order(m, "pay_2"))
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Cancel(t.Context(), at, open.Ref); err != nil || status(t, s, open.Ref) != provider.RemoteExpired {
			t.Errorf("%v, %s", err, status(t, s, open.Ref))
		}
	})
}

func TestARefundHappensOnceForAKeyAndNeverTooMuch(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		m := mustMerchant(t)
		s := mustSandbox(t, d, m)
		ref := mustStart(t, s, m)
		refund := func(account business.ID, key string, minor int64) error {
			_, err := s.Refund(t.Context(), provider.Account{Business: account, Mode: business.Test}, ref, provider.RefundOrder{Key: key, Amount: money.Amount{Minor: minor, Currency: "EUR"}, Description: "Workshop"})
			return err
		}
		if refund(account, "early", 100) == nil {
			t.Error("refunded before it was paid")
		}
		if _, err := s.Decide(t.Context(), ref, sandbox.Paid, sandbox.Lost); err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct {
			account business.ID
			key     string
			minor   int64
			ok      bool
		}{
			{account, "a", 1000, true}, {account, "a", 1000, true}, {account, "a", 900, false}, {account, "b", 1000, true},
			{account, "c", 2901, false}, {"biz_other", "d", 100, false}, {account, "e", 2900, true}, {account, "f", 1, false},
		} {
			if err := refund(c.account, c.key, c.minor); (err == nil) != c.ok {
				t.Errorf("%s %s %d: %v", c.account, c.key, c.minor, err)
			}
		}
		var refunded int64
		if err := d.Get(t.Context(), &refunded, `SELECT refunded_minor FROM sandbox_payments`); err != nil || refunded != 4900 {
			t.Errorf("%d given back, %v", refunded, err)
		}
	})
}

// settle waits for the reports that are on their way.
func settle(t *testing.T, s *sandbox.Sandbox) {
	t.Helper()
	if n, err := s.DeliverDue(t.Context()); n != 0 || err != nil {
		t.Fatal(n, err)
	}
}
