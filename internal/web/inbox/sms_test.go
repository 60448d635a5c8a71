package inbox_test

import (
	"log/slog"
	"net/http/httptest"
	"strings"
	"testing"

	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/message/mailbox"
	"smartlinks/internal/message/sms"
	"smartlinks/internal/web/inbox"
)

// An SMS has no subject, and still a way to open it; and no HTML to show.
func TestAnSMSIsFoundAndReadAsText(t *testing.T) {
	d := dbtest.SQLite(t)
	box := mailbox.New(d, false)
	if _, err := box.SendSMS(t.Context(), sms.Message{ID: "txt_1", From: "StudioNoord", To: "+31612345678", Text: "Pay <here>: https://pay.example/r/x"}); err != nil {
		t.Fatal(err)
	}
	s := httptest.NewServer(inbox.New(box, d.Clock(), slog.New(slog.DiscardHandler)).Handler())
	t.Cleanup(s.Close)
	if _, list := get(t, s.URL+"/mailbox"); !strings.Contains(list, `>SMS: Pay &lt;here&gt;: https://pay.example/r/x</a>`) {
		t.Error("the list does not lead to it")
	}
	if _, page := get(t, s.URL+"/mailbox/txt_1"); !strings.Contains(page, "<pre") || strings.Contains(page, "<iframe") {
		t.Error("it is not shown as text")
	}
}
