package bounce_test

import (
	"net/url"
	"strings"
	"testing"

	"smartlinks/internal/bounce"
	"smartlinks/internal/bounce/imap"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/delivery"
	"smartlinks/internal/fault"
	"smartlinks/internal/message"
	"smartlinks/internal/message/email"
	"smartlinks/internal/message/email/realtest"
	"smartlinks/internal/message/email/smtptest"
	"smartlinks/internal/system"
)

// Nobody here wrote the servers: Postfix hands a mail on, is refused and sends a report
// back, which Dovecot keeps. Read from there it writes the address off, with the server's
// words; found by the signed return address, and without one by the Message-ID.
func TestARealReportIsReadAndSilencesTheAddress(t *testing.T) {
	strict := smtptest.New(t, smtptest.Script{})
	strict.Bar("amara@gone.example", 550, "5.1.1 <amara@gone.example>: Recipient address rejected: User unknown")
	strict.Bar("bob@gone.example", 552, "5.2.2 The mailbox is full")
	relay, err := url.Parse(strict.URL)
	if err != nil {
		t.Fatal(err)
	}
	servers := realtest.ReturningMail(t, "gone.example", relay.Port())
	way, err := email.ParseURL(servers.URL)
	if err != nil {
		t.Fatal(err)
	}
	gateway := &email.SMTP{Server: way, Name: "pay.example", Waits: email.UsualWaits(), Trust: servers.Trust}
	came := 0
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d, func(o *system.Options) {
			o.MailGateway, o.MailFrom.Address, o.MailTrust = gateway, "no-reply@pay.example", servers.Trust
		})
		mailbox := imap.Mailbox{Host: "127.0.0.1", Port: servers.IMAPS, User: "bounces", Password: smtptest.Password, Implicit: true}
		if _, err := w.all.Bounces.Change(t.Context(), w.business.ID, 0, bounce.Wanted{Kind: bounce.ByMailbox, Mailbox: mailbox}); err != nil {
			t.Fatal(err)
		}
		wrong := mailbox
		wrong.Password = "another"
		if _, err := w.all.Bounces.Change(t.Context(), w.business.ID, 0, bounce.Wanted{Kind: bounce.ByMailbox, Mailbox: wrong}); !fault.Is(err, fault.Invalid) || !strings.Contains(fault.Of(err).Fields[0].Message, "answered “NO Authentication failed.” while signing in. Check what you typed.") {
			t.Errorf("a wrong password: %v", err)
		}
		byID := w.customer("amara@gone.example")
		w.send(byID)
		returns := "bounces@pay.example"
		if _, err := w.all.Messages.ChangeSettings(t.Context(), w.business.ID, 0, message.SettingsPatch{ReturnAddress: &returns}); err != nil {
			t.Fatal(err)
		}
		full := w.customer("bob@gone.example")
		w.send(full)
		came += 2
		servers.Returned(t, came)
		if err := w.all.Bounces.ReadDue(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := w.last(byID); got.Status != message.Failed || !strings.Contains(got.Reason, "User unknown") {
			t.Errorf("the mail is %s: %s", got.Status, got.Reason)
		}
		if got, why := w.obstacle(byID); got != delivery.Bounced || !strings.Contains(why, "User unknown") {
			t.Errorf("the obstacle is %q: %s", got, why)
		}
		if got := w.last(full); got.Status != message.Failed || !strings.Contains(got.Reason, "mailbox is full") {
			t.Errorf("the other mail is %s: %s", got.Status, got.Reason)
		}
		if got, _ := w.obstacle(full); got != "" {
			t.Errorf("a full mailbox silenced the address: %q", got)
		}
		source, err := w.all.Bounces.Source(t.Context(), w.business.ID)
		if err != nil || source.HeardAt == nil || source.Problem != "" || source.Mailbox.Password != "" {
			t.Errorf("the source is %+v, %v", source, err)
		}
		// By STARTTLS, with the password that is kept for this server alone.
		mailbox.Port, mailbox.Implicit = servers.IMAP, false
		if _, err := w.all.Bounces.Change(t.Context(), w.business.ID, source.Version, bounce.Wanted{Kind: bounce.ByMailbox, Mailbox: mailbox}); err != nil {
			t.Errorf("by STARTTLS: %v", err)
		}
		mailbox.Password, mailbox.Folder = "", "INBOX"
		if _, err := w.all.Bounces.Change(t.Context(), w.business.ID, 0, bounce.Wanted{Kind: bounce.ByMailbox, Mailbox: mailbox}); err != nil {
			t.Errorf("with the password that is kept: %v", err)
		}
	})
}
