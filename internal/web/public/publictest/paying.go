package publictest

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"smartlinks/internal/db"
	"smartlinks/internal/link"
	"smartlinks/internal/payment/history"
)

// Browser is one without cookies yet.
func (s *Site) Browser() *Browser { return &Browser{s, map[string]string{}} }

// Attempts counts what was started.
func (s *Site) Attempts() (n int) {
	s.T.Helper()
	if err := s.DB.Get(s.T.Context(), &n, `SELECT COUNT(*) FROM attempts`); err != nil {
		s.T.Fatal(err)
	}
	return n
}

// Settle ends a checkout of the sandbox, and shows the payer's page.
func (s *Site) Settle(started Page, outcome string) Page {
	s.T.Helper()
	if started.StatusCode != http.StatusSeeOther {
		s.T.Fatalf("the payment answers %d: %s", started.StatusCode, started.Body)
	}
	ended := s.Post(s.Path(started.Header.Get("Location")), map[string][]string{"outcome": {outcome}})
	return s.Get(s.Path(ended.Header.Get("Location")))
}

// Path is an address of ours without the host.
// Path is an address of ours without its host.
func (s *Site) Path(address string) string {
	_, rest, _ := strings.Cut(address, "://")
	if rest == "" {
		return address
	}
	return rest[strings.Index(rest, "/"):]
}

// Start presses Pay and returns the path of the sandbox's checkout.
func (s *Site) Start(path string, form url.Values, header ...string) (checkout string) {
	s.T.Helper()
	got := s.Post(path, form, header...)
	if got.StatusCode != http.StatusSeeOther {
		s.T.Fatalf("POST %s: %d\n%s", path, got.StatusCode, got.Body)
	}
	to, err := url.Parse(got.Header.Get("Location"))
	if err != nil || !strings.HasPrefix(to.Path, "/sandbox/") {
		s.T.Fatalf("POST %s leads to %q", path, got.Header.Get("Location"))
	}
	return to.Path
}

// Decide ends a checkout and returns the path of the payment's page.
func (s *Site) Decide(checkout, outcome string) (payment string) {
	s.T.Helper()
	got := s.Post(checkout, url.Values{"outcome": {outcome}})
	to, err := url.Parse(got.Header.Get("Location"))
	if got.StatusCode != http.StatusSeeOther || err != nil || !strings.HasPrefix(to.Path, "/pay/pay_") {
		s.T.Fatalf("%s: %d to %q", outcome, got.StatusCode, got.Header.Get("Location"))
	}
	return to.Path
}

// Settled waits until the provider's report has come.
func (s *Site) Settled(page string) {
	s.T.Helper()
	Eventually(s.T.(*testing.T), page+" is settled", func() bool { return strings.Contains(s.Get(page+"/status").Body, `"paid"`) })
}

// Later lets a second pass, as between two presses of people.
func (s *Site) Later() { s.DB.Clock().SetOffset(s.DB.Clock().Offset() + time.Second) }

// Attempt is the newest of a link.
func (s *Site) Attempt(l link.Link) history.View {
	s.T.Helper()
	all, _, err := s.Payments.List(s.T.Context(), s.Business.ID, s.Business.Mode, history.Filter{LinkID: l.ID, Limit: 1})
	if err != nil || len(all) == 0 {
		s.T.Fatalf("no attempt: %v", err)
	}
	return all[0]
}

// Use makes a payment count against the link's limit.
func (s *Site) Use(l link.Link) {
	s.T.Helper()
	err := s.DB.InTx(s.T.Context(), func(tx *db.Tx) error {
		if _, err := s.Links.Hold(s.T.Context(), tx, s.Business.ID, l.ID, s.Business.Mode, 1); err != nil {
			return err
		}
		c := &link.Consumption{Link: l.ID, Slots: 1}
		ran := s.Links.Consume(s.Business.ID, s.Business.Mode, c)
		if err := tx.Batch(s.T.Context(), ran); err != nil {
			return err
		}
		return c.Done(tx, ran)
	})
	if err != nil {
		s.T.Fatal(err)
	}
}
