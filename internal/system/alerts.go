package system

import (
	"cmp"
	"context"

	"smartlinks/internal/alert"
	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/delivery"
	"smartlinks/internal/link"
	"smartlinks/internal/message"
	"smartlinks/internal/payment"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/waitinglist"
)

// wireAlerts tells members and channels what happens.
func (r *System) wireAlerts(o Options) {
	r.Alerts = alert.New(alert.Config{
		DB: r.DB, Queue: r.Queue, Businesses: r.Businesses, Messages: r.Messages, Sealer: r.Sealer, Addresses: o.Addresses,
		AllowPrivate: o.PrivateWebhooks, TelegramAPI: o.TelegramAPI, Contact: o.Sender().Address, Log: o.Log,
	})
	r.Links.OnChange(r.newsOfLink)
	r.Waiting.OnJoined(r.newsOfWaiting)
	r.Deliveries.OnWrittenOff(r.newsOfReturned)
}

// newsOfAttempt is a piece of news about an attempt to pay.
func newsOfAttempt(what message.News, a attempt.Attempt) message.NewsItem {
	return message.NewsItem{What: what, Title: a.Title, Name: a.Payer.Name, Amount: &a.Amount, Path: []string{"transactions", string(a.ID)}, Test: a.Mode == business.Test}
}

// newsOfPayments tells of payments that came in, and of links that are full by them or
// nearly so. An import of past payments is no news.
func (r *System) newsOfPayments(_ context.Context, tx *db.Tx, s payment.Settlement) error {
	for _, p := range s.Payments {
		if p.Quiet {
			continue
		}
		told := newsOfAttempt(message.NewsPaid, p.Attempt)
		told.Amount = &p.Captured
		r.Alerts.Notify(tx, p.BusinessID, "paid/"+string(p.ID), told)
		if p.Slots.Capacity == nil {
			continue
		}
		about := message.NewsItem{Title: p.Title, Max: *p.Slots.Capacity, Path: []string{"links", string(p.LinkID)}, Test: told.Test}
		switch {
		case p.Last():
			about.What = message.NewsLimitReached
			r.Alerts.Notify(tx, p.BusinessID, "full/"+string(p.ID), about)
		case p.AlmostFull():
			about.What, about.Left = message.NewsAlmostFull, p.Slots.Left()
			r.Alerts.Notify(tx, p.BusinessID, "almost/"+string(p.ID), about)
		}
	}
	return nil
}

// newsOfMovement tells of money that went back, and of what needs somebody.
func (r *System) newsOfMovement(_ context.Context, tx *db.Tx, m payment.Movement) error {
	told := newsOfAttempt(message.NewsAttention, m.Attempt)
	told.Amount, told.Why = &m.Amount, string(m.Attention())
	switch {
	case m.Kind == payment.MoneyRefunded && m.Receipt != "":
		told.What, told.Why = message.NewsRefunded, string(m.Kind)
	case told.Why == "":
		return nil
	}
	r.Alerts.Notify(tx, m.BusinessID, string(m.Kind)+"/"+m.ID, told)
	return nil
}

func (r *System) newsOfFailure(_ context.Context, tx *db.Tx, a attempt.Attempt) error {
	if a.State == attempt.Failed {
		r.Alerts.Notify(tx, a.BusinessID, "failed/"+string(a.ID), newsOfAttempt(message.NewsFailed, a))
	}
	return nil
}

func (r *System) newsOfLink(_ context.Context, tx *db.Tx, b business.Business, c link.Change) error {
	if c.Kind == link.BecameOverdue {
		r.Alerts.Notify(tx, b.ID, "overdue/"+string(c.Link.ID)+"/"+tx.Now().UTC().Format("2006-01-02"), message.NewsItem{
			What: message.NewsOverdue, Title: c.Link.Name, Path: []string{"links", string(c.Link.ID)}, Test: b.Mode == business.Test,
		})
	}
	return nil
}

func (r *System) newsOfWaiting(ctx context.Context, tx *db.Tx, e waitinglist.Entry) error {
	l, err := r.Links.GetTx(ctx, tx, business.Business{ID: e.BusinessID, Mode: e.Mode}, e.LinkID)
	if err != nil {
		return err
	}
	r.Alerts.Notify(tx, e.BusinessID, "waiting/"+string(e.ID), message.NewsItem{
		What: message.NewsWaiting, Title: l.Name, Path: []string{"links", string(e.LinkID), "waiting"}, Test: e.Mode == business.Test,
	})
	return nil
}

// newsOfReturned tells that an address gets nothing more. Whoever owns it is a customer,
// a payer or a member.
func (r *System) newsOfReturned(ctx context.Context, tx *db.Tx, businessID business.ID, off delivery.Suppression) error {
	b, err := r.Businesses.ByIDTx(ctx, tx, businessID)
	if err != nil {
		return err
	}
	id, err := tx.NewID("off")
	if err != nil {
		return err
	}
	told := message.NewsItem{What: message.NewsReturned, Why: string(off.Cause), Name: off.Address, Path: []string{"settings", "email", "returned"}, Test: b.Mode == business.Test}
	customerID, err := r.Customers.WithEmail(ctx, tx, businessID, off.Address) // nobody's, of a number
	if err != nil {
		return err
	}
	if customerID != "" {
		who, err := r.Customers.GetTx(ctx, tx, businessID, customerID)
		if err != nil {
			return err
		}
		told.Name, told.Path = cmp.Or(who.Name, off.Address), []string{"customers", string(customerID)}
	}
	r.Alerts.Notify(tx, businessID, "returned/"+id, told)
	return nil
}
