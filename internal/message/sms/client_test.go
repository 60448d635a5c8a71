package sms_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"smartlinks/internal/clock"
	"smartlinks/internal/message/sms"
	"smartlinks/internal/message/sms/smstest"
	"smartlinks/internal/payment/linetest"
)

func accounts() map[string]sms.Account {
	return map[string]sms.Account{
		"Bird":        {Kind: sms.ByBird, Key: smstest.BirdKey, SigningKey: smstest.BirdSecret},
		"MessageBird": {Kind: sms.ByMessageBird, Key: smstest.Key},
		"Twilio":      {Kind: sms.ByTwilio, User: smstest.SID, Key: smstest.Token},
	}
}

func open(s *smstest.Server, a sms.Account) sms.Line {
	return sms.NewOpener(sms.Bases{Bird: s.URL, MessageBird: s.URL, Twilio: s.URL}, clock.System()).Open(a)
}

func text() sms.Message {
	return sms.Message{ID: "txt_1", Key: "txt_1", BusinessID: "biz_1", From: "Acme", To: "+31612345678", Text: "Pay €89.00: https://pay.example/r/abc", ReportURL: "https://pay.example/hooks/sms/x/biz_1?report=abc"}
}

func TestAGatewayTakesAMessageAsItIs(t *testing.T) {
	for name, account := range accounts() {
		t.Run(name, func(t *testing.T) {
			s := smstest.New(t)
			line := open(s, account)
			got, err := line.SendSMS(t.Context(), text())
			taken := s.Taken()
			if err != nil || len(taken) != 1 || taken[0].ID != got {
				t.Fatalf("%q, %v: %+v", got, err, taken)
			}
			if w := taken[0]; w.From != "Acme" || w.To != "+31612345678" || w.Text != text().Text || name != "Bird" && w.ReportURL != text().ReportURL {
				t.Errorf("it is %+v", w)
			}
			if found, err := line.FindSMS(t.Context(), text()); err != nil || found != got {
				t.Errorf("found %q, %v", found, err)
			}
			other := text()
			other.ID, other.Text = "txt_2", "Something else"
			if found, err := line.FindSMS(t.Context(), other); err != nil || found != "" {
				t.Errorf("found another: %q, %v", found, err)
			}
		})
	}
}

// Whatever a broken line does, the client says whether the gateway may have the
// message, and never that it was refused for good.
func TestABrokenLineLeavesADoubt(t *testing.T) {
	for name, account := range accounts() {
		for _, fault := range linetest.Faults() {
			t.Run(name+" "+string(fault), func(t *testing.T) {
				s := smstest.New(t)
				s.Break(fault)
				ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
				if fault == linetest.Huge {
					ctx = t.Context()
				}
				defer cancel()
				_, err := open(s, account).SendSMS(ctx, text())
				var refusal *sms.Refusal
				if !errors.As(err, &refusal) || refusal.Final {
					t.Fatalf("it is %v", err)
				}
				if len(s.Taken()) == 1 && !refusal.Doubtful {
					t.Errorf("it was taken, and no doubt is left: %v", refusal)
				}
			})
		}
	}
}

func TestRefusalsSayWhatToDo(t *testing.T) {
	for name, c := range map[string]struct {
		account          sms.Account
		status           int
		body             string
		final, away, bad bool
	}{
		"Bird, key":            {accounts()["Bird"], 401, `{"type":"auth_error","message":"Unknown key"}`, false, true, false},
		"Bird, key, bare":      {accounts()["Bird"], 401, `null`, false, true, false},
		"Bird, balance":        {accounts()["Bird"], 402, `{"error":{"type":"billing_error","message":"No balance"}}`, false, true, false},
		"Bird, right":          {accounts()["Bird"], 403, `{"type":"permission_error","message":"Not allowed"}`, false, true, false},
		"Bird, region":         {accounts()["Bird"], 421, `{"type":"misdirected_error","message":"Elsewhere"}`, false, true, false},
		"Bird, verification":   {accounts()["Bird"], 412, `{"type":"precondition_error","message":"Verify your workspace"}`, false, true, false},
		"Bird, many":           {accounts()["Bird"], 429, `{"type":"rate_limit_error","message":"Slow down"}`, false, true, false},
		"Bird, fault":          {accounts()["Bird"], 503, `{"type":"service_unavailable_error","message":"Later"}`, false, true, false},
		"Bird, sender":         {accounts()["Bird"], 422, `{"error":{"type":"validation_error","code":"E10001","name":"SMSNoEligibleSender","message":"No sender"}}`, true, false, false},
		"Bird, number":         {accounts()["Bird"], 422, `{"type":"validation_error","message":"Invalid","details":[{"param":"to","message":"no number"}]}`, true, false, true},
		"Bird, under way":      {accounts()["Bird"], 409, `{"type":"conflict_error","message":"Under way"}`, false, false, false},
		"MessageBird, key":     {accounts()["MessageBird"], 401, `{"errors":[{"code":2,"description":"Request not allowed (incorrect access_key)"}]}`, false, true, false},
		"MessageBird, balance": {accounts()["MessageBird"], 422, `{"errors":[{"code":25,"description":"Not enough balance"}]}`, false, true, false},
		"MessageBird, number":  {accounts()["MessageBird"], 422, `{"errors":[{"code":10,"description":"recipient is invalid","parameter":"recipients"}]}`, true, false, true},
		"MessageBird, sender":  {accounts()["MessageBird"], 422, `{"errors":[{"code":10,"description":"originator is invalid","parameter":"originator"}]}`, true, false, false},
		"Twilio, number":       {accounts()["Twilio"], 400, `{"code":21211,"message":"Invalid 'To' Phone Number","status":400}`, true, false, true},
		"Twilio, stop":         {accounts()["Twilio"], 400, `{"code":21610,"message":"Attempt to send to unsubscribed recipient","status":400}`, true, false, false},
		"Twilio, many":         {accounts()["Twilio"], 429, `{"code":20429,"message":"Too Many Requests","status":429}`, false, true, false},
		"Twilio, fault":        {accounts()["Twilio"], 503, `{"code":20503,"message":"Service unavailable","status":503}`, false, true, false},
	} {
		t.Run(name, func(t *testing.T) {
			s := smstest.New(t)
			s.Refuse(c.status, c.body)
			_, err := open(s, c.account).SendSMS(t.Context(), text())
			var r *sms.Refusal
			if !errors.As(err, &r) || r.Final != c.final || r.Away != c.away || r.BadNumber != c.bad || r.Error() == "" {
				t.Errorf("%v: %+v", err, r)
			}
		})
	}
}

func TestCheckTellsWhetherTheAccountCanSend(t *testing.T) {
	for name, account := range accounts() {
		t.Run(name, func(t *testing.T) {
			s := smstest.New(t)
			if err := open(s, account).Check(t.Context()); err != nil {
				t.Errorf("an account that can: %v", err)
			}
			account.Key = "bk_eu1_wrong"
			var refusal *sms.Refusal
			if err := open(s, account).Check(t.Context()); !errors.As(err, &refusal) || !refusal.Account {
				t.Errorf("a wrong key: %v", err)
			}
			if n := len(s.Taken()); n != 0 {
				t.Errorf("%d messages were sent", n)
			}
		})
	}
}

// A key of another region, or without the right to send, is found out without
// sending anything.
func TestBirdsKeyIsTriedForItsRegionAndItsRights(t *testing.T) {
	for key, want := range map[string]string{smstest.BirdElsewhere: "another region", smstest.BirdReadOnly: "does not let this key send"} {
		s := smstest.New(t)
		account := accounts()["Bird"]
		account.Key = key
		var refusal *sms.Refusal
		if err := open(s, account).Check(t.Context()); !errors.As(err, &refusal) || !refusal.Account || !strings.Contains(refusal.Error(), want) || len(s.Taken()) > 0 {
			t.Errorf("%s: %v", key, err)
		}
	}
}

// The stand-in is as strict as Bird: what it takes from us is what Bird takes.
func TestBirdsStandInRefusesWhatBirdRefuses(t *testing.T) {
	s := smstest.New(t)
	good := `"from":"Acme","to":"+31612345678","text":"Pay","category":"service"`
	for name, c := range map[string]struct {
		body   string
		header map[string]string
		status int
	}{
		"a message":        {`{` + good + `}`, nil, http.StatusAccepted},
		"no User-Agent":    {`{` + good + `}`, map[string]string{"User-Agent": ""}, http.StatusForbidden},
		"no idempotency":   {`{` + good + `}`, map[string]string{"Idempotency-Key": ""}, http.StatusBadRequest},
		"no key":           {`{` + good + `}`, map[string]string{"Authorization": ""}, http.StatusUnauthorized},
		"classic":          {`{` + good + `}`, map[string]string{"Authorization": "AccessKey " + smstest.BirdKey}, http.StatusUnauthorized},
		"no sender":        {strings.Replace(`{`+good+`}`, `"from":"Acme",`, "", 1), nil, 422},
		"a sender of 12":   {strings.Replace(`{`+good+`}`, "Acme", "AcmeAcmeAcme", 1), nil, 422},
		"no category":      {`{"from":"Acme","to":"+31612345678","text":"Pay"}`, nil, 422},
		"another category": {strings.Replace(`{`+good+`}`, "service", "reminder", 1), nil, 422},
		"a preview field":  {`{` + good + `,"scheduled_at":"2026-03-01T00:00:00Z"}`, nil, 422},
		"13 segments":      {strings.Replace(`{`+good+`}`, "Pay", strings.Repeat("a", 1837), 1), nil, 422},
		"13 of emoji":      {strings.Replace(`{`+good+`}`, "Pay", strings.Repeat("🎉", 403), 1), nil, 422},
		"metadata":         {`{` + good + `,"metadata":{"a":"` + strings.Repeat("a", 2048) + `"}}`, nil, 422},
	} {
		r, _ := http.NewRequestWithContext(t.Context(), http.MethodPost, s.URL+"/v1/sms/messages", strings.NewReader(c.body))
		for k, v := range map[string]string{"Authorization": "Bearer " + smstest.BirdKey, "User-Agent": "test", "Content-Type": "application/json", "Idempotency-Key": name} {
			r.Header.Set(k, v)
		}
		for k, v := range c.header {
			r.Header.Set(k, v)
		}
		got, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		_ = got.Body.Close()
		if got.StatusCode != c.status {
			t.Errorf("%s: %d, want %d", name, got.StatusCode, c.status)
		}
	}
	if n := len(s.Taken()); n != 1 {
		t.Errorf("%d were taken", n)
	}
}

// Bird knows a message by its key: the same one brings it back, so that a lost
// answer doubles nothing, and the search finds it on later pages too.
func TestBirdTakesAMessageOnceForEachKey(t *testing.T) {
	s := smstest.New(t)
	line := open(s, accounts()["Bird"])
	first, err := line.SendSMS(t.Context(), text())
	again, err2 := line.SendSMS(t.Context(), text())
	if err != nil || err2 != nil || first != again || len(s.Taken()) != 1 || s.Taken()[0].Key != "txt_1" {
		t.Fatalf("%q, %v and %q, %v: %d", first, err, again, err2, len(s.Taken()))
	}
	if got := string(s.Taken()[0].Metadata); got != `{"smartlinks_business":"biz_1","smartlinks_message":"txt_1"}` {
		t.Errorf("its metadata is %s", got)
	}
	for i := range 60 {
		other := text()
		other.ID, other.Key = fmt.Sprint("txt_", i+2), fmt.Sprint("txt_", i+2)
		if _, err := line.SendSMS(t.Context(), other); err != nil {
			t.Fatal(err)
		}
	}
	if found, err := line.FindSMS(t.Context(), text()); err != nil || found != first {
		t.Errorf("found %q, %v", found, err)
	}
}
