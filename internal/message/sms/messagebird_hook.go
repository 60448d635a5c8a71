package sms

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"net/url"
	"strings"
	"time"
)

// ReadHook implements Line. MessageBird reports by GET with everything in the
// query ("Receive status reports"); texts that come in are forwarded by GET or
// POST, as a form or as JSON.
func (m *MessageBird) ReadHook(h Hook) (Event, bool) {
	said := h.Query
	if form, err := url.ParseQuery(string(h.Body)); err == nil && strings.HasPrefix(h.Header.Get("Content-Type"), "application/x-www-form-urlencoded") {
		said = merged(said, form)
	}
	var fields map[string]any
	if json.Unmarshal(h.Body, &fields) == nil {
		for name, value := range fields {
			if text, ok := value.(string); ok {
				said = merged(said, url.Values{name: {text}})
			}
		}
	}
	return messageBirdEvent(said), m.signed(h)
}

func merged(a, b url.Values) url.Values {
	all := url.Values{}
	for _, values := range []url.Values{a, b} {
		for name, v := range values {
			all[name] = v
		}
	}
	return all
}

func messageBirdEvent(said url.Values) Event {
	if said.Get("status") == "" {
		text := said.Get("body")
		if text == "" {
			text = said.Get("payload")
		}
		return Event{From: withPlus(said.Get("originator")), Text: text}
	}
	e := Event{GatewayID: said.Get("id")}
	switch said.Get("status") {
	case "sent", "buffered":
		e.State = Sent
	case "delivered":
		e.State = Delivered
	case "expired":
		e.State, e.Reason = Failed, "The phone could not be reached in time, and the network gave up"
	case "delivery_failed", "delivery failed":
		e.State, e.Reason = Failed, "The network could not deliver it"
		if why := said.Get("statusReason"); why != "" {
			e.Reason += ": “" + clipped(why) + "”"
		}
		// Codes below 100 are the network's own (3GPP TS 29.002, 17.5): an unknown
		// subscriber is nobody's number. All others may change.
		e.BadNumber = said.Get("statusErrorCode") == "1"
	}
	return e
}

// withPlus makes E.164 of an international number without its plus.
func withPlus(number string) string {
	if number == "" || strings.HasPrefix(number, "+") {
		return number
	}
	return "+" + number
}

// maxSkew is how far the clocks of the two ends may be apart.
const maxSkew = 30 * time.Second

// claims are those of the token in MessageBird-Signature-JWT ("Verify webhook
// signatures"): it names the URL and the body by their SHA-256, and is short-lived.
type claims struct {
	Issuer      string `json:"iss"`
	NotBefore   int64  `json:"nbf"`
	Expires     int64  `json:"exp"`
	ID          string `json:"jti"`
	URLHash     string `json:"url_hash"`
	PayloadHash string `json:"payload_hash"`
}

// signed checks the token. Only HMAC with SHA-256 is taken, which is what
// MessageBird uses.
func (m *MessageBird) signed(h Hook) bool {
	parts := strings.Split(h.Header.Get("MessageBird-Signature-JWT"), ".")
	if m.account.SigningKey == "" || len(parts) != 3 {
		return false
	}
	mac := hmac.New(sha256.New, []byte(m.account.SigningKey))
	mac.Write([]byte(parts[0] + "." + parts[1]))
	given, err := base64.RawURLEncoding.DecodeString(parts[2])
	if err != nil || !hmac.Equal(given, mac.Sum(nil)) {
		return false
	}
	var head struct {
		Algorithm string `json:"alg"`
	}
	var c claims
	if !readPart(parts[0], &head) || head.Algorithm != "HS256" || !readPart(parts[1], &c) {
		return false
	}
	now := m.clock.Wall()
	payload := ""
	if len(h.Body) > 0 {
		payload = sha256Hex(h.Body)
	}
	return c.Issuer == "MessageBird" && c.ID != "" && !now.Before(time.Unix(c.NotBefore, 0).Add(-maxSkew)) &&
		!now.After(time.Unix(c.Expires, 0).Add(maxSkew)) && c.URLHash == sha256Hex([]byte(h.URL)) && c.PayloadHash == payload
}

func readPart(part string, into any) bool {
	raw, err := base64.RawURLEncoding.DecodeString(part)
	return err == nil && json.Unmarshal(raw, into) == nil
}

func sha256Hex(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}
