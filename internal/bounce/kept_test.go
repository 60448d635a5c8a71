package bounce_test

import (
	"bufio"
	"encoding/json"
	"net"
	"strings"
	"testing"
	"time"

	"smartlinks/internal/bounce"
	"smartlinks/internal/bounce/imap"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/delivery"
)

// What came back is known for 90 days, or until its customer is erased: of nobody else. The
// address stays written off.
func TestWhatCameBackIsForgottenWithItsCustomerAndItsTime(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		secret := w.source(bounce.ByBrevo)
		back := func(to string) {
			t.Helper()
			_, letter := w.written(to)
			mail, _, _ := strings.Cut(messageID(letter), "@")
			w.mustTell(bounce.ByBrevo, secret, brevo("hard_bounce", to, mail))
		}
		of := func(to string) int {
			t.Helper()
			all, err := w.all.Bounces.Of(t.Context(), w.business.ID, to)
			if err != nil {
				t.Fatal(err)
			}
			return len(all)
		}
		back("amara@example.com")
		d.Clock().SetOffset(time.Second) // the ids follow it
		back("Bob@example.com")
		newest, err := w.all.Bounces.Newest(t.Context(), w.business.ID)
		if err != nil || len(newest) != 2 || newest[0].Address != "bob@example.com" || newest[0].BusinessID != w.business.ID || newest[0].MailID == "" || newest[0].At.IsZero() || newest[1].Address != "amara@example.com" {
			t.Errorf("the newest are %+v, %v", newest, err)
		}
		if none, err := w.all.Bounces.Of(t.Context(), w.business.ID, "nobody"); err != nil || none != nil {
			t.Errorf("of no address: %+v, %v", none, err)
		}
		erase := func(email string) {
			t.Helper()
			id, err := w.all.Customers.WithEmail(t.Context(), d, w.business.ID, email)
			if err == nil {
				err = w.all.Customers.Erase(t.Context(), w.business.ID, id)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		erase("bob@example.com")
		if of("bob@example.com") != 0 || of("amara@example.com") != 1 {
			t.Error("the erased customer's are kept, or others' are gone")
		}
		d.Clock().SetOffset(90*24*time.Hour - time.Minute)
		if err := w.all.Bounces.DeleteOld(t.Context()); err != nil || of("amara@example.com") != 1 {
			t.Errorf("it is forgotten too early: %v", err)
		}
		d.Clock().SetOffset(90*24*time.Hour + time.Minute)
		if err := w.all.Bounces.DeleteOld(t.Context()); err != nil || of("amara@example.com") != 0 {
			t.Errorf("it is not forgotten: %v", err)
		}
		d.Clock().SetOffset(0)
		id, err := w.all.Customers.WithEmail(t.Context(), d, w.business.ID, "amara@example.com")
		if err != nil {
			t.Fatal(err)
		}
		amara, err := w.all.Customers.Get(t.Context(), w.business.ID, id)
		if got, _ := w.obstacle(amara); err != nil || got != delivery.Bounced {
			t.Errorf("the obstacle is %q, %v", got, err)
		}
	})
}

// mailbox makes the business read a mailbox that nobody has looked at yet.
func (w *world) mailbox(m imap.Mailbox) {
	w.t.Helper()
	plain, err := json.Marshal(m)
	if err != nil {
		w.t.Fatal(err)
	}
	sealed, err := w.all.Bounces.Sealer.Seal(plain, "business/"+string(w.business.ID)+"/returned mail")
	if err == nil {
		err = w.d.InTx(w.t.Context(), func(tx *db.Tx) error {
			_, err := tx.Exec(w.t.Context(), `UPDATE bounce_sources SET kind = 'imap', mailbox = $2, due_at = $3, version = version + 1 WHERE business_id = $1`,
				w.business.ID, sealed, db.At(w.d.Clock().Wall()))
			return err
		})
	}
	if err != nil {
		w.t.Fatal(err)
	}
}

// A mailbox that can't be read says why and is left alone for a while.
func TestWhyAMailboxCantBeReadIsKept(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		w.source(bounce.ByPostmark)
		server, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = server.Close() })
		go func() { // it refuses everybody, in Latin-1
			for {
				next, err := server.Accept()
				if err != nil {
					return
				}
				// Were it silent of what it can do, the client would ask that too, and either
				// question could be the first.
				_, _ = next.Write([]byte("* OK [CAPABILITY IMAP4rev1 STARTTLS] ready\r\n"))
				line, _ := bufio.NewReader(next).ReadString('\n')
				tag, _, _ := strings.Cut(line, " ")
				_, _ = next.Write([]byte(tag + " NO Genug f\xfcr heute\r\n"))
				_ = next.Close()
			}
		}()
		_, port, _ := net.SplitHostPort(server.Addr().String())
		var after struct {
			Problem string
			DueAt   db.Time
			HeardAt db.Time
		}
		w.mailbox(imap.Mailbox{Host: "127.0.0.1", Port: port, User: "bounces", Password: "x"})
		if err := w.all.Bounces.ReadDue(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := d.Get(t.Context(), &after, `SELECT problem, due_at, heard_at FROM bounce_sources WHERE business_id = $1`, w.business.ID); err != nil {
			t.Fatal(err)
		}
		if wait := after.DueAt.Sub(d.Clock().Wall()); after.Problem == "" || wait < 14*time.Minute || wait > 15*time.Minute || !after.HeardAt.IsZero() || !strings.Contains(after.Problem, "Genug f?r heute") {
			t.Errorf("it is %+v", after)
		}
		s, err := w.all.Bounces.Source(t.Context(), w.business.ID)
		if err != nil || s.Problem != after.Problem || s.HeardAt != nil || s.Mailbox.User != "bounces" || s.Mailbox.Password != "" {
			t.Errorf("shown is %+v, %v", s, err)
		}
		told := 0
		err = w.all.Bounces.CheckMailboxes(t.Context(), func(name string, m imap.Mailbox, problem error) {
			if told++; name != w.business.Name || m.Port != port || m.Password != "" || problem == nil {
				t.Errorf("the operator is told of %q, %+v: %v", name, m, problem)
			}
		})
		if err != nil || told != 1 {
			t.Errorf("the operator is told %d times, %v", told, err)
		}
	})
}

// Under another secret key the mailbox and the service's secret are what they were.
func TestSourcesAreSealedAnew(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		secret := w.source(bounce.ByPostmark)
		w.mailbox(imap.Mailbox{Host: "imap.example.com", Port: "993", User: "bounces", Password: "x", Implicit: true})
		var before, after struct{ Mailbox, Secret string }
		row := func(into any) {
			t.Helper()
			if err := d.Get(t.Context(), into, `SELECT mailbox, secret FROM bounce_sources WHERE business_id = $1`, w.business.ID); err != nil {
				t.Fatal(err)
			}
		}
		row(&before)
		err := d.InTx(t.Context(), func(tx *db.Tx) error {
			return bounce.ResealTx(t.Context(), tx, func(sealed, context string) (string, error) {
				plain, err := w.all.Bounces.Sealer.Open(sealed, context)
				if err != nil {
					return "", err
				}
				return w.all.Bounces.Sealer.Seal(plain, context)
			})
		})
		if row(&after); err != nil || after.Mailbox == before.Mailbox || after.Secret == before.Secret {
			t.Fatalf("it is sealed as before: %v", err)
		}
		if s, err := w.all.Bounces.Source(t.Context(), w.business.ID); err != nil || s.Mailbox.Host != "imap.example.com" {
			t.Errorf("the source is %+v, %v", s, err)
		}
		if again := w.source(bounce.ByPostmark); again == secret {
			t.Error("who reads a mailbox meanwhile keeps the service's secret")
		}
	})
}
