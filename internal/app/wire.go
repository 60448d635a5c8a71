package app

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"time"

	"smartlinks/internal/account"
	"smartlinks/internal/business"
	"smartlinks/internal/customer"
	"smartlinks/internal/db"
	"smartlinks/internal/delivery"
	"smartlinks/internal/importer"
	"smartlinks/internal/job"
	"smartlinks/internal/link"
	"smartlinks/internal/message"
	"smartlinks/internal/message/mailbox"
	"smartlinks/internal/payment"
	"smartlinks/internal/payment/keyring"
	"smartlinks/internal/payment/outgoing"
	"smartlinks/internal/payment/sandbox"
	"smartlinks/internal/product"
	"smartlinks/internal/reminder"
	"smartlinks/internal/secret"
	"smartlinks/internal/tag"
	"smartlinks/internal/visit"
	"smartlinks/internal/web/api"
	"smartlinks/internal/webhook"
)

// settings are what the rooms need to know of the installation.
type settings struct {
	key          []byte
	sandbox      bool
	limits       bool
	apiOrigins   []string // sites whose pages may call the API
	metricsToken string
	spool        string // folder of views that wait for the database
	publicURL    *url.URL
	// hookURL is where this process hears the sandbox's webhooks: past any
	// proxy, because it may not let us out and in again.
	hookURL string
	mail    mailFlags
	// providers leads to stand-ins for them, and asked watches what they are asked.
	providers providerFlags
	asked     func(provider string) outgoing.Watch
	log       *slog.Logger
	// privateWebhooks lets webhooks reach private addresses.
	privateWebhooks bool
	// private says that only this machine reaches the server.
	private bool
}

// rooms are the features, wired.
type rooms struct {
	d          *db.DB
	businesses *business.Businesses
	accounts   *account.Accounts
	twoStep    *account.TwoStep
	products   *product.Products
	tags       *tag.Tags
	customers  *customer.Customers
	links      *link.Links
	payments   *payment.Payments
	sandbox    *sandbox.Sandbox // nil without --sandbox
	ring       *keyring.Ring
	messages   *message.Messages
	mailbox    *mailbox.Mailbox // nil without --sandbox
	deliveries *delivery.Deliveries
	reminders  *reminder.Reminders
	webhooks   *webhook.Webhooks
	imports    *importer.Imports
	objects    *api.Objects // for events
	sealer     *secret.Sealer
}

// wire makes the features, in the order in which they know each other.
func wire(d *db.DB, s settings) (*rooms, error) {
	sealer, err := secret.NewSealer(s.key)
	if err != nil {
		return nil, err
	}
	r := &rooms{d: d, sealer: sealer, accounts: account.New(d, d.Random(), s.limits), products: product.New(d), tags: tag.New(d)}
	providers, defaultProvider := map[string]payment.Provider{}, ""
	if s.sandbox {
		defaultProvider = business.Sandbox
		r.sandbox = sandbox.New(d, derive(s.key, "sandbox"), s.publicURL.String(), &http.Client{Timeout: 15 * time.Second}, s.log)
		providers[business.Sandbox] = r.sandbox
	}
	r.twoStep = account.NewTwoStep(r.accounts, sealer)
	r.businesses = business.New(d, sealer, defaultProvider)
	r.wireProviders(d, s, sealer, providers)
	r.customers = customer.New(d, r.tags)
	r.links = link.New(d, r.tags, r.products)
	if err := r.wireMail(s, sealer); err != nil {
		return nil, err
	}
	r.payments = payment.New(payment.Config{
		DB: d, Links: r.links, Businesses: r.businesses, Customers: r.customers, Providers: providers, PublicURL: s.publicURL.String(), HookURL: s.hookURL,
		Limits: s.limits, Log: s.log, OnStart: visit.CountAttempt, Effects: []payment.Effect{
			{Name: "count", Do: visit.CountPayment},
			{Name: "tag customer", Do: r.tagCustomer},
			{Name: "receipt", Do: r.messages.Receipt},
			{Name: "tell owners", Do: r.messages.TellOwners},
			{Name: "stop reminders", Do: r.stopReminders},
			{Name: "tell webhooks", Do: r.tellPaid},
		}, Reactions: []payment.Reaction{
			{Name: "count", Do: visit.CountMovement},
			{Name: "tell", Do: r.messages.MoneyMoved},
			{Name: "tell webhooks", Do: r.tellMoved},
		}, Ends: []payment.End{
			{Name: "tell webhooks", Do: r.tellFailed},
		},
	})
	r.deliveries = delivery.New(delivery.Config{
		DB: d, Businesses: r.businesses, Links: r.links, Customers: r.customers, Messages: r.messages, PublicURL: s.publicURL.String(),
	})
	r.messages.OnAnswer(r.heed)
	r.reminders = reminder.New(reminder.Config{
		DB: d, Businesses: r.businesses, Links: r.links, Customers: r.customers, Deliveries: r.deliveries, Messages: r.messages,
	})
	r.imports = importer.New(importer.Config{DB: d, Businesses: r.businesses, Customers: r.customers, Links: r.links, Products: r.products})
	r.wireEvents(s, sealer)
	r.links.OnPrice(r.payments.Accepts)
	r.products.OnPrice(r.acceptsPrice)
	r.tags.OnMerge(r.customers.MoveTag)
	r.tags.OnMerge(r.links.MoveTag)
	r.tags.OnDelete(r.links.DropTag)
	r.customers.OnMerge(r.links.MoveCustomer)
	r.customers.OnMerge(r.payments.MoveCustomer)
	r.customers.OnMerge(r.deliveries.MoveCustomer)
	r.customers.OnErase(r.webhooks.EraseCustomer) // finds what was paid by the address, which payments forget
	r.customers.OnErase(r.payments.EraseCustomer)
	r.customers.OnErase(r.messages.EraseCustomer)
	r.customers.OnErase(r.imports.EraseCustomer)
	r.customers.OnDelete(r.deliveries.DropCustomer)
	r.customers.OnDelete(r.links.DropCustomer)
	r.customers.OnDelete(r.payments.DropCustomer)
	return r, nil
}

// tagCustomer does what the link of a payment does with its customer's tags.
func (r *rooms) tagCustomer(ctx context.Context, tx *db.Tx, p payment.Payment) error {
	if p.LinkID == "" {
		return nil
	}
	return r.links.Paid(ctx, tx, r.customers, p.BusinessID, p.LinkID, p.CustomerID)
}

// stopReminders ends the reminders of who paid. Payments are wired before what
// is sent to payers.
func (r *rooms) stopReminders(ctx context.Context, tx *db.Tx, p payment.Payment) error {
	return r.reminders.Paid(ctx, tx, p)
}

// derive makes a key for one purpose from the secret key.
func derive(key []byte, purpose string) []byte {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte("smartlinks " + purpose))
	return mac.Sum(nil)
}

// due does everything that fell due, and returns when nothing is left.
func (r *rooms) due(ctx context.Context) error {
	if err := r.settle(ctx); err != nil {
		return err
	}
	if err := r.imports.ContinueDue(ctx); err != nil {
		return err
	}
	if err := r.deliveries.ContinueDue(ctx); err != nil {
		return err
	}
	if _, err := r.reminders.SendDue(ctx); err != nil {
		return err
	}
	return r.messages.SendDue(ctx)
}

// settle does what fell due about money. It never waits for a mail.
func (r *rooms) settle(ctx context.Context) error {
	for {
		settled, err := r.payments.SweepDue(ctx)
		if err != nil {
			return err
		}
		sent := 0
		if r.sandbox != nil {
			if sent, err = r.sandbox.DeliverDue(ctx); err != nil {
				return err
			}
		}
		if settled+sent == 0 {
			return nil
		}
	}
}

// Intervals of the work that comes back. What is urgent happens with the
// request that caused it; these settle what was missed.
const (
	sweepEvery  = 5 * time.Second
	remindEvery = 15 * time.Second
	cleanEvery  = time.Hour
)

// forgotten is the payload of the job that removes a deleted link's views.
type forgotten struct{ Business, Link string }

// sending is the payload of the job that sends a link to many.
type sending struct {
	Business business.ID
	Batch    delivery.BatchID
}

// importing is the payload of the job that makes the lines of a file.
type importing struct {
	Business business.ID
	Import   importer.ID
}

// work tells the queue what to do, and who enqueues.
func (r *rooms) work(q *job.Queue) {
	q.Every("sweep", sweepEvery, r.settle)
	q.Every("remind", remindEvery, func(ctx context.Context) error {
		_, err := r.reminders.SendDue(ctx)
		return err
	})
	q.Every("clean", cleanEvery, func(ctx context.Context) error {
		return errors.Join(r.sweepAll(ctx), visit.PreparePartitions(ctx, r.d))
	})
	q.Handle("forget views", func(ctx context.Context, payload []byte) error {
		var f forgotten
		if err := json.Unmarshal(payload, &f); err != nil {
			return err
		}
		return visit.Forget(ctx, r.d, f.Business, f.Link)
	})
	q.Handle("send to many", func(ctx context.Context, payload []byte) error {
		var s sending
		if err := json.Unmarshal(payload, &s); err != nil {
			return err
		}
		return r.deliveries.Continue(ctx, s.Business, s.Batch)
	})
	r.deliveries.OnBatch(func(ctx context.Context, tx *db.Tx, businessID business.ID, id delivery.BatchID) error {
		return q.Enqueue(ctx, tx, "send to many", sending{businessID, id})
	})
	q.Handle("import", func(ctx context.Context, payload []byte) error {
		var i importing
		if err := json.Unmarshal(payload, &i); err != nil {
			return err
		}
		return r.imports.Continue(ctx, i.Business, i.Import)
	})
	r.imports.OnStart(func(ctx context.Context, tx *db.Tx, businessID business.ID, id importer.ID) error {
		return q.Enqueue(ctx, tx, "import", importing{businessID, id})
	})
	r.links.OnDelete(func(ctx context.Context, tx *db.Tx, businessID business.ID, id link.ID) error {
		if err := r.deliveries.DropLink(ctx, tx, businessID, id); err != nil {
			return err
		}
		return q.Enqueue(ctx, tx, "forget views", forgotten{string(businessID), string(id)})
	})
}
