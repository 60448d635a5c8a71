package transactions_test

import (
	"net/http"
	"net/url"
	"testing"

	"smartlinks/internal/account"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/link"
	"smartlinks/internal/payment/sandbox"
	"smartlinks/internal/web/dashboard/dashboardtest"
)

func TestAMemberAsksAgainWhoDidNotFinish(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		acme := s.Business(t, "acme", "marit@example.com")
		b := s.SignedIn(t, "marit@example.com")
		const page = "/dashboard/acme/transactions/unfinished"
		if got := b.Get(page); !got.Has("Everybody finished", "Ask by itself") {
			t.Errorf("empty: %s", got.Said())
		}
		l := s.Link(t, acme, link.Fields{Name: "Workshop"})
		left := s.Attempt(t, acme, l, "Jo Lane", "jo@example.com", sandbox.Canceled)
		recover := "/dashboard/acme/transactions/" + string(left.ID) + "/recover"
		if got := b.Get(page); !got.Has("Jo Lane", "jo@example.com", "Workshop", recover) {
			t.Errorf("left: %s", got.Said())
		}
		if got := b.Get("/dashboard/acme/transactions/" + string(left.ID)); !got.Has(recover) {
			t.Errorf("the payment's page: %s", got.Said())
		}
		if got := b.Post(recover, nil); got.Status != http.StatusSeeOther {
			t.Fatalf("%d %s", got.Status, got.Said())
		}
		if got := b.Get(page); !got.Has("Asked on") || got.Has(recover) {
			t.Errorf("asked: %s", got.Said())
		}
		if got := b.Post(recover, nil); got.Status != http.StatusConflict || !got.Has("They were asked already.") {
			t.Errorf("twice: %d %s", got.Status, got.Said())
		}
		if got := b.Post(page, url.Values{"after_hours": {"30"}}); got.Status != http.StatusUnprocessableEntity {
			t.Errorf("30 hours: %d", got.Status)
		}
		b.Post(page, url.Values{"after_hours": {"6"}})
		if got := b.Get(page); !got.Has(`value="6" selected`) {
			t.Errorf("the setting is not kept: %s", got.Body)
		}
		s.Member(t, acme, "staff@example.com", account.Staff)
		staff := s.SignedIn(t, "staff@example.com")
		if got := staff.Get(page); !got.Has("6 hours after they stopped") || got.Has(`name="after_hours"`) {
			t.Errorf("staff: %s", got.Said())
		}
		if got := staff.Post(page, url.Values{"after_hours": {"0"}}); got.Status != http.StatusForbidden {
			t.Errorf("staff changes it: %d", got.Status)
		}
	})
}
