package webhook_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/webhook"
)

func TestAnEventGoesToWhoAsksForIt(t *testing.T) {
	worlds(t, func(t *testing.T, w *world) {
		w.happens(webhook.LinkCreated, "lnk_0", "") // nobody listens yet
		all, paid, off := w.endpoint("/all"), w.endpoint("/paid", webhook.PaymentSucceeded), w.endpoint("/off")
		on := false
		if _, err := w.hooks.Update(t.Context(), w.business.ID, off.ID, off.Version, webhook.Patch{Active: &on}); err != nil {
			t.Fatal(err)
		}
		w.happens(webhook.LinkCreated, "lnk_1", "")
		w.happens(webhook.PaymentSucceeded, "pay_1", "")
		w.post()
		for path, want := range map[string]int{"/all": 2, "/paid": 1, "/off": 0} {
			if got := w.receiver.requests(path); len(got) != want {
				t.Errorf("%s got %d, want %d", path, len(got), want)
			}
		}
		got := w.receiver.requests("/paid")[0]
		if v := got.json(t); v.Type != "payment.succeeded" || v.Mode != "test" || v.Data.ID != "pay_1" || v.ID != got.id() || !v.Timestamp.Equal(w.d.Clock().Now()) {
			t.Errorf("the body is %s", got.body)
		}
		if n := len(w.events()); n != 2 {
			t.Errorf("%d events", n)
		}
		if d := w.only(paid); d.State != webhook.Delivered || d.Status != 204 || d.DueAt != nil {
			t.Errorf("the delivery is %+v", d)
		}
		posts, err := w.hooks.Posts(t.Context(), w.business.ID, w.only(paid).ID, paid.ID)
		if err != nil || len(posts) != 1 || posts[0].Signature != got.header.Get("Webhook-Signature") {
			t.Errorf("the log holds %+v, %v", posts, err)
		}
		_ = all
	})
}

// However many processes say it, one event comes of one key, and each endpoint
// hears it once.
func TestACrowdThatSaysTheSameMakesOneEvent(t *testing.T) {
	worlds(t, func(t *testing.T, w *world) {
		w.endpoint("/a")
		other := w.process()
		var crowd sync.WaitGroup
		for i := range 40 {
			crowd.Go(func() {
				if err := w.say([]*webhook.Webhooks{w.hooks, other}[i%2], webhook.LinkLimitReached, "lnk_1", "limit/lnk_1"); err != nil {
					t.Error(err)
				}
			})
		}
		crowd.Wait()
		crowd.Go(func() { w.post() })
		crowd.Go(func() {
			if err := other.PostDue(t.Context()); err != nil {
				t.Error(err)
			}
		})
		crowd.Wait()
		if events, came := len(w.events()), len(w.receiver.requests("")); events != 1 || came != 1 {
			t.Errorf("%d events, posted %d times", events, came)
		}
	})
}

// An event is the change's: without the one there is not the other.
func TestWhatIsRolledBackTellsNobody(t *testing.T) {
	worlds(t, func(t *testing.T, w *world) {
		w.endpoint("/a")
		no := errors.New("no")
		err := w.d.InTx(t.Context(), func(tx *db.Tx) error {
			w.hooks.Emit(tx, webhook.EventInput{BusinessID: w.business.ID, Type: webhook.LinkCreated, Mode: business.Live, Data: func(context.Context, *db.Tx) (any, error) { return "x", nil }})
			return no
		})
		if !errors.Is(err, no) || len(w.events()) != 0 {
			t.Errorf("%v, %d events", err, len(w.events()))
		}
		// And what can't be told stops the change, unless its object is gone.
		for failed, want := range map[error]error{no: no, fault.New(fault.NotFound, "gone"): nil} {
			err := w.d.InTx(t.Context(), func(tx *db.Tx) error {
				w.hooks.Emit(tx, webhook.EventInput{BusinessID: w.business.ID, Type: webhook.LinkCreated, Mode: business.Live, Data: func(context.Context, *db.Tx) (any, error) { return nil, failed }})
				return nil
			})
			if !errors.Is(err, want) || len(w.events()) != 0 {
				t.Errorf("%v, want %v", err, want)
			}
		}
	})
}

func TestEventsAreListedByPage(t *testing.T) {
	worlds(t, func(t *testing.T, w *world) {
		w.endpoint("/a")
		var want []string
		for _, id := range []string{"a", "b", "c", "d", "e", "f", "g"} {
			w.happens(webhook.LinkUpdated, id, "")
			w.move(1e6)
			want = append([]string{id}, want...)
		}
		w.happens(webhook.CustomerTagged, "cus", "")
		var got []string
		f := webhook.Filter{Type: webhook.LinkUpdated, Limit: 3, Mode: business.Test}
		for {
			page, next, err := w.hooks.Events(t.Context(), w.business.ID, f)
			if err != nil || len(page) > 3 {
				t.Fatal(len(page), err)
			}
			for _, v := range page {
				got = append(got, v.Object)
			}
			if f.Cursor = next; next == "" {
				break
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("got %v", got)
		}
		f.Cursor = "nonsense"
		if _, _, err := w.hooks.Events(t.Context(), w.business.ID, f); !fault.Is(err, fault.Invalid) {
			t.Errorf("a cursor of somebody else: %v", err)
		}
	})
}
