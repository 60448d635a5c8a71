package dashboard_test

import (
	"net/http"
	"net/url"
	"testing"

	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
)

func TestSMSSettingsKeepTheKeyAndNeverShowIt(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newSite(t, d)
		s.business(t, "acme", "marit@example.com")
		b := s.signedIn(t, "marit@example.com")
		const page = "/dashboard/acme/settings/sms"
		form := url.Values{"kind": {"twilio"}, "user": {"AC123"}, "key": {"a-secret-token"}, "from": {"a name that is too long"}, "day_cap": {"50"}}
		if got := b.post(page, form); got.Status != http.StatusUnprocessableEntity || !got.Has("at most 11", `value="AC123"`, `value="50"`) || got.Has("a-secret-token") {
			t.Errorf("a wrong sender: %d %s", got.Status, got.Said())
		}
		form.Set("from", "+31612345678")
		if got := b.post(page, form); got.Status != http.StatusSeeOther {
			t.Fatalf("saved: %d %s", got.Status, got.Said())
		}
		if got := b.get(page); !got.Has(`value="AC123"`, `value="+31612345678"`, "Leave it empty", "/hooks/sms/twilio/") || got.Has("a-secret-token") {
			t.Errorf("shown: %s", got.Said())
		}
		form.Set("key", "")
		form.Set("day_cap", "60")
		if got := b.post(page, form); got.Status != http.StatusSeeOther {
			t.Errorf("without a key the stored one stays: %d %s", got.Status, got.Said())
		}
		form.Set("day_cap", "lots")
		if got := b.post(page, form); got.Status != http.StatusUnprocessableEntity || !got.Has("from 0 to 100000") {
			t.Errorf("no number: %d %s", got.Status, got.Said())
		}
		if got := b.post(page, url.Values{"kind": {""}, "sender": {"Acme"}, "day_cap": {"10"}}); got.Status != http.StatusSeeOther {
			t.Errorf("back to the installation's: %d %s", got.Status, got.Said())
		}
		if got := b.get(page); got.Has("AC123") || !got.Has(`value="Acme"`) {
			t.Errorf("the account is still there: %s", got.Said())
		}
	})
}
