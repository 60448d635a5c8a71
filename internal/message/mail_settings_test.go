package message_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/message"
	"smartlinks/internal/message/email"
)

// What mails have in common is remembered, but never what somebody has changed.
func TestAChangeShowsInTheNextMail(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		n := 0
		next := func() (from, subject string) {
			n++
			w.queue(w.receipt(fmt.Sprint("receipt/", n)))
			w.sendDue()
			if len(w.server.letters) != n {
				t.Fatalf("%d letters, want %d", len(w.server.letters), n)
			}
			l := w.server.letters[n-1]
			return l.From.Name, l.Subject
		}
		expect := func(what, from, subject string) {
			t.Helper()
			if f, s := next(); f != from || s != subject {
				t.Errorf("%s: a mail from %q, %q", what, f, s)
			}
		}
		const ours = "Receipt 2026-00001 from Business acme"
		expect("before", "Business acme", ours)
		name := "Acme Bookings"
		if _, err := w.messages.ChangeSettings(t.Context(), w.business.ID, 0, message.SettingsPatch{FromName: &name}); err != nil {
			t.Fatal(err)
		}
		expect("another sender", name, ours)
		words, err := w.messages.Template(t.Context(), w.business, message.KindReceipt)
		if err != nil {
			t.Fatal(err)
		}
		words.Subject = "Thank you"
		if _, err := w.messages.SaveTemplate(t.Context(), w.business.ID, words); err != nil {
			t.Fatal(err)
		}
		expect("own words", name, "Thank you")
		if err := w.messages.ResetTemplate(t.Context(), w.business.ID, message.KindReceipt); err != nil {
			t.Fatal(err)
		}
		expect("our words", name, ours)
		none, renamed := "", "Acme Studio"
		if _, err := w.messages.ChangeSettings(t.Context(), w.business.ID, 0, message.SettingsPatch{FromName: &none}); err != nil {
			t.Fatal(err)
		}
		if _, err := w.messages.Businesses.Update(t.Context(), w.business.ID, w.business.Version, business.Patch{Name: &renamed}); err != nil {
			t.Fatal(err)
		}
		expect("another name", renamed, "Receipt 2026-00001 from Acme Studio")
	})
}

// Words that are saved as they were are no change, and the program's own stay its own: they
// follow the business's language.
func TestATemplateSavedAsItWasIsNoChange(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		for _, change := range []string{"", " more"} {
			words, err := w.messages.Template(t.Context(), w.business, message.KindReceipt)
			if err != nil {
				t.Fatal(err)
			}
			if words, err = words.Written(words.Draft()); err != nil {
				t.Fatal(err)
			}
			words.Subject += change
			version, err := w.messages.SaveTemplate(t.Context(), w.business.ID, words)
			if err != nil || (version == words.Version) != (change == "") {
				t.Fatalf("saved with %q: %d after %d, %v", change, version, words.Version, err)
			}
			words.Version = version
			if again, err := w.messages.SaveTemplate(t.Context(), w.business.ID, words); err != nil || again != version {
				t.Errorf("saved again: %d after %d, %v", again, version, err)
			}
			if now, err := w.messages.Template(t.Context(), w.business, message.KindReceipt); err != nil || now.Own != (change != "") {
				t.Errorf("saved with %q, they are %+v, %v", change, now, err)
			}
		}
	})
}

// A mail server that is damaged as it is stored is told of, and what waited for it goes out
// when it is entered again, not hours later.
func TestMailsWaitForAServerThatCantBeReadAndGoWhenItIsEnteredAgain(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		server := email.Server{Host: "mail.acme.example", Port: "587", TLS: email.Mandatory}
		if _, err := w.messages.ChangeSettings(t.Context(), w.business.ID, 0, message.SettingsPatch{Server: &server}); err != nil {
			t.Fatal(err)
		}
		if err := d.InTx(t.Context(), func(tx *db.Tx) error {
			_, err := tx.Exec(t.Context(), `UPDATE mail_settings SET gateway = 'v1.AAAA'`)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		w.messages = w.another() // nothing is remembered
		w.queue(w.receipt("receipt/1"))
		for range 8 {
			w.makeDue()
			w.sendDue()
		}
		if s := w.standing("receipt/1"); s.State != "queued" || !strings.Contains(s.Reason, "can’t be read any more. Enter it again") || s.DueAt.Sub(d.Clock().Wall()) < time.Hour {
			t.Errorf("it is %+v", s)
		}
		if len(w.server.letters) != 0 {
			t.Errorf("%d went by another server", len(w.server.letters))
		}
		none := email.Server{} // the installation's
		if _, err := w.messages.ChangeSettings(t.Context(), w.business.ID, 0, message.SettingsPatch{Server: &none}); err != nil {
			t.Fatal(err)
		}
		w.sendDue()
		if s := w.standing("receipt/1"); s.State != "sent" || len(w.server.letters) != 1 {
			t.Errorf("entered again, it is %+v, %d letters", s, len(w.server.letters))
		}
	})
}
