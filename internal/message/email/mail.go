// Package email speaks SMTP: it writes letters as RFC 5322 has them and hands
// them to a mail server, with a bound on how long each step may take.
package email

import (
	"bytes"
	"fmt"
	netmail "net/mail"
	"strings"
	"time"

	"github.com/wneessen/go-mail"

	"smartlinks/internal/mailaddr"
)

// Mail is one e-mail to one recipient.
type Mail struct {
	// ID names the letter for ever: the Message-ID is made from it, so that a
	// server or a reader can tell a second copy.
	ID      string
	From    netmail.Address
	ReplyTo string // "" for none
	// Envelope is the sender that servers are told, to whom what comes back goes; ""
	// for From.
	Envelope string
	To       netmail.Address
	Date     time.Time
	Subject  string
	HTML     string
	Text     string
	Files    []File
	// Unsubscribe is where the recipient opts out: with a page on GET, at once
	// on POST (RFC 8058). "" for mails that nobody can opt out of.
	Unsubscribe string
	// Account tells that the letter is about somebody's account: whoever else
	// reads it could get in.
	Account bool

	mark string // the field by which a mail service tells of the letter; "" for none
}

// sender is who the servers are told the letter is from.
func (l Mail) sender() string {
	if l.Envelope != "" {
		return l.Envelope
	}
	return l.From.Address
}

// marks are the fields that mail services give back with what they tell of a letter,
// whose Message-ID they write anew: Postmark's metadata and Brevo's own field.
var marks = map[string]string{
	"smtp.postmarkapp.com": "X-PM-Metadata-mail", "smtp-broadcasts.postmarkapp.com": "X-PM-Metadata-mail",
	"smtp-relay.brevo.com": "X-Mailin-custom", "smtp-relay.sendinblue.com": "X-Mailin-custom",
}

// File is one that goes with a letter.
type File struct {
	Name string // ASCII
	Type string
	Body []byte
}

// MessageID is the letter's Message-ID without its brackets (RFC 5322, 3.6.4).
func (l Mail) MessageID() string {
	_, domain, _ := strings.Cut(l.From.Address, "@")
	return l.ID + "@" + mailaddr.Host(domain)
}

// Source is the letter as it goes over the wire, with CRLF line ends: ASCII alone,
// whatever it says, so that every server can take it; multipart/alternative, the
// plain text first.
func (l Mail) Source() ([]byte, error) {
	m, err := l.message()
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if _, err := m.WriteTo(&b); err != nil {
		return nil, fmt.Errorf("email: write a letter: %w", err)
	}
	return startFields(b.Bytes()), nil
}

// HTMLOf is the HTML of a letter's source, "" for one without.
func HTMLOf(source string) (string, error) {
	m, err := mail.EMLToMsgFromString(source)
	if err != nil {
		return "", fmt.Errorf("email: read a letter: %w", err)
	}
	for _, part := range m.GetParts() {
		if part.GetContentType() == mail.TypeTextHTML {
			html, err := part.GetContent()
			return string(html), err
		}
	}
	return "", nil
}

func (l Mail) message() (*mail.Msg, error) {
	options := []mail.MsgOption{mail.WithNoDefaultUserAgent()}
	if len(l.Files) == 0 { // the library would part both levels of one with files by the same boundary
		options = append(options, mail.WithBoundary("part-"+l.ID))
	}
	m := mail.NewMsg(options...)
	for _, to := range []struct {
		name mail.Header
		netmail.Address
	}{{"From", l.From}, {"To", l.To}, {"Reply-To", netmail.Address{Address: l.ReplyTo}}} {
		if to.name == "Reply-To" && l.ReplyTo == "" {
			continue
		}
		box, err := mailbox(string(to.name), to.Address)
		if err != nil {
			return nil, fmt.Errorf("email: write %s: %w", to.name, err)
		}
		m.SetGenHeader(to.name, box)
	}
	m.SetGenHeader(mail.HeaderSubject, subject(l.Subject))
	m.SetMessageIDWithValue(l.MessageID())
	m.SetDateWithValue(l.Date)
	// No vacation notices to a program (RFC 3834, 5), nor from Exchange.
	m.SetGenHeader("Auto-Submitted", "auto-generated")
	m.SetGenHeader("X-Auto-Response-Suppress", "All")
	if l.mark != "" {
		m.SetGenHeader(mail.Header(l.mark), l.ID)
	}
	if l.Unsubscribe != "" {
		m.SetGenHeader(mail.HeaderListUnsubscribe, "<"+l.Unsubscribe+">")
		m.SetGenHeader(mail.HeaderListUnsubscribePost, "List-Unsubscribe=One-Click")
	}
	m.SetBodyString(mail.TypeTextPlain, l.Text)
	m.AddAlternativeString(mail.TypeTextHTML, l.HTML)
	for _, f := range l.Files {
		if err := m.AttachReader(f.Name, bytes.NewReader(f.Body), mail.WithFileContentType(mail.ContentType(f.Type))); err != nil {
			return nil, fmt.Errorf("email: attach %s: %w", f.Name, err)
		}
	}
	return m, nil
}
