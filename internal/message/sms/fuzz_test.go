package sms

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"smartlinks/internal/clock"
)

// Whatever comes to the door: nothing that lacks a signature is proven, and what
// a gateway is said to tell stays within its words.
func FuzzNoHookIsBelievedUnsigned(f *testing.F) {
	form := "application/x-www-form-urlencoded"
	for _, body := range []string{
		"", "{}", "null", `{"status": "delivered", "id": 1}`, `{"originator": "31612345678", "payload": "STOP"}`, "MessageStatus=delivered&MessageSid=SM1", "MessageStatus=undelivered&ErrorCode=30006",
		"From=%2B31612345678&Body=stop.&OptOutType=STOP", "%zz", "a=1&a=2&b=%00", strings.Repeat("[", 5000), "\xff",
	} {
		f.Add(body, "report=x&status=delivery_failed&statusReason=why&statusErrorCode=1", form, "a.b.c")
		f.Add(body, "originator=31612345678&body=STOP", "application/json", vectorBare)
	}
	f.Add("Hello, World!", "bar=1&foo=2", "", vectorBody)
	at := clock.Fixed(time.Date(2026, 2, 18, 9, 42, 0, 0, time.UTC))
	bird := NewOpener(Bases{}, at).Open(Account{Kind: ByMessageBird, Key: "k", SigningKey: "not the key of the vectors"})
	bare := NewOpener(Bases{}, at).Open(Account{Kind: ByMessageBird, Key: "k"})
	anew := NewOpener(Bases{}, at).Open(Account{Kind: ByBird, Key: "bk_eu1_x", SigningKey: "whsec_YW5vdGhlciBzZWNyZXQ="})
	twilio := NewOpener(Bases{}, at).Open(Account{Kind: ByTwilio, User: "AC1", Key: "12345"})
	f.Fuzz(func(t *testing.T, body, query, kind, signature string) {
		values, _ := url.ParseQuery(query)
		h := Hook{URL: "https://pay.example/hooks?" + query, Query: values, Body: []byte(body), Header: http.Header{
			"Content-Type": {kind}, "Messagebird-Signature-Jwt": {signature}, "X-Twilio-Signature": {signature},
			"Webhook-Id": {"msg_1"}, "Webhook-Timestamp": {"1771407720"}, "Webhook-Signature": {signature},
		}}
		for name, line := range map[string]Line{"MessageBird": bird, "MessageBird without a key": bare, "Bird": anew, "Twilio": twilio} {
			e, proven := line.ReadHook(h)
			if proven {
				t.Fatalf("%s believes %q, %q", name, body, signature)
			}
			if e.State != "" && e.State != Sent && e.State != Delivered && e.State != Failed {
				t.Fatalf("%s tells of the state %q", name, e.State)
			}
			if utf8.RuneCountInString(e.Reason) > 400 {
				t.Fatalf("%s gives a reason of %d characters", name, utf8.RuneCountInString(e.Reason))
			}
		}
	})
}

// A right signature is believed whatever it signs.
func FuzzTwiliosOwnWordIsBelieved(f *testing.F) {
	f.Add("MessageStatus", "delivered", "ErrorCode", "0")
	f.Add("a", "\x00", "a", "\xff")
	f.Add("", "", "=", "&")
	line := NewOpener(Bases{}, clock.System()).Open(Account{Kind: ByTwilio, User: "AC1", Key: "12345"})
	f.Fuzz(func(t *testing.T, name, value, name2, value2 string) {
		if name == name2 {
			return
		}
		first, second := name+value, name2+value2
		if name2 < name {
			first, second = second, first
		}
		const address = "https://pay.example/hooks"
		h := Hook{URL: address, Body: []byte(url.Values{name: {value}, name2: {value2}}.Encode()), Header: http.Header{
			"X-Twilio-Signature": {twilioSigned("12345", address+first+second)},
		}}
		if _, proven := line.ReadHook(h); !proven {
			t.Fatalf("%q=%q %q=%q is not believed", name, value, name2, value2)
		}
	})
}
