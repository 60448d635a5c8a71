package webhook_test

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"smartlinks/internal/fault"
	"smartlinks/internal/job"
	"smartlinks/internal/webhook"
)

// days lets wall time pass until the tries of everything are over.
func (w *world) days() {
	w.t.Helper()
	for range 12 {
		w.move(25 * time.Hour)
		w.post()
	}
}

func TestWhatIsNotTakenIsTriedAgainUntilItIs(t *testing.T) {
	worlds(t, func(t *testing.T, w *world) {
		e := w.endpoint("/a")
		w.receiver.answer(always(http.StatusInternalServerError))
		w.happens(webhook.LinkCreated, "lnk_1", "")
		w.post()
		d := w.only(e)
		if d.State != webhook.Waiting || d.Tries != 1 || d.Status != 500 || d.DueAt == nil || d.DueAt.Sub(w.d.Clock().Wall()) != 5*time.Second {
			t.Fatalf("after the first try: %+v", d)
		}
		if w.again(e).FailingSince == nil {
			t.Error("the endpoint is not failing")
		}
		w.d.Clock().SetOffset(time.Hour) // the test clock hurries no try
		w.post()
		w.d.Clock().SetOffset(0)
		if n := len(w.receiver.requests("")); n != 1 {
			t.Fatalf("posted %d times before it was due", n)
		}
		w.move(5 * time.Second)
		w.receiver.answer(nil)
		w.post()
		if d := w.only(e); d.State != webhook.Delivered || d.Tries != 2 {
			t.Errorf("after the second try: %+v", d)
		}
		came := w.receiver.requests("")
		if came[0].id() != came[1].id() || string(came[0].body) != string(came[1].body) {
			t.Error("the second try is another message")
		}
		if w.again(e).FailingSince != nil {
			t.Error("the endpoint is still failing")
		}
	})
}

// An endpoint that takes nothing for three days is switched off, once, and the
// owners hear of it, once.
func TestAnEndpointThatTakesNothingForThreeDaysIsSwitchedOff(t *testing.T) {
	worlds(t, func(t *testing.T, w *world) {
		w.owner("marit@example.com")
		e := w.endpoint("/a")
		w.receiver.answer(always(http.StatusBadGateway))
		for _, id := range []string{"lnk_1", "lnk_2", "lnk_3"} {
			w.happens(webhook.LinkCreated, id, "")
		}
		w.post()
		w.move(71 * time.Hour)
		w.post()
		if !w.again(e).Active {
			t.Fatal("switched off too early")
		}
		w.days()
		stopped := w.again(e)
		if stopped.Active || stopped.Stopped != webhook.Failing {
			t.Fatalf("the endpoint is %+v", stopped)
		}
		waiting, _, err := w.hooks.History(t.Context(), w.business.ID, e.ID, webhook.HistoryFilter{State: webhook.Waiting})
		if err != nil || len(waiting) != 0 {
			t.Errorf("%d wait for it, %v", len(waiting), err)
		}
		tries := len(w.receiver.requests(""))
		w.happens(webhook.LinkCreated, "lnk_4", "")
		w.days()
		if n := len(w.receiver.requests("")); n != tries {
			t.Errorf("posted %d more times", n-tries)
		}
		if err := w.messages.SendDue(t.Context()); err != nil {
			t.Fatal(err)
		}
		if len(w.letters.sent) != 1 || w.letters.sent[0].To.Address != "marit@example.com" || !strings.Contains(w.letters.sent[0].Text, e.URL) ||
			!strings.Contains(w.letters.sent[0].Text, "/dashboard/noord/settings/webhooks/"+string(e.ID)) {
			t.Fatalf("the owners hear %+v", w.letters.sent)
		}
		// Switched on again it gets what it missed, on demand.
		w.receiver.answer(nil)
		on := true
		if now, err := w.hooks.Update(t.Context(), w.business.ID, e.ID, 0, webhook.Patch{Active: &on}); err != nil || now.Stopped != "" || now.FailingSince != nil {
			t.Fatalf("%+v, %v", now, err)
		}
		n, err := w.hooks.RedeliverPeriod(t.Context(), w.business.ID, e.ID, webhook.Period{})
		if err != nil || n != 4 {
			t.Fatalf("%d go again, %v", n, err)
		}
		w.post()
		if n := len(w.receiver.requests("")) - tries; n != 4 {
			t.Errorf("%d came", n)
		}
	})
}

// Where only some events are refused, the endpoint works for others.
func TestAnEndpointThatTakesOtherEventsStaysOn(t *testing.T) {
	worlds(t, func(t *testing.T, w *world) {
		e := w.endpoint("/a")
		w.receiver.answer(func(r request) int {
			if strings.Contains(string(r.body), "link.created") {
				return http.StatusInternalServerError
			}
			return http.StatusOK
		})
		w.happens(webhook.LinkCreated, "lnk_1", "")
		w.post()
		for range 12 {
			w.move(25 * time.Hour)
			w.happens(webhook.LinkUpdated, "lnk_1", "")
			w.post()
		}
		failed, _, err := w.hooks.History(t.Context(), w.business.ID, e.ID, webhook.HistoryFilter{State: webhook.Failed})
		if err != nil || len(failed) != 1 || failed[0].Tries != 10 {
			t.Fatalf("%+v, %v", failed, err)
		}
		if !w.again(e).Active {
			t.Error("it was switched off")
		}
	})
}

func TestAnEndpointThatSaysItIsGoneIsSwitchedOffAtOnce(t *testing.T) {
	worlds(t, func(t *testing.T, w *world) {
		w.owner("marit@example.com")
		e := w.endpoint("/a")
		w.receiver.answer(always(http.StatusGone))
		w.happens(webhook.LinkCreated, "lnk_1", "")
		w.post()
		if now := w.again(e); now.Active || now.Stopped != webhook.GoneAway {
			t.Errorf("the endpoint is %+v", now)
		}
		if _, err := w.hooks.RedeliverPeriod(t.Context(), w.business.ID, e.ID, webhook.Period{}); !fault.Is(err, fault.Conflict) {
			t.Errorf("sending again to it: %v", err)
		}
	})
}

// A process that is killed while it posts leaves the event to others, who post
// it under the same id.
func TestAProcessThatDiesWhileItPostsLosesNothing(t *testing.T) {
	worlds(t, func(t *testing.T, w *world) {
		e := w.endpoint("/a")
		arrived, let := make(chan struct{}, 1), make(chan struct{})
		w.receiver.answer(func(request) int {
			arrived <- struct{}{}
			<-let
			return http.StatusOK
		})
		dying := w.process()
		if err := dying.Queue.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := w.say(dying, webhook.LinkCreated, "lnk_1", ""); err != nil {
			t.Fatal(err)
		}
		<-arrived
		killed, kill := context.WithCancel(t.Context())
		kill()
		if err := dying.Queue.Stop(killed); err != nil { // nothing of its post is written down
			t.Fatal(err)
		}
		w.receiver.answer(nil)
		close(let)
		w.post()
		if n := len(w.receiver.requests("")); n != 1 {
			t.Fatalf("posted %d times while the other might still be at it", n)
		}
		w.move(job.Lease)
		w.post()
		came := w.receiver.requests("")
		if len(came) != 2 || came[0].id() != came[1].id() {
			t.Fatalf("%d came", len(came))
		}
		if d := w.only(e); d.State != webhook.Delivered || d.Tries != 2 {
			t.Errorf("the delivery is %+v", d)
		}
	})
}

// An endpoint that hangs, with much waiting for it, holds up nobody else.
func TestAnEndpointThatHangsHoldsUpItselfAlone(t *testing.T) {
	worlds(t, func(t *testing.T, w *world) {
		w.endpoint("/hangs", webhook.LinkCreated)
		w.endpoint("/works", webhook.LinkUpdated)
		let := make(chan struct{})
		defer close(let)
		heard := make(chan struct{})
		var once sync.Once
		w.receiver.answer(func(r request) int {
			if r.path == "/hangs" {
				<-let
			} else {
				once.Do(func() { close(heard) })
			}
			return http.StatusOK
		})
		for range 90 {
			w.happens(webhook.LinkCreated, "lnk_1", "")
		}
		if err := w.hooks.Queue.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		w.happens(webhook.LinkUpdated, "lnk_1", "")
		select {
		case <-heard:
		case <-time.After(10 * time.Second):
			t.Error("the other endpoint waits")
		}
		if n := len(w.receiver.requests("/hangs")); n > 4 {
			t.Errorf("%d at once for the one that hangs", n)
		}
	})
}
