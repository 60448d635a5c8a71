package sms_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"

	"smartlinks/internal/clock"
	"smartlinks/internal/message/sms"
	"smartlinks/internal/spectest"
)

// replayed is a line to a Twilio that answers everything with an example of its
// document.
func replayed(t *testing.T, method, path string, status int, each func(t *testing.T, line sms.Line, example json.RawMessage)) {
	t.Helper()
	examples := spectest.Examples(t, spectest.Twilio, method, path, status)
	if examples == nil {
		t.Skip(spectest.Folder + " is not set")
	}
	for name, example := range examples {
		t.Run(name, func(t *testing.T) {
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", "application/json")
				w.WriteHeader(status)
				_, _ = w.Write(example)
			}))
			t.Cleanup(server.Close)
			each(t, sms.NewOpener(sms.Bases{Twilio: server.URL}, clock.System()).Open(accounts()["Twilio"]), example)
		})
	}
}

// Every message that Twilio's document shows is taken as sent, and found again by its
// text.
func TestTheMessagesOfTwiliosDocumentAreRead(t *testing.T) {
	replayed(t, "post", "/2010-04-01/Accounts/{AccountSid}/Messages.json", 201, func(t *testing.T, line sms.Line, example json.RawMessage) {
		var want struct{ SID string }
		if err := json.Unmarshal(example, &want); err != nil {
			t.Fatal(err)
		}
		if got, err := line.SendSMS(t.Context(), text()); err != nil || got != want.SID || got == "" {
			t.Errorf("%q, %v; want %q", got, err, want.SID)
		}
	})
	replayed(t, "get", "/2010-04-01/Accounts/{AccountSid}/Messages.json", 200, func(t *testing.T, line sms.Line, example json.RawMessage) {
		var want struct{ Messages []struct{ SID, Body string } }
		if err := json.Unmarshal(example, &want); err != nil {
			t.Fatal(err)
		}
		found := map[string]string{} // the newest of each text
		for _, m := range want.Messages {
			if found[m.Body] == "" {
				found[m.Body] = m.SID
			}
		}
		for body, sid := range found {
			m := text()
			m.Text = body
			if got, err := line.FindSMS(t.Context(), m); err != nil || got != sid {
				t.Errorf("%q: %q, %v; want %q", body, got, err, sid)
			}
		}
		if got, err := line.FindSMS(t.Context(), text()); err != nil || got != "" {
			t.Errorf("ours is %q, %v", got, err)
		}
	})
}

func TestTheAccountOfTwiliosDocumentCanSend(t *testing.T) {
	replayed(t, "get", "/2010-04-01/Accounts/{Sid}.json", 200, func(t *testing.T, line sms.Line, example json.RawMessage) {
		var want struct{ Status string }
		if err := json.Unmarshal(example, &want); err != nil {
			t.Fatal(err)
		}
		if err := line.Check(t.Context()); (err == nil) != (want.Status == "active") {
			t.Errorf("an account that is %s: %v", want.Status, err)
		}
	})
}
