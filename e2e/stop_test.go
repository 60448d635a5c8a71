package e2e

import (
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base64"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	. "smartlinks/e2e/site"
	"smartlinks/internal/message/sms/smstest"
)

// Whoever answers an SMS with STOP gets no more of them, once the gateway's word
// for it is signed; the merchant sees why.
func TestWhoeverAnswersStopGetsNoMoreSMS(t *testing.T) {
	t.Parallel()
	EachStore(t, func(t *testing.T, store ...string) {
		gateway := smstest.New(t)
		s := &site{&Site{Store: store, Env: []string{
			"SMARTLINKS_SMS_URL=twilio://" + smstest.SID + ":" + smstest.Token + "@", "SMARTLINKS_TWILIO_API=" + gateway.URL,
		}}}
		s.SetUp(t)
		s.URL = s.Serve(t)
		who := s.ann(t)
		l := s.CreateLink(t, `{"name": "Concert", `+FortyNine+`, "path": "concert", "customer_id": "`+who+`", "deliver": ["sms"]}`)
		if !Eventually(20*time.Second, func() bool { return len(gateway.Taken()) == 1 }) {
			t.Fatal("the link was not sent")
		}
		hook, _, _ := strings.Cut(gateway.Taken()[0].ReportURL, "?")
		if hook == "" {
			t.Fatal("the gateway was not told where to report")
		}
		said := url.Values{"From": {annPhone}, "To": {"+3197010123456"}, "Body": {" Stop! "}, "MessageSid": {"SM1"}}

		if status := tell(t, hook, said, "forged"); status/100 == 2 {
			t.Errorf("a forged STOP is answered %d", status)
		}
		again := func() string {
			t.Helper()
			return s.API(t, "POST", "/links/"+l.ID+"/send", `{"channels": ["sms"]}`).Body
		}
		again()
		if !Eventually(20*time.Second, func() bool { return len(gateway.Taken()) == 2 }) {
			t.Fatal("a forged STOP was believed")
		}

		if status := tell(t, hook, said, signedByTwilio(hook, said, smstest.Token)); status/100 != 2 {
			t.Fatalf("STOP is answered %d", status)
		}
		again()
		if !Eventually(20*time.Second, func() bool { return strings.Contains(s.API(t, "GET", "/links/"+l.ID, "").Body, `"status":"failed"`) }) {
			t.Errorf("the link says nothing of what was not sent: %s", s.API(t, "GET", "/links/"+l.ID, "").Body)
		}
		if n := len(gateway.Taken()); n != 2 {
			t.Errorf("%d SMS were sent, want 2", n)
		}
		if rows := s.API(t, "GET", "/links/"+l.ID+"/activity?kind=all", "").Body; !strings.Contains(rows, "asked for no more") && !strings.Contains(rows, "opted out") {
			t.Errorf("nobody says why: %s", rows)
		}
	})
}

// tell posts to a hook as Twilio does.
func tell(t *testing.T, hook string, said url.Values, signature string) int {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, hook, strings.NewReader(said.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("X-Twilio-Signature", signature)
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	return res.StatusCode
}

// signedByTwilio is the signature of a form (Twilio, "Validating Signatures from
// Twilio"): the address and the sorted fields.
func signedByTwilio(address string, said url.Values, token string) string {
	names := make([]string, 0, len(said))
	for name := range said {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		address += name + said.Get(name)
	}
	mac := hmac.New(sha1.New, []byte(token))
	mac.Write([]byte(address))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}
