package e2e

import (
	"io"
	"mime"
	"mime/multipart"
	"net/mail"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	. "smartlinks/e2e/site"
	"smartlinks/internal/message/email/smtptest"
)

// Payments never wait for mail: the payer is told "paid" while the mail server
// still keeps silent. The tries after a refusal are a minute apart and are
// promised in internal/message, where no test has to wait for them.
func TestAReceiptReachesAMailServerThatKeepsSilentAtFirst(t *testing.T) {
	t.Parallel()
	server := smtptest.New(t, smtptest.Script{Silent: true})
	s := &site{&Site{Store: []string{"--data", t.TempDir()}, Env: []string{"SMARTLINKS_SMTP_URL=" + server.URL + "?tls=none"}}}
	s.SetUp(t)
	s.URL = s.Serve(t)
	l := s.CreateLink(t, `{"name": "Membership", `+FortyNine+`, "path": "membership"}`)
	AwaitStatus(t, s.PayAs(t, s.URL, l.Path, "paid", ""), "paid")
	if got := lettersTo(server, "sanne@example.com"); len(got) != 0 {
		t.Fatalf("the server has not spoken and holds %d letters", len(got))
	}

	server.Speak()
	var letters []smtptest.Mail
	Eventually(20*time.Second, func() bool {
		letters = lettersTo(server, "sanne@example.com")
		return len(letters) > 0 && len(lettersTo(server, OwnerEmail)) > 0
	})
	if len(letters) != 1 {
		t.Fatalf("the payer got %d letters, want 1", len(letters))
	}
	checkReceipt(t, letters[0])
}

// lettersTo are the letters to one address.
func lettersTo(s *smtptest.Server, address string) []smtptest.Mail {
	return slices.DeleteFunc(s.Mails(), func(l smtptest.Mail) bool { return l.To != address })
}

func checkReceipt(t *testing.T, l smtptest.Mail) {
	t.Helper()
	m, err := mail.ReadMessage(strings.NewReader(l.Source))
	if err != nil {
		t.Fatalf("%v\n%s", err, l.Source)
	}
	if from, err := mail.ParseAddress(m.Header.Get("From")); err != nil || from.Name != "Acme Events" || from.Address != l.From {
		t.Errorf("From is %v (%v), the envelope has %s; want Acme Events", from, err, l.From)
	}
	if id := m.Header.Get("Message-ID"); !regexp.MustCompile(`^<[^<>@\s]+@[^<>@\s]+>$`).MatchString(id) {
		t.Errorf("Message-ID is %q", id)
	}
	kind, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/alternative" {
		t.Fatalf("Content-Type is %q (%v)", kind, err)
	}
	var kinds []string
	for parts := multipart.NewReader(m.Body, params["boundary"]); ; {
		part, err := parts.NextPart() // undoes quoted-printable
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		kind, _, _ := mime.ParseMediaType(part.Header.Get("Content-Type"))
		kinds = append(kinds, kind)
		if words, err := io.ReadAll(part); err != nil || !strings.Contains(string(words), "49.00") || !strings.Contains(string(words), "Membership") {
			t.Errorf("the %s must say what was paid (%v):\n%s", kind, err, words)
		}
	}
	if want := []string{"text/plain", "text/html"}; !slices.Equal(kinds, want) {
		t.Errorf("the parts are %q, want %q", kinds, want)
	}
}
