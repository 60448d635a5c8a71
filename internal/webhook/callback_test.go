package webhook_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"smartlinks/internal/address/addresstest"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/job/jobtest"
	"smartlinks/internal/webhook"
)

func (w *world) call(key, to string) {
	w.t.Helper()
	if err := w.d.InTx(w.t.Context(), func(tx *db.Tx) error {
		return w.hooks.Call(w.t.Context(), tx, webhook.Callback{BusinessID: w.business.ID, Key: key, URL: to, Form: url.Values{"status": {"PAID"}, "amount": {"49.00"}}})
	}); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) postDue() {
	w.t.Helper()
	if err := w.hooks.PostDue(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
}

func TestACallbackIsTriedUntilItIsTakenAndOnce(t *testing.T) {
	worlds(t, func(t *testing.T, w *world) {
		var status, came atomic.Int64
		server := httptest.NewServer(http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
			came.Add(1)
			if err := r.ParseForm(); err != nil || r.PostForm.Get("status") != "PAID" || r.PostForm.Get("amount") != "49.00" {
				t.Errorf("posted %v %v", r.PostForm, err)
			}
			out.WriteHeader(int(status.Load()))
		}))
		t.Cleanup(server.Close)
		status.Store(http.StatusInternalServerError)
		w.call("pay_1", server.URL)
		w.call("pay_1", server.URL) // the effect comes again
		w.postDue()
		s, err := w.hooks.CallbackOf(t.Context(), w.business.ID, "pay_1")
		if err != nil || came.Load() != 1 || s.State != webhook.Waiting || s.Status != 500 || s.Tries != 1 || s.DueAt.IsZero() {
			t.Errorf("after a refusal: %d came, %+v, %v", came.Load(), s, err)
		}
		w.postDue()
		if came.Load() != 1 {
			t.Error("it is tried again at once")
		}
		w.moved.Add(int64(time.Minute))
		status.Store(http.StatusOK)
		w.postDue()
		w.moved.Add(int64(100 * time.Hour))
		w.postDue()
		if s, err = w.hooks.CallbackOf(t.Context(), w.business.ID, "pay_1"); err != nil || came.Load() != 2 || s.State != webhook.Delivered || s.Tries != 2 {
			t.Errorf("once it is taken: %d came, %+v, %v", came.Load(), s, err)
		}
		status.Store(http.StatusNotFound)
		w.call("pay_2", server.URL)
		for range 12 {
			w.postDue()
			w.moved.Add(int64(25 * time.Hour))
		}
		if s, err = w.hooks.CallbackOf(t.Context(), w.business.ID, "pay_2"); err != nil || came.Load() != 12 || s.State != webhook.Failed || s.Tries != 10 {
			t.Errorf("never taken: %d came, %+v, %v", came.Load(), s, err)
		}
		w.moved.Add(int64(40 * 24 * time.Hour))
		if _, err := w.hooks.DeleteOld(t.Context()); err != nil {
			t.Fatal(err)
		}
		if _, err := w.hooks.CallbackOf(t.Context(), w.business.ID, "pay_2"); !fault.Is(err, fault.NotFound) {
			t.Errorf("it is kept for ever: %v", err)
		}
	})
}

func TestACallbackIsGuardedAsWebhooksAre(t *testing.T) {
	worlds(t, func(t *testing.T, w *world) {
		var came atomic.Int64
		server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { came.Add(1) }))
		t.Cleanup(server.Close)
		guarded := webhook.New(webhook.Config{DB: w.d, Queue: jobtest.New(t, w.d), Businesses: w.hooks.Businesses, Messages: w.hooks.Messages, Sealer: w.hooks.Sealer, Addresses: addresstest.Book(), Log: w.hooks.Log})
		w.call("pay_1", strings.Replace(server.URL, "127.0.0.1", "localhost", 1))
		if err := guarded.PostDue(t.Context()); err != nil {
			t.Fatal(err)
		}
		s, err := guarded.CallbackOf(t.Context(), w.business.ID, "pay_1")
		if err != nil || came.Load() != 0 || s.State != webhook.Waiting || !strings.Contains(s.Problem, "private network") {
			t.Errorf("%d came, %+v, %v", came.Load(), s, err)
		}
	})
}
