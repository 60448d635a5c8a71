package webhook_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"smartlinks/internal/fault"
	"smartlinks/internal/webhook"
)

func TestAnEventIsSentAgainUnderItsId(t *testing.T) {
	worlds(t, func(t *testing.T, w *world) {
		a := w.endpoint("/a")
		w.endpoint("/b")
		w.endpoint("/c", webhook.LinkDeleted)
		w.happens(webhook.LinkCreated, "lnk_1", "")
		w.post()
		id := w.events()[0].ID
		if n, err := w.hooks.Redeliver(t.Context(), w.business.ID, id, ""); err != nil || n != 2 {
			t.Fatalf("to %d, %v", n, err)
		}
		w.post()
		if n, err := w.hooks.Redeliver(t.Context(), w.business.ID, id, a.ID); err != nil || n != 1 {
			t.Fatalf("to %d, %v", n, err)
		}
		w.post()
		for path, want := range map[string]int{"/a": 3, "/b": 2, "/c": 0} {
			got := w.receiver.requests(path)
			if len(got) != want {
				t.Errorf("%s got %d, want %d", path, len(got), want)
			}
			for _, r := range got {
				if r.id() != string(id) {
					t.Errorf("%s got it as %s", path, r.id())
				}
			}
		}
	})
}

func TestAPeriodIsSentAgain(t *testing.T) {
	worlds(t, func(t *testing.T, w *world) {
		e := w.endpoint("/a", webhook.LinkCreated)
		w.endpoint("/b") // which takes everything
		w.receiver.answer(func(r request) int {
			if r.path == "/b" || strings.Contains(string(r.body), "lnk_2") {
				return http.StatusOK
			}
			return http.StatusNotFound
		})
		begin := w.d.Clock().Now()
		for range 3 {
			w.happens(webhook.LinkCreated, "lnk_1", "")
			w.happens(webhook.LinkUpdated, "lnk_1", "")
			w.post()
			w.move(time.Hour)
		}
		w.happens(webhook.LinkCreated, "lnk_2", "") // taken
		w.post()
		for _, c := range []struct {
			p    webhook.Period
			want int
		}{
			{webhook.Period{From: begin, To: begin.Add(time.Hour)}, 1},
			{webhook.Period{From: begin.Add(time.Minute), To: begin.Add(3 * time.Hour)}, 2},
			{webhook.Period{From: begin.Add(-time.Hour), To: begin}, 0},
			{webhook.Period{}, 3},
			{webhook.Period{Taken: true}, 4},
		} {
			if n, err := w.hooks.RedeliverPeriod(t.Context(), w.business.ID, e.ID, c.p); err != nil || n != c.want {
				t.Errorf("%+v: %d, %v, want %d", c.p, n, err, c.want)
			}
		}
		if _, err := w.hooks.RedeliverPeriod(t.Context(), w.business.ID, e.ID, webhook.Period{From: begin, To: begin}); !fault.Is(err, fault.Invalid) {
			t.Errorf("an empty period: %v", err)
		}
	})
}

// What a member tries says nothing of whether the endpoint works for others.
func TestATestIsTriedOnceAndCountsForNothing(t *testing.T) {
	worlds(t, func(t *testing.T, w *world) {
		e := w.endpoint("/a", webhook.LinkCreated)
		off := false
		if _, err := w.hooks.Update(t.Context(), w.business.ID, e.ID, 0, webhook.Patch{Active: &off}); err != nil {
			t.Fatal(err)
		}
		w.receiver.answer(always(http.StatusGone))
		id, err := w.hooks.SendTest(t.Context(), w.business, e.ID)
		if err != nil {
			t.Fatal(err)
		}
		d := w.only(e)
		if d.ID != id || d.State != webhook.Failed || d.Status != 410 || w.again(e).FailingSince != nil {
			t.Errorf("it stands %+v", d)
		}
		w.receiver.answer(nil)
		if err := w.hooks.SendAgain(t.Context(), w.business.ID, id, e.ID); err != nil {
			t.Fatal(err)
		}
		if d := w.only(e); d.State != webhook.Delivered {
			t.Errorf("it stands %+v", d)
		}
	})
}

func TestOldEventsAreForgotten(t *testing.T) {
	worlds(t, func(t *testing.T, w *world) {
		e := w.endpoint("/a")
		for range 3 {
			w.happens(webhook.LinkCreated, "lnk_1", "")
			w.post()
		}
		w.move(webhook.Kept + time.Second)
		w.happens(webhook.LinkUpdated, "lnk_1", "")
		w.post()
		if n, err := w.hooks.DeleteOld(t.Context()); err != nil || n != 3 {
			t.Fatalf("%d, %v", n, err)
		}
		if d := w.only(e); d.Type != webhook.LinkUpdated {
			t.Errorf("left is %+v", d)
		}
		for _, table := range []string{"events", "webhook_deliveries", "webhook_posts"} {
			var n int
			if err := w.d.Get(t.Context(), &n, `SELECT COUNT(*) FROM `+table); err != nil || n != 1 {
				t.Errorf("%d in %s, %v", n, table, err)
			}
		}
	})
}
