package system_test

import (
	"net"
	"strings"
	"testing"

	"smartlinks/internal/bounce"
	"smartlinks/internal/bounce/imap"
	"smartlinks/internal/business/businesstest"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/message"
	"smartlinks/internal/message/email"
	"smartlinks/internal/system"
	"smartlinks/internal/system/systemtest"
)

// In test mode a business's mail server and mailbox may be on the same machine, but not
// where strangers reach test mode: they would reach the network behind it.
func TestStrangersInTestModeReachNoPrivateNetwork(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		within, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = within.Close() }()
		dialled := make(chan struct{}, 100)
		go func() {
			for {
				conn, err := within.Accept()
				if err != nil {
					return
				}
				dialled <- struct{}{}
				_ = conn.Close()
			}
		}()
		host, port, _ := net.SplitHostPort(within.Addr().String())
		b := businesstest.Make(t, d, "acme")
		for _, public := range []bool{true, false} {
			s := systemtest.New(t, d, func(o *system.Options) { o.SandboxPublic = public })
			wasDialled := func(what string, err error) {
				t.Helper()
				if !public {
					<-dialled
				} else if len(dialled) > 0 || err == nil || !strings.Contains(err.Error(), "private network") {
					t.Errorf("strangers had a %s dialled: %v", what, err)
				}
			}
			_, err := s.Bounces.Change(t.Context(), b.ID, 0, bounce.Wanted{Kind: bounce.ByMailbox, Mailbox: imap.Mailbox{Host: host, Port: port, User: "u", Password: "p"}})
			wasDialled("mailbox", err)
			if _, err := s.Messages.ChangeSettings(t.Context(), b.ID, 0, message.SettingsPatch{Server: &email.Server{Host: host, Port: port, TLS: email.Mandatory}}); err != nil {
				t.Fatal(err)
			}
			words, err := s.Messages.Template(t.Context(), b, message.KindPaid)
			if err != nil {
				t.Fatal(err)
			}
			wasDialled("mail server", s.Messages.SendTest(t.Context(), b, words, "marit@acme.example", "Marit"))
		}
	})
}
