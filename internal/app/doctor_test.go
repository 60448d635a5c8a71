package app

import (
	"strings"
	"testing"

	"smartlinks/internal/message/email/smtptest"
	"smartlinks/internal/message/sms/smstest"
)

// "ok" means that a mail to an owner would be taken, not only that the password is right.
func TestTheDoctorGoesAsFarAsAMail(t *testing.T) {
	open := smtptest.New(t, smtptest.Script{})
	refuses := smtptest.New(t, smtptest.Script{Refuse: smtptest.Sender, Code: 550, Says: "5.7.1 Not yours to send for"})
	later := smtptest.New(t, smtptest.Script{Refuse: smtptest.Recipient, Code: 450, Says: "4.2.0 Greylisted"})
	installations(t, func(t *testing.T, i *installation) {
		for _, c := range []struct {
			server *smtptest.Server
			status int
			says   string
		}{
			{open, exitDone, "takes our mail"},
			{refuses, exitFailed, "Not yours to send for"},
			{later, exitDone, "NOTE  "},
		} {
			before := len(c.server.Commands())
			status, said := i.command("", "doctor", "--smtp-url", c.server.URL, "--url", "https://pay.münchen.de")
			if status != c.status || !strings.Contains(said, c.says) || strings.Contains(said, "ok    The mail server") != (c.server == open) || strings.Contains(said, "..") {
				t.Errorf("%d\n%s", status, said)
			}
			told := strings.Join(c.server.Commands()[before:], ", ")
			want := "EHLO pay.xn--mnchen-3ya.de, MAIL FROM:<no-reply@pay.xn--mnchen-3ya.de>"
			if c.server != refuses {
				want += ", RCPT TO:<marit@example.com>"
			}
			if !strings.HasPrefix(told, want) || len(c.server.Mails()) > 0 {
				t.Errorf("it said %s", told)
			}
		}
	})
}

func TestTheDoctorTriesTheSMSGateway(t *testing.T) {
	gateway := smstest.New(t)
	installations(t, func(t *testing.T, i *installation) {
		for url, want := range map[string]struct {
			status int
			says   string
		}{
			"":                                {exitDone, ""},
			"bird://" + smstest.BirdKey:       {exitDone, "ok    The SMS gateway Bird lets us in"},
			"bird://" + smstest.BirdElsewhere: {exitFailed, "another region"},
			"bird://" + smstest.BirdReadOnly:  {exitFailed, "does not let this key send SMS"},
			"bird://live_classic":             {exitFailed, "it works until 31 December 2026"},
			"messagebird://" + smstest.Key:    {exitDone, "ok    The SMS gateway MessageBird lets us in\nNOTE  This is a classic key of MessageBird's, and Bird takes those until 31 December 2026"},
			"twilio://" + smstest.SID + ":" + smstest.Token + "@": {exitDone, "ok    The SMS gateway Twilio lets us in"},
			"messagebird://not-the-key":                           {exitFailed, "does not take the key"},
			"pigeon://post":                                       {exitFailed, "starts with bird://"},
		} {
			status, said := i.command("", "doctor", "--sandbox", "--sms-url", url, "--bird-api", gateway.URL, "--messagebird-api", gateway.URL, "--twilio-api", gateway.URL)
			if status != want.status || !strings.Contains(said, want.says) || strings.Contains(said, "..") {
				t.Errorf("%s: %d\n%s", url, status, said)
			}
		}
	})
}
