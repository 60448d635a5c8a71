// Package report reads what mail servers send back of a mail: reports of RFC 3464 and
// RFC 5965, and the older ones that only people were meant to read. Whether a report is
// to be believed is not its business.
package report

import (
	"bytes"
	"net/mail"
	"regexp"
	"strings"
)

// Kind is what became of a mail.
type Kind string

// The kinds.
const (
	Hard      Kind = "hard"      // nothing will ever arrive at the address
	Soft      Kind = "soft"      // this mail did not arrive; another may
	Complaint Kind = "complaint" // its reader calls it unwanted
	Delivered Kind = "delivered" // the reader's server has it
)

// Report is what a message says of one address.
type Report struct {
	Kind Kind
	// Addresses are the spellings of whom the mail was for; none where it isn't said.
	Addresses []string
	Reason    string // the server's words, on one line
	// To is to whom the report itself was sent.
	To []string
	// Mails are the Message-IDs that the reported mail may have had, without brackets.
	Mails []string
}

const (
	// MaxSize is how much of a message is read, in bytes.
	MaxSize = 256 << 10
	// maxDepth and maxParts bound how a message may be nested.
	maxDepth, maxParts = 4, 30
	// maxReports bounds the addresses that one message reports.
	maxReports = 50
	// maxReason bounds what is kept of a server's words, in characters.
	maxReason = 300
)

// Read reads a message as it lies in a mailbox. What is no report gives none.
func Read(source []byte) []Report {
	if len(source) > MaxSize {
		source = source[:MaxSize]
	}
	m, err := mail.ReadMessage(bytes.NewReader(source))
	if err != nil {
		return nil
	}
	p := &parts{}
	p.read(m.Header.Get("Content-Type"), m.Header.Get("Content-Transfer-Encoding"), m.Body, 0)
	to, mails := sentTo(m.Header), p.mails(m.Header)
	var all []Report
	switch {
	case p.feedback != nil:
		all = p.complaints()
	case p.status != nil:
		all = p.outcomes()
	default:
		all = p.plain(m.Header)
	}
	for i := range all {
		all[i].To, all[i].Mails = to, mails
	}
	return all
}

// sentTo are the addresses that a message was sent to, by all headers that mail servers
// keep the recipient of the envelope in.
func sentTo(h mail.Header) (all []string) {
	for _, name := range []string{"Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "To"} {
		for _, value := range h[name] {
			for _, address := range inText.FindAllString(value, maxReports) {
				if len(all) < maxReports {
					all = append(all, address)
				}
			}
		}
	}
	return all
}

// inText is an address where a text has one.
var inText = regexp.MustCompile(`[^\s<>()\[\]:;,"'\\|]{1,64}@[^\s<>()\[\];:,"'\\|]{1,255}`)

// messageID is an id within its brackets.
var messageID = regexp.MustCompile(`<([^\s<>@]{1,200}@[^\s<>]{1,255})>`)

// mails are the Message-IDs that the reported mail may have had: those of the copy of
// it, else what the report answers to.
func (p *parts) mails(h mail.Header) (all []string) {
	add := func(text string) {
		for _, found := range messageID.FindAllStringSubmatch(text, maxReports) {
			if len(all) < maxReports {
				all = append(all, found[1])
			}
		}
	}
	for _, copied := range p.copies {
		add(copied.get("message-id"))
	}
	if p.status != nil {
		for _, group := range groups(p.status) {
			add(group.get("x-original-message-id"))
		}
	}
	add(h.Get("In-Reply-To"))
	add(h.Get("References"))
	for _, line := range messageIDLine.FindAllString(string(p.text), maxReports) {
		add(line)
	}
	return all
}

// messageIDLine is the field of a mail that was copied into a text.
var messageIDLine = regexp.MustCompile(`(?im)^[> \t]*message-id:[^\n]*(?:\n[ \t]+[^\n]*)?`)

// OneLine is a server's text as it is kept.
func OneLine(text string) string {
	text = strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(text, "?"))), " ")
	if letters := []rune(text); len(letters) > maxReason {
		return string(letters[:maxReason]) + "…"
	}
	return text
}
