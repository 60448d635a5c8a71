// Package sms writes text messages and hands them to gateways: it counts their
// segments, makes sender names, and speaks the APIs of Bird, of MessageBird, which
// Bird replaces, and of Twilio.
package sms

import (
	"context"
	"net/http"
	"net/url"
)

// Message is one text message on its way to one phone.
type Message struct {
	ID         string // ours, for ever; the gateway is told it where it can keep it
	BusinessID string // whose it is; told with the ID
	// Key makes tries the same try for a gateway that knows idempotency keys. It
	// changes once a try was refused for certain, so that the next is a new one.
	Key       string
	From      string // a number, or a name of at most 11 characters
	To        string // E.164
	Text      string
	ReportURL string // where the gateway reports what became of it
}

// Gateway hands messages over. It is safe for concurrent use.
type Gateway interface {
	// SendSMS returns what the gateway knows the message by. An error is a
	// *Refusal where the gateway said, or failed to say, whether it took it.
	SendSMS(ctx context.Context, m Message) (gatewayID string, err error)
}

// Finder is a gateway that can be asked whether it has taken a message whose
// answer was lost, so that it isn't sent twice.
type Finder interface {
	// FindSMS returns what the gateway knows the message by, "" when it has
	// none like it.
	FindSMS(ctx context.Context, m Message) (gatewayID string, err error)
}

// Reporter is a gateway that knows at once what became of a message that it has
// taken; others tell later.
type Reporter interface {
	// Report returns what became of a message, false where nothing is known.
	Report(m Message) (Event, bool)
}

// Line is a gateway that also reports.
type Line interface {
	Gateway
	Finder
	// Check reports why nothing can be sent, without sending; nil when all is well.
	Check(ctx context.Context) error
	// ReadHook returns what a request from the gateway says. proven reports
	// whether it is signed with the account's secret.
	ReadHook(h Hook) (e Event, proven bool)
}

// Hook is a request that a gateway makes to us.
type Hook struct {
	URL    string // as the gateway was given it: our public address, path and query
	Query  url.Values
	Header http.Header
	Body   []byte
}

// Event is what a gateway tells: what became of a message, or that somebody
// wrote to one of our numbers.
type Event struct {
	GatewayID string // of the message that is reported
	// MessageID and BusinessID are ours, where the gateway gives them back; it
	// is then signed, and needs no address of its own.
	MessageID, BusinessID string
	State                 State
	Reason                string // why it failed, a sentence for people
	BadNumber             bool   // no message will ever arrive at the number
	From                  string // who wrote, E.164; "" in a report
	Text                  string // what they wrote
	// Stop and Start say that the gateway itself understood the text.
	Stop, Start bool
}

// State is how far a reported message came; "" for what changes nothing.
type State string

// The states.
const (
	Sent      State = "sent"
	Delivered State = "delivered"
	Failed    State = "failed"
)

// Refusal says why a message was not taken, or that nobody knows.
type Refusal struct {
	// Final says that to try again would change nothing.
	Final bool
	// Away says that the gateway or the account as a whole can't be used now,
	// so that other messages had better wait too.
	Away bool
	// Account says that the gateway refuses the key or the account, so that
	// every message waits until somebody has mended that.
	Account bool
	// BadNumber says that nothing can arrive at this number.
	BadNumber bool
	// Doubtful says that the gateway may have taken the message.
	Doubtful bool
	sentence string
	cause    error
}

// Error returns the sentence for people.
func (r *Refusal) Error() string { return r.sentence }

// Unwrap returns the cause, for the log.
func (r *Refusal) Unwrap() error { return r.cause }
