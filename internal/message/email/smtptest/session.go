package smtptest

import (
	"bufio"
	"crypto/tls"
	"encoding/base64"
	"fmt"
	"io"
	"net"
	"regexp"
	"strings"
)

// The bounds of RFC 5321, 4.5.3.1, in octets with CRLF.
const (
	maxCommand = 512
	maxAuth    = 12288 // RFC 4954, 4
	maxLine    = 1000
	maxPath    = 256 // with its brackets
	maxLocal   = 64
)

// session is one conversation.
type session struct {
	server    *Server
	conn      net.Conn
	lines     *bufio.Reader
	encrypted bool
	greeted   bool // EHLO was said
	signedIn  bool
	letter    Mail
	mail      bool // MAIL was taken
}

// run speaks with a client until it leaves.
func (c *session) run() {
	c.lines = bufio.NewReaderSize(c.conn, maxAuth)
	answer, err := c.server.at(Connecting)
	if err != nil {
		return
	}
	if answer == "" {
		answer = "220 mail.example ESMTP"
	}
	for err == nil {
		if c.say(answer) != nil || strings.HasPrefix(answer, "221") {
			return
		}
		var line string
		if line, err = c.line(); err == nil {
			answer, err = c.command(line)
		}
	}
	if bad, is := err.(malformed); is {
		_ = c.say("500 5.5.2 " + string(bad))
	}
}

func (c *session) say(answer string) error {
	_, err := io.WriteString(c.conn, answer+"\r\n")
	return err
}

// malformed is what no command can be.
type malformed string

func (m malformed) Error() string { return string(m) }

// line reads one line without its end.
func (c *session) line() (string, error) {
	text, err := c.lines.ReadString('\n')
	if err != nil {
		return "", err
	}
	line, ended := strings.CutSuffix(text, "\r\n")
	switch {
	case !ended || strings.ContainsAny(line, "\r\n\x00"):
		return "", malformed("a line ends with CR and LF, and holds neither")
	case !strings.HasPrefix(line, "AUTH ") && len(text) > maxCommand:
		return "", malformed("a command has 512 octets at most")
	case strings.ContainsFunc(line, func(r rune) bool { return r > 126 }):
		return "", malformed("a command without SMTPUTF8 is ASCII")
	}
	return line, nil
}

// command does one command and returns the answer.
func (c *session) command(line string) (string, error) {
	c.server.heard(line)
	verb, argument, _ := strings.Cut(line, " ")
	switch strings.ToUpper(verb) {
	case "EHLO", "HELO":
		return c.hello(strings.ToUpper(verb), argument)
	case "STARTTLS":
		return c.startTLS()
	case "AUTH":
		return c.auth(argument)
	case "MAIL":
		return c.sender(argument)
	case "RCPT":
		return c.recipient(argument)
	case "DATA":
		return c.data(argument)
	case "RSET":
		c.letter, c.mail = Mail{}, false
		return "250 2.0.0 forgotten", nil
	case "NOOP":
		return "250 2.0.0 nothing done", nil
	case "QUIT":
		return "221 2.0.0 goodbye", nil
	}
	return "500 5.5.1 no such command", nil
}

// host is a domain of letters, digits and hyphens, or an address literal.
var host = regexp.MustCompile(`^(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*|\[[0-9A-Za-z:.]+\])$`)

func (c *session) hello(verb, name string) (string, error) {
	if answer, err := c.server.at(Hello); answer != "" || err != nil {
		return answer, err
	}
	if !host.MatchString(name) || net.ParseIP(name) != nil {
		return "501 5.5.4 say " + verb + " and a domain or an address literal", nil
	}
	c.greeted, c.letter, c.mail = true, Mail{}, false
	if verb == "HELO" {
		return "250 mail.example", nil
	}
	offers := []string{"mail.example", "8BITMIME", "ENHANCEDSTATUSCODES", "SIZE 10485760"}
	if c.server.TLS && !c.encrypted {
		offers = append(offers, "STARTTLS")
	}
	if c.server.Auth {
		offers = append(offers, "AUTH PLAIN")
	}
	last := len(offers) - 1
	return "250-" + strings.Join(offers[:last], "\r\n250-") + "\r\n250 " + offers[last], nil
}

func (c *session) startTLS() (string, error) {
	if !c.server.TLS || c.encrypted {
		return "503 5.5.1 STARTTLS is not offered", nil
	}
	if err := c.say("220 2.0.0 begin"); err != nil {
		return "", err
	}
	secured := tls.Server(c.conn, c.server.tls())
	if err := secured.Handshake(); err != nil {
		return "", err
	}
	c.conn, c.lines, c.encrypted, c.greeted = secured, bufio.NewReaderSize(secured, maxAuth), true, false
	line, err := c.line()
	if err != nil {
		return "", err
	}
	return c.command(line)
}

func (c *session) auth(argument string) (string, error) {
	if !c.server.Auth || !c.greeted || c.mail || c.signedIn {
		return "503 5.5.1 AUTH has no place here", nil
	}
	if answer, err := c.server.at(SigningIn); answer != "" || err != nil {
		return answer, err
	}
	way, first, _ := strings.Cut(argument, " ")
	raw, err := base64.StdEncoding.DecodeString(first)
	if way != "PLAIN" || err != nil {
		return "504 5.5.4 use AUTH PLAIN with its response", nil
	}
	if string(raw) != "\x00"+User+"\x00"+Password {
		return "535 5.7.8 wrong password", nil
	}
	c.signedIn = true
	c.server.mu.Lock()
	c.server.signed = true
	c.server.mu.Unlock()
	return "235 2.7.0 come in", nil
}

// reversePath and forwardPath are RFC 5321, 4.1.1.2 and 4.1.1.3: brackets, no
// space in front of them, an ASCII dot-atom and a domain.
var (
	reversePath = regexp.MustCompile(`^FROM:<([^<>\s]*)>((?: [^\s]+)*)$`)
	forwardPath = regexp.MustCompile(`^TO:<([^<>\s]+)>((?: [^\s]+)*)$`)
	dotAtom     = regexp.MustCompile("^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$")
)

func (c *session) sender(argument string) (string, error) {
	if !c.greeted || c.mail {
		return "503 5.5.1 MAIL comes after EHLO, once", nil
	}
	if c.server.Auth && !c.signedIn {
		return "530 5.7.0 sign in first", nil
	}
	if answer, err := c.server.at(Sender); answer != "" || err != nil {
		return answer, err
	}
	found := reversePath.FindStringSubmatch(argument)
	if found == nil || found[1] != "" && !mailbox(found[1]) {
		return "501 5.1.7 write MAIL FROM:<address>", nil
	}
	parameters := strings.Fields(found[2])
	for _, p := range parameters {
		if p != "BODY=8BITMIME" && p != "BODY=7BIT" && !regexp.MustCompile(`^SIZE=\d{1,20}$`).MatchString(p) {
			return "555 5.5.4 this was not offered: " + p, nil
		}
	}
	c.mail, c.letter = true, Mail{From: found[1], Parameters: parameters}
	return "250 2.1.0 go on", nil
}

func mailbox(address string) bool {
	at := strings.LastIndexByte(address, '@')
	return at > 0 && at <= maxLocal && len(address)+2 <= maxPath && dotAtom.MatchString(address[:at]) && host.MatchString(address[at+1:])
}

func (c *session) recipient(argument string) (string, error) {
	if !c.mail {
		return "503 5.5.1 RCPT comes after MAIL", nil
	}
	if answer, err := c.server.at(Recipient); answer != "" || err != nil {
		return answer, err
	}
	found := forwardPath.FindStringSubmatch(argument)
	if found == nil || !mailbox(found[1]) {
		return "501 5.1.3 write RCPT TO:<address>", nil
	}
	if found[2] != "" {
		return "555 5.5.4 nothing was offered for RCPT", nil
	}
	if answer := c.server.barredWith(found[1]); answer != "" {
		return answer, nil
	}
	if c.letter.To != "" {
		return "452 4.5.3 one recipient is enough here", nil
	}
	c.letter.To = found[1]
	return "250 2.1.5 go on", nil
}

func (c *session) data(argument string) (string, error) {
	if argument != "" {
		return "501 5.5.4 DATA stands alone", nil
	}
	if c.letter.To == "" {
		return "503 5.5.1 DATA comes after RCPT", nil
	}
	if err := c.say("354 end with a dot"); err != nil {
		return "", err
	}
	var source strings.Builder
	wrong := ""
	for {
		line, err := c.lines.ReadString('\n')
		if err != nil {
			return "", err
		}
		if line == ".\r\n" {
			break
		}
		if wrong == "" {
			wrong = c.badLine(line)
		}
		source.WriteString(strings.TrimPrefix(line, "."))
	}
	c.letter.Source = source.String()
	taken := c.letter
	c.letter, c.mail = Mail{}, false
	if answer, err := c.server.at(Content); answer != "" || err != nil {
		return answer, err
	}
	if wrong == "" {
		wrong = Flaw(taken.Source)
	}
	if wrong != "" {
		return "554 5.6.0 " + wrong, nil
	}
	c.server.took(taken)
	if c.server.Cut {
		return "", io.EOF
	}
	return "250 2.0.0 taken", nil
}

// badLine says what is wrong with a line of a letter, "" for nothing.
func (c *session) badLine(line string) string {
	body, ended := strings.CutSuffix(line, "\r\n")
	switch {
	case !ended || strings.ContainsAny(body, "\r\n\x00"):
		return "a line of a letter ends with CR and LF, and holds neither"
	case len(strings.TrimPrefix(line, ".")) > maxLine:
		return "a line of a letter has 998 octets at most"
	case strings.ContainsFunc(body, func(r rune) bool { return r > 127 }) && !strings.Contains(strings.Join(c.letter.Parameters, " "), "BODY=8BITMIME"):
		return "a letter without 8BITMIME is ASCII"
	}
	return ""
}

// refusalOf is an answer of the script.
func refusalOf(code int, says string) string {
	if says == "" {
		says = fmt.Sprintf("%d.1.1 not now, says the script", code/100)
	}
	return fmt.Sprintf("%d %s", code, says)
}
