package app

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"smartlinks/internal/message/mailbox"
)

// Whoever opens test mode to strangers says so, or nothing is made in the data folder.
func TestTestModeIsOpenedToStrangersOnlyOnPurpose(t *testing.T) {
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
	all, err := mailbox.New(w.System.DB, false).List(t.Context(), mailbox.Filter{Limit: 50})
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
