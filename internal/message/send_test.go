package message_test

import (
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/message"
	"smartlinks/internal/message/email"
)

func TestAMailIsSentOnceWithWhatWasTrue(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		w.queue(w.receipt("receipt/1"))
		w.queue(w.receipt("receipt/1"))
		if s := w.standing("receipt/1"); s.State != "queued" || strings.Contains(s.Facts, "Amara") {
			t.Errorf("queued as %+v", s)
		}
		w.sendDue()
		w.sendDue()
		if len(w.server.letters) != 1 {
			t.Fatalf("%d letters", len(w.server.letters))
		}
		l := w.server.letters[0]
		if l.Subject != "Receipt 2026-00001 from Business acme" || l.To.Address != "amara@example.com" || l.From.Name != "Business acme" ||
			!strings.Contains(l.Text, "€89.00") || !strings.Contains(l.HTML, "Photography Workshop March") || !l.Date.Equal(dbtest.Start) {
			t.Errorf("the letter is %+v", l)
		}
		if s := w.standing("receipt/1"); s.State != "sent" || s.Facts != "" || s.DueAt.Ptr() != nil {
			t.Errorf("sent as %+v", s)
		}
	})
}

func TestNothingIsSentForATransactionThatFailed(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		_ = d.InTx(t.Context(), func(tx *db.Tx) error {
			if err := w.messages.Queue(t.Context(), tx, w.receipt("receipt/1")); err != nil {
				t.Error(err)
			}
			return errors.New("undone")
		})
		w.sendDue()
		if len(w.server.letters) != 0 {
			t.Error("it was sent")
		}
	})
}

func TestTwoProcessesSendEachMailOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		const mails = 40
		for i := range mails {
			w.queue(w.receipt("receipt/" + string(rune('A'+i))))
		}
		var both sync.WaitGroup
		for _, m := range []*message.Messages{w.messages, w.another()} {
			both.Go(func() {
				if err := m.SendDue(t.Context()); err != nil {
					t.Error(err)
				}
			})
		}
		both.Wait()
		if w.server.tries != mails {
			t.Errorf("%d tries for %d mails", w.server.tries, mails)
		}
	})
}

func TestTriesWaitLongerAndEndAfterADay(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		w.server.fails = func(email.Mail) error { return &email.Refusal{Step: email.Recipient, Code: 451} }
		w.queue(w.receipt("receipt/1"))
		var before, whole time.Duration
		for tries := int64(1); ; tries++ {
			w.sendDue()
			s := w.standing("receipt/1")
			if s.Tries != tries || s.Reason == "" {
				t.Fatalf("after %d tries: %+v", tries, s)
			}
			if s.State == "failed" {
				break
			}
			wait := s.DueAt.Sub(d.Clock().Wall())
			if s.State != "queued" || wait < before || wait > 4*time.Hour || tries > 30 {
				t.Fatalf("after %d tries it waits %s, then %s: %+v", tries, before, wait, s)
			}
			before, whole = wait, whole+wait
			w.makeDue()
		}
		if whole < 20*time.Hour || whole > 30*time.Hour {
			t.Errorf("it was tried for %s", whole)
		}
		w.makeDue()
		w.sendDue()
		if s := w.standing("receipt/1"); s.State != "failed" || s.DueAt.Ptr() != nil {
			t.Errorf("after the end: %+v", s)
		}
	})
}

func TestAFinalRefusalIsNotTriedAgain(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		w.server.fails = func(email.Mail) error { return &email.Refusal{Step: email.Recipient, Code: 550, Final: true} }
		w.queue(w.receipt("receipt/1"))
		w.sendDue()
		if s := w.standing("receipt/1"); s.State != "failed" || s.Tries != 1 || s.Reason == "" {
			t.Errorf("it is %+v", s)
		}
	})
}

func TestAServerThatIsAwayHoldsBackTheBusinessesOtherMails(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		w.server.fails = func(email.Mail) error { return &email.Refusal{Step: email.Connecting, Away: true} }
		for i := range 50 {
			w.queue(w.receipt("receipt/" + string(rune('A'+i))))
		}
		w.sendDue()
		if w.server.tries > 8 {
			t.Errorf("it was tried %d times", w.server.tries)
		}
		w.server.fails = nil
		w.makeDue()
		w.sendDue()
		if len(w.server.letters) != 50 {
			t.Errorf("%d letters arrived", len(w.server.letters))
		}
	})
}

// A process that dies while it sends leaves a claimed mail, which is due again
// when its lease ends, under the same Message-ID; the tries are counted.
func TestAMailOfADeadProcessIsSentByAnother(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		w.queue(w.receipt("receipt/1"))
		if err := d.InTx(t.Context(), func(tx *db.Tx) error {
			_, err := tx.Exec(t.Context(), `UPDATE mails SET state = 'sending', tries = 1, due_at = $1`, db.At(d.Clock().Wall().Add(time.Minute)))
			return err
		}); err != nil {
			t.Fatal(err)
		}
		w.sendDue()
		if w.server.tries != 0 {
			t.Fatal("it was taken from whoever sends it")
		}
		w.makeDue()
		w.sendDue()
		if s := w.standing("receipt/1"); s.State != "sent" || s.Tries != 2 {
			t.Errorf("it is %+v", s)
		}
	})
}

func TestStartSendsWhatIsCommitted(t *testing.T) {
	d := dbtest.SQLite(t)
	w := mustWorld(t, d)
	sent := make(chan struct{})
	w.server.fails = func(email.Mail) error { close(sent); return nil }
	if err := w.messages.Jobs.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.queue(w.receipt("receipt/1"))
	select {
	case <-sent:
	case <-time.After(10 * time.Second):
		t.Error("it was not sent")
	}
}
