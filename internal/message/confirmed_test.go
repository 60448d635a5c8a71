package message_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"smartlinks/internal/customer"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/link"
	"smartlinks/internal/message"
	"smartlinks/internal/money"
	"smartlinks/internal/payment"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/payment/sandbox"
	"smartlinks/internal/picture"
	"smartlinks/internal/product"
	"smartlinks/internal/tag"
)

// typed is a receipt to an address that a payer typed, with a name that is an advertisement.
func (w *world) typed(key, to string) message.Mail {
	m := w.receipt(key)
	m.To, m.Typed = to, true
	m.ToName = "Cheap pills at pills.example"
	data := m.Data.(message.Receipt)
	data.CustomerName = m.ToName
	m.Data = data
	return m
}

// queued is how many mails wait for an address.
func (w *world) queued(to string) (n int) {
	w.t.Helper()
	if err := w.d.Get(w.t.Context(), &n, `SELECT COUNT(*) FROM mails WHERE recipient = $1`, to); err != nil {
		w.t.Fatal(err)
	}
	return n
}

// Payers type any address: nobody's mailbox is filled by it, nor told what they typed.
func TestAnUnconfirmedAddressGetsThreeMailsADayWithoutThePayersWords(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		var all sync.WaitGroup
		for n := range 10 { // at once, in any mixture of cases
			to := []string{"victim@example.com", "Victim@Example.com"}[n%2]
			all.Go(func() {
				if err := d.InTx(t.Context(), func(tx *db.Tx) error {
					return w.messages.Queue(t.Context(), tx, w.typed(fmt.Sprint("receipt/", n), to))
				}); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if n := w.queued("victim@example.com") + w.queued("Victim@Example.com"); n != 3 {
			t.Errorf("%d mails wait for the victim", n)
		}
		w.queue(w.typed("receipt/other", "other@example.com"))
		if w.queued("other@example.com") != 1 {
			t.Error("another address waits for the victim's")
		}
		w.sendDue()
		for _, l := range w.server.letters {
			if text := l.Subject + l.To.Name + l.Text + l.HTML; strings.Contains(text, "pills") {
				t.Errorf("a stranger is told %q", text)
			}
		}
		d.Clock().SetOffset(24 * time.Hour)
		if err := w.messages.DeleteOld(t.Context()); err != nil {
			t.Fatal(err)
		}
		var kept int
		if err := d.Get(t.Context(), &kept, `SELECT COUNT(*) FROM unconfirmed_mails`); err != nil || kept != 0 {
			t.Errorf("%d counts of yesterday are kept, %v", kept, err)
		}
		w.queue(w.typed("receipt/tomorrow", "victim@example.com"))
		if w.queued("victim@example.com")+w.queued("Victim@Example.com") != 4 {
			t.Error("the next day counts with the last")
		}
	})
}

// An address that somebody stands for gets every mail, with the name.
func TestConfirmedAddressesGetEveryMail(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		customers := customer.New(d, tag.New(d))
		if _, err := customers.Create(t.Context(), w.business, customer.Fields{Name: "Entered", Email: "Entered@example.com"}); err != nil {
			t.Fatal(err)
		}
		made := map[string]customer.ID{}
		for _, to := range []string{"paid@example.com", "changed@example.com", "sent@example.com"} {
			if err := d.InTx(t.Context(), func(tx *db.Tx) (err error) {
				made[to], _, err = customers.MatchOrCreate(t.Context(), tx, w.business.ID, customer.Payer{Name: "Payer", Email: to})
				return err
			}); err != nil {
				t.Fatal(err)
			}
		}
		notes := "Asked by phone"
		if _, err := customers.Edit(t.Context(), w.business, made["changed@example.com"], 0, func(f *customer.Fields) { f.Notes = notes }); err != nil {
			t.Fatal(err)
		}
		price := money.Amount{Minor: 100, Currency: "EUR"}
		l, err := link.New(d, tag.New(d), product.New(d, picture.NewDecoder())).Create(t.Context(), w.business, link.Fields{Active: true, Name: "L", Type: link.Amount, Amount: &price})
		if err != nil {
			t.Fatal(err)
		}
		w.insert(
			`INSERT INTO recipients (id, business_id, link_id, mode, customer_id, created_at) VALUES ('rcp_1', '`+string(w.business.ID)+`', '`+string(l.ID)+`', 'test', '`+string(made["sent@example.com"])+`', 0)`,
			`INSERT INTO users (id, email, email_folded, name, password_hash, created_at) VALUES ('usr_1', 'member@example.com', 'member@example.com', 'M', '', 0)`,
			`INSERT INTO members (business_id, user_id, role, created_at) VALUES ('`+string(w.business.ID)+`', 'usr_1', 'staff', 0)`)
		for to, want := range map[string]int{"entered@example.com": 5, "changed@example.com": 5, "sent@example.com": 5, "member@example.com": 5, "paid@example.com": 3} {
			for n := range 5 {
				w.queue(w.typed(fmt.Sprint(to, n), to))
			}
			if n := w.queued(to); n != want {
				t.Errorf("%d mails for %s, want %d", n, to, want)
			}
		}
		w.sendDue()
		if len(w.server.letters) != 23 {
			t.Fatalf("%d letters", len(w.server.letters))
		}
		for _, l := range w.server.letters {
			if named := strings.Contains(l.Text, "Cheap pills"); named == (l.To.Address == "paid@example.com") {
				t.Errorf("%s is named: %v", l.To.Address, named)
			}
		}
	})
}

func (w *world) insert(statements ...string) {
	w.t.Helper()
	if err := w.d.InTx(w.t.Context(), func(tx *db.Tx) error {
		for _, s := range statements {
			if _, err := tx.Exec(w.t.Context(), s); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		w.t.Fatal(err)
	}
}

// Whoever finds a payment settled by others counts no mail: three are sent that day.
func TestAPaymentThatManySettleCountsOneMail(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := mustShop(t, d)
		a := s.start("Amara")
		if _, err := s.sandbox.Decide(t.Context(), a.ProviderRef, sandbox.Paid, sandbox.Lost); err != nil {
			t.Fatal(err)
		}
		var all sync.WaitGroup
		for range 16 {
			all.Go(func() {
				if _, err := s.payments.Sync(t.Context(), s.business.ID, a.ID, attempt.CauseReturn); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		counted := func() (n int64) {
			if err := d.Get(t.Context(), &n, `SELECT sent FROM unconfirmed_mails`); err != nil {
				t.Fatal(err)
			}
			return n
		}
		if n := counted(); n != 1 {
			t.Errorf("%d mails are counted for one payment", n)
		}
		// A settlement with others, of which this one is no more.
		if err := d.InTx(t.Context(), func(tx *db.Tx) error {
			ask, do := s.messages.Receipts(tx, []attempt.Attempt{a})
			if err := tx.Batch(t.Context(), ask...); err != nil {
				return err
			}
			return do(t.Context(), tx, payment.Settlement{BusinessID: s.business.ID, Mode: a.Mode})
		}); err != nil {
			t.Fatal(err)
		}
		if n := counted(); n != 1 {
			t.Errorf("%d mails are counted once others had settled it", n)
		}
	})
}
