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
			"":                             {exitDone, ""},
			"messagebird://" + smstest.Key: {exitDone, "ok    The SMS gateway MessageBird lets us in"},
			"twilio://" + smstest.SID + ":" + smstest.Token + "@": {exitDone, "ok    The SMS gateway Twilio lets us in"},
			"messagebird://not-the-key":                           {exitFailed, "does not take the key"},
			"pigeon://post":                                       {exitFailed, "starts with messagebird://"},
		} {
			status, said := i.command("", "doctor", "--sandbox", "--sms-url", url, "--messagebird-api", gateway.URL, "--twilio-api", gateway.URL)
			if status != want.status || !strings.Contains(said, want.says) {
				t.Errorf("%s: %d\n%s", url, status, said)
			}
		}
	})
}
