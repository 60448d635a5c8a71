package message

import (
	"context"
	"slices"
	"strings"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/message/texting"
)

// Channel is the way a message takes.
type Channel string

// The channels.
const (
	ByEmail Channel = "email"
	BySMS   Channel = "sms"
)

// State is how far a message came.
type State string

// The states. Whether a mail was delivered no mail server tells, so mails stay
// Sent; gateways of SMS report Delivered.
const (
	Queued    State = "queued"    // waits, perhaps after tries in vain
	Sent      State = "sent"      // a server or gateway has taken it
	Delivered State = "delivered" // the phone has it
	Failed    State = "failed"    // it will not come
)

// Change is a step of one message, told in the transaction that makes it.
type Change struct {
	BusinessID business.ID
	Channel    Channel
	Key        string // of the message
	State      State
	Reason     string // why it waits or failed, a sentence for people
	GatewayID  string // what the server or gateway knows it by
	BadAddress bool   // the address itself was refused for good
}

// listener hears of the steps of messages whose keys begin so.
type listener struct {
	prefix string
	do     func(ctx context.Context, tx *db.Tx, c Change) error
}

// OnChange adds who hears of the steps of messages whose keys begin so, in their
// transaction. It is for wiring, before anything is sent.
func (m *Messages) OnChange(prefix string, do func(ctx context.Context, tx *db.Tx, c Change) error) {
	m.listeners = append(m.listeners, listener{prefix, do})
}

// watched reports whether anybody hears of the steps of a message.
func (m *Messages) watched(key string) bool {
	return slices.ContainsFunc(m.listeners, func(l listener) bool { return strings.HasPrefix(key, l.prefix) })
}

// texted passes on a step of an SMS.
func (m *Messages) texted(ctx context.Context, tx *db.Tx, s texting.Step) error {
	return m.changed(ctx, tx, Change{
		BusinessID: s.BusinessID, Channel: BySMS, Key: s.Key, State: State(s.State), Reason: s.Reason, GatewayID: s.GatewayID, BadAddress: s.BadNumber,
	})
}

func (m *Messages) changed(ctx context.Context, tx *db.Tx, c Change) error {
	for _, l := range m.listeners {
		if !strings.HasPrefix(c.Key, l.prefix) {
			continue
		}
		if err := l.do(ctx, tx, c); err != nil {
			return err
		}
	}
	return nil
}
