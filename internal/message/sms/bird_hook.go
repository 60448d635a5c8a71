package sms

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"strconv"
	"strings"
	"time"
)

// birdTolerance is how old or how early an event may be (Standard Webhooks,
// "Verifying webhook authenticity").
const birdTolerance = 5 * time.Minute

// birdEvent is an event about a message.
type birdEvent struct {
	Type string `json:"type"`
	Data struct {
		ID       string       `json:"sms_id"`
		Metadata birdMetadata `json:"metadata"`
		Error    *birdFailure `json:"error"`
	} `json:"data"`
}

// birdFailure is why a message did not arrive.
type birdFailure struct {
	Code        string `json:"code"`
	Description string `json:"description"`
}

// ReadHook implements Line: events are signed by Standard Webhooks. One of a
// type that we don't know says nothing.
func (b *Bird) ReadHook(h Hook) (Event, bool) {
	if !b.signed(h) {
		return Event{}, false
	}
	var said birdEvent
	if err := json.Unmarshal(h.Body, &said); err != nil {
		return Event{}, true
	}
	e := Event{GatewayID: said.Data.ID, MessageID: said.Data.Metadata.Message, BusinessID: said.Data.Metadata.Business}
	switch said.Type {
	case "sms.sent":
		e.State = Sent
	case "sms.delivered":
		e.State = Delivered
	case "sms.expired":
		e.State, e.Reason = Failed, "The phone could not be reached in time, and the network gave up"
	case "sms.undelivered", "sms.failed", "sms.rejected":
		e.State, e.Reason, e.BadNumber = Failed, said.Data.Error.sentence(), said.Data.Error.badNumber()
	}
	return e, true
}

// signed checks the signature, HMAC-SHA256 over id, time and body, of which there
// may be several while a secret is changed, and, by our own clock, its age.
func (b *Bird) signed(h Hook) bool {
	id, stamp := h.Header.Get("webhook-id"), h.Header.Get("webhook-timestamp")
	at, err := strconv.ParseInt(stamp, 10, 64)
	key, valid := webhookKey(b.account.SigningKey)
	if err != nil || !valid || id == "" {
		return false
	}
	if age := b.clock.Wall().Sub(time.Unix(at, 0)); age > birdTolerance || age < -birdTolerance {
		return false
	}
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(id + "." + stamp + "."))
	mac.Write(h.Body)
	want := mac.Sum(nil)
	for signature := range strings.FieldsSeq(h.Header.Get("webhook-signature")) {
		text, found := strings.CutPrefix(signature, "v1,")
		if given, err := base64.StdEncoding.DecodeString(text); found && err == nil && hmac.Equal(given, want) {
			return true
		}
	}
	return false
}

// webhookKey is the key in a secret of Standard Webhooks: whsec_ and some bytes in
// base64.
func webhookKey(secret string) (key []byte, valid bool) {
	text, found := strings.CutPrefix(secret, "whsec_")
	key, err := base64.StdEncoding.DecodeString(text)
	return key, found && err == nil && len(key) > 0
}

// sentence says why a message failed, and what to do where there is something.
func (f *birdFailure) sentence() string {
	if f == nil {
		return "The network could not deliver it"
	}
	switch f.Code {
	case "invalid_destination":
		return "The network knows no such number"
	case "landline_unreachable":
		return "This number takes no SMS; it may be a landline"
	case "unreachable":
		return "The phone is off or out of reach"
	case "blocked_by_carrier":
		return "The network took it for spam"
	case "blocked_by_recipient":
		return "The phone takes no messages from you"
	case "recipient_opted_out":
		return "They answered STOP, so Bird takes no messages for them"
	case "content_rejected":
		return "The network refused what it says. Write it in other words"
	case "sender_unregistered":
		return "The sender is not registered for this country. Register it in Bird’s dashboard, or set another in Settings, SMS"
	case "insufficient_balance":
		return "There was no balance left at Bird. Top it up there, then send it again"
	case "provider_unavailable":
		return "The network had a fault"
	}
	if f.Description == "" {
		return "The network could not deliver it"
	}
	return "The network could not deliver it: “" + clipped(f.Description) + "”"
}

// badNumber reports whether nothing will ever arrive at the number.
func (f *birdFailure) badNumber() bool {
	return f != nil && (f.Code == "invalid_destination" || f.Code == "landline_unreachable")
}
