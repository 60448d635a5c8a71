package email

import (
	"cmp"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	netmail "net/mail"
	"net/textproto"
	"strings"
	"testing"
	"time"

	"smartlinks/internal/message/email/smtptest"
)

func TestALetterArrivesAsItIs(t *testing.T) {
	s := smtptest.New(t, smtptest.Script{})
	if err := gateway(t, s, s.URL).Send(t.Context(), letter()); err != nil {
		t.Fatal(err)
	}
	if len(s.Mails()) != 1 {
		t.Fatalf("%d letters", len(s.Mails()))
	}
	m, err := netmail.ReadMessage(strings.NewReader(s.Mails()[0].Source))
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"Message-Id": "<mal_1@pay.example>", "Date": "Wed, 18 Feb 2026 09:42:00 +0000", "Auto-Submitted": "auto-generated",
		"To": `Amara Okafor <amara@example.com>`, "Reply-To": "<hello@noord.example>", "Mime-Version": "1.0",
	} {
		if got := m.Header.Get(name); got != want {
			t.Errorf("%s is %q", name, got)
		}
	}
	words := new(mime.WordDecoder)
	if subject, err := words.DecodeHeader(m.Header.Get("Subject")); err != nil || subject != "Receipt 1 – €89.00" {
		t.Errorf("the subject is %q, %v", subject, err)
	}
	if from, err := m.Header.AddressList("From"); err != nil || from[0].Name != "Café Noord" {
		t.Errorf("it is from %v, %v", from, err)
	}
	kind, parameters, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/alternative" {
		t.Fatalf("it is %s, %v", kind, err)
	}
	parts := multipart.NewReader(m.Body, parameters["boundary"])
	for _, want := range []struct{ kind, body string }{{"text/plain", letter().Text}, {"text/html", letter().HTML}} {
		part, err := parts.NextRawPart()
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(quotedprintable.NewReader(part))
		if got := strings.ReplaceAll(string(body), "\r\n", "\n"); err != nil || !strings.HasPrefix(part.Header.Get("Content-Type"), want.kind) || strings.TrimRight(got, "\n") != want.body {
			t.Errorf("a part is %q: %q, %v", part.Header.Get("Content-Type"), got, err)
		}
	}
}

// Mail programs show a button of their own for these headers (RFC 8058, 3.1).
func TestALetterSaysHowToOptOut(t *testing.T) {
	l := letter()
	l.Unsubscribe = "https://pay.example/s/K9g8wX4A7Fz3"
	source, err := l.Source()
	if err != nil {
		t.Fatal(err)
	}
	m, err := netmail.ReadMessage(strings.NewReader(string(source)))
	if err != nil {
		t.Fatal(err)
	}
	if to, how := m.Header.Get("List-Unsubscribe"), m.Header.Get("List-Unsubscribe-Post"); to != "<"+l.Unsubscribe+">" || how != "List-Unsubscribe=One-Click" {
		t.Errorf("the way out is %q, %q", to, how)
	}
	if source, err := letter().Source(); err != nil || strings.Contains(string(source), "List-Unsubscribe") {
		t.Errorf("a letter that nobody can opt out of says how, %v", err)
	}
}

func TestABadAddressIsToldFromOtherRefusals(t *testing.T) {
	for _, c := range []struct {
		step   Step
		code   int
		words  string
		wanted bool
	}{
		{Recipient, 550, "5.1.1 User unknown", true},
		{Recipient, 550, "No such user here", true},
		{Recipient, 553, "Mailbox name not allowed", true},
		{Recipient, 550, "5.2.1 Mailbox disabled", true},
		{Recipient, 550, "5.1.8 Bad sender", false},
		{Recipient, 550, "5.7.1 Blocked by policy", false},
		{Recipient, 552, "5.2.2 Mailbox full", false},
		{Recipient, 554, "Relay denied", false},
		{Recipient, 450, "4.1.1 Later", false},
		{Content, 550, "5.1.1 Spam", false},
		{Sender, 550, "5.1.1 Who are you", false},
	} {
		refusal := (&SMTP{}).refusal(c.step, &textproto.Error{Code: c.code, Msg: c.words})
		if refusal.BadAddress() != c.wanted {
			t.Errorf("%d %s while %s: %v", c.code, c.words, c.step, refusal.BadAddress())
		}
	}
}

func TestTheSameLetterIsWrittenTheSameWay(t *testing.T) {
	one, err := letter().Source()
	two, err2 := letter().Source()
	if err != nil || err2 != nil || string(one) != string(two) {
		t.Errorf("a second copy differs: %v, %v", err, err2)
	}
}

// What a mailbox shows of a letter is what was written.
func TestTheHTMLOfALetterIsReadFromItsSource(t *testing.T) {
	for _, html := range []string{
		"", "<p>Hi</p>", "<p>Größe, €5 = “five”</p>", "<p dir=\"rtl\">مرحبا بك في متجرنا</p>", "one\n.\n..two \n\tthree=\n",
		"<table><tr>" + strings.Repeat("<td style=\"color:#333\">A long line — of cells</td>", 200) + "</tr></table>",
	} {
		for _, files := range [][]File{nil, {{Name: "receipt.pdf", Type: "application/pdf", Body: []byte("%PDF-1.7 <p>not this</p>")}}} {
			l := letter()
			l.HTML, l.Files = html, files
			source, err := l.Source()
			if err != nil {
				t.Fatal(err)
			}
			got, err := HTMLOf(string(source))
			if got = strings.ReplaceAll(got, "\r\n", "\n"); err != nil || got != html {
				t.Errorf("%d files: %.80q became %.80q, %v", len(files), html, got, err)
			}
		}
	}
}

// Whatever a merchant writes into a subject or a name adds no header.
func TestNothingAddsAHeader(t *testing.T) {
	l := letter()
	l.Subject = "Hello\r\nBcc: victim@example.com"
	l.From.Name, l.To.Name = "Noord\r\nX-One: 1", "Amara\nX-Two: 2"
	source, err := l.Source()
	if err != nil {
		t.Fatal(err)
	}
	m, err := netmail.ReadMessage(strings.NewReader(string(source)))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"Bcc", "X-One", "X-Two"} {
		if m.Header.Get(name) != "" {
			t.Errorf("a header %s was added", name)
		}
	}
}

func TestAHangingServerIsLeftInEveryPhase(t *testing.T) {
	for _, stage := range []smtptest.Stage{smtptest.Connecting, smtptest.Hello, smtptest.SigningIn, smtptest.Sender, smtptest.Recipient, smtptest.Content} {
		t.Run(string(stage), func(t *testing.T) {
			t.Parallel()
			s := smtptest.New(t, smtptest.Script{Hang: stage, TLS: true, Auth: true})
			began := time.Now()
			err := gateway(t, s, strings.Replace(s.URL, "//", "//amara:secret@", 1)).Send(t.Context(), letter())
			refusal := mustRefusal(t, err)
			if refusal.Final || !refusal.Away || refusal.Code != 0 {
				t.Errorf("it is told as %+v", refusal)
			}
			if spent := time.Since(began); spent > 4*time.Second {
				t.Errorf("it took %s", spent)
			}
			if !strings.Contains(err.Error(), "did not answer in time") {
				t.Errorf("it says %q", err)
			}
		})
	}
}

func TestRefusalsAreForGoodOrForNow(t *testing.T) {
	for _, c := range []struct {
		stage       smtptest.Stage
		step        Step
		code        int
		says        string
		final, away bool
	}{
		{stage: smtptest.Sender, step: Sender, code: 421, away: true},
		{stage: smtptest.Sender, step: Sender, code: 451},
		{stage: smtptest.Sender, step: Sender, code: 550, final: true},
		{stage: smtptest.Recipient, step: Recipient, code: 421, away: true},
		{stage: smtptest.Recipient, step: Recipient, code: 451},
		{stage: smtptest.Recipient, step: Recipient, code: 550, final: true},
		{stage: smtptest.Recipient, step: Recipient, code: 552, says: "Mailbox full"},
		{stage: smtptest.Recipient, step: Recipient, code: 552, says: "5.2.2 Mailbox full"},
		{stage: smtptest.Recipient, step: Recipient, code: 550, says: "5.2.2 Over quota"},
		{stage: smtptest.Content, step: Content, code: 421, away: true},
		{stage: smtptest.Content, step: Content, code: 451},
		{stage: smtptest.Content, step: Content, code: 554, final: true},
		{stage: smtptest.Content, step: Content, code: 552, says: "Requested mail action aborted"},
		{stage: smtptest.Content, step: Content, code: 552, says: "5.3.4 Message too big", final: true},
		{stage: smtptest.Content, step: Content, code: 552, says: "5.7.0 Blocked", final: true},
		{stage: smtptest.SigningIn, step: SigningIn, code: 454, away: true},
		{stage: smtptest.SigningIn, step: SigningIn, code: 535, away: true}, // the password can be mended
		{stage: smtptest.Hello, step: Greeting, code: 554, away: true},
	} {
		s := smtptest.New(t, smtptest.Script{Refuse: c.stage, Code: c.code, Says: c.says, TLS: true, Auth: true})
		err := gateway(t, s, strings.Replace(s.URL, "//", "//amara:secret@", 1)).Send(t.Context(), letter())
		r := mustRefusal(t, err)
		if r.Step != c.step || r.Code != c.code || r.Final != c.final || r.Away != c.away {
			t.Errorf("%s %d %s is told as %+v", c.step, c.code, c.says, r)
		}
		if said := cmp.Or(c.says, "says the script"); len(s.Mails()) > 0 || !strings.Contains(err.Error(), said) {
			t.Errorf("%s %d: %q", c.step, c.code, err)
		}
	}
}

// The one case in which nobody can know: it was taken, and the answer was lost.
func TestACutAfterTheLetterIsTriedAgainAsTheSameLetter(t *testing.T) {
	s := smtptest.New(t, smtptest.Script{Cut: true})
	gateway := gateway(t, s, s.URL)
	for range 2 {
		if r := mustRefusal(t, gateway.Send(t.Context(), letter())); r.Final || r.Step != Content {
			t.Errorf("it is told as %+v", r)
		}
	}
	if got := s.Mails(); len(got) != 2 || got[0].Source != got[1].Source {
		t.Errorf("%d letters that differ", len(got))
	}
}

func TestTLSIsUsedWhereItMustBe(t *testing.T) {
	for name, c := range map[string]struct {
		smtptest.Script
		query, user string
		host        string // instead of loopback's
		sent        bool
	}{
		"offered":                       {Script: smtptest.Script{TLS: true}, sent: true},
		"offered and mandatory":         {Script: smtptest.Script{TLS: true}, query: "?tls=mandatory", sent: true},
		"not offered, loopback":         {sent: true},
		"not offered, mandatory":        {query: "?tls=mandatory"},
		"none, loopback":                {Script: smtptest.Script{TLS: true}, query: "?tls=none", sent: true},
		"from the first byte":           {Script: smtptest.Script{Implicit: true}, sent: true},
		"sign in over TLS":              {Script: smtptest.Script{TLS: true, Auth: true}, user: "amara:secret@", sent: true},
		"sign in from the first byte":   {Script: smtptest.Script{Implicit: true, Auth: true}, user: "amara:secret@", sent: true},
		"wrong password":                {Script: smtptest.Script{TLS: true, Auth: true}, user: "amara:wrong@"},
		"never sign in over plain":      {Script: smtptest.Script{Auth: true}, user: "amara:secret@"},
		"a server that knows no signin": {Script: smtptest.Script{TLS: true}, user: "amara:secret@"},
	} {
		t.Run(name, func(t *testing.T) {
			s := smtptest.New(t, c.Script)
			err := gateway(t, s, strings.Replace(s.URL, "//", "//"+c.user, 1)+c.query).Send(t.Context(), letter())
			if (err == nil) != c.sent || (len(s.Mails()) == 1) != c.sent {
				t.Errorf("error %v, %d letters", err, len(s.Mails()))
			}
			if err == nil {
				return
			}
			if strings.Contains(err.Error(), "secret") || s.SignedIn() {
				t.Errorf("the password was shown: %v, %v", err, s.SignedIn())
			}
		})
	}
}

func TestAnUntrustedCertificateIsRefused(t *testing.T) {
	s := smtptest.New(t, smtptest.Script{TLS: true})
	gateway := gateway(t, s, s.URL)
	gateway.Trust = nil
	if r := mustRefusal(t, gateway.Send(t.Context(), letter())); r.Step != Encrypting || len(s.Mails()) > 0 {
		t.Errorf("it is told as %+v", r)
	}
}

func TestAMerchantsServerIsNotWithinTheOperatorsNetwork(t *testing.T) {
	s := smtptest.New(t, smtptest.Script{})
	gateway := gateway(t, s, s.URL)
	gateway.PublicOnly = true
	err := gateway.Send(t.Context(), letter())
	if r := mustRefusal(t, err); r.Step != Connecting || !errors.Is(err, errPrivate) {
		t.Errorf("it is told as %+v", r)
	}
	for _, address := range []string{"10.0.0.1:25", "192.168.1.1:25", "172.16.0.9:587", "127.0.0.1:25", "169.254.169.254:80", "[::1]:25", "[fe80::1]:25", "[fc00::1]:25", "[::ffff:10.0.0.1]:25", "0.0.0.0:25", "224.0.0.1:25", "100.64.0.1:25", "[64:ff9b::a00:1]:25", "[2002:a00:1::]:25"} {
		if refusePrivate("tcp", address, nil) == nil {
			t.Errorf("%s may be reached", address)
		}
	}
	if err := refusePrivate("tcp", "93.184.216.34:587", nil); err != nil {
		t.Error(err)
	}
}

func mustRefusal(t *testing.T, err error) *Refusal {
	t.Helper()
	var r *Refusal
	if !errors.As(err, &r) {
		t.Fatalf("the error is %v", err)
	}
	return r
}

// gateway is a client of the server with short waits.
func gateway(t *testing.T, s *smtptest.Server, url string) *SMTP {
	t.Helper()
	at, err := ParseURL(url)
	if err != nil {
		t.Fatal(err)
	}
	short := 300 * time.Millisecond
	return &SMTP{Server: at, Name: "pay.example", Trust: s.Trust, Waits: Waits{Connect: time.Second, Answer: short, Accept: short, Whole: 5 * time.Second}}
}

func letter() Mail {
	return Mail{
		ID: "mal_1", From: netmail.Address{Name: "Café Noord", Address: "no-reply@pay.example"}, ReplyTo: "hello@noord.example",
		To: netmail.Address{Name: "Amara Okafor", Address: "amara@example.com"}, Date: time.Date(2026, 2, 18, 9, 42, 0, 0, time.UTC),
		Subject: "Receipt 1 – €89.00", Text: "Thank you.\n.\nA line of one dot above.", HTML: "<p>Thank you, Zoë.</p>",
	}
}
