package webhook_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"smartlinks/internal/db"
	"smartlinks/internal/webhook"
)

// states are how far the events came on their way to an endpoint, the newest first.
func (w *world) states(e webhook.Endpoint) (all []webhook.State) {
	w.t.Helper()
	list, _, err := w.hooks.History(w.t.Context(), w.business.ID, e.ID, webhook.HistoryFilter{})
	if err != nil {
		w.t.Fatal(err)
	}
	for _, d := range list {
		all = append(all, d.State)
	}
	return all
}

// What is changed of one endpoint, and that it goes, is nothing of the others.
func TestAChangeOfAnEndpointLeavesAllElseAsItWas(t *testing.T) {
	worlds(t, func(t *testing.T, w *world) {
		a, b := w.endpoint("/a"), w.endpoint("/b")
		w.happens(webhook.LinkCreated, "lnk_1", "")
		w.post()
		w.receiver.answer(always(http.StatusBadGateway))
		w.move(time.Second) // the log is in the order of the ids, which tell the time
		w.happens(webhook.LinkUpdated, "lnk_1", "")
		w.post()
		change := func(p webhook.Patch) webhook.Endpoint {
			t.Helper()
			w.move(time.Second)
			e, err := w.hooks.Update(t.Context(), w.business.ID, a.ID, 0, p)
			if err != nil || e.Version != a.Version+1 || !e.UpdatedAt.Equal(w.d.Clock().Now()) || !e.CreatedAt.Equal(a.CreatedAt) || e.BusinessID != w.business.ID {
				t.Errorf("changed to %+v, %v", e, err)
			}
			a = e
			return e
		}
		name, format, events := "Shop", webhook.PayRequest, webhook.Asked{webhook.LinkUpdated, webhook.LinkCreated}
		if e := change(webhook.Patch{Description: &name, Format: &format, Events: &events}); e.Description != name || e.Format != format || len(e.Events) != 2 || e.FailingSince == nil || !e.Active {
			t.Errorf("renamed it is %+v", e)
		}
		if got := w.states(a); !slices.Equal(got, []webhook.State{webhook.Waiting, webhook.Delivered}) {
			t.Errorf("renamed, its events are %v", got)
		}
		address := " " + w.receiver.URL + "/c "
		if e := change(webhook.Patch{URL: &address}); e.URL != w.receiver.URL+"/c" || e.Description != name || e.FailingSince != nil {
			t.Errorf("moved it is %+v", e)
		}
		off := false
		if e := change(webhook.Patch{Active: &off}); e.Active || e.Stopped != webhook.ByMember {
			t.Errorf("off it is %+v", e)
		}
		if got := w.states(a); !slices.Equal(got, []webhook.State{webhook.Failed, webhook.Delivered}) {
			t.Errorf("off, its events are %v", got)
		}
		if got := w.states(b); !slices.Equal(got, []webhook.State{webhook.Waiting, webhook.Delivered}) {
			t.Errorf("the other's events are %v", got)
		}
		if err := w.hooks.Delete(t.Context(), w.business.ID, a.ID); err != nil {
			t.Fatal(err)
		}
		if left, err := w.hooks.Endpoints(t.Context(), w.business.ID); err != nil || len(left) != 1 || left[0].ID != b.ID || len(w.states(a)) != 0 || len(w.states(b)) != 2 {
			t.Errorf("left are %+v, %v", left, err)
		}
		for _, e := range []webhook.Endpoint{a, b} {
			posts, err := w.hooks.Posts(t.Context(), w.business.ID, w.events()[1].ID, e.ID)
			if err != nil || len(posts) != map[bool]int{true: 1}[e.ID == b.ID] {
				t.Errorf("of %s the log has %d, %v", e.URL, len(posts), err)
			}
		}
	})
}

// An endpoint that was switched off for failing says so until it is on again.
func TestWhyAnEndpointIsOffStaysThroughItsChanges(t *testing.T) {
	worlds(t, func(t *testing.T, w *world) {
		w.owner("marit@example.com")
		e := w.endpoint("/a")
		w.receiver.answer(always(http.StatusGone))
		w.happens(webhook.LinkCreated, "lnk_1", "")
		w.post()
		name, on := "Shop", true
		if e, err := w.hooks.Update(t.Context(), w.business.ID, e.ID, 0, webhook.Patch{Description: &name}); err != nil || e.Stopped != webhook.GoneAway || e.FailingSince == nil {
			t.Errorf("renamed it is %+v, %v", e, err)
		}
		if e, err := w.hooks.Update(t.Context(), w.business.ID, e.ID, 0, webhook.Patch{Active: &on}); err != nil || e.Stopped != webhook.ByMember || e.FailingSince != nil {
			t.Errorf("on again it is %+v, %v", e, err)
		}
		if err := w.messages.SendDue(t.Context()); err != nil {
			t.Fatal(err)
		}
		if len(w.letters.sent) != 1 || !strings.Contains(w.letters.sent[0].Text, "(410)") || !strings.Contains(w.letters.sent[0].Text, "30 days") {
			t.Errorf("the owners hear %+v", w.letters.sent)
		}
	})
}

// Of several events each is sent, logged and read by itself.
func TestAnEventSentAgainLeavesTheOthersAlone(t *testing.T) {
	worlds(t, func(t *testing.T, w *world) {
		a, b := w.endpoint("/a"), w.endpoint("/b")
		w.receiver.answer(always(http.StatusBadGateway))
		for _, object := range []string{"lnk_<1>", "lnk_2"} {
			w.happens(webhook.LinkCreated, object, "")
			w.post()
			w.move(5 * time.Second)
			w.post()
		}
		newest, oldest := w.events()[0], w.events()[1]
		for _, r := range w.receiver.requests("") {
			if object := map[string]string{string(oldest.ID): "lnk_<1>", string(newest.ID): "lnk_2"}[r.id()]; r.json(t).Data.ID != object || r.header.Get("Content-Type") != "application/json" {
				t.Errorf("of %s came %s", object, r.body)
			}
		}
		if v, err := w.hooks.Event(t.Context(), w.business.ID, oldest.ID); err != nil || v.Object != "lnk_<1>" || !strings.Contains(v.Body, "lnk_<1>") || !v.CreatedAt.Equal(oldest.CreatedAt) {
			t.Errorf("read %+v, %v", v, err)
		}
		if err := w.hooks.SendAgain(t.Context(), w.business.ID, oldest.ID, a.ID); err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct {
			event webhook.Event
			to    webhook.Endpoint
			tries int64
			posts int
		}{{oldest, a, 1, 3}, {oldest, b, 2, 2}, {newest, a, 2, 2}} {
			d, err := w.hooks.Sent(t.Context(), w.business.ID, c.event.ID, c.to.ID)
			if err != nil || d.State != webhook.Waiting || d.Tries != c.tries || d.DueAt == nil {
				t.Errorf("%s to %s: %+v, %v", c.event.Object, c.to.URL, d, err)
			}
			posts, err := w.hooks.Posts(t.Context(), w.business.ID, c.event.ID, c.to.ID)
			if err != nil || len(posts) != c.posts || posts[0].At.Before(posts[1].At) || posts[0].URL != c.to.URL || posts[0].Status != http.StatusBadGateway {
				t.Errorf("the log of %s to %s: %+v, %v", c.event.Object, c.to.URL, posts, err)
			}
		}
		first, next, err := w.hooks.History(t.Context(), w.business.ID, b.ID, webhook.HistoryFilter{Limit: 1})
		if err != nil || len(first) != 1 || first[0].ID != newest.ID || next == "" {
			t.Fatalf("%+v, %q, %v", first, next, err)
		}
		if second, next, err := w.hooks.History(t.Context(), w.business.ID, b.ID, webhook.HistoryFilter{Limit: 1, Cursor: next}); err != nil || len(second) != 1 || second[0].ID != oldest.ID || next != "" {
			t.Errorf("%+v, %q, %v", second, next, err)
		}
	})
}

// What is done while an event is being posted stands, whatever comes of the post.
func TestWhatIsDoneWhileAnEventIsPostedStands(t *testing.T) {
	worlds(t, func(t *testing.T, w *world) {
		off := false
		switchOff := func(e webhook.Endpoint) error {
			_, err := w.hooks.Update(t.Context(), w.business.ID, e.ID, 0, webhook.Patch{Active: &off})
			return err
		}
		other := w.endpoint("/other", webhook.LinkUpdated)
		w.happens(webhook.LinkUpdated, "lnk_0", "")
		for name, c := range map[string]struct {
			status int
			act    func(webhook.Endpoint) error
			state  webhook.State
			tries  int64
		}{
			"sent again": {500, func(e webhook.Endpoint) error {
				_, err := w.hooks.Redeliver(t.Context(), w.business.ID, w.events()[0].ID, e.ID)
				return err
			}, webhook.Delivered, 1},
			"off, and refused":  {500, switchOff, webhook.Failed, 1},
			"off, and taken":    {204, switchOff, webhook.Delivered, 1},
			"deleted":           {500, func(e webhook.Endpoint) error { return w.hooks.Delete(t.Context(), w.business.ID, e.ID) }, "", 0},
			"deleted, and gone": {410, func(e webhook.Endpoint) error { return w.hooks.Delete(t.Context(), w.business.ID, e.ID) }, "", 0},
		} {
			e := w.endpoint("/a", webhook.LinkCreated)
			posted := 0
			w.receiver.answer(func(r request) int {
				if r.path == "/other" {
					return http.StatusBadGateway
				}
				if posted++; posted > 1 {
					return http.StatusNoContent
				}
				if err := c.act(e); err != nil {
					t.Errorf("%s: %v", name, err)
				}
				return c.status
			})
			w.move(time.Millisecond) // the newest event has the highest id
			w.happens(webhook.LinkCreated, "lnk_1", "")
			event := w.events()[0].ID
			w.post()
			if d, err := w.hooks.Sent(t.Context(), w.business.ID, event, e.ID); (err != nil) != (c.state == "") || d.State != c.state || d.Tries != c.tries {
				t.Errorf("%s: it is %+v, %v", name, d, err)
			}
			if posts, err := w.hooks.Posts(t.Context(), w.business.ID, event, e.ID); err != nil || len(posts) != map[bool]int{true: posted}[c.state != ""] {
				t.Errorf("%s: the log has %d, %v", name, len(posts), err)
			}
			if now := w.again(other); !now.Active {
				t.Errorf("%s: the other endpoint is %+v", name, now)
			}
			if err := w.hooks.Delete(t.Context(), w.business.ID, e.ID); (err != nil) != (c.state == "") {
				t.Errorf("%s: %v", name, err)
			}
		}
		if d := w.only(other); d.State != webhook.Waiting || d.Tries != 1 {
			t.Errorf("what waits for the other is %+v", d)
		}
	})
}

// That a business has no endpoints is remembered, until it makes one.
func TestANewEndpointIsHeardOf(t *testing.T) {
	worlds(t, func(t *testing.T, w *world) {
		listens := func() (is bool) {
			t.Helper()
			if err := w.d.InTx(t.Context(), func(tx *db.Tx) (err error) {
				is, err = w.hooks.Listens(t.Context(), tx, w.business.ID)
				return err
			}); err != nil {
				t.Fatal(err)
			}
			return is
		}
		if listens() || !w.hooks.Quiet(w.business.ID) {
			t.Error("it has endpoints before it made one")
		}
		w.endpoint("/a")
		if !listens() || w.hooks.Quiet(w.business.ID) {
			t.Error("its endpoint is not heard of")
		}
	})
}

// Callbacks of one payment are nothing of those of another, and none that waits is forgotten.
func TestCallbacksAreEachByThemselves(t *testing.T) {
	worlds(t, func(t *testing.T, w *world) {
		w.receiver.answer(func(r request) int {
			if r.path == "/taken" {
				return http.StatusOK
			}
			return http.StatusBadGateway
		})
		began := w.d.Clock().Wall()
		w.call("pay_1", w.receiver.URL+"/taken")
		w.call("pay_2", w.receiver.URL+"/refused")
		w.postDue()
		came := w.receiver.requests("/taken")
		if len(came) != 1 || came[0].id() != "pay_1" || came[0].header.Get("Webhook-Timestamp") == "" || came[0].header.Get("Content-Type") != "application/x-www-form-urlencoded" {
			t.Errorf("came %+v", came)
		}
		of := func(key string) webhook.CallbackState {
			t.Helper()
			s, err := w.hooks.CallbackOf(t.Context(), w.business.ID, key)
			if err != nil {
				t.Fatal(err)
			}
			return s
		}
		if one, two := of("pay_1"), of("pay_2"); one.State != webhook.Delivered || one.Status != 200 || !one.DueAt.IsZero() || one.URL != w.receiver.URL+"/taken" ||
			two.State != webhook.Waiting || two.Status != 502 || two.DueAt.Sub(began) != 5*time.Second {
			t.Errorf("they stand %+v and %+v", one, two)
		}
		w.move(6 * time.Second)
		w.postDue()
		if s := of("pay_2"); s.Tries != 2 || !s.UpdatedAt.Equal(w.d.Clock().Wall()) {
			t.Errorf("after a second try %+v", s)
		}
		w.move(webhook.Kept + time.Hour)
		w.call("pay_3", w.receiver.URL+"/taken")
		w.postDue()
		if n, err := w.hooks.DeleteOld(t.Context()); err != nil || n != 1 {
			t.Errorf("%d are forgotten, %v", n, err)
		}
		if of("pay_2").State != webhook.Waiting || of("pay_3").State != webhook.Delivered {
			t.Error("what waits, or has just been, is forgotten")
		}
		// One that waits is kept however long nobody has posted.
		w.move(webhook.Kept + time.Hour)
		if n, err := w.hooks.DeleteOld(t.Context()); err != nil || n != 1 || of("pay_2").State != webhook.Waiting {
			t.Errorf("%d are forgotten, %v", n, err)
		}
	})
}
