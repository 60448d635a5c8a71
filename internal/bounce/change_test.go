package bounce_test

import (
	"slices"
	"testing"

	"smartlinks/internal/bounce"
	"smartlinks/internal/bounce/imap"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/fault"
)

// Another service gets another secret and another topic; the same one, saved again, keeps
// both, and what was heard of it.
func TestAnotherServiceBeginsAnew(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		change := func(version int64, kind bounce.SourceKind) bounce.Source {
			t.Helper()
			s, err := w.all.Bounces.Change(t.Context(), w.business.ID, version, bounce.Wanted{Kind: kind})
			if err != nil {
				t.Fatal(err)
			}
			if now, err := w.all.Bounces.Source(t.Context(), w.business.ID); err != nil || now.Kind != kind || now.HookURL != s.HookURL || now.Version != s.Version {
				t.Errorf("changed to %+v, it is %+v, %v", s, now, err)
			}
			return s
		}
		secret := w.source(bounce.BySES)
		w.mustTell(bounce.BySES, secret, w.amazon.sign(t, "1", map[string]string{"Type": "SubscriptionConfirmation", "Message": "x", "SubscribeURL": confirm, "Token": "2336412f"}))
		heard, err := w.all.Bounces.Source(t.Context(), w.business.ID)
		if err != nil || heard.Topic != topic || heard.HeardAt == nil || !heard.HeardAt.Equal(d.Clock().Wall()) || heard.Version != 1 {
			t.Errorf("confirmed, it is %+v, %v", heard, err)
		}
		if again := change(1, bounce.BySES); again.HookURL != heard.HookURL || again.Topic != topic || again.HeardAt == nil || again.Version != 2 {
			t.Errorf("saved again, it is %+v", again)
		}
		if _, err := w.all.Bounces.Change(t.Context(), w.business.ID, 1, bounce.Wanted{Kind: bounce.Nowhere}); !fault.Is(err, fault.Stale) {
			t.Errorf("what was changed meanwhile: %v", err)
		}
		if _, err := w.all.Bounces.Change(t.Context(), w.business.ID, 0, bounce.Wanted{Kind: "pigeon"}); !fault.Is(err, fault.Invalid) {
			t.Errorf("an unknown service: %v", err)
		}
		if other := change(2, bounce.ByPostmark); other.HookURL == heard.HookURL || other.Topic != "" {
			t.Errorf("another service is %+v", other)
		}
		back := change(0, bounce.BySES)
		now, err := w.all.Bounces.Source(t.Context(), w.business.ID)
		if err != nil || back.HookURL == heard.HookURL || now.Topic != "" || now.HeardAt != nil || now.Version != 4 {
			t.Errorf("back, it is %+v, %v", now, err)
		}
		if err := w.tell(bounce.BySES, secret, nil); !fault.Is(err, fault.Forbidden) {
			t.Errorf("with the secret of before: %v", err)
		}
	})
}

// A mailbox that is saved as it is is read on from where it was, at once; one that is given
// up is read no more.
func TestAMailboxSavedAgainIsReadOn(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		w.source(bounce.ByPostmark)
		m := imap.Mailbox{Host: "imap.example.com", Port: "993", User: "bounces", Password: "x", Implicit: true}
		w.mailbox(m)
		if err := d.InTx(t.Context(), func(tx *db.Tx) error {
			_, err := tx.Exec(t.Context(), `UPDATE bounce_sources SET uid_validity = 7, last_uid = 9, heard_at = $1, problem = 'x', due_at = NULL`, db.At(tx.Now()))
			return err
		}); err != nil {
			t.Fatal(err)
		}
		var r struct {
			Validity, LastUID int64
			Problem           string
			DueAt, HeardAt    db.Time
		}
		row := func() {
			t.Helper()
			if err := d.Get(t.Context(), &r, `SELECT uid_validity AS validity, last_uid, problem, due_at, heard_at FROM bounce_sources WHERE business_id = $1`, w.business.ID); err != nil {
				t.Fatal(err)
			}
		}
		m.Password = ""
		s, err := w.all.Bounces.Change(t.Context(), w.business.ID, 0, bounce.Wanted{Kind: bounce.ByMailbox, Mailbox: m})
		if row(); err != nil || s.Mailbox != m || r.Validity != 7 || r.LastUID != 9 || r.HeardAt.IsZero() || r.Problem != "" || !r.DueAt.Equal(d.Clock().Wall()) {
			t.Errorf("saved again, it is %+v, %+v, %v", s, r, err)
		}
		for field, wrong := range map[string]imap.Mailbox{
			"host": {Host: "imap.example.com/x", User: "bounces", Password: "x"}, "user": {Host: "imap.example.com", Password: "x"},
			"port":     {Host: "imap.example.com", User: "bounces", Password: "x", Port: "70000"},
			"password": {Host: "imap.example.org", Port: "993", User: "bounces", Implicit: true}, // never the one of another server
		} {
			_, err := w.all.Bounces.Change(t.Context(), w.business.ID, 0, bounce.Wanted{Kind: bounce.ByMailbox, Mailbox: wrong})
			if !fault.Is(err, fault.Invalid) || !slices.ContainsFunc(fault.Of(err).Fields, func(f fault.Field) bool { return f.Name == field }) || len(fault.Of(err).Fields) != 1 {
				t.Errorf("a wrong %s: %v", field, err)
			}
		}
		if _, err := w.all.Bounces.Change(t.Context(), w.business.ID, 0, bounce.Wanted{Kind: bounce.Nowhere}); err != nil {
			t.Fatal(err)
		}
		if row(); r.Validity != 0 || r.LastUID != 0 || !r.HeardAt.IsZero() || !r.DueAt.IsZero() {
			t.Errorf("given up, it is %+v", r)
		}
	})
}
