package publish_test

import (
	"context"
	"testing"

	"smartlinks/internal/business"
	"smartlinks/internal/business/businesstest"
	"smartlinks/internal/customer"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/delivery"
	"smartlinks/internal/fault"
	"smartlinks/internal/link"
	"smartlinks/internal/message"
	"smartlinks/internal/money"
	"smartlinks/internal/product"
	"smartlinks/internal/publish"
	"smartlinks/internal/reminder"
	"smartlinks/internal/system"
	"smartlinks/internal/system/systemtest"
)

// world is an installation with a business.
type world struct {
	*testing.T
	*system.System
	acme business.Business
}

func each(t *testing.T, f func(w world)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		f(world{t, systemtest.New(t, d), businesstest.Make(t, d, "acme")})
	})
}

func lesson() link.Fields {
	f := link.Defaults()
	f.Name, f.Amount = "Lesson", &money.Amount{Minor: 2500, Currency: "EUR"}
	return f
}

// toAnna makes Anna, reminds her every week and sends her the link by the channels.
func (w world) toAnna(channels ...message.Channel) publish.With {
	return publish.With{
		Customer: func(ctx context.Context, tx *db.Tx) (customer.ID, error) {
			c, err := w.Customers.CreateTx(ctx, tx, w.acme, customer.Fields{Name: "Anna", Email: "anna@example.com"})
			return c.ID, err
		},
		Reminders: func(*reminder.Settings) (*reminder.Settings, error) {
			return &reminder.Settings{Frequency: reminder.Weekly, Max: 3}, nil
		},
		Send: func(own customer.ID) delivery.Request {
			return delivery.Request{Customers: []customer.ID{own}, Channels: channels}
		},
	}
}

func (w world) reminds(id link.ID) *reminder.Settings {
	w.Helper()
	set, err := w.Reminders.Settings(w.Context(), w.DB, w.acme.ID, id)
	if err != nil {
		w.Fatal(err)
	}
	return set
}

func TestLinkIsMadeWithItsCustomerRemindersAndSend(t *testing.T) {
	each(t, func(w world) {
		done, err := w.Publish.Create(w.Context(), w.acme, lesson(), w.toAnna(message.ByEmail))
		if err != nil {
			w.Fatal(err)
		}
		if len(done.Sent.Sends) != 1 || done.Sent.Sends[0].CustomerID != done.Link.CustomerID || done.Link.CustomerID == "" {
			w.Errorf("sent %+v of the link of %q", done.Sent.Sends, done.Link.CustomerID)
		}
		l, err := w.Links.Get(w.Context(), w.acme, done.Link.ID)
		if err != nil {
			w.Fatal(err)
		}
		sum, err := w.Reminders.Of(w.Context(), w.DB, w.acme, l)
		if err != nil || sum == nil || sum.Count != 1 || sum.Max != 3 {
			w.Errorf("its reminders are %+v, %v", sum, err)
		}
	})
}

func TestNothingOfALinkIsKeptWhenItsSendIsRefused(t *testing.T) {
	each(t, func(w world) {
		_, err := w.Publish.Create(w.Context(), w.acme, lesson(), w.toAnna()) // by no channel
		if !fault.Is(err, fault.Invalid) {
			w.Fatalf("a send by no channel: %v", err)
		}
		made, err := w.Links.List(w.Context(), w.acme, link.Filter{Limit: 10})
		if err != nil || made.Total != 0 {
			w.Errorf("%d links are kept, %v", made.Total, err)
		}
		if id, err := w.Customers.WithEmail(w.Context(), w.DB, w.acme.ID, "anna@example.com"); err != nil || id != "" {
			w.Errorf("the customer %q is kept, %v", id, err)
		}
	})
}

func TestLinkIsLeftAsItWasWhenItsSendIsRefused(t *testing.T) {
	each(t, func(w world) {
		made, err := w.Publish.Create(w.Context(), w.acme, lesson(), publish.With{})
		if err != nil {
			w.Fatal(err)
		}
		rename := func(f *link.Fields) { f.Name = "Course" }
		if _, err := w.Publish.Change(w.Context(), w.acme, made.Link.ID, made.Link.Version, rename, w.toAnna()); !fault.Is(err, fault.Invalid) {
			w.Fatalf("a send by no channel: %v", err)
		}
		if l, err := w.Links.Get(w.Context(), w.acme, made.Link.ID); err != nil || l.Name != "Lesson" || w.reminds(l.ID) != nil {
			w.Errorf("the link is %q and reminds %+v, %v", l.Name, w.reminds(l.ID), err)
		}
		done, err := w.Publish.Change(w.Context(), w.acme, made.Link.ID, made.Link.Version, rename, w.toAnna(message.ByEmail))
		if err != nil || done.Link.Name != "Course" || done.Link.CustomerID == "" || len(done.Sent.Sends) != 1 || w.reminds(done.Link.ID) == nil {
			w.Errorf("changed to %+v, %v", done, err)
		}
		if _, err := w.Publish.Change(w.Context(), w.acme, made.Link.ID, made.Link.Version, rename, publish.With{}); !fault.Is(err, fault.Stale) {
			w.Errorf("a change of what was read before: %v", err)
		}
	})
}

func TestChangeThatSaysNothingOfRemindersKeepsThem(t *testing.T) {
	each(t, func(w world) {
		made, err := w.Publish.Create(w.Context(), w.acme, lesson(), w.toAnna(message.ByEmail))
		if err != nil {
			w.Fatal(err)
		}
		done, err := w.Publish.Change(w.Context(), w.acme, made.Link.ID, 0, func(f *link.Fields) { f.Name = "Course" }, publish.With{})
		if err != nil || done.Link.CustomerID != made.Link.CustomerID || w.reminds(made.Link.ID) == nil {
			w.Errorf("changed to %+v, reminding %+v, %v", done.Link, w.reminds(made.Link.ID), err)
		}
	})
}

func TestChangeThatSaysNothingOfTheProductKeepsIt(t *testing.T) {
	each(t, func(w world) {
		make, err := w.Products.Draft(w.Context(), w.acme, product.Fields{Name: "Mug", Active: true, Price: money.Amount{Minor: 1200, Currency: "EUR"}})
		if err != nil {
			w.Fatal(err)
		}
		sells := publish.With{Product: func(ctx context.Context, tx *db.Tx) (product.ID, error) {
			p, err := make(ctx, tx)
			return p.ID, err
		}}
		made, err := w.Publish.Create(w.Context(), w.acme, link.Fields{Name: "Mug", Type: link.Product, Active: true}, sells)
		if err != nil || made.Link.ProductID == "" {
			w.Fatalf("made %+v, %v", made.Link, err)
		}
		done, err := w.Publish.Change(w.Context(), w.acme, made.Link.ID, 0, func(f *link.Fields) { f.Name = "Cup" }, publish.With{})
		if err != nil || done.Link.ProductID != made.Link.ProductID || done.Link.Name != "Cup" {
			w.Errorf("changed to %+v, %v", done.Link, err)
		}
	})
}

func TestCopyOfALinkRemindsAsItDoesButNobodyOfIt(t *testing.T) {
	each(t, func(w world) {
		made, err := w.Publish.Create(w.Context(), w.acme, lesson(), w.toAnna(message.ByEmail))
		if err != nil {
			w.Fatal(err)
		}
		l, err := w.Publish.Duplicate(w.Context(), w.acme, made.Link.ID)
		if err != nil || l.Active {
			w.Fatalf("the copy is %+v, %v", l, err)
		}
		sum, err := w.Reminders.Of(w.Context(), w.DB, w.acme, l)
		if err != nil || sum == nil || sum.Max != 3 || sum.Count != 0 {
			w.Errorf("its reminders are %+v, %v", sum, err)
		}
		if _, err := w.Publish.Duplicate(w.Context(), w.acme, "lnk_none"); !fault.Is(err, fault.NotFound) {
			w.Errorf("a copy of nothing: %v", err)
		}
	})
}
