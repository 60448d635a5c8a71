package app

import (
	"context"

	"smartlinks/internal/business"
	"smartlinks/internal/customer"
	"smartlinks/internal/db"
	"smartlinks/internal/delivery"
	"smartlinks/internal/link"
	"smartlinks/internal/message"
	"smartlinks/internal/payment"
	"smartlinks/internal/secret"
	"smartlinks/internal/tag"
	"smartlinks/internal/web/api"
	"smartlinks/internal/webhook"
)

// wireEvents makes the room of webhooks, and lets it hear of what happens in
// the others.
func (r *rooms) wireEvents(s settings, sealer *secret.Sealer) {
	r.webhooks = webhook.New(webhook.Config{
		DB: r.d, Businesses: r.businesses, Messages: r.messages, Sealer: sealer, PublicURL: s.publicURL.String(),
		AllowPrivate: s.privateWebhooks, Log: s.log,
	})
	r.objects = api.NewObjects(api.Config{
		DB: r.d, Links: r.links, Customers: r.customers, Payments: r.payments, Deliveries: r.deliveries, Reminders: r.reminders, PublicURL: s.publicURL,
	})
	r.links.OnChange(r.linkChanged)
	r.customers.OnTag(r.customerTagged)
	r.deliveries.OnStep(r.deliveryStepped)
	r.deliveries.OnStatus(r.reminderSent)
}

// linkChanged tells of what a member or a program did to a link. What will be
// gone by the end of the transaction is shown now.
func (r *rooms) linkChanged(ctx context.Context, tx *db.Tx, b business.Business, c link.Change) error {
	show := func(ctx context.Context, tx *db.Tx) (any, error) { return r.objects.Link(ctx, tx, b, c.Link.ID) }
	if c.Kind == link.Deleted {
		last, err := show(ctx, tx)
		if err != nil {
			return err
		}
		show = func(context.Context, *db.Tx) (any, error) { return last, nil }
	}
	r.webhooks.Emit(tx, webhook.Happening{
		BusinessID: b.ID, Mode: b.Mode, Object: string(c.Link.ID), Data: show,
		Type: map[link.ChangeKind]webhook.Type{
			link.Created: webhook.LinkCreated, link.Updated: webhook.LinkUpdated, link.Deactivated: webhook.LinkDeactivated,
			link.Deleted: webhook.LinkDeleted, link.Reached: webhook.LinkLimitReached,
		}[c.Kind],
	})
	return nil
}

// tellPaid is a payment's effect: it tells that the payment succeeded, and that
// its link has all its payments now, when it was the last.
func (r *rooms) tellPaid(ctx context.Context, tx *db.Tx, p payment.Payment) error {
	r.tellPayment(tx, webhook.PaymentSucceeded, p.Attempt, "paid/"+string(p.ID))
	if p.LinkID == "" {
		return nil
	}
	full, err := r.links.Full(ctx, tx, p.BusinessID, p.LinkID, p.Mode)
	if err != nil || !full {
		return err
	}
	r.webhooks.Emit(tx, webhook.Happening{
		BusinessID: p.BusinessID, Mode: p.Mode, Object: string(p.LinkID), Type: webhook.LinkLimitReached, Key: "full/" + string(p.ID),
		Data: func(ctx context.Context, tx *db.Tx) (any, error) {
			b, err := r.businesses.ByIDTx(ctx, tx, p.BusinessID)
			if err != nil {
				return nil, err
			}
			b.Mode = p.Mode // its slots and figures are those of the payment's mode
			return r.objects.Link(ctx, tx, b, p.LinkID)
		},
	})
	return nil
}

// tellFailed tells of an attempt that the provider refused. One that the payer
// gave up, or left to expire, is no news.
func (r *rooms) tellFailed(_ context.Context, tx *db.Tx, a payment.Attempt) error {
	if a.State == payment.Failed {
		r.tellPayment(tx, webhook.PaymentFailed, a, "failed/"+string(a.ID))
	}
	return nil
}

// tellMoved tells of what happened to a payment's money afterwards.
func (r *rooms) tellMoved(_ context.Context, tx *db.Tx, m payment.Movement) error {
	what, told := map[payment.MovementKind]webhook.Type{
		payment.MoneyRefunded: webhook.PaymentRefunded, payment.DisputeOpened: webhook.PaymentDisputed,
		payment.DisputeClosed: webhook.DisputeClosed, payment.DisputeTaken: webhook.DisputeClosed, payment.DisputeReversed: webhook.DisputeClosed,
	}[m.Kind]
	if told {
		r.tellPayment(tx, what, m.Attempt, string(m.Kind)+"/"+m.ID)
	}
	return nil
}

func (r *rooms) tellPayment(tx *db.Tx, what webhook.Type, a payment.Attempt, key string) {
	r.webhooks.Emit(tx, webhook.Happening{
		BusinessID: a.BusinessID, Mode: a.Mode, Object: string(a.ID), Type: what, Key: key,
		Data: func(ctx context.Context, tx *db.Tx) (any, error) {
			return r.objects.Payment(ctx, tx, a.BusinessID, a.ID)
		},
	})
}

func (r *rooms) customerTagged(ctx context.Context, tx *db.Tx, businessID business.ID, id customer.ID, tagID tag.ID) error {
	b, err := r.businesses.ByIDTx(ctx, tx, businessID)
	if err != nil {
		return err
	}
	r.webhooks.Emit(tx, webhook.Happening{
		BusinessID: businessID, Mode: b.Mode, Object: string(id), Type: webhook.CustomerTagged,
		Data: func(ctx context.Context, tx *db.Tx) (any, error) {
			return r.objects.Tagged(ctx, tx, businessID, id, tagID)
		},
	})
	return nil
}

// deliveryStepped tells of each message that left, came or will not come.
func (r *rooms) deliveryStepped(_ context.Context, tx *db.Tx, sent delivery.Send, d delivery.Delivery) error {
	what, told := map[message.State]webhook.Type{
		message.Sent: webhook.DeliverySent, message.Delivered: webhook.DeliveryDelivered, message.Failed: webhook.DeliveryFailed,
	}[d.Status]
	if told {
		r.webhooks.Emit(tx, webhook.Happening{
			BusinessID: sent.BusinessID, Mode: sent.Mode, Object: d.ID, Type: what,
			Data: func(context.Context, *db.Tx) (any, error) { return r.objects.Delivery(sent, d), nil },
		})
	}
	return nil
}

// reminderSent tells of a reminder that went out, once, whatever its messages
// do later.
func (r *rooms) reminderSent(_ context.Context, tx *db.Tx, sent delivery.Send) error {
	if sent.Kind == delivery.KindReminder && (sent.Status == message.Sent || sent.Status == message.Delivered) {
		r.webhooks.Emit(tx, webhook.Happening{
			BusinessID: sent.BusinessID, Mode: sent.Mode, Object: string(sent.ID), Type: webhook.ReminderSent, Key: "reminder/" + string(sent.ID),
			Data: func(context.Context, *db.Tx) (any, error) { return r.objects.Reminder(sent), nil },
		})
	}
	return nil
}
