package inbox_test

import (
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	netmail "net/mail"
	"strings"
	"testing"
	"time"

	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/message/email"
	"smartlinks/internal/message/mailbox"
	"smartlinks/internal/web/inbox"
)

// mustInbox serves a mailbox with that many letters.
func mustInbox(t *testing.T, letters int) *httptest.Server {
	t.Helper()
	d := dbtest.SQLite(t)
	box := mailbox.New(d, false)
	for n := range letters {
		if err := box.Send(t.Context(), email.Mail{
			ID: fmt.Sprintf("mal_%03d", n), From: netmail.Address{Name: "Studio Noord", Address: "no-reply@pay.example"},
			To: netmail.Address{Name: "Amara", Address: "amara@example.com"}, Date: dbtest.Start.Add(time.Duration(n) * time.Minute),
			Subject: fmt.Sprintf("Letter <%d>", n), Text: "Open https://pay.example/x", HTML: "<p>Hi</p><script>alert(1)</script>",
		}); err != nil {
			t.Fatal(err)
		}
	}
	s := httptest.NewServer(inbox.New(box, d.Clock(), slog.New(slog.DiscardHandler)).Handler())
	t.Cleanup(s.Close)
	return s
}

func get(t *testing.T, url string) (*http.Response, string) {
	t.Helper()
	r, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return r, string(body)
}

func TestTheMailboxIsReadInPages(t *testing.T) {
	s := mustInbox(t, 60)
	_, first := get(t, s.URL+"/mailbox")
	if !strings.Contains(first, "Letter &lt;59&gt;") || strings.Contains(first, "Letter &lt;9&gt;") || !strings.Contains(first, "before=mal_010") {
		t.Error("the first page is not the newest fifty")
	}
	if _, second := get(t, s.URL+"/mailbox?before=mal_010"); !strings.Contains(second, "Letter &lt;9&gt;") {
		t.Error("the second page lacks older ones")
	}
	if _, none := get(t, s.URL+"/mailbox?q=nothing"); !strings.Contains(none, "Nothing found") {
		t.Error("a search in vain doesn't say so")
	}
}

func TestAMessageIsShownInThreeForms(t *testing.T) {
	s := mustInbox(t, 1)
	for path, want := range map[string]string{
		"/mailbox/mal_000":           `src="/mailbox/mal_000/html"`,
		"/mailbox/mal_000?as=text":   "Open https://pay.example/x",
		"/mailbox/mal_000?as=source": "Message-ID: &lt;mal_000@pay.example&gt;",
	} {
		if r, body := get(t, s.URL+path); r.StatusCode != http.StatusOK || !strings.Contains(body, want) {
			t.Errorf("%s: %d, lacks %q", path, r.StatusCode, want)
		}
	}
	if r, _ := get(t, s.URL+"/mailbox/mal_001"); r.StatusCode != http.StatusNotFound {
		t.Errorf("an unknown message: %d", r.StatusCode)
	}
}

func TestALettersHTMLCanDoNothing(t *testing.T) {
	s := mustInbox(t, 1)
	r, _ := get(t, s.URL+"/mailbox/mal_000/html")
	policy := r.Header.Get("Content-Security-Policy")
	for _, part := range []string{"default-src 'none'", "form-action 'none'", "sandbox allow-popups", "frame-ancestors 'self'"} {
		if !strings.Contains(policy, part) {
			t.Errorf("its policy lacks %q: %s", part, policy)
		}
	}
	if strings.Contains(policy, "script") {
		t.Errorf("its policy lets scripts run: %s", policy)
	}
}

func TestProgramsReadTheMailboxAsJSON(t *testing.T) {
	s := mustInbox(t, 51)
	r, body := get(t, s.URL+"/mailbox.json?q=amara")
	var answer struct {
		Data []struct {
			To, Subject, At, Text string
			Links                 []string
		}
		NextCursor *string `json:"next_cursor"`
	}
	if err := json.Unmarshal([]byte(body), &answer); err != nil || r.Header.Get("Content-Type") != "application/json" {
		t.Fatal(err)
	}
	if len(answer.Data) != 50 || answer.NextCursor == nil || *answer.NextCursor != "mal_001" {
		t.Fatalf("%d messages, next %v", len(answer.Data), answer.NextCursor)
	}
	if m := answer.Data[0]; m.To != "amara@example.com" || m.Subject != "Letter <50>" || m.At != "2026-02-18T10:32:00Z" || len(m.Links) != 1 {
		t.Errorf("the newest is %+v", m)
	}
}
