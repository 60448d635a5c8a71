package sms

import (
	"crypto/hmac"
	"crypto/sha1" //nolint:gosec // Twilio's choice.
	"encoding/base64"
	"net/http"
	"net/url"
	"testing"
	"time"

	"smartlinks/internal/clock"
)

// The vectors are of MessageBird's own reference tests.
const (
	vectorKey  = "36efdd1aace2e26cd490f0d951138253bef2f7c6d34d18981da781555cc4cebb"
	vectorURL  = "https://example.com/path?bar=1&foo=2"
	vectorBare = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJpc3MiOiJNZXNzYWdlQmlyZCIsIm5iZiI6MTYyNTQ3OTIwMCwiZXhwIjoxNjI1NDc5MjYwLCJqdGkiOiJjOTQ2YWY3Ny1lMTgyLTRlYWEtYjJmZi0xYTU0NWI1ZTk5MWEiLCJ1cmxfaGFzaCI6IjQxZjA1ZjBkZGQwYTIyYWIyMDlhYzQ2ZjQ3YzQ1NzJkOWNlZmEyNTdlZDc0YjI0MDA0YmFlNzUzZWNlNmMyNjAifQ.huo2ou6JDoDc7sV25d75UMWeYhBeavQlLsqIibSZuac"
	vectorBody = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJpc3MiOiJNZXNzYWdlQmlyZCIsIm5iZiI6MTYyNTQ3OTIwMCwiZXhwIjoxNjI1NDc5MjYwLCJqdGkiOiI5M2U1NTAwNi1hMGU4LTQ1MjYtYTE5MC1mYTVmZjAwZWExMTYiLCJ1cmxfaGFzaCI6IjQxZjA1ZjBkZGQwYTIyYWIyMDlhYzQ2ZjQ3YzQ1NzJkOWNlZmEyNTdlZDc0YjI0MDA0YmFlNzUzZWNlNmMyNjAiLCJwYXlsb2FkX2hhc2giOiJkZmZkNjAyMWJiMmJkNWIwYWY2NzYyOTA4MDllYzNhNTMxOTFkZDgxYzdmNzBhNGIyODY4OGEzNjIxODI5ODZmIn0._H--TOuYFLpeEH39-rg5E3IHVkjHozBcaKVWPRC5m9I"
)

func TestMessageBirdsSignatureIsChecked(t *testing.T) {
	at := time.Date(2021, 7, 5, 10, 0, 10, 0, time.UTC)
	for name, c := range map[string]struct {
		key, url, token, body string
		at                    time.Time
		proven                bool
	}{
		"without a body":  {vectorKey, vectorURL, vectorBare, "", at, true},
		"with a body":     {vectorKey, vectorURL, vectorBody, "Hello, World!", at, true},
		"another body":    {vectorKey, vectorURL, vectorBody, "Hello, world!", at, false},
		"an added body":   {vectorKey, vectorURL, vectorBare, "Hello, World!", at, false},
		"another address": {vectorKey, vectorURL + "3", vectorBare, "", at, false},
		"another key":     {"guess", vectorURL, vectorBare, "", at, false},
		"no key":          {"", vectorURL, vectorBare, "", at, false},
		"too late":        {vectorKey, vectorURL, vectorBare, "", at.Add(time.Hour), false},
		"too early":       {vectorKey, vectorURL, vectorBare, "", at.Add(-time.Hour), false},
		"no token":        {vectorKey, vectorURL, "", "", at, false},
		"garbage":         {vectorKey, vectorURL, "a.b.c", "", at, false},
	} {
		bird := NewOpener(Bases{}, clock.Fixed(c.at)).Open(Account{Kind: ByMessageBird, Key: "k", SigningKey: c.key})
		if _, proven := bird.ReadHook(Hook{URL: c.url, Header: http.Header{"Messagebird-Signature-Jwt": {c.token}}, Body: []byte(c.body)}); proven != c.proven {
			t.Errorf("%s: %v", name, proven)
		}
	}
}

// twilioSigned signs as Twilio's documentation says; tests only.
func twilioSigned(token, text string) string {
	mac := hmac.New(sha1.New, []byte(token))
	mac.Write([]byte(text))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

func TestTwiliosSignatureIsChecked(t *testing.T) {
	line := NewOpener(Bases{}, clock.System()).Open(Account{Kind: ByTwilio, User: "AC1", Key: "12345"})
	body := url.Values{"MessageSid": {"SM1"}, "MessageStatus": {"undelivered"}, "ErrorCode": {"30006"}}.Encode()
	good := twilioSigned("12345", "https://pay.example/hooks?report=x"+"ErrorCode30006"+"MessageSidSM1"+"MessageStatusundelivered")
	hook := Hook{URL: "https://pay.example/hooks?report=x", Header: http.Header{"X-Twilio-Signature": {good}}, Body: []byte(body)}
	if e, proven := line.ReadHook(hook); !proven || e.State != Failed || !e.BadNumber || e.GatewayID != "SM1" {
		t.Errorf("%+v, %v", e, proven)
	}
	for name, broken := range map[string]Hook{
		"address":   {URL: hook.URL + "y", Header: hook.Header, Body: hook.Body},
		"body":      {URL: hook.URL, Header: hook.Header, Body: []byte(body + "&To=1")},
		"signature": {URL: hook.URL, Header: http.Header{}, Body: hook.Body},
	} {
		if _, proven := line.ReadHook(broken); proven {
			t.Errorf("another %s is believed", name)
		}
	}
}

// The vector is of Standard Webhooks' own documentation: its secret, message and
// signature.
func TestBirdsEventsAreBelievedByTheirSignatureAlone(t *testing.T) {
	const secret, id, body, signature = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", `{"test": 2432232314}`, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
	at := time.Unix(1614265330, 0)
	for name, c := range map[string]struct {
		key, id, stamp, signature, body string
		at                              time.Time
		proven                          bool
	}{
		"as it is":          {secret, id, "1614265330", signature, body, at, true},
		"among others":      {secret, id, "1614265330", "v2,abc v1,AAAA " + signature, body, at, true},
		"another body":      {secret, id, "1614265330", signature, body + " ", at, false},
		"another id":        {secret, id + "x", "1614265330", signature, body, at, false},
		"another time":      {secret, id, "1614265331", signature, body, at, false},
		"another secret":    {"whsec_AAAA9r8GKYqrTwjUPD8ILPZIo2LaLaSw", id, "1614265330", signature, body, at, false},
		"no secret":         {"", id, "1614265330", signature, body, at, false},
		"no signature":      {secret, id, "1614265330", "", body, at, false},
		"no time":           {secret, id, "", signature, body, at, false},
		"no id":             {secret, "", "1614265330", signature, body, at, false},
		"six minutes old":   {secret, id, "1614265330", signature, body, at.Add(6 * time.Minute), false},
		"six minutes early": {secret, id, "1614265330", signature, body, at.Add(-6 * time.Minute), false},
		"four minutes old":  {secret, id, "1614265330", signature, body, at.Add(4 * time.Minute), true},
	} {
		bird := NewOpener(Bases{}, clock.Fixed(c.at)).Open(Account{Kind: ByBird, Key: "bk_eu1_x", SigningKey: c.key})
		h := http.Header{"Webhook-Id": {c.id}, "Webhook-Timestamp": {c.stamp}, "Webhook-Signature": {c.signature}}
		if _, proven := bird.ReadHook(Hook{Header: h, Body: []byte(c.body)}); proven != c.proven {
			t.Errorf("%s: %v", name, proven)
		}
	}
}
