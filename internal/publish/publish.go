// Package publish makes, changes and duplicates links together with what goes with
// them: whom a link is for, how it reminds and its first send. All of it is one
// transaction, so that a link is never there without what was said of it.
package publish

import (
	"context"

	"smartlinks/internal/business"
	"smartlinks/internal/customer"
	"smartlinks/internal/db"
	"smartlinks/internal/delivery"
	"smartlinks/internal/link"
	"smartlinks/internal/product"
	"smartlinks/internal/reminder"
)

// Config is what links are published with.
type Config struct {
	DB         *db.DB
	Links      *link.Links
	Reminders  *reminder.Reminders
	Deliveries *delivery.Deliveries
}

// Publisher publishes links. It is safe for concurrent use.
type Publisher struct{ Config }

// New returns the publisher.
func New(c Config) *Publisher { return &Publisher{c} }

// With is what goes with a link. The zero value is nothing: the link is stored alone,
// and reminds as it did. Each function may run again when the transaction does.
type With struct {
	// Customer finds whom the link is for, or makes them; nil leaves it to the fields.
	Customer func(ctx context.Context, tx *db.Tx) (customer.ID, error)
	// Product finds what the link sells, or makes it; nil leaves it to the fields.
	Product func(ctx context.Context, tx *db.Tx) (product.ID, error)
	// Reminders are how the link reminds from now on, given how it did; nil of either
	// is not at all.
	Reminders func(before *reminder.Settings) (*reminder.Settings, error)
	// Send is the first send, given whom the link is for, "" for nobody in particular.
	Send func(own customer.ID) delivery.Request
}

// Published is a stored link and what became of its send.
type Published struct {
	Link link.Link
	Sent delivery.Started
}

// Create makes a link with what goes with it, or nothing at all. Errors: those of
// link.Create, and those of its customer, its reminders and its send.
func (p *Publisher) Create(ctx context.Context, b business.Business, f link.Fields, with With) (done Published, err error) {
	err = p.DB.InTx(ctx, func(tx *db.Tx) error {
		done, err = p.CreateTx(ctx, tx, b, f, with)
		return err
	})
	return done, err
}

// CreateTx is Create inside a transaction of the caller's.
func (p *Publisher) CreateTx(ctx context.Context, tx *db.Tx, b business.Business, f link.Fields, with With) (Published, error) {
	set, err := with.found(ctx, tx)
	if err != nil {
		return Published{}, err
	}
	set(&f)
	l, err := p.Links.CreateTx(ctx, tx, b, f)
	if err != nil {
		return Published{}, err
	}
	return p.complete(ctx, tx, b, l, with)
}

// Change changes the link that was read at the version, 0 for any, with what goes with
// it, or nothing at all. Errors: those of link.Edit, and those of its customer, its
// reminders and its send.
func (p *Publisher) Change(ctx context.Context, b business.Business, id link.ID, version int64, edit func(*link.Fields), with With) (done Published, err error) {
	err = p.DB.InTx(ctx, func(tx *db.Tx) error {
		done, err = p.change(ctx, tx, b, id, version, edit, with)
		return err
	})
	return done, err
}

func (p *Publisher) change(ctx context.Context, tx *db.Tx, b business.Business, id link.ID, version int64, edit func(*link.Fields), with With) (Published, error) {
	set, err := with.found(ctx, tx)
	if err != nil {
		return Published{}, err
	}
	due := ""
	l, err := p.Links.EditTx(ctx, tx, b, id, version, func(f *link.Fields) {
		due = f.DueOn
		edit(f)
		set(f)
	})
	if err != nil {
		return Published{}, err
	}
	if due != "" && l.DueOn == "" && with.Reminders == nil { // days that count from it are refused as when they are new
		with.Reminders = func(kept *reminder.Settings) (*reminder.Settings, error) { return kept, nil }
	}
	return p.complete(ctx, tx, b, l, with)
}

// found finds or makes whom the link is for and what it sells, and sets both.
func (w With) found(ctx context.Context, tx *db.Tx) (set func(*link.Fields), err error) {
	var who customer.ID
	var what product.ID
	if w.Customer != nil {
		if who, err = w.Customer(ctx, tx); err != nil {
			return nil, err
		}
	}
	if w.Product != nil {
		if what, err = w.Product(ctx, tx); err != nil {
			return nil, err
		}
	}
	return func(f *link.Fields) {
		if w.Customer != nil {
			f.CustomerID = who
		}
		if w.Product != nil {
			f.ProductID = what
		}
	}, nil
}

// Duplicate makes an inactive copy of a link, as link.Duplicate does, that reminds as
// the first does: nobody of the first is reminded by the copy. Errors: NotFound.
func (p *Publisher) Duplicate(ctx context.Context, b business.Business, id link.ID) (l link.Link, err error) {
	err = p.DB.InTx(ctx, func(tx *db.Tx) error {
		if l, err = p.Links.DuplicateTx(ctx, tx, b, id); err != nil {
			return err
		}
		set, err := p.Reminders.Settings(ctx, tx, b.ID, id)
		if err != nil || set == nil {
			return err
		}
		return p.Reminders.SetTx(ctx, tx, b, l.ID, set)
	})
	return l, err
}

// complete adds to a stored link what goes with it. Reminders come before the send,
// because the send begins them.
func (p *Publisher) complete(ctx context.Context, tx *db.Tx, b business.Business, l link.Link, with With) (Published, error) {
	done := Published{Link: l}
	if with.Reminders != nil {
		before, err := p.Reminders.Settings(ctx, tx, b.ID, l.ID)
		if err != nil {
			return Published{}, err
		}
		after, err := with.Reminders(before)
		if err != nil {
			return Published{}, err
		}
		if err := p.Reminders.SetTx(ctx, tx, b, l.ID, after); err != nil {
			return Published{}, err
		}
	}
	if with.Send == nil {
		return done, nil
	}
	sent, err := p.Deliveries.StartTx(ctx, tx, b, l, with.Send(l.CustomerID))
	if err != nil {
		return Published{}, err
	}
	done.Sent = sent
	return done, nil
}
