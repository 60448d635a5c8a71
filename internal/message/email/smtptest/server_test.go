package smtptest_test

import (
	"bufio"
	"io"
	"net"
	"strings"
	"testing"

	"smartlinks/internal/message/email/smtptest"
)

// head is a letter's head without a flaw.
const head = "From: <a@example.com>\r\nTo: <b@example.com>\r\nDate: Wed, 18 Feb 2026 09:42:00 +0000\r\nSubject: One\r\nMessage-ID: <1@example.com>\r\nMIME-Version: 1.0\r\nContent-Type: text/plain\r\n"

// What a server may refuse for its form, this one does, so that tests against it mean
// something for servers that nobody here wrote.
func TestWhatTheRFCsDontAllowIsRefused(t *testing.T) {
	const hello, from, to = "EHLO me.example\r\n", "MAIL FROM:<a@example.com>\r\n", "RCPT TO:<b@example.com>\r\n"
	content := hello + from + to + "DATA\r\n"
	for said, code := range map[string]string{
		content + head + "\r\nHello.\r\n..\r\n.\r\n":                                   "250",
		hello + "MAIL FROM:a@example.com\r\n":                                          "501",
		hello + "MAIL FROM: <a@example.com>\r\n":                                       "501",
		hello + from + "RCPT TO:b@example.com\r\n":                                     "501",
		hello + "MAIL FROM:<a@exämple.com>\r\n":                                        "500",
		hello + "MAIL FROM:<jürgen@example.com>\r\n":                                   "500",
		hello + "MAIL FROM:<a@example.com> SMTPUTF8\r\n":                               "555",
		hello + "MAIL FROM:<a@example.com> BODY=8BITMIME\r\n":                          "250",
		hello + "MAIL FROM:<a..b@example.com>\r\n":                                     "501",
		hello + "MAIL FROM:<" + strings.Repeat("a", 65) + "@example.com>\r\n":          "501",
		hello + "NOOP " + strings.Repeat("x", 600) + "\r\n":                            "500",
		"EHLO 192.0.2.1\r\n":                                                           "501",
		"EHLO [192.0.2.1]\r\n":                                                         "250",
		"EHLO münchen.de\r\n":                                                          "500",
		"EHLO\r\n":                                                                     "501",
		"EHLO me.example\n":                                                            "500",
		from:                                                                           "503",
		hello + to:                                                                     "503",
		hello + "DATA\r\n":                                                             "503",
		hello + from + "DATA\r\n":                                                      "503",
		hello + from + from:                                                            "503",
		hello + from + "RSET\r\n" + to:                                                 "503",
		hello + "STARTTLS\r\n":                                                         "503",
		hello + "AUTH PLAIN AGE=\r\n":                                                  "503",
		content + head + "\r\n" + strings.Repeat("x", 998) + "\r\n.\r\n":               "250",
		content + head + "\r\n" + strings.Repeat("x", 999) + "\r\n.\r\n":               "554",
		content + head + "\r\nZoë\r\n.\r\n":                                            "554",
		content + head + "\r\nOne\nTwo\r\n.\r\n":                                       "554",
		content + head + "\r\nOne\rTwo\r\n.\r\n":                                       "554",
		content + strings.Replace(head, "One", "Zoë", 1) + "\r\n.\r\n":                 "554",
		content + strings.Replace(head, " One", "\r\n One", 1) + "\r\n.\r\n":           "554",
		content + strings.Replace(head, "One", "One\r\n ", 1) + "\r\n.\r\n":            "554",
		content + strings.Replace(head, "Date", "Dated", 1) + "\r\n.\r\n":              "554",
		content + head + "Subject: Two\r\n\r\n.\r\n":                                   "554",
		content + head + "X: =?utf-8?q?" + strings.Repeat("a", 64) + "?=\r\n\r\n.\r\n": "554",
		content + head + ".\r\n":                                                       "554",
	} {
		s := smtptest.New(t, smtptest.Script{})
		if got := last(t, s, said); !strings.HasPrefix(got, code+" ") {
			t.Errorf("%.160q ends with %q, want %s", said, got, code)
		}
	}
}

// last is the last answer to what a client says at once.
func last(t *testing.T, s *smtptest.Server, said string) string {
	t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(s.URL, "smtp://"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := io.WriteString(conn, said); err != nil {
		t.Fatal(err)
	}
	if err := conn.(*net.TCPConn).CloseWrite(); err != nil {
		t.Fatal(err)
	}
	answer := ""
	for lines := bufio.NewScanner(conn); lines.Scan(); {
		answer = lines.Text()
	}
	return answer
}
