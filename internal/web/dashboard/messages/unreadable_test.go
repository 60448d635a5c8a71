package messages_test

import (
	"net/http"
	"net/url"
	"testing"

	"smartlinks/internal/bounce"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/message/sms/smstest"
	"smartlinks/internal/web/dashboard/dashboardtest"
)

// What is sealed and can't be opened any more, because it is damaged or was sealed with
// another key, is said to be so on its page, and is replaced there.
func TestSettingsWhoseSealIsBrokenAreSaidAndReplaced(t *testing.T) {
	const said = "can’t be read any more"
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		acme := s.Business(t, "acme", "marit@example.com")
		b := s.SignedIn(t, "marit@example.com")
		const at = "/dashboard/acme/settings"
		broken := func(statement string) {
			t.Helper()
			if err := d.InTx(t.Context(), func(tx *db.Tx) error {
				n, err := tx.Exec(t.Context(), statement)
				if err == nil && n != 1 {
					t.Errorf("%d rows: %s", n, statement)
				}
				return err
			}); err != nil {
				t.Fatal(err)
			}
		}
		saved := func(page string, form url.Values) {
			t.Helper()
			if got := b.Post(at+page, form); got.Status != http.StatusSeeOther {
				t.Fatalf("%s: %d %s", page, got.Status, got.Said())
			}
		}
		readable := func(page string) {
			t.Helper()
			if got := b.Get(at + page); got.Status != http.StatusOK || got.Has(said) {
				t.Errorf("%s: %d %s", page, got.Status, got.Said())
			}
		}
		unreadable := func(page string) {
			t.Helper()
			if got := b.Get(at + page); got.Status != http.StatusOK || !got.Has(said) {
				t.Errorf("%s says nothing: %d %s", page, got.Status, got.Said())
			}
		}

		mail := url.Values{"own": {"on"}, "host": {"mail.acme.example"}, "tls": {"mandatory"}, "user": {"acme"}, "password": {"s3cret-word"}, "from_address": {"pay@acme.example"}}
		saved("/email", mail)
		readable("/email")
		broken(`UPDATE mail_settings SET gateway = 'v1.AAAA'`)
		unreadable("/email")
		if got := b.Get(at + "/email/returned"); got.Status != http.StatusOK {
			t.Errorf("what has nothing to do with it: %d", got.Status)
		}
		mail.Del("password")
		if got := b.Post(at+"/email", mail); got.Status != http.StatusUnprocessableEntity || !got.Has("Type the password") {
			t.Errorf("without the password: %d %s", got.Status, got.Said())
		}
		mail.Set("password", "s3cret-word")
		saved("/email", mail)
		readable("/email")

		text := url.Values{"kind": {"twilio"}, "user": {smstest.SID}, "key": {smstest.Token}, "from": {"+31612345678"}, "day_cap": {"50"}}
		saved("/sms", text)
		readable("/sms")
		broken(`UPDATE sms_settings SET gateway = 'v1.AAAA'`)
		unreadable("/sms")
		if got := b.Post(at+"/sms", url.Values{"day_cap": {"60"}}); got.Status != http.StatusUnprocessableEntity || !got.Has("Choose Bird, Twilio or MessageBird.") {
			t.Errorf("what is not chosen is not given up: %d %s", got.Status, got.Said())
		}
		text.Del("key")
		if got := b.Post(at+"/sms", text); got.Status != http.StatusUnprocessableEntity || !got.Has("Fill in the key") {
			t.Errorf("without the key: %d %s", got.Status, got.Said())
		}
		broken(`UPDATE sms_settings SET problem = 'Twilio refused the key.', problem_at = 1`)
		unreadable("/sms")
		text.Set("key", smstest.Token)
		saved("/sms", text)
		readable("/sms")

		saved("/email/returned", url.Values{"kind": {"postmark"}})
		readable("/email/returned")
		broken(`UPDATE bounce_sources SET secret = 'v1.AAAA'`)
		unreadable("/email/returned")
		saved("/email/returned", url.Values{"kind": {"postmark"}})
		readable("/email/returned")
		if source, err := s.Bounces.Source(t.Context(), acme.ID); err != nil || source.Kind != bounce.ByPostmark || source.HookURL == "" || source.Unreadable {
			t.Errorf("the source is %+v, %v", source, err)
		}
		broken(`UPDATE bounce_sources SET kind = 'imap', mailbox = 'v1.AAAA'`)
		unreadable("/email/returned")
		box := url.Values{"kind": {"imap"}, "host": {"imap.acme.example"}, "user": {"acme"}}
		if got := b.Post(at+"/email/returned", box); got.Status != http.StatusUnprocessableEntity || !got.Has("Type the password") {
			t.Errorf("the mailbox without its password: %d %s", got.Status, got.Said())
		}
		saved("/email/returned", url.Values{"kind": {""}})
		readable("/email/returned")

		broken(`UPDATE businesses SET signing_secret = 'v1.AAAA'`)
		if got := b.Get(at + "/tokens"); got.Status != http.StatusOK {
			t.Errorf("tokens: %d", got.Status)
		}
		if _, err := s.Businesses.SigningSecret(t.Context(), acme.ID); err == nil {
			t.Error("a broken secret is shown")
		}
		if err := s.Businesses.ChangeSigningSecret(t.Context(), acme.ID, 1<<40); err != nil {
			t.Fatal(err)
		}
		if signed, err := s.Businesses.Sign(t.Context(), acme.ID, "paid"); err != nil || signed == "" {
			t.Errorf("changed, it signs %q, %v", signed, err)
		}
	})
}
