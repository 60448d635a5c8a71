package e2e

import (
	"fmt"
	"net/http"
	"net/url"
	"sync"
	"testing"
	"time"

	. "smartlinks/e2e/site"
)

// A crowd pays at once: at one process on SQLite, at two over one PostgreSQL.
func TestLimitHoldsForACrowdOfPayers(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *site) {
		doors := []string{s.URL}
		if len(s.Store) > 2 {
			doors = append(doors, s.Serve(t))
		}
		for _, c := range []struct{ payers, limit int }{{500, 1}, {500, 7}} {
			t.Run(fmt.Sprintf("%d on %d", c.payers, c.limit), func(t *testing.T) { crowd(t, s, doors, c.payers, c.limit) })
		}
	})
}

func crowd(t *testing.T, s *site, doors []string, payers, limit int) {
	path := fmt.Sprintf("crowd-%d", limit)
	l := s.CreateLink(t, fmt.Sprintf(`{"name": "Crowd", "type": "amount", "amount": {"value": "49.00", "currency": "EUR"}, "path": %q, "limit": {"kind": "multiple", "max": %d}}`, path, limit))
	var everybody sync.WaitGroup
	answers := make([]int, payers)
	for i := range payers {
		everybody.Go(func() {
			a := Post(t, doors[i%len(doors)]+"/"+Handle+"/"+path, Payer(fmt.Sprintf("payer%d@example.com", i)))
			answers[i] = a.Status
			if a.Status == http.StatusSeeOther {
				Post(t, a.Header.Get("Location"), url.Values{"outcome": {"paid"}})
			}
		})
	}
	everybody.Wait()
	count := map[int]int{}
	for _, status := range answers {
		count[status]++
	}
	if count[http.StatusSeeOther] != limit || count[http.StatusConflict]+count[http.StatusGone] != payers-limit {
		t.Errorf("%d payers on a limit of %d were answered %v (status: count), want %d × 303 and 409 or 410 for the others", payers, limit, count, limit)
	}
	if !Eventually(20*time.Second, func() bool { return s.Link(t, l.ID).Limit.Used == limit }) {
		t.Errorf("accepted %d payments, want %d", s.Link(t, l.ID).Limit.Used, limit)
	}
	if got := s.Link(t, l.ID); got.Status != "limit_reached" || got.Limit.Held != 0 || got.Stats.Payments != limit {
		t.Errorf("afterwards the link is %+v", got)
	}
}
