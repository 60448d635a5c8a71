package messages_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/message/mailbox"
	"smartlinks/internal/message/sms/smstest"
	"smartlinks/internal/message/texting"
	"smartlinks/internal/web/dashboard/dashboardtest"
)

func TestSMSSettingsKeepTheKeyAndNeverShowIt(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		s.Business(t, "acme", "marit@example.com")
		b := s.SignedIn(t, "marit@example.com")
		const page = "/dashboard/acme/settings/sms"
		form := url.Values{"kind": {"twilio"}, "user": {smstest.SID}, "key": {smstest.Token}, "from": {"a name that is too long"}, "day_cap": {"50"}}
		if got := b.Post(page, form); got.Status != http.StatusUnprocessableEntity || !got.Has("at most 11", `value="`+smstest.SID+`"`, `value="50"`) || got.Has(smstest.Token) {
			t.Errorf("a wrong sender: %d %s", got.Status, got.Said())
		}
		form.Set("from", "+31612345678")
		if got := b.Post(page, form); got.Status != http.StatusSeeOther {
			t.Fatalf("saved: %d %s", got.Status, got.Said())
		}
		if got := b.Get(page); !got.Has(`value="`+smstest.SID+`"`, `value="+31612345678"`, "Leave it empty", "/hooks/sms/twilio/") || got.Has(smstest.Token) {
			t.Errorf("shown: %s", got.Said())
		}
		form.Set("key", "")
		form.Set("day_cap", "60")
		if got := b.Post(page, form); got.Status != http.StatusSeeOther {
			t.Errorf("without a key the stored one stays: %d %s", got.Status, got.Said())
		}
		form.Set("day_cap", "lots")
		if got := b.Post(page, form); got.Status != http.StatusUnprocessableEntity || !got.Has("from 0 to 100000") {
			t.Errorf("no number: %d %s", got.Status, got.Said())
		}
		if got := b.Post(page, url.Values{"kind": {""}, "sender": {"Acme"}, "day_cap": {"10"}}); got.Status != http.StatusSeeOther {
			t.Errorf("back to the installation's: %d %s", got.Status, got.Said())
		}
		if got := b.Get(page); got.Has(smstest.SID) || !got.Has(`value="Acme"`) {
			t.Errorf("the account is still there: %s", got.Said())
		}
	})
}

// What failed is told with its reason, and goes out once the gateway takes it;
// a test is sent to a number of the member's and counts as a message.
func TestFailedSMSAreToldAndTriedAgainAndATestIsSent(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		acme := s.Business(t, "acme", "marit@example.com")
		b := s.SignedIn(t, "marit@example.com")
		const page = "/dashboard/acme/settings/sms"
		if got := b.Post(page, url.Values{"day_cap": {"1"}}); got.Status != http.StatusSeeOther {
			t.Fatalf("the cap: %d %s", got.Status, got.Said())
		}
		if got := b.Post(page+"/test", url.Values{"phone": {"nonsense"}}); got.Status != http.StatusUnprocessableEntity || !got.Has("nonsense", "Start with + and the country code") {
			t.Errorf("no number: %d %s", got.Status, got.Said())
		}
		if got := b.Post(page+"/test", url.Values{"phone": {"+31 6 12345678"}}); got.Status != http.StatusSeeOther {
			t.Errorf("a test: %d %s", got.Status, got.Said())
		}
		sent, err := s.Mailbox.List(t.Context(), mailbox.Filter{Limit: 9})
		if err != nil || len(sent) != 1 || sent[0].To != "+31612345678" || !strings.Contains(sent[0].Text, "This is a test from") {
			t.Errorf("the test is %+v, %v", sent, err)
		}
		if got := b.Post(page+"/test", url.Values{"phone": {"+31 6 12345678"}}); got.Status != http.StatusServiceUnavailable || !got.Has("The 1 SMS segments that you allow") {
			t.Errorf("a test beyond the cap: %d %s", got.Status, got.Said())
		}
		if err := d.InTx(t.Context(), func(tx *db.Tx) error {
			return s.Messages.QueueSMS(t.Context(), tx, texting.SMS{BusinessID: acme.ID, To: "+31687654321", Text: "Pay here", Key: "a"})
		}); err != nil {
			t.Fatal(err)
		}
		if err := s.Messages.SendDue(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := b.Get(page); !got.Has("SMS that did not arrive", "+31 6 87654321", "allow for a day are used up", "Try them again now") {
			t.Errorf("what failed: %s", got.Said())
		}
		if got := b.Post(page, url.Values{"day_cap": {"9"}}); got.Status != http.StatusSeeOther {
			t.Fatalf("the cap: %d %s", got.Status, got.Said())
		}
		if got := b.Post(page+"/retry", nil); got.Status != http.StatusSeeOther {
			t.Errorf("again: %d", got.Status)
		}
		if err := s.Messages.SendDue(t.Context()); err != nil {
			t.Fatal(err)
		}
		if sent, err := s.Mailbox.List(t.Context(), mailbox.Filter{Limit: 9}); err != nil || len(sent) != 2 {
			t.Errorf("%d SMS are there, %v", len(sent), err)
		}
		if got := b.Get(page); got.Has("SMS that did not arrive") {
			t.Error("what arrived is still listed")
		}
	})
}

// A key that the gateway does not take is refused on saving, with what to do, and
// the one before it stays; a gateway that is away keeps nothing either.
func TestEveryGatewaysKeyIsTriedOnSaving(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		s.Business(t, "acme", "marit@example.com")
		b := s.SignedIn(t, "marit@example.com")
		const page = "/dashboard/acme/settings/sms"
		save := func(kind, user, key string) dashboardtest.Answer {
			return b.Post(page, url.Values{"kind": {kind}, "user": {user}, "key": {key}, "webhook_secret": {smstest.BirdSecret}, "day_cap": {"50"}})
		}
		if got := save("bird", "", smstest.BirdKey); got.Status != http.StatusSeeOther {
			t.Fatalf("a good key: %d %s", got.Status, got.Said())
		}
		for name, c := range map[string]struct{ kind, user, key, want string }{
			"an unknown key":    {"bird", "", "bk_eu1_wrong", "Bird does not take the key"},
			"another region":    {"bird", "", smstest.BirdElsewhere, "another region"},
			"a lack of rights":  {"bird", "", smstest.BirdReadOnly, "Give it the right"},
			"a classic key":     {"bird", "", smstest.Key, "choose MessageBird; it works until 31 December 2026"},
			"half a key":        {"bird", "", "bk_eu1", "This is not a whole key"},
			"Bird's as classic": {"messagebird", "", smstest.BirdKey, "Choose Bird for it"},
			"wrong, classic":    {"messagebird", "", "live_wrong", "MessageBird does not take the key"},
			"wrong, Twilio":     {"twilio", smstest.SID, "wrong", "Twilio does not take the key"},
			"Bird's at Twilio":  {"twilio", smstest.SID, smstest.BirdKey, "Choose Bird for it"},
		} {
			if got := save(c.kind, c.user, c.key); got.Status != http.StatusUnprocessableEntity || !got.Has(c.want) || got.Has(c.key) {
				t.Errorf("%s: %d %s", name, got.Status, got.Said())
			}
		}
		s.SMS.Refuse(http.StatusServiceUnavailable, `{"type":"service_unavailable_error","message":"Later"}`)
		if got := save("bird", "", "bk_eu1_another"); got.Status != http.StatusServiceUnavailable || !got.Has("Nothing was saved") {
			t.Errorf("a gateway that is away: %d %s", got.Status, got.Said())
		}
		s.SMS.Refuse(0, "")
		got := b.Get(page)
		if !got.Has(`value="bird" checked`, "/hooks/sms/bird/biz_", "One is stored") || got.Has(smstest.BirdKey, smstest.BirdSecret) {
			t.Errorf("the account before is gone: %s", got.Said())
		}
		if n := len(s.SMS.Taken()); n > 0 {
			t.Errorf("trying keys sent %d messages", n)
		}
		if got := save("messagebird", "", smstest.Key); got.Status != http.StatusSeeOther || !b.Get(page).Has("Bird takes such keys until 31 December 2026") {
			t.Errorf("a classic key is not warned of: %d", got.Status)
		}
	})
}

// A key that is refused later is told on every page; the message waits, is listed,
// and goes out once another key is saved.
func TestAKeyThatIsRefusedLaterIsToldAndNothingIsLost(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		acme := s.Business(t, "acme", "marit@example.com")
		b := s.SignedIn(t, "marit@example.com")
		const page = "/dashboard/acme/settings/sms"
		form := url.Values{"kind": {"bird"}, "key": {smstest.BirdKey}, "day_cap": {"50"}}
		if got := b.Post(page, form); got.Status != http.StatusSeeOther {
			t.Fatalf("a good key: %d %s", got.Status, got.Said())
		}
		if b.Get("/dashboard/acme").Has("Your text messages are waiting") {
			t.Error("it is told before it happened")
		}
		s.SMS.Refuse(http.StatusUnauthorized, `{"type":"auth_error","message":"The key was revoked."}`)
		if err := d.InTx(t.Context(), func(tx *db.Tx) error {
			return s.Messages.QueueSMS(t.Context(), tx, texting.SMS{BusinessID: acme.ID, To: "+31687654321", Text: "Pay here", Key: "a"})
		}); err != nil {
			t.Fatal(err)
		}
		if err := s.Messages.SendDue(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := b.Get("/dashboard/acme"); !got.Has("Your text messages are waiting. Bird does not take the key", "Open SMS settings") {
			t.Errorf("Overview: %s", got.Said())
		}
		if got := b.Get(page); !got.Has("Your text messages are waiting. Bird does not take the key", "The key was revoked.", "Nothing is lost", "+31 6 87654321", "Waits for the next try") {
			t.Errorf("Settings: %s", got.Said())
		}
		s.SMS.Refuse(0, "")
		if got := b.Post(page, form); got.Status != http.StatusSeeOther {
			t.Fatalf("the mended key: %d %s", got.Status, got.Said())
		}
		if err := s.Messages.SendDue(t.Context()); err != nil {
			t.Fatal(err)
		}
		if taken := s.SMS.Taken(); len(taken) != 1 || taken[0].To != "+31687654321" {
			t.Errorf("taken: %+v", taken)
		}
		if got := b.Get("/dashboard/acme"); got.Has("Your text messages are waiting") {
			t.Error("it is told although it was mended")
		}
	})
}
