package e2e

import (
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"
)

// mailJSON is what these tests read of a message in the mailbox.
type mailJSON struct {
	ID      string   `json:"id"`
	From    string   `json:"from"`
	To      string   `json:"to"`
	Subject string   `json:"subject"`
	Text    string   `json:"text"`
	Links   []string `json:"links"`
}

// mailTo waits for the one mail to an address and returns it.
func (s *site) mailTo(t *testing.T, address string) mailJSON {
	t.Helper()
	var mails []mailJSON
	eventually(10*time.Second, func() bool { mails = s.mailbox(t, address); return len(mails) > 0 })
	if len(mails) != 1 {
		t.Fatalf("%d mails to %s, want 1: %+v", len(mails), address, mails)
	}
	return mails[0]
}

// mailbox lists the mails to an address.
func (s *site) mailbox(t *testing.T, address string) []mailJSON {
	t.Helper()
	list := decode[struct {
		Data []mailJSON `json:"data"`
	}](t, get(t, s.URL+"/mailbox.json?"+url.Values{"q": {address}}.Encode()))
	return slices.DeleteFunc(list.Data, func(m mailJSON) bool { return m.To != address })
}

// linkTo is the link of a mail that leads to a path.
func (m mailJSON) linkTo(t *testing.T, path string) string {
	t.Helper()
	at := slices.IndexFunc(m.Links, func(l string) bool { return strings.Contains(l, path) })
	if at < 0 {
		t.Fatalf("the mail %q has no link to %s: %q", m.Subject, path, m.Links)
	}
	return m.Links[at]
}
