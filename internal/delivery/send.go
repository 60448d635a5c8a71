package delivery

import (
	"context"

	"smartlinks/internal/business"
	"smartlinks/internal/customer"
	"smartlinks/internal/db"
	"smartlinks/internal/link"
	"smartlinks/internal/message"
	"smartlinks/internal/secret"
)

// Order says what to send to one customer.
type Order struct {
	CustomerID customer.ID
	Channels   []message.Channel
	// Message is the merchant's own words with variables in braces, "" for ours.
	Message string
	Kind    Kind
	// Key makes the send the only one: a second with the same key is left out.
	// "" never collides.
	Key      string
	Reminder Reminder // of a KindReminder
	// Note tells the reader of a mail what becomes of it when it isn't paid, in
	// their language; may be empty.
	Note string
	// Refused is why nothing is sent after all: each delivery fails with it.
	Refused string

	ids map[message.Channel]string // that deliveries have already
}

// Reminder says which of how many a reminder is.
type Reminder struct{ Number, Max int64 }

// SendTx writes a send with its deliveries and queues the messages. A channel
// that can't be used, or for which the message is too long, becomes a failed
// delivery that says why. made is false for
// a second send of the same key. Errors: NotFound for the customer, Invalid for
// the message.
func (s *Deliveries) SendTx(ctx context.Context, tx *db.Tx, b business.Business, l link.Link, o Order) (sent Send, made bool, err error) {
	words, err := ParseWords(o.Message)
	if err != nil {
		return Send{}, false, err
	}
	c, err := s.Customers.GetTx(ctx, tx, b.ID, o.CustomerID)
	if err != nil {
		return Send{}, false, err
	}
	to, err := s.recipient(ctx, tx, b, l.ID, c.ID)
	if err != nil {
		return Send{}, false, err
	}
	reach, err := s.Reach(ctx, tx, b, c)
	if err != nil {
		return Send{}, false, err
	}
	sent = Send{BusinessID: b.ID, LinkID: l.ID, RecipientID: to.ID, CustomerID: c.ID, Mode: b.Mode, Kind: o.Kind, Number: o.Reminder.Number, Message: o.Message, At: tx.Now()}
	if sent.Deliveries, err = s.prepare(tx, l, reach, o); err != nil {
		return Send{}, false, err
	}
	s.refuseLong(&sent, draft{business: b, link: l, customer: c, order: o, words: words})
	if made, err = insert(ctx, tx, &sent, o.Key); err != nil || !made {
		return Send{}, false, err
	}
	for _, d := range sent.Deliveries {
		if d.Status != message.Queued {
			continue
		}
		if err := s.queue(ctx, tx, draft{business: b, link: l, customer: c, order: o, words: words, delivery: d}); err != nil {
			return Send{}, false, err
		}
	}
	tx.Notify("activity", string(l.ID))
	for _, d := range sent.Deliveries {
		if d.Status != message.Failed {
			continue
		}
		if err := s.publishStep(ctx, tx, sent, d); err != nil {
			return Send{}, false, err
		}
	}
	for _, do := range s.made {
		if err := do(ctx, tx, b, sent); err != nil {
			return Send{}, false, err
		}
	}
	return sent, true, nil
}

// prepare makes the deliveries, each with its own token.
func (s *Deliveries) prepare(tx *db.Tx, l link.Link, reach Reach, o Order) ([]Delivery, error) {
	var all []Delivery
	for _, channel := range []message.Channel{message.ByEmail, message.BySMS} {
		if !contains(o.Channels, channel) {
			continue
		}
		id, err := o.ids[channel], error(nil)
		if id == "" {
			if id, err = tx.NewID("dlv"); err != nil {
				return nil, err
			}
		}
		token, err := secret.Short(s.DB.Random())
		if err != nil {
			return nil, err
		}
		stop, err := secret.Short(s.DB.Random())
		if err != nil {
			return nil, err
		}
		way := reach.Way(channel)
		d := Delivery{ID: id, Channel: channel, Address: way.Address, Token: token, OptOutToken: stop, URL: s.recipientURL(l.BusinessID, l.Domain, token), Status: message.Queued, UpdatedAt: tx.Now()}
		if !way.Possible() {
			d.Status, d.Reason = message.Failed, way.Why
		}
		if o.Refused != "" {
			d.Status, d.Reason = message.Failed, o.Refused
		}
		all = append(all, d)
	}
	return all, nil
}

// statusOf is a send's status: queued while something is on its way, else the
// best that was achieved.
func statusOf(all []Delivery) message.State {
	best := message.Failed
	for _, d := range all {
		switch {
		case d.Status == message.Queued:
			return message.Queued
		case d.Status == message.Delivered, d.Status == message.Sent && best == message.Failed:
			best = d.Status
		}
	}
	return best
}

// insert stores a send and gives it its id; false when its key is taken.
func insert(ctx context.Context, tx *db.Tx, sent *Send, key string) (bool, error) {
	id, err := tx.NewID("snd")
	if err != nil {
		return false, err
	}
	sent.ID = SendID(id)
	n, err := tx.Exec(ctx, `
		INSERT INTO sends (id, business_id, link_id, recipient_id, mode, kind, number, key, message, status, at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT DO NOTHING`,
		sent.ID, sent.BusinessID, sent.LinkID, sent.RecipientID, sent.Mode, sent.Kind, sent.Number, key, sent.Message, sent.Status, db.At(sent.At))
	if err != nil || n == 0 {
		return false, err
	}
	for _, d := range sent.Deliveries {
		_, err := tx.Exec(ctx, `
			INSERT INTO deliveries (id, business_id, send_id, channel, address, token, stop_token, status, reason, updated_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
			d.ID, sent.BusinessID, sent.ID, d.Channel, d.Address, d.Token, d.OptOutToken, d.Status, d.Reason, db.At(tx.Now()))
		if err != nil {
			return false, err
		}
	}
	return true, nil
}

func contains(channels []message.Channel, c message.Channel) bool {
	for _, other := range channels {
		if other == c {
			return true
		}
	}
	return false
}
