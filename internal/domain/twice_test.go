package domain_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"smartlinks/internal/domain"
	"smartlinks/internal/domain/domaintest"
)

// slow is a DNS whose next answer about TXT records is given only after something else.
type slow struct {
	*domaintest.Zone
	meanwhile func()
}

func (s *slow) LookupTXT(ctx context.Context, name string) ([]string, error) {
	found, err := s.Zone.LookupTXT(ctx, name)
	if do := s.meanwhile; do != nil {
		s.meanwhile = nil
		do()
	}
	return found, err
}

func TestTheLaterOfTwoLooksCounts(t *testing.T) {
	worlds(t, func(t *testing.T, w *world) {
		d := w.claim(w.acme, host)
		dns := &slow{Zone: w.dns}
		dns.meanwhile = func() {
			w.point(host, d)
			w.pass(time.Second)
			if now := w.check(d); now.Status() != domain.Live {
				t.Errorf("the later look: %s %q", now.Status(), now.Problem)
			}
		}
		older := w.process(func(c *domain.Config) { c.Resolver = dns })
		if _, err := older.Check(t.Context(), d.BusinessID, d.ID); err != nil {
			t.Fatal(err)
		}
		if now, err := w.Get(t.Context(), w.acme.ID, d.ID); err != nil || now.Status() != domain.Live || now.Problem != "" {
			t.Errorf("after the older look wrote: %s %q, %v", now.Status(), now.Problem, err)
		}
	})
}

// Certificates of several domains that come at once make one of them that of new links.
func TestCertificatesAtOnceChooseOneDomainForNewLinks(t *testing.T) {
	worlds(t, func(t *testing.T, w *world) {
		var hosts []string
		for i := range 6 {
			host := fmt.Sprintf("n%d.acme.example", i)
			d := w.claim(w.acme, host)
			w.point(host, d)
			w.check(d)
			hosts = append(hosts, host)
		}
		now := w.d.Clock().Wall()
		var all sync.WaitGroup
		for _, host := range hosts {
			all.Go(func() {
				if err := w.Certified(t.Context(), host, now, now.Add(90*24*time.Hour)); err != nil {
					t.Errorf("%s: %v", host, err)
				}
			})
		}
		all.Wait()
		var chosen int
		if err := w.d.Get(t.Context(), &chosen, `SELECT COUNT(*) FROM domains WHERE for_new`); err != nil || chosen != 1 {
			t.Errorf("%d domains are for new links, %v", chosen, err)
		}
	}, func(c *domain.Config) { c.Certify = func(context.Context, string) error { return nil } })
}
