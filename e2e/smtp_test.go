package e2e

import (
	"bytes"
	"io"
	"log"
	"mime"
	"mime/multipart"
	"net"
	"net/mail"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
)

// Payments never wait for mail: the payer is told "paid" while the mail server
// still keeps silent. The tries after a refusal are a minute apart and are
// promised in internal/message, where no test has to wait for them.
func TestAReceiptReachesAMailServerThatKeepsSilentAtFirst(t *testing.T) {
	t.Parallel()
	server := newMailServer(t)
	s := &site{store: []string{"--data", t.TempDir()}, env: []string{"SMARTLINKS_SMTP_URL=" + server.url}}
	s.setUp(t)
	s.URL = s.serve(t)
	l := s.createLink(t, `{"name": "Membership", `+fortyNine+`, "path": "membership"}`)
	awaitStatus(t, s.payAs(t, s.URL, l.Path, "paid", ""), "paid")
	if got := server.lettersTo("sanne@example.com"); len(got) != 0 {
		t.Fatalf("the server has not spoken and holds %d letters", len(got))
	}

	server.speak()
	var letters []letter
	eventually(20*time.Second, func() bool {
		letters = server.lettersTo("sanne@example.com")
		return len(letters) > 0 && len(server.lettersTo(ownerEmail)) > 0
	})
	if len(letters) != 1 {
		t.Fatalf("the payer got %d letters, want 1", len(letters))
	}
	checkReceipt(t, letters[0])
}

func checkReceipt(t *testing.T, l letter) {
	t.Helper()
	m, err := mail.ReadMessage(bytes.NewReader(l.source))
	if err != nil {
		t.Fatalf("%v\n%s", err, l.source)
	}
	if from, err := mail.ParseAddress(m.Header.Get("From")); err != nil || from.Name != "Acme Events" || from.Address != l.from {
		t.Errorf("From is %v (%v), the envelope has %s; want Acme Events", from, err, l.from)
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

// letter is what a mail server took: the envelope and the source.
type letter struct {
	from, to string
	source   []byte
}

// mailServer is a real SMTP server that answers no EHLO until it is told to speak.
type mailServer struct {
	url   string
	speak func()
	mu    sync.Mutex
	taken []letter
}

func newMailServer(t *testing.T) *mailServer {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	spoken := make(chan struct{})
	s := &mailServer{url: "smtp://" + listener.Addr().String() + "?tls=none", speak: sync.OnceFunc(func() { close(spoken) })}
	backend := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) {
		<-spoken
		return &mailSession{server: s}, nil
	}))
	backend.Domain = "mail.example"
	backend.ErrorLog = log.New(io.Discard, "", 0)
	go func() { _ = backend.Serve(listener) }() // until it is closed
	t.Cleanup(func() { backend.Close() })
	t.Cleanup(s.speak)
	return s
}

// lettersTo are the letters to one address.
func (s *mailServer) lettersTo(address string) []letter {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(s.taken), func(l letter) bool { return l.to != address })
}

// mailSession is one conversation.
type mailSession struct {
	server *mailServer
	letter letter
}

func (c *mailSession) Mail(from string, _ *smtp.MailOptions) error { c.letter.from = from; return nil }
func (c *mailSession) Rcpt(to string, _ *smtp.RcptOptions) error   { c.letter.to = to; return nil }
func (c *mailSession) Reset()                                      { c.letter = letter{} }
func (c *mailSession) Logout() error                               { return nil }

func (c *mailSession) Data(r io.Reader) error {
	source, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	c.letter.source = source
	c.server.mu.Lock()
	defer c.server.mu.Unlock()
	c.server.taken = append(c.server.taken, c.letter)
	return nil
}
