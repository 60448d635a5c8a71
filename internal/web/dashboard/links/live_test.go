package links_test

import (
	"context"
	"testing"
	"time"

	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/link"
	"smartlinks/internal/web/dashboard/dashboardtest"
)

func TestLivePageHearsOfItsLinkOnly(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		acme := s.Business(t, "acme", "marit@example.com")
		l, other := s.Link(t, acme, link.Fields{}), s.Link(t, acme, link.Fields{})
		b := s.SignedIn(t, "marit@example.com")
		heard := true
		for range 3 { // at first the line between processes tells that anything may have changed
			lines, leave := b.Follow("/dashboard/acme/links/" + string(l.ID) + "/live")
			defer leave()
			dashboardtest.Expect(t, lines, "retry:")
			dashboardtest.Expect(t, lines, "") // the end of the first event
			notify(t, d, string(other.ID))
			select {
			case <-lines:
				continue
			case <-time.After(200 * time.Millisecond):
			}
			heard = false
			notify(t, d, string(l.ID))
			dashboardtest.Expect(t, lines, "event: activity")
			break
		}
		if heard {
			t.Error("each of three pages hears of another link")
		}
	})
}

func notify(t testing.TB, d *db.DB, linkID string) {
	t.Helper()
	err := d.InTx(context.Background(), func(tx *db.Tx) error {
		tx.Notify("activity", linkID)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestLivePagesEndWithTheServer(t *testing.T) {
	s := dashboardtest.New(t, dbtest.SQLite(t))
	acme := s.Business(t, "acme", "marit@example.com")
	l := s.Link(t, acme, link.Fields{})
	lines, leave := s.SignedIn(t, "marit@example.com").Follow("/dashboard/acme/links/" + string(l.ID) + "/live")
	defer leave()
	dashboardtest.Expect(t, lines, "retry:")
	s.Dashboard.Close()
	for {
		select {
		case _, open := <-lines:
			if !open {
				return
			}
		case <-time.After(10 * time.Second):
			t.Fatal("the stream outlives the server")
		}
	}
}
