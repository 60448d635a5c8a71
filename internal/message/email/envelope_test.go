package email

import (
	"mime"
	netmail "net/mail"
	"slices"
	"strings"
	"testing"

	"smartlinks/internal/message/email/smtptest"
)

// Servers without SMTPUTF8 take mail from and to everybody, because a domain has a
// form in ASCII. Whether one offers SMTPUTF8 or 8BITMIME, neither is asked for.
func TestInternationalDomainsTravelAsALabels(t *testing.T) {
	s := smtptest.New(t, smtptest.Script{})
	gateway := gateway(t, s, s.URL)
	gateway.Name = "pay.münchen.de"
	l := letter()
	l.From.Address, l.ReplyTo, l.To.Address = "kasse@münchen.de", "Hallo@Müller.example", "payer@例え.jp"
	if err := gateway.Send(t.Context(), l); err != nil {
		t.Fatal(err)
	}
	want := []string{"EHLO pay.xn--mnchen-3ya.de", "MAIL FROM:<kasse@xn--mnchen-3ya.de>", "RCPT TO:<payer@xn--r8jz45g.jp>", "DATA", "QUIT"}
	if got := s.Commands(); !slices.Equal(got, want) {
		t.Errorf("we said %q", got)
	}
	m, err := netmail.ReadMessage(strings.NewReader(s.Mails()[0].Source))
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"To": "Amara Okafor <payer@xn--r8jz45g.jp>", "Reply-To": "<Hallo@xn--mller-kva.example>",
		"From": "=?utf-8?q?Caf=C3=A9_Noord?= <kasse@xn--mnchen-3ya.de>", "Message-Id": "<mal_1@xn--mnchen-3ya.de>",
	} {
		if got := m.Header.Get(name); got != want {
			t.Errorf("%s is %q", name, got)
		}
	}
}

func TestAnInstallationWithoutANameSendsToo(t *testing.T) {
	for name, want := range map[string][2]string{
		"127.0.0.1": {"EHLO [127.0.0.1]", "MAIL FROM:<no-reply@pay.example>"}, "::1": {"EHLO [IPv6:::1]", "MAIL FROM:<no-reply@pay.example>"},
		"localhost": {"EHLO localhost", "MAIL FROM:<no-reply@localhost>"},
	} {
		s := smtptest.New(t, smtptest.Script{})
		gateway, l := gateway(t, s, s.URL), letter()
		gateway.Name = name
		if name == "localhost" {
			l.From.Address = "no-reply@localhost"
		}
		if err := gateway.Send(t.Context(), l); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if got := s.Commands(); len(got) < 2 || got[0] != want[0] || got[1] != want[1] {
			t.Errorf("%s says %q", name, got)
		}
	}
}

// Whatever names and subjects hold, every field begins on its own line, no line is
// longer than it may be, and what is read is what was written.
func TestHeadsAreWhole(t *testing.T) {
	words := new(mime.WordDecoder)
	s := smtptest.New(t, smtptest.Script{})
	gateway := gateway(t, s, s.URL)
	for _, text := range []string{
		"Receipt 1", "", "a", strings.Repeat("x", 69), strings.Repeat("x", 150), strings.Repeat("word ", 30) + "end", "Zoë",
		strings.Repeat("é", 80), strings.Repeat("Zoë und Jürgen ", 6) + "!", "إيصال رقم \u200e2026-00001 من مقهى الشمال بمبلغ ٤٩٫٠٠ يورو",
		strings.Repeat("例え", 40), strings.Repeat("👩‍👩‍👧", 12), `Noord "BV", (the) <one>; a@b \ c.`, "=?utf-8?q?trick?=", "a =?utf-8?b?eA==?= b", "100% _?=",
		"two  spaces", "tab\there", " ends ", "line\r\nbreak",
	} {
		l := letter()
		l.Subject, l.From.Name, l.To.Name = text, text, text
		if text == "" {
			l.Subject = "x"
		}
		l.To.Address = strings.Repeat("a", 64) + "@" + strings.Repeat("abcdefgh.", 18) + "com"
		if err := gateway.Send(t.Context(), l); err != nil {
			t.Errorf("%q: %v", text, err)
			continue
		}
		taken := s.Mails()
		m, err := netmail.ReadMessage(strings.NewReader(taken[len(taken)-1].Source))
		if err != nil {
			t.Fatal(err)
		}
		want := strings.Join(strings.Fields(strings.ReplaceAll(text, "\u200e", "")), " ")
		subject, err := words.DecodeHeader(m.Header.Get("Subject"))
		if text != "" && (err != nil || subject != want) {
			t.Errorf("the subject %q is read as %q, %v", text, subject, err)
		}
		for _, name := range []string{"From", "To"} {
			if got, err := m.Header.AddressList(name); err != nil || got[0].Name != want {
				t.Errorf("%s %q is read as %v, %v", name, text, got, err)
			}
		}
	}
}

// A name can't turn what stands beside it around, nor hide in it.
func TestNothingInAHeadTurnsItAround(t *testing.T) {
	l := letter()
	l.Subject, l.From.Name, l.To.Name = "Paid \u202eexe.fdp", "\u2067Noord\u2069\u200b", "Am\ufeffara\u200f \u061cOkafor\u202c"
	source, err := l.Source()
	if err != nil {
		t.Fatal(err)
	}
	m, err := netmail.ReadMessage(strings.NewReader(string(source)))
	if err != nil {
		t.Fatal(err)
	}
	if m.Header.Get("Subject") != "Paid exe.fdp" || !strings.HasPrefix(m.Header.Get("From"), "Noord <") || !strings.HasPrefix(m.Header.Get("To"), "Amara Okafor <") {
		t.Errorf("the head is %v", m.Header)
	}
}

func TestALookAtAServerGoesAsFarAsALetter(t *testing.T) {
	s := smtptest.New(t, smtptest.Script{})
	if err := gateway(t, s, s.URL).Check(t.Context(), "no-reply@pay.example", "jan@münchen.de"); err != nil {
		t.Error(err)
	}
	want := []string{"EHLO pay.example", "MAIL FROM:<no-reply@pay.example>", "RCPT TO:<jan@xn--mnchen-3ya.de>", "RSET", "QUIT"}
	if got := s.Commands(); !slices.Equal(got, want) || len(s.Mails()) > 0 {
		t.Errorf("we said %q", got)
	}
	for stage, step := range map[smtptest.Stage]Step{smtptest.Sender: Sender, smtptest.Recipient: Recipient} {
		s := smtptest.New(t, smtptest.Script{Refuse: stage, Code: 550})
		if r := mustRefusal(t, gateway(t, s, s.URL).Check(t.Context(), "no-reply@pay.example", "jan@example.com")); r.Step != step {
			t.Errorf("a refusal at %s is told as %+v", stage, r)
		}
	}
}
