package system

import (
	"context"

	"smartlinks/internal/business"
	"smartlinks/internal/customer"
	"smartlinks/internal/db"
	"smartlinks/internal/delivery"
	"smartlinks/internal/link"
	"smartlinks/internal/message"
	"smartlinks/internal/payment"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/tag"
	"smartlinks/internal/visit"
	"smartlinks/internal/waitinglist"
	"smartlinks/internal/web/api"
	"smartlinks/internal/webhook"
)

// wireEvents makes the room of webhooks, and lets it hear of what happens in
// the others.
func (r *System) wireEvents(o Options) {
	r.Webhooks = webhook.New(webhook.Config{
		DB: r.DB, Queue: r.Queue, Businesses: r.Businesses, Messages: r.Messages, Sealer: r.Sealer, Addresses: o.Addresses,
		AllowPrivate: o.PrivateWebhooks, Log: o.Log,
	})
	r.Objects = api.NewObjects(api.Config{
		DB: r.DB, Links: r.Links, Customers: r.Customers, Payments: r.Payments, Deliveries: r.Deliveries, Reminders: r.Reminders, Addresses: o.Addresses,
	})
	r.Links.OnChange(r.Reminders.LinkChanged)
	r.Links.OnChange(r.linkChanged)
	r.Customers.OnTag(r.customerTagged)
	r.Deliveries.OnStep(r.deliveryStepped)
	r.Deliveries.OnStatus(r.reminderSent)
	r.Customers.OnCreate(r.customerCreated)
	r.Waiting.OnJoined(r.notifyWaiting(webhook.WaitingJoined))
	r.Waiting.OnOffered(r.notifyWaiting(webhook.WaitingOffered))
}

// linkChanged tells of what a member or a program did to a link. What will be
// gone by the end of the transaction is shown now.
func (r *System) linkChanged(ctx context.Context, tx *db.Tx, b business.Business, c link.Change) error {
	show := func(ctx context.Context, tx *db.Tx) (any, error) { return r.Objects.Link(ctx, tx, b, c.Link.ID) }
	if c.Kind == link.Deleted {
		last, err := show(ctx, tx)
		if err != nil {
			return err
		}
		show = func(context.Context, *db.Tx) (any, error) { return last, nil }
	}
	r.Webhooks.Emit(tx, webhook.EventInput{
		BusinessID: b.ID, Mode: b.Mode, Object: string(c.Link.ID), Data: show,
		Type: map[link.ChangeKind]webhook.Type{
			link.Created: webhook.LinkCreated, link.Updated: webhook.LinkUpdated, link.Deactivated: webhook.LinkDeactivated,
			link.Deleted: webhook.LinkDeleted, link.Reached: webhook.LinkLimitReached, link.BecameOverdue: webhook.LinkOverdue,
		}[c.Kind],
	})
	return nil
}

// notifyFailed tells of an attempt that the provider refused, or that was not finished in
// time. One that the payer gave up is no news.
func (r *System) notifyFailed(_ context.Context, tx *db.Tx, a attempt.Attempt) error {
	switch a.State {
	case attempt.Failed:
		r.notifyPayment(tx, webhook.PaymentFailed, a, "failed/"+string(a.ID))
	case attempt.Expired, attempt.Released:
		r.notifyPayment(tx, webhook.PaymentExpired, a, "expired/"+string(a.ID))
	}
	return nil
}

// attemptsStarted counts attempts of a business and tells of them.
func (r *System) attemptsStarted(ctx context.Context, tx *db.Tx, b business.Business, all ...attempt.Attempt) error {
	visit.CountAttempts(tx, b.Location(), all...)
	listens, err := r.Webhooks.Listens(ctx, tx, b.ID)
	if err != nil || !listens {
		return err
	}
	for _, a := range all {
		r.notifyPayment(tx, webhook.PaymentStarted, a, "started/"+string(a.ID))
	}
	return nil
}

// notifyPending tells that money is on its way.
func (r *System) notifyPending(_ context.Context, tx *db.Tx, a attempt.Attempt) error {
	r.notifyPayment(tx, webhook.PaymentPending, a, "pending/"+string(a.ID))
	return nil
}

// customerCreated tells of a new customer.
func (r *System) customerCreated(ctx context.Context, tx *db.Tx, businessID business.ID, id customer.ID) error {
	listens, err := r.Webhooks.Listens(ctx, tx, businessID)
	if err != nil || !listens {
		return err
	}
	b, err := r.Businesses.ByIDTx(ctx, tx, businessID)
	if err != nil {
		return err
	}
	r.Webhooks.Emit(tx, webhook.EventInput{
		BusinessID: businessID, Mode: b.Mode, Object: string(id), Type: webhook.CustomerCreated, Key: "created/" + string(id),
		Data: func(ctx context.Context, tx *db.Tx) (any, error) { return r.Objects.Customer(ctx, tx, businessID, id) },
	})
	return nil
}

// notifyWaiting tells of somebody on a waiting list.
func (r *System) notifyWaiting(what webhook.Type) func(ctx context.Context, tx *db.Tx, e waitinglist.Entry) error {
	return func(_ context.Context, tx *db.Tx, e waitinglist.Entry) error {
		r.Webhooks.Emit(tx, webhook.EventInput{
			BusinessID: e.BusinessID, Mode: e.Mode, Object: string(e.ID), Type: what, Key: string(what) + "/" + string(e.ID),
			Data: func(context.Context, *db.Tx) (any, error) { return r.Objects.Waiting(e), nil },
		})
		return nil
	}
}

// notifyMovement tells of what happened to a payment's money afterwards.
func (r *System) notifyMovement(_ context.Context, tx *db.Tx, m payment.Movement) error {
	what, notified := map[payment.MovementKind]webhook.Type{
		payment.MoneyRefunded: webhook.PaymentRefunded, payment.DisputeOpened: webhook.PaymentDisputed,
		payment.DisputeClosed: webhook.DisputeClosed, payment.DisputeTaken: webhook.DisputeClosed, payment.DisputeReversed: webhook.DisputeClosed,
	}[m.Kind]
	if notified {
		r.notifyPayment(tx, what, m.Attempt, string(m.Kind)+"/"+m.ID)
	}
	return nil
}

func (r *System) notifyPayment(tx *db.Tx, what webhook.Type, a attempt.Attempt, key string) {
	r.Webhooks.Emit(tx, webhook.EventInput{
		BusinessID: a.BusinessID, Mode: a.Mode, Object: string(a.ID), Type: what, Key: key,
		Data: func(ctx context.Context, tx *db.Tx) (any, error) {
			return r.Objects.Payment(ctx, tx, a.BusinessID, a.ID)
		},
	})
}

func (r *System) customerTagged(ctx context.Context, tx *db.Tx, businessID business.ID, id customer.ID, tagID tag.ID) error {
	b, err := r.Businesses.ByIDTx(ctx, tx, businessID)
	if err != nil {
		return err
	}
	r.Webhooks.Emit(tx, webhook.EventInput{
		BusinessID: businessID, Mode: b.Mode, Object: string(id), Type: webhook.CustomerTagged,
		Data: func(ctx context.Context, tx *db.Tx) (any, error) {
			return r.Objects.Tagged(ctx, tx, businessID, id, tagID)
		},
	})
	return nil
}

// deliveryStepped tells of each message that left, came or will not come.
func (r *System) deliveryStepped(_ context.Context, tx *db.Tx, sent delivery.Send, d delivery.Delivery) error {
	what, notified := map[message.State]webhook.Type{
		message.Sent: webhook.DeliverySent, message.Delivered: webhook.DeliveryDelivered, message.Failed: webhook.DeliveryFailed,
	}[d.Status]
	if notified {
		r.Webhooks.Emit(tx, webhook.EventInput{
			BusinessID: sent.BusinessID, Mode: sent.Mode, Object: d.ID, Type: what,
			Data: func(context.Context, *db.Tx) (any, error) { return r.Objects.Delivery(sent, d), nil },
		})
	}
	return nil
}

// reminderSent tells of a reminder that went out, once, whatever its messages
// do later.
func (r *System) reminderSent(_ context.Context, tx *db.Tx, sent delivery.Send) error {
	if sent.Kind == delivery.KindReminder && (sent.Status == message.Sent || sent.Status == message.Delivered) {
		r.Webhooks.Emit(tx, webhook.EventInput{
			BusinessID: sent.BusinessID, Mode: sent.Mode, Object: string(sent.ID), Type: webhook.ReminderSent, Key: "reminder/" + string(sent.ID),
			Data: func(context.Context, *db.Tx) (any, error) { return r.Objects.Reminder(sent), nil },
		})
	}
	return nil
}
