package app

import (
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"smartlinks/internal/message/mailbox"
)

// Strangers could pay without money, read mails and move the clock: whoever wants
// that says so. Nothing is made in the data folder before.
func TestTestModeIsOpenedToStrangersOnlyOnPurpose(t *testing.T) {
	for _, c := range []struct {
		addr, url string
		refused   bool
	}{
		{"127.0.0.1:0", "", false},
		{"localhost:0", "", false},
		{"[::1]:0", "http://[::1]:9999", false},
		{"127.0.0.1:0", "http://shop.localhost:8080", false},
		{":0", "", true},
		{"0.0.0.0:0", "http://127.0.0.1:8080", true},
		{"[::]:0", "http://localhost:8080", true},
		{":0", "https://pay.example.com", true},
		{"127.0.0.1:0", "https://pay.example.com", true}, // behind a proxy
		{"127.0.0.1:0", "http://192.0.2.7", true},
		{"127.0.0.1:0", "http://127.0.0.1.example.com", true},
	} {
		listening, err := net.ResolveTCPAddr("tcp", c.addr)
		if err != nil {
			t.Fatal(err)
		}
		public, err := publicAddress(c.url, localURL(listening))
		if err != nil {
			t.Fatal(err)
		}
		err = serveCommand{Sandbox: true}.checkSandbox(listening, public)
		if refused := err != nil; refused != c.refused || refused && !strings.Contains(err.Error(), "--sandbox-public") {
			t.Errorf("at %s as %q: %v", c.addr, c.url, err)
		}
		if err := (serveCommand{Sandbox: true, SandboxPublic: true}).checkSandbox(listening, public); err != nil {
			t.Errorf("on purpose at %s as %q: %v", c.addr, c.url, err)
		}
	}
	if t.Failed() {
		return // the commands below would serve
	}
	for _, args := range [][]string{{"serve", "--sandbox", "--addr", ":0"}, {"serve", "--sandbox-public", "--addr", "127.0.0.1:0"}, {"demo", "--addr", ":0"}} {
		if status, _, said := run(t, t.TempDir(), "", args...); status != exitUsage || !strings.Contains(said, "--sandbox-public") {
			t.Errorf("%v leaves with %d and says %q", args, status, said)
		}
	}
}

// Whoever reads the link of a forgotten password is that member.
func TestAPublicMailboxKeepsMailsAboutAccountsBack(t *testing.T) {
	w := mustWhole(t, true)
	if !strings.Contains(w.log.String(), "level=WARN msg=\"test mode on a public address") {
		t.Error("the start does not warn of test mode")
	}
	page, _ := w.pay()
	w.ask("GET", page, nil) // asks the provider
	w.ask("POST", "/sign-in/forgot", url.Values{"email": {ownersEmail}})
	w.letter("password")
	w.letter("Seat")
	all, err := mailbox.New(w.system.DB, false).List(t.Context(), mailbox.Filter{Limit: 50})
	if err != nil {
		t.Fatal(err)
	}
	shown := 0
	for _, m := range all {
		about := strings.Contains(m.Text, "/sign-in/")
		for _, target := range []string{"/mailbox/" + m.ID, "/mailbox/" + m.ID + "/html", "/mailbox/" + m.ID + "?as=source"} {
			if got := w.ask("GET", target, nil); (got.Code == http.StatusNotFound) != about || strings.Contains(got.Body.String(), "sign-in/password") {
				t.Errorf("%s, %q: %d", target, m.Subject, got.Code)
			}
		}
		for _, target := range []string{"/mailbox", "/mailbox.json"} {
			got := w.ask("GET", target, nil)
			if got.Code != http.StatusOK || strings.Contains(got.Body.String(), m.ID) == about {
				t.Errorf("%s, %q: %d", target, m.Subject, got.Code)
			}
		}
		if !about {
			shown++
		}
	}
	if shown == 0 || shown == len(all) {
		t.Fatalf("%d of %d mails are shown", shown, len(all))
	}
}

// Test mode has a clock that anybody with a token can move and a provider that
// says paid without money: both are nothing for where real money moves.
func TestTestModeIsRefusedWhereALiveKeyIsStored(t *testing.T) {
	installations(t, func(t *testing.T, i *installation) {
		r := i.open()
		i.connect(r, "sk_test_51test")
		if err := r.CheckSandbox(t.Context(), true); err != nil {
			t.Errorf("with a test key alone: %v", err)
		}
		i.connect(r, "sk_live_51live")
		r.DB.Close()
		status, said := i.command("", "serve", "--sandbox", "--addr", "127.0.0.1:0")
		if status != exitFailed || !strings.Contains(said, "live key") || !strings.Contains(said, "--sandbox is refused") {
			t.Errorf("it leaves with %d and says %q", status, said)
		}
	})
}
