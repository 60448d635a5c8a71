package messages_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"smartlinks/internal/account"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/message/mailbox"
	"smartlinks/internal/web/dashboard/dashboardtest"
)

func TestMailSettingsAreKeptAndThePasswordIsNotShown(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		b := s.Business(t, "acme", "marit@example.com")
		browser := s.SignedIn(t, "marit@example.com")
		at := "/dashboard/acme/settings/email"
		form := url.Values{
			"from_name": {"Studio & Sons"}, "reply_to": {"hello@acme.example"}, "tell_paid": {"on"}, "own": {"on"}, "host": {"mail.acme.example"},
			"tls": {"mandatory"}, "user": {"acme"}, "password": {"s3cret-word"}, "from_address": {"pay@acme.example"},
		}
		if got := browser.Post(at, form); got.Status != http.StatusSeeOther {
			t.Fatalf("saving: %d %s", got.Status, got.Said())
		}
		page := browser.Get(at)
		for _, kept := range []string{"Studio &amp; Sons", "hello@acme.example", "mail.acme.example", `value="587"`, "pay@acme.example", "keep the one that is stored"} {
			if !strings.Contains(page.Body, kept) {
				t.Errorf("the page lacks %q", kept)
			}
		}
		if strings.Contains(page.Body, "s3cret-word") {
			t.Error("the page shows the password")
		}
		var sealed string
		if err := d.Get(t.Context(), &sealed, `SELECT gateway FROM mail_settings WHERE business_id = $1`, b.ID); err != nil || strings.Contains(sealed, "s3cret") {
			t.Errorf("the password is stored as %q, %v", sealed, err)
		}
		form.Del("password")
		if got := browser.Post(at, form); got.Status != http.StatusSeeOther {
			t.Errorf("keeping the password: %d %s", got.Status, got.Said())
		}
		form.Set("host", "mail.evil.example")
		if got := browser.Post(at, form); got.Status != http.StatusUnprocessableEntity || !strings.Contains(got.Body, "Type the password") {
			t.Errorf("the password went along to another server: %d", got.Status)
		}
		form.Del("own")
		form.Del("from_address")
		if got := browser.Post(at, form); got.Status != http.StatusSeeOther {
			t.Errorf("going back: %d %s", got.Status, got.Said())
		}
	})
}

func TestWrongMailSettingsComeBackAsTyped(t *testing.T) {
	s := dashboardtest.New(t, dbtest.SQLite(t))
	s.Business(t, "acme", "marit@example.com")
	browser := s.SignedIn(t, "marit@example.com")
	for field, c := range map[string]struct{ value, says string }{
		"reply_to":     {"hello@", "incomplete"},
		"from_address": {"pay@acme.example", "mail server of your own"},
	} {
		got := browser.Post("/dashboard/acme/settings/email", url.Values{field: {c.value}, "from_name": {"Typed before"}})
		if got.Status != http.StatusUnprocessableEntity || !strings.Contains(got.Body, c.says) || !strings.Contains(got.Body, "Typed before") {
			t.Errorf("%s: %d, lacks %q or what was typed", field, got.Status, c.says)
		}
	}
	got := browser.Post("/dashboard/acme/settings/email", url.Values{"own": {"on"}, "host": {"mail server"}, "tls": {"mandatory"}})
	if got.Status != http.StatusUnprocessableEntity || !strings.Contains(got.Body, "no mail server") {
		t.Errorf("a server with a space: %d", got.Status)
	}
}

func TestATemplateIsWrittenTriedAndTakenBack(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		s.Business(t, "acme", "marit@example.com")
		browser := s.SignedIn(t, "marit@example.com")
		at := "/dashboard/acme/settings/email/receipt"
		broken := url.Values{"subject": {"Hi {{customer_name}}"}, "body": {"# Hi\n\n{{custmer_name}}"}}
		got := browser.Post(at, broken)
		if got.Status != http.StatusUnprocessableEntity || !strings.Contains(got.Body, "Line 3: there is no {{custmer_name}}") || !strings.Contains(got.Body, "Hi {{customer_name}}") {
			t.Errorf("a broken template: %d %s", got.Status, got.Said())
		}
		if got := browser.Post(at+"/preview", broken); got.Status != http.StatusOK || !strings.Contains(got.Body, "Line 3:") {
			t.Errorf("a broken preview: %d", got.Status)
		}
		whole := url.Values{"subject": {"Hi {{customer_name}}"}, "body": {"# Grazie, {{customer_name}} <b>\n\n{{summary}}"}}
		preview := browser.Post(at+"/preview", whole)
		if !strings.Contains(preview.Body, "Grazie, Amara Okafor &lt;b&gt;") || !strings.Contains(preview.Body, "€89.00") ||
			!strings.Contains(preview.Header.Get("Content-Security-Policy"), "sandbox") {
			t.Errorf("the preview is %d, under %s", preview.Status, preview.Header.Get("Content-Security-Policy"))
		}
		if drawn := browser.Get(at + "/preview?subject=Hello&body=Pay+a+stranger"); drawn.Has("Pay a stranger") {
			t.Error("anybody's words in an address are a page of ours")
		}
		if text := browser.Post(at+"/preview?as=text", whole); !strings.Contains(text.Body, "Subject: Hi Amara Okafor") {
			t.Errorf("the preview as text is %d", text.Status)
		}
		if got := browser.Post(at+"/test", whole); got.Status != http.StatusOK || !strings.Contains(got.Body, "on its way to marit@example.com") {
			t.Errorf("a test: %d %s", got.Status, got.Said())
		}
		sent, err := s.Mailbox.List(context.Background(), mailbox.Filter{Limit: 9})
		if err != nil || len(sent) != 1 || sent[0].To != "marit@example.com" || sent[0].Subject != "Hi Amara Okafor" {
			t.Errorf("the test is %+v, %v", sent, err)
		}
		if got := browser.Get(at); strings.Contains(got.Body, "Grazie") {
			t.Error("a preview or a test was saved")
		}
		if got := browser.Post(at, whole); got.Status != http.StatusSeeOther {
			t.Errorf("saving: %d %s", got.Status, got.Said())
		}
		if got := browser.Get(at); !strings.Contains(got.Body, "Grazie") {
			t.Error("it was not saved")
		}
		if got := browser.Post(at+"/reset", nil); got.Status != http.StatusSeeOther {
			t.Errorf("taking it back: %d", got.Status)
		}
		if got := browser.Get(at); strings.Contains(got.Body, "Grazie") {
			t.Error("it was not taken back")
		}
		if got := browser.Get("/dashboard/acme/settings/email/password_reset"); got.Status != http.StatusNotFound {
			t.Errorf("a mail of the installation's: %d", got.Status)
		}
	})
}

func TestStaffDoesNotChangeMail(t *testing.T) {
	d := dbtest.SQLite(t)
	s := dashboardtest.New(t, d)
	b := s.Business(t, "acme", "marit@example.com")
	if err := d.InTx(t.Context(), func(tx *db.Tx) error {
		_, err := tx.Exec(t.Context(), `UPDATE members SET role = $2 WHERE business_id = $1`, b.ID, account.Staff)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	browser := s.SignedIn(t, "marit@example.com")
	for _, path := range []string{"", "/retry", "/receipt", "/receipt/test", "/receipt/reset", "/receipt/preview"} {
		if got := browser.Post("/dashboard/acme/settings/email"+path, nil); got.Status != http.StatusForbidden {
			t.Errorf("%s: %d", path, got.Status)
		}
	}
}
