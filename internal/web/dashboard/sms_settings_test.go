package dashboard_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/message"
	"smartlinks/internal/message/mailbox"
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

// What failed is told with its reason, and goes out once the gateway takes it;
// a test is sent to a number of the member's and counts as a message.
func TestFailedSMSAreToldAndTriedAgainAndATestIsSent(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newSite(t, d)
		acme := s.business(t, "acme", "marit@example.com")
		b := s.signedIn(t, "marit@example.com")
		const page = "/dashboard/acme/settings/sms"
		if got := b.post(page, url.Values{"day_cap": {"1"}}); got.Status != http.StatusSeeOther {
			t.Fatalf("the cap: %d %s", got.Status, got.Said())
		}
		if got := b.post(page+"/test", url.Values{"phone": {"nonsense"}}); got.Status != http.StatusUnprocessableEntity || !got.Has("nonsense", "Start with + and the country code") {
			t.Errorf("no number: %d %s", got.Status, got.Said())
		}
		if got := b.post(page+"/test", url.Values{"phone": {"+31 6 12345678"}}); got.Status != http.StatusSeeOther {
			t.Errorf("a test: %d %s", got.Status, got.Said())
		}
		sent, err := s.Mailbox.List(t.Context(), mailbox.Filter{Limit: 9})
		if err != nil || len(sent) != 1 || sent[0].To != "+31612345678" || !strings.Contains(sent[0].Text, "This is a test from") {
			t.Errorf("the test is %+v, %v", sent, err)
		}
		if got := b.post(page+"/test", url.Values{"phone": {"+31 6 12345678"}}); got.Status != http.StatusServiceUnavailable || !got.Has("The 1 SMS segments that you allow") {
			t.Errorf("a test beyond the cap: %d %s", got.Status, got.Said())
		}
		if err := d.InTx(t.Context(), func(tx *db.Tx) error {
			return s.Messages.QueueSMS(t.Context(), tx, message.SMS{BusinessID: acme.ID, To: "+31687654321", Text: "Pay here", Key: "a"})
		}); err != nil {
			t.Fatal(err)
		}
		if err := s.Messages.SendDue(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := b.get(page); !got.Has("SMS that did not arrive", "+31 6 87654321", "allow for a day are used up", "Try them again now") {
			t.Errorf("what failed: %s", got.Said())
		}
		if got := b.post(page, url.Values{"day_cap": {"9"}}); got.Status != http.StatusSeeOther {
			t.Fatalf("the cap: %d %s", got.Status, got.Said())
		}
		if got := b.post(page+"/retry", nil); got.Status != http.StatusSeeOther {
			t.Errorf("again: %d", got.Status)
		}
		if err := s.Messages.SendDue(t.Context()); err != nil {
			t.Fatal(err)
		}
		if sent, err := s.Mailbox.List(t.Context(), mailbox.Filter{Limit: 9}); err != nil || len(sent) != 2 {
			t.Errorf("%d SMS are there, %v", len(sent), err)
		}
		if got := b.get(page); got.Has("SMS that did not arrive") {
			t.Error("what arrived is still listed")
		}
	})
}
