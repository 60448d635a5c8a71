package stripe

import (
	"errors"
	"strings"
	"testing"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/clock"
	"smartlinks/internal/payment/provider"
)

// A signed report may still hold anything, as the version of an API may change
// its shapes.
func FuzzReports(f *testing.F) {
	for _, seed := range []string{
		`{"id": "evt_1", "livemode": false, "data": {"object": {"id": "cs_1", "object": "checkout.session"}}}`, `{"id": "evt_1", "data": {"object": {"id": "ch_1", "object": "charge", "payment_intent": "pi_1"}}}`,
		`{"id": "evt_1", "data": {"object": {"id": "re_1", "payment_intent": {"id": "pi_1"}}}}`, `{"id": 1}`, `{"id": "evt_1", "livemode": "no"}`, `{"data": null}`, "null", "[]", "", "\xff", strings.Repeat(`{"data":`, 5000),
	} {
		f.Add([]byte(seed), true)
		f.Add([]byte(seed), false)
	}
	f.Fuzz(func(t *testing.T, body []byte, live bool) {
		mode := business.Test
		if live {
			mode = business.Live
		}
		got, err := event(body, mode)
		if err != nil && !errors.Is(err, provider.ErrForged) {
			t.Fatalf("%q: %v", body, err)
		}
		if err == nil && got.ID == "" {
			t.Fatalf("%q has no id: %+v", body, got)
		}
		if other, err := event(body, map[bool]business.Mode{true: business.Test, false: business.Live}[live]); got.ID != "" && err == nil {
			t.Fatalf("%q is of both modes: %+v and %+v", body, got, other)
		}
	})
}

// An old signature is never fresh, however its header is written.
func FuzzSignatureHeaders(f *testing.F) {
	for _, seed := range []string{"t=1771407720,v1=00", "t=0,t=1771407720", "v1=,t=1771407720", "t=-1", "t=99999999999999999999", "t=", ",,,", "t=1771407720t=1", "t= 1771407720", "\xff"} {
		f.Add(seed)
	}
	at := time.Date(2026, 2, 18, 9, 42, 0, 0, time.UTC)
	now, later := &Stripe{clock: clock.Fixed(at)}, &Stripe{clock: clock.Fixed(at.Add(24 * time.Hour))}
	f.Fuzz(func(t *testing.T, header string) {
		if now.fresh(header) && later.fresh(header) {
			t.Fatalf("%q is always fresh", header)
		}
	})
}
