package e2e

import (
	"net/http"
	"strings"
	"testing"

	"github.com/Shopify/toxiproxy/v2"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/rs/zerolog"

	. "smartlinks/e2e/site"
	"smartlinks/internal/payment/stripe/stripetest"
)

// line is a wire to a provider on which connections can be made to break.
type line struct{ *toxiproxy.Proxy }

func newLine(t *testing.T, upstream string) line {
	t.Helper()
	api := toxiproxy.NewServer(toxiproxy.NewMetricsContainer(prometheus.NewRegistry()), zerolog.Nop())
	p := toxiproxy.NewProxy(api, "provider", "127.0.0.1:0", strings.TrimPrefix(upstream, "http://"))
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Stop)
	return line{p}
}

// spoil makes connections misbehave; downstream is the way of the answers.
func (l line) spoil(t *testing.T, toxic string) {
	t.Helper()
	if _, err := l.Toxics.AddToxicJson(strings.NewReader(toxic)); err != nil {
		t.Fatal(err)
	}
}

func (l line) mend(t *testing.T) { l.Toxics.ResetToxics(t.Context()) }

// The ways in which a connection breaks after the provider has heard us, but for
// the last, where it has not.
var breaks = map[string]string{
	"cut before the answer":     `{"type": "limit_data", "stream": "downstream", "attributes": {"bytes": 0}}`,
	"cut in the middle of it":   `{"type": "limit_data", "stream": "downstream", "attributes": {"bytes": 90}}`,
	"reset":                     `{"type": "reset_peer", "stream": "downstream", "attributes": {"timeout": 0}}`,
	"silent for a while":        `{"type": "timeout", "stream": "downstream", "attributes": {"timeout": 300}}`,
	"silent, and nothing heard": `{"type": "timeout", "stream": "upstream", "attributes": {"timeout": 300}}`,
}

// A line that breaks at any place decides nothing: the payer is told that we
// check, nothing is made twice, and the payment goes on once the line is mended.
func TestABrokenLineToTheProviderLosesAndDoublesNothing(t *testing.T) {
	t.Parallel()
	stripe := newStripe(t)
	wire := newLine(t, stripe.URL)
	s := startBeside(t, "http://"+wire.Listen, stripe, "--data", t.TempDir())
	s.connect(t, "stripe", stripeKey)
	for what, toxic := range breaks {
		t.Run(what, func(t *testing.T) { breakOnce(t, s, stripe, wire, toxic) })
	}
	s.Command(t, "", "doctor", "--sandbox")
}

func breakOnce(t *testing.T, s *site, stripe *stripetest.Server, wire line, toxic string) {
	l := s.CreateLink(t, `{"name": "Seat", `+FortyNine+`, "limit": {"kind": "once"}}`)
	before := stripe.Sessions()
	wire.spoil(t, toxic)
	started := Post(t, l.URL, Payer("sanne@example.com"))
	ExpectStatus(t, "pressing Pay while the line is broken", started, http.StatusSeeOther)
	page := started.Header.Get("Location")
	if !strings.Contains(page, "/pay/") {
		t.Fatalf("the payer was sent to %s, not to where it is checked", page)
	}
	if !strings.HasPrefix(page, "http") {
		page = s.URL + page
	}
	ExpectStatus(t, "another payer meanwhile", Post(t, l.URL, Payer("bob@example.com")), http.StatusConflict)
	wire.mend(t)
	AwaitStatus(t, page, "open")

	if n := stripe.Sessions() - before; n != 1 {
		t.Fatalf("%d checkouts were made, want 1", n)
	}
	if err := stripe.Do(stripe.Newest(), stripetest.Paid); err != nil {
		t.Fatal(err)
	}
	wire.spoil(t, toxic)
	if got := StatusOf(t, page); got != "open" {
		t.Errorf("nobody can know, and the page says %q", got)
	}
	wire.mend(t)
	AwaitStatus(t, page, "paid")
	if got := s.Link(t, l.ID); got.Limit.Used != 1 || got.Limit.Held != 0 {
		t.Errorf("the link is %+v", got.Limit)
	}
}
