package email

import (
	"errors"
	"net/netip"
	"regexp"
	"strings"

	"github.com/wneessen/go-mail/smtp"

	"smartlinks/internal/mailaddr"
)

// mailFrom names the sender (RFC 5321, 4.1.1.2). It asks for neither SMTPUTF8 nor
// 8BITMIME: addresses and letters are ASCII, so nothing needs them.
func mailFrom(c *smtp.Client, address string) error {
	return envelope(c, 250, "MAIL FROM:<%s>", address)
}

// rcptTo names the recipient (RFC 5321, 4.1.1.3). The server takes it, or says that
// it passes it on (251).
func rcptTo(c *smtp.Client, address string) error {
	return envelope(c, 25, "RCPT TO:<%s>", address)
}

// envelope says a command about an address and reads the answer, whose code begins
// with the digits of expect.
func envelope(c *smtp.Client, expect int, format, address string) error {
	ascii, err := onWire(address)
	if err != nil {
		return err
	}
	id, err := c.Text.Cmd(format, ascii)
	if err != nil {
		return err
	}
	c.Text.StartResponse(id)
	defer c.Text.EndResponse(id)
	_, _, err = c.Text.ReadResponse(expect)
	return err
}

// nameless is an address at a host without a name in the DNS, which an installation
// without a domain has: no-reply@localhost, no-reply@[192.0.2.1] (RFC 5321, 4.1.3).
var nameless = regexp.MustCompile(`^[a-zA-Z0-9._+-]{1,64}@([a-z0-9-]{1,63}|\[[0-9A-Za-z:.]{1,60}\])$`)

// onWire is an address as servers and headers take it: ASCII, the domain in A-labels.
func onWire(address string) (string, error) {
	parsed, err := mailaddr.Parse(address)
	if err == nil {
		return parsed.ASCII, nil
	}
	if nameless.MatchString(address) {
		return address, nil
	}
	return "", errors.New(strings.ToLower(err.Error()[:1]) + err.Error()[1:])
}

// Literal is a host as it stands behind an @ and in EHLO: a name in A-labels, an IP
// address in brackets (RFC 5321, 4.1.3).
func Literal(host string) string {
	address, err := netip.ParseAddr(host)
	switch {
	case err != nil:
		return mailaddr.Host(host)
	case address.Is4():
		return "[" + host + "]"
	}
	return "[IPv6:" + host + "]"
}
