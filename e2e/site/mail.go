package site

import (
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"
)

// MailJSON is what these tests read of a message in the mailbox.
type MailJSON struct {
	ID      string   `json:"id"`
	From    string   `json:"from"`
	To      string   `json:"to"`
	Subject string   `json:"subject"`
	Text    string   `json:"text"`
	Links   []string `json:"links"`
}

// MailTo waits for the one mail to an address and returns it.
func (s *Site) MailTo(t *testing.T, address string) MailJSON {
	t.Helper()
	var mails []MailJSON
	Eventually(10*time.Second, func() bool { mails = s.Mailbox(t, address); return len(mails) > 0 })
	if len(mails) != 1 {
		t.Fatalf("%d mails to %s, want 1: %+v", len(mails), address, mails)
	}
	return mails[0]
}

// Mailbox lists the mails to an address.
func (s *Site) Mailbox(t *testing.T, address string) []MailJSON {
	t.Helper()
	list := Decode[struct {
		Data []MailJSON `json:"data"`
	}](t, Get(t, s.URL+"/mailbox.json?"+url.Values{"q": {address}}.Encode()))
	return slices.DeleteFunc(list.Data, func(m MailJSON) bool { return m.To != address })
}

// LinkTo is the link of a mail that leads to a path.
func (m MailJSON) LinkTo(t *testing.T, path string) string {
	t.Helper()
	at := slices.IndexFunc(m.Links, func(l string) bool { return strings.Contains(l, path) })
	if at < 0 {
		t.Fatalf("the mail %q has no link to %s: %q", m.Subject, path, m.Links)
	}
	return m.Links[at]
}
