package app

import (
	"strings"
	"testing"

	"smartlinks/internal/message/sms/smstest"
)

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
			if status != want.status || !strings.Contains(said, want.says) {
				t.Errorf("%s: %d\n%s", url, status, said)
			}
		}
	})
}
