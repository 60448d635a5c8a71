package sms

import (
	"net/http"

	"smartlinks/internal/clock"
	"smartlinks/internal/payment/outgoing"
)

// Bases lead to other gateways than the real ones, for tests; "" is the real
// one.
type Bases struct{ Bird, MessageBird, Twilio string }

// Opener makes the clients of accounts, which share their connections.
type Opener struct {
	bases  Bases
	clock  *clock.Clock
	client *http.Client
}

// NewOpener returns an opener.
func NewOpener(b Bases, c *clock.Clock) *Opener { return &Opener{b, c, outgoing.New(nil)} }

// Open returns the client of an account that has passed Check.
func (o *Opener) Open(a Account) Line {
	switch a.Kind {
	case ByBird:
		return &Bird{newWire(o.client, o.bases.Bird, birdAPI(a.Key), ByBird.Name()), a, o.clock}
	case ByTwilio:
		return &Twilio{newWire(o.client, o.bases.Twilio, twilioAPI, ByTwilio.Name()), a}
	}
	return &MessageBird{newWire(o.client, o.bases.MessageBird, messageBirdAPI, ByMessageBird.Name()), a, o.clock}
}
