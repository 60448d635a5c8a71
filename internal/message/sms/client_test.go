package sms_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"smartlinks/internal/clock"
	"smartlinks/internal/message/sms"
	"smartlinks/internal/message/sms/smstest"
	"smartlinks/internal/payment/linetest"
)

func accounts() map[string]sms.Account {
	return map[string]sms.Account{
		"MessageBird": {Kind: sms.ByMessageBird, Key: smstest.Key},
		"Twilio":      {Kind: sms.ByTwilio, User: smstest.SID, Key: smstest.Token},
	}
}

func open(s *smstest.Server, a sms.Account) sms.Line {
	return sms.NewOpener(sms.Bases{MessageBird: s.URL, Twilio: s.URL}, clock.System()).Open(a)
}

func text() sms.Message {
	return sms.Message{ID: "txt_1", From: "Acme", To: "+31612345678", Text: "Pay €89.00: https://pay.example/r/abc", ReportURL: "https://pay.example/hooks/sms/x/biz_1?report=abc"}
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
			if w := taken[0]; w.From != "Acme" || w.To != "+31612345678" || w.Text != text().Text || w.ReportURL != text().ReportURL {
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
			account.Key = "wrong"
			var refusal *sms.Refusal
			if err := open(s, account).Check(t.Context()); !errors.As(err, &refusal) || !refusal.Away {
				t.Errorf("a wrong key: %v", err)
			}
			if n := len(s.Taken()); n != 0 {
				t.Errorf("%d messages were sent", n)
			}
		})
	}
}
