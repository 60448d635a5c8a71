package webhook_test

import (
	"testing"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"smartlinks/internal/business/businesstest"
	"smartlinks/internal/fault"
	"smartlinks/internal/webhook"
)

func TestWhatIsWrongWithAnEndpointIsToldAtOnce(t *testing.T) {
	worlds(t, func(t *testing.T, w *world) {
		_, _, err := w.hooks.Create(t.Context(), w.business.ID, webhook.Draft{URL: "ftp://x", Description: string(make([]rune, 200)), Events: webhook.Asked{"link.exploded"}})
		if f := fault.Of(err); f.Code != fault.Invalid || len(f.Fields) != 3 {
			t.Errorf("got %v", err)
		}
		e := w.endpoint("/a", webhook.PaymentSucceeded, webhook.LinkCreated, webhook.PaymentSucceeded)
		if len(e.Events) != 2 || e.Events[0] != webhook.LinkCreated {
			t.Errorf("asks for %v", e.Events)
		}
		for range 19 {
			w.endpoint("/b")
		}
		if _, _, err := w.hooks.Create(t.Context(), w.business.ID, webhook.Draft{URL: w.receiver.URL, Events: webhook.Asked{webhook.All}}); !fault.Is(err, fault.Conflict) {
			t.Errorf("the 21st: %v", err)
		}
	})
}

func TestAnEndpointIsNobodyElses(t *testing.T) {
	worlds(t, func(t *testing.T, w *world) {
		e, other := w.endpoint("/a"), businesstest.Make(t, w.d, "other").ID
		w.happens(webhook.LinkCreated, "lnk_1", "")
		v := w.events()[0].ID
		ctx := t.Context()
		_, read := w.hooks.Endpoint(ctx, other, e.ID)
		_, changed := w.hooks.Update(ctx, other, e.ID, 0, webhook.Patch{})
		_, _, rotated := w.hooks.Rotate(ctx, other, e.ID)
		_, event := w.hooks.Event(ctx, other, v)
		_, again := w.hooks.Redeliver(ctx, other, v, "")
		_, period := w.hooks.RedeliverPeriod(ctx, other, e.ID, webhook.Period{})
		for name, err := range map[string]error{"read": read, "change": changed, "rotate": rotated, "delete": w.hooks.Delete(ctx, other, e.ID), "event": event, "again": again,
			"period": period, "send": w.hooks.SendAgain(ctx, other, v, e.ID)} {
			if !fault.Is(err, fault.NotFound) {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}

// For a day receivers with the secret before and with the new one both believe
// what comes, then only those with the new one.
func TestTheOldSecretSignsForADay(t *testing.T) {
	worlds(t, func(t *testing.T, w *world) {
		e, old, err := w.hooks.Create(t.Context(), w.business.ID, webhook.Draft{URL: w.receiver.URL, Events: webhook.Asked{webhook.All}})
		if err != nil {
			t.Fatal(err)
		}
		_, uncopied, err := w.hooks.Rotate(t.Context(), w.business.ID, e.ID) // it is shown once, and lost
		if err != nil {
			t.Fatal(err)
		}
		e, next, err := w.hooks.Rotate(t.Context(), w.business.ID, e.ID)
		if err != nil || e.OldUntil == nil || !e.OldUntil.Equal(w.d.Clock().Wall().Add(webhook.Overlap)) {
			t.Fatalf("%+v, %v", e, err)
		}
		believed := func(s webhook.Secret, r request) bool {
			receiver, err := standardwebhooks.NewWebhook(s.Text())
			if err != nil {
				t.Fatal(err)
			}
			return receiver.VerifyIgnoringTimestamp(r.body, r.header) == nil
		}
		for _, c := range []struct{ old, next bool }{{true, true}, {false, true}} {
			w.happens(webhook.LinkCreated, "lnk_1", "")
			w.post()
			came := w.receiver.requests("")
			last := came[len(came)-1]
			if believed(old, last) != c.old || believed(uncopied, last) != c.old || believed(next, last) != c.next {
				t.Errorf("the old secret: %v, the new one: %v", believed(old, last), believed(next, last))
			}
			w.move(webhook.Overlap)
		}
	})
}

func TestChangesOfAnEndpointDontOverwriteEachOther(t *testing.T) {
	worlds(t, func(t *testing.T, w *world) {
		e := w.endpoint("/a")
		name := "Shop"
		if _, err := w.hooks.Update(t.Context(), w.business.ID, e.ID, e.Version, webhook.Patch{Description: &name}); err != nil {
			t.Fatal(err)
		}
		if _, err := w.hooks.Update(t.Context(), w.business.ID, e.ID, e.Version, webhook.Patch{Description: &name}); !fault.Is(err, fault.Stale) {
			t.Errorf("got %v", err)
		}
		if err := w.hooks.Delete(t.Context(), w.business.ID, e.ID); err != nil {
			t.Fatal(err)
		}
		if all, err := w.hooks.Endpoints(t.Context(), w.business.ID); err != nil || len(all) != 0 {
			t.Errorf("%v, %v", all, err)
		}
	})
}
