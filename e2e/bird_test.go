package e2e

import (
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	. "smartlinks/e2e/site"
	"smartlinks/internal/message/sms/smstest"
)

// SMS go out by Bird, and what becomes of them is what its signed events say:
// forged, old and repeated ones change nothing. A key that is refused later is
// told on Overview, the message waits, and it goes out once the key is good again.
func TestBirdCarriesSMSAndIsBelievedWhenItSigns(t *testing.T) {
	t.Parallel()
	EachStore(t, func(t *testing.T, store ...string) {
		gateway := smstest.New(t)
		s := &site{&Site{Store: store, Env: []string{
			"SMARTLINKS_SMS_URL=bird://" + smstest.BirdKey + "?signing_key=" + url.QueryEscape(smstest.BirdSecret), "SMARTLINKS_BIRD_API=" + gateway.URL,
		}}}
		s.SetUp(t)
		s.URL = s.Serve(t)
		who := s.ann(t)
		l := s.CreateLink(t, `{"name": "Concert", `+FortyNine+`, "path": "concert", "customer_id": "`+who+`", "deliver": ["sms"]}`)
		taken := func(n int) smstest.Taken {
			t.Helper()
			if !Eventually(20*time.Second, func() bool { return len(gateway.Taken()) == n }) {
				t.Fatalf("%d SMS were taken, want %d", len(gateway.Taken()), n)
			}
			return gateway.Taken()[n-1]
		}
		status := func(want string) {
			t.Helper()
			if !Eventually(20*time.Second, func() bool { return strings.Contains(s.API(t, "GET", "/links/"+l.ID, "").Body, want) }) {
				t.Fatalf("the link does not say %s: %s", want, s.API(t, "GET", "/links/"+l.ID, "").Body)
			}
		}
		first := taken(1)
		if !strings.HasPrefix(first.Key, "txt_") || !strings.Contains(string(first.Metadata), first.Key) || first.To != annPhone {
			t.Errorf("taken: %+v", first)
		}
		status(`"status":"sent"`)
		hook, now := s.URL+"/hooks/sms/bird/installation", time.Now()
		tell := func(secret string, at time.Time, about smstest.Taken, kind, failure string) int {
			t.Helper()
			header, body := smstest.BirdEvent(t, secret, at, about, kind, failure)
			return smstest.TellBird(t, hook, header, body)
		}
		if got := tell("whsec_Zm9yZ2Vk", now, first, "sms.delivered", ""); got/100 == 2 {
			t.Errorf("a forged event is answered %d", got)
		}
		if got := tell(smstest.BirdSecret, now.Add(-10*time.Minute), first, "sms.delivered", ""); got/100 == 2 {
			t.Errorf("an old event is answered %d", got)
		}
		other := first
		other.ID = "SM99999999999999999999999999999999"
		if got := tell(smstest.BirdSecret, now, other, "sms.failed", "unreachable"); got != http.StatusNoContent {
			t.Errorf("an event about another message of Bird's is answered %d", got)
		}
		if got := tell(smstest.BirdSecret, now, first, "sms.something_new", ""); got != http.StatusNoContent {
			t.Errorf("an event of an unknown type is answered %d", got)
		}
		status(`"status":"sent"`)
		for _, kind := range []string{"sms.sent", "sms.delivered", "sms.delivered", "sms.sent", "sms.failed"} {
			if got := tell(smstest.BirdSecret, now, first, kind, ""); got != http.StatusNoContent {
				t.Fatalf("%s is answered %d", kind, got)
			}
		}
		status(`"status":"delivered"`)

		s.API(t, "POST", "/links/"+l.ID+"/send", `{"channels": ["sms"]}`)
		if got := tell(smstest.BirdSecret, now, taken(2), "sms.undelivered", "unreachable"); got != http.StatusNoContent {
			t.Fatalf("undelivered is answered %d", got)
		}
		status(`"status":"failed"`)
		if rows := s.API(t, "GET", "/links/"+l.ID+"/activity?kind=all", "").Body; !strings.Contains(rows, "off or out of reach") {
			t.Errorf("nobody says why: %s", rows)
		}

		gateway.Refuse(http.StatusUnauthorized, `{"type":"auth_error","message":"The key was revoked."}`)
		s.API(t, "POST", "/links/"+l.ID+"/send", `{"channels": ["sms"]}`)
		member := s.Member(t)
		page := func(path string) string {
			t.Helper()
			got, err := member.Get(s.URL + "/dashboard/acme" + path)
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = got.Body.Close() }()
			body, _ := io.ReadAll(got.Body)
			return string(body)
		}
		if !Eventually(20*time.Second, func() bool {
			return strings.Contains(page(""), "Your text messages are waiting. Bird does not take the key")
		}) {
			t.Fatal("Overview says nothing of a refused key")
		}
		if got := page("/settings/sms"); !strings.Contains(got, "The key was revoked.") || !strings.Contains(got, "Waits for the next try") {
			t.Error("Settings list no message that waits")
		}
		gateway.Refuse(0, "")
		if got, err := member.PostForm(s.URL+"/dashboard/acme/settings/sms/retry", nil); err != nil || got.StatusCode != http.StatusOK && got.StatusCode != http.StatusSeeOther {
			t.Fatalf("trying again: %v, %v", got, err)
		}
		if third := taken(3); third.Key == "" || third.Key == first.Key {
			t.Errorf("it came as %+v", third)
		}
		if !Eventually(20*time.Second, func() bool { return !strings.Contains(page(""), "Your SMS wait") }) {
			t.Error("Overview still tells of what was mended")
		}
	})
}
