package sandbox_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"smartlinks/internal/address/addresstest"
	"smartlinks/internal/clock"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/job/jobtest"
	"smartlinks/internal/payment/provider"
	"smartlinks/internal/payment/sandbox"
)

func TestAReportIsSignedAndNamesTheObject(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		m := mustMerchant(t)
		s := mustSandbox(t, d, m)
		ref := mustStart(t, s, m)
		if _, err := s.Decide(t.Context(), ref, sandbox.Paid, sandbox.Twice); err != nil {
			t.Fatal(err)
		}
		settle(t, s)
		got := m.reports()
		if len(got) != 2 || !bytes.Equal(got[0].body, got[1].body) {
			t.Fatalf("%d reports", len(got))
		}
		var said struct{ ID, Type, Object string }
		if err := json.Unmarshal(got[0].body, &said); err != nil || said.ID == "" || said.Type != "payment.updated" || said.Object != ref {
			t.Errorf("%s", got[0].body)
		}
		event, err := s.Verify(t.Context(), account, got[0].header, got[0].body)
		if err != nil || event != (provider.Event{ID: said.ID, Object: ref}) {
			t.Errorf("%+v, %v", event, err)
		}
		if n, err := s.DeliverDue(t.Context()); n != 0 || err != nil {
			t.Errorf("delivered again: %d, %v", n, err)
		}
	})
}

// Whoever is sent back finds the report heard, so that nobody has to wait and look
// again; a merchant who does not answer keeps nobody.
func TestAPayerIsSentBackBehindTheReport(t *testing.T) {
	m := mustMerchant(t)
	s := mustSandbox(t, dbtest.SQLite(t), m)
	if _, err := s.Decide(t.Context(), mustStart(t, s, m), sandbox.Paid, ""); err != nil || len(m.reports()) != 1 {
		t.Errorf("%d reports were heard, %v", len(m.reports()), err)
	}
	hung := make(chan struct{})
	deaf := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-hung }))
	t.Cleanup(func() { close(hung); deaf.Close() })
	o := order(m, "pay_2")
	o.WebhookURL = deaf.URL
	c, err := s.Start(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Decide(t.Context(), c.Ref, sandbox.Paid, ""); err != nil {
		t.Errorf("a merchant who hears nothing: %v", err)
	}
}

func TestWhatIsNotSignedByTheSandboxIsForged(t *testing.T) {
	m := mustMerchant(t)
	d := dbtest.SQLite(t)
	s := mustSandbox(t, d, m)
	ref := mustStart(t, s, m)
	if _, err := s.Decide(t.Context(), ref, sandbox.Paid, ""); err != nil {
		t.Fatal(err)
	}
	settle(t, s)
	good := m.reports()[0]
	sign := func(v string) http.Header { return http.Header{sandbox.SignatureHeader: {v}} }
	signature := good.header.Get(sandbox.SignatureHeader)
	elsewhere := sandbox.New(d, jobtest.New(t, d), []byte("another installation"), addresstest.Book(), nil, slog.New(slog.DiscardHandler))
	for name, verify := range map[string]func() error{
		"another body": func() error {
			_, err := s.Verify(t.Context(), account, good.header, append(good.body, ' '))
			return err
		},
		"another account": func() error { _, err := s.Verify(t.Context(), "biz_other", good.header, good.body); return err },
		"another secret":  func() error { _, err := elsewhere.Verify(t.Context(), account, good.header, good.body); return err },
		"another time": func() error {
			_, err := s.Verify(t.Context(), account, sign("t=1771407721"+signature[len("t=1771407720"):]), good.body)
			return err
		},
		"none":  func() error { _, err := s.Verify(t.Context(), account, http.Header{}, good.body); return err },
		"empty": func() error { _, err := s.Verify(t.Context(), account, sign(""), good.body); return err },
		"no digest": func() error {
			_, err := s.Verify(t.Context(), account, sign("t=1771407720,v1="), good.body)
			return err
		},
	} {
		if err := verify(); !errors.Is(err, provider.ErrForged) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := s.Verify(t.Context(), account, good.header, good.body); err != nil {
		t.Errorf("the true one: %v", err)
	}
}

// A signature is as old as the wall clock says; the test clock does not age it.
func TestAnOldReportIsRefused(t *testing.T) {
	m := mustMerchant(t)
	d := dbtest.SQLite(t)
	s := mustSandbox(t, d, m)
	ref := mustStart(t, s, m)
	if _, err := s.Decide(t.Context(), ref, sandbox.Paid, ""); err != nil {
		t.Fatal(err)
	}
	settle(t, s)
	r := m.reports()[0]
	d.Clock().SetOffset(48 * time.Hour)
	if _, err := s.Verify(t.Context(), account, r.header, r.body); err != nil {
		t.Errorf("the test clock aged it: %v", err)
	}
	later := dbtest.Open(t, db.Config{Path: dbtest.NewSQLite(t), Clock: clock.Fixed(dbtest.Start.Add(6 * time.Minute))})
	if _, err := mustSandbox(t, later, m).Verify(t.Context(), account, r.header, r.body); !errors.Is(err, provider.ErrForged) {
		t.Errorf("six minutes old: %v", err)
	}
}

func TestALateReportWaitsForTheApplicationsClock(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		m := mustMerchant(t)
		s := mustSandbox(t, d, m)
		if _, err := s.Decide(t.Context(), mustStart(t, s, m), sandbox.Paid, sandbox.Late); err != nil {
			t.Fatal(err)
		}
		for want, at := range []time.Duration{2*time.Minute - time.Microsecond, 2 * time.Minute} {
			d.Clock().SetOffset(at)
			if _, err := s.DeliverDue(t.Context()); err != nil || len(m.reports()) != want {
				t.Errorf("%d reports after %s, %v", len(m.reports()), at, err)
			}
		}
	})
}

// The first try runs beside the answer; when the process dies before, the row
// is still there.
func TestAReportOutlivesItsProcess(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		m := mustMerchant(t)
		queue := jobtest.New(t, d)
		dying := sandbox.New(d, queue, secret, addresstest.Book(), m.Client(), slog.New(slog.DiscardHandler))
		ref := mustStart(t, dying, m)
		if err := queue.Stop(t.Context()); err != nil { // sends nothing any more
			t.Fatal(err)
		}
		if _, err := dying.Decide(t.Context(), ref, sandbox.Paid, ""); err != nil {
			t.Fatal(err)
		}
		next := mustSandbox(t, d, m)
		if n, err := next.DeliverDue(t.Context()); n != 0 || err != nil {
			t.Errorf("%d before the lease ends, %v", n, err)
		}
		d.Clock().SetOffset(time.Minute)
		if n, err := next.DeliverDue(t.Context()); n != 1 || err != nil || len(m.reports()) != 1 {
			t.Errorf("%d, %v, %d reports", n, err, len(m.reports()))
		}
	})
}

func TestARefusedReportIsTriedABoundedNumberOfTimes(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		m := mustMerchant(t)
		m.answer(http.StatusServiceUnavailable)
		s := mustSandbox(t, d, m)
		if _, err := s.Decide(t.Context(), mustStart(t, s, m), sandbox.Paid, ""); err != nil {
			t.Fatal(err)
		}
		settle(t, s)
		for day := range 20 {
			d.Clock().SetOffset(time.Duration(day+1) * 24 * time.Hour)
			if _, err := s.DeliverDue(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		if n := len(m.reports()); n != 15 {
			t.Errorf("%d tries, want 15", n)
		}
		var delivered int
		if err := d.Get(t.Context(), &delivered, `SELECT COUNT(*) FROM sandbox_webhooks WHERE delivered_at IS NOT NULL`); err != nil || delivered != 0 {
			t.Errorf("%d are said to be delivered, %v", delivered, err)
		}
	})
}

// Of two processes that deliver at once, one sends each report.
func TestTwoProcessesSendAReportOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		m := mustMerchant(t)
		s := mustSandbox(t, d, m)
		if _, err := s.Decide(t.Context(), mustStart(t, s, m), sandbox.Paid, sandbox.Late); err != nil {
			t.Fatal(err)
		}
		d.Clock().SetOffset(3 * time.Minute)
		var both sync.WaitGroup
		for range 4 {
			both.Go(func() {
				if _, err := s.DeliverDue(t.Context()); err != nil {
					t.Error(err)
				}
			})
		}
		both.Wait()
		if n := len(m.reports()); n != 1 {
			t.Errorf("%d reports", n)
		}
	})
}

func TestAForgedReportIsSentOnceAndIsWrong(t *testing.T) {
	m := mustMerchant(t)
	m.answer(http.StatusBadRequest)
	d := dbtest.SQLite(t)
	s := mustSandbox(t, d, m)
	if _, err := s.Decide(t.Context(), mustStart(t, s, m), sandbox.Paid, sandbox.Forged); err != nil {
		t.Fatal(err)
	}
	settle(t, s)
	d.Clock().SetOffset(24 * time.Hour)
	if n, err := s.DeliverDue(t.Context()); n != 0 || err != nil {
		t.Errorf("sent again: %d, %v", n, err)
	}
	got := m.reports()
	if len(got) != 1 {
		t.Fatalf("%d reports", len(got))
	}
	if _, err := s.Verify(t.Context(), account, got[0].header, got[0].body); !errors.Is(err, provider.ErrForged) {
		t.Errorf("it verifies: %v", err)
	}
}
