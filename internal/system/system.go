// Package system wires every feature once: what the program runs is what its
// commands and its tests run.
package system

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"log/slog"
	"net/http"
	netmail "net/mail"
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
	"smartlinks/internal/message/email"
	"smartlinks/internal/message/mailbox"
	"smartlinks/internal/message/sms"
	"smartlinks/internal/payment"
	"smartlinks/internal/payment/keyring"
	"smartlinks/internal/payment/outgoing"
	"smartlinks/internal/payment/sandbox"
	"smartlinks/internal/payrequest"
	"smartlinks/internal/picture"
	"smartlinks/internal/product"
	"smartlinks/internal/reminder"
	"smartlinks/internal/secret"
	"smartlinks/internal/tag"
	"smartlinks/internal/visit"
	"smartlinks/internal/web/api"
	"smartlinks/internal/webhook"
)

// Options are what the features need to know of the installation. The zero value of
// a field that says so is a useful one; the others are required.
type Options struct {
	// Key is the installation's secret key, of secret.KeySize bytes.
	Key []byte
	// Sandbox is test mode: play money, a mailbox.
	Sandbox bool
	// SandboxPublic tells that strangers reach test mode: the mailbox then shows no
	// mails about accounts.
	SandboxPublic bool
	// Limits switches throttles and caps on holds on.
	Limits bool
	// PublicURL is where payers reach the installation, without a path.
	PublicURL *url.URL
	// HookURL is where this process hears the sandbox's webhooks: past any proxy,
	// because it may not let us out and in again. PublicURL when empty.
	HookURL string
	// Mail is the installation's mail server; nil: none, or the mailbox in test mode.
	Mail *email.Server
	// MailFrom is the address that mails come from; no-reply@ the public host when empty.
	MailFrom netmail.Address
	// SMS is the installation's account at an SMS gateway; the zero value is none, or
	// the mailbox in test mode. SMSBases lead to stand-ins for the gateways.
	SMS      sms.Account
	SMSBases sms.Bases
	// StripeAPI and MollieAPI lead to stand-ins for the providers; "" is the real one.
	StripeAPI, MollieAPI string
	// Watch observes what a provider is asked; nil: nobody does.
	Watch func(provider string) outgoing.Watch
	// PasswordCost is what hashing a password costs; zero is the usual cost.
	PasswordCost account.Cost
	// PrivateWebhooks lets webhooks reach private addresses.
	PrivateWebhooks bool
	Log             *slog.Logger
}

// System is every feature of the product, wired once: for the program, for its
// commands and for tests.
type System struct {
	DB         *db.DB
	Queue      *job.Queue
	Businesses *business.Businesses
	Accounts   *account.Accounts
	TwoStep    *account.TwoStep
	Products   *product.Products
	Tags       *tag.Tags
	Customers  *customer.Customers
	Links      *link.Links
	Payments   *payment.Payments
	Sandbox    *sandbox.Sandbox // nil without Options.Sandbox
	Keys       *keyring.Ring
	Messages   *message.Messages
	Mailbox    *mailbox.Mailbox // nil without Options.Sandbox
	Deliveries *delivery.Deliveries
	Reminders  *reminder.Reminders
	Webhooks   *webhook.Webhooks
	Imports    *importer.Imports
	Calls      *payrequest.Calls
	Objects    *api.Objects // what events show
	Sealer     *secret.Sealer
}

// New wires the features, in the order in which they know each other. Nothing runs
// in the background before Start.
func New(d *db.DB, o Options) (*System, error) {
	sealer, err := secret.NewSealer(o.Key)
	if err != nil {
		return nil, err
	}
	pictures := picture.NewDecoder()
	r := &System{DB: d, Sealer: sealer, Accounts: account.New(d, d.Random(), o.Limits), Products: product.New(d, pictures), Tags: tag.New(d)}
	if o.PasswordCost != (account.Cost{}) {
		r.Accounts = account.NewWithCost(d, d.Random(), o.Limits, o.PasswordCost)
	}
	if r.Queue, err = job.New(d, o.Log); err != nil {
		return nil, err
	}
	providers, defaultProvider := map[string]payment.Provider{}, ""
	if o.Sandbox {
		defaultProvider = business.Sandbox
		r.Sandbox = sandbox.New(d, Derive(o.Key, "sandbox"), o.PublicURL.String(), &http.Client{Timeout: 15 * time.Second}, o.Log)
		providers[business.Sandbox] = r.Sandbox
	}
	r.Accounts.OnEvent(r.accountEvent(o))
	r.TwoStep = account.NewTwoStep(r.Accounts, sealer)
	r.Businesses = business.New(d, sealer, defaultProvider, pictures)
	r.wireProviders(o, providers)
	r.Customers = customer.New(d, r.Tags)
	r.Links = link.New(d, r.Tags, r.Products)
	if err := r.wireMail(o); err != nil {
		return nil, err
	}
	r.Payments = payment.New(payment.Config{
		DB: d, Queue: r.Queue, Links: r.Links, Businesses: r.Businesses, Customers: r.Customers, Providers: providers, PublicURL: o.PublicURL.String(), HookURL: o.HookURL,
		Limits: o.Limits, SourceKey: Derive(o.Key, "payer sources"), Log: o.Log, OnStart: visit.CountAttempt, Effects: []payment.Effect{
			{Name: "count", Do: visit.CountPayment},
			{Name: "tag customer", Do: r.tagCustomer},
			{Name: "receipt", Do: r.Messages.Receipt},
			{Name: "tell owners", Do: r.Messages.TellOwners},
			{Name: "stop reminders", Do: r.stopReminders},
			{Name: "tell webhooks", Do: r.tellPaid},
			{Name: "call back", Do: r.callBack},
		}, Reactions: []payment.Reaction{
			{Name: "count", Do: visit.CountMovement},
			{Name: "tell", Do: r.Messages.MoneyMoved},
			{Name: "tell webhooks", Do: r.tellMoved},
		}, Ends: []payment.End{
			{Name: "tell webhooks", Do: r.tellFailed},
		},
	})
	r.Deliveries = delivery.New(delivery.Config{
		DB: d, Queue: r.Queue, Businesses: r.Businesses, Links: r.Links, Customers: r.Customers, Messages: r.Messages, PublicURL: o.PublicURL.String(),
	})
	r.Reminders = reminder.New(reminder.Config{
		DB: d, Businesses: r.Businesses, Links: r.Links, Customers: r.Customers, Deliveries: r.Deliveries, Messages: r.Messages,
	})
	r.Imports = importer.New(importer.Config{DB: d, Queue: r.Queue, Businesses: r.Businesses, Customers: r.Customers, Links: r.Links, Products: r.Products})
	r.wireEvents(o)
	r.Calls = payrequest.New(payrequest.Config{DB: d, Businesses: r.Businesses, Links: r.Links, Customers: r.Customers, Webhooks: r.Webhooks, PublicURL: o.PublicURL})
	r.Links.OnPrice(r.Payments.Accepts)
	r.Products.OnPrice(r.acceptsPrice)
	r.Tags.OnMerge(r.Customers.MoveTag)
	r.Tags.OnMerge(r.Links.MoveTag)
	r.Tags.OnDelete(r.Links.DropTag)
	r.Customers.OnMerge(r.Links.MoveCustomer)
	r.Customers.OnMerge(r.Payments.MoveCustomer)
	r.Customers.OnMerge(r.Deliveries.MoveCustomer)
	r.Customers.OnErase(r.Webhooks.EraseCustomer) // finds what was paid by the address, which payments forget
	r.Customers.OnErase(r.Payments.EraseCustomer)
	r.Customers.OnErase(r.Messages.EraseCustomer)
	r.Customers.OnErase(r.Imports.EraseCustomer)
	r.Customers.OnDelete(r.Deliveries.DropCustomer)
	r.Customers.OnDelete(r.Links.DropCustomer)
	r.Customers.OnDelete(r.Payments.DropCustomer)
	r.Links.OnDelete(r.Deliveries.DropLink)
	r.schedule()
	return r, nil
}

// tagCustomer does what the link of a payment does with its customer's tags.
func (r *System) tagCustomer(ctx context.Context, tx *db.Tx, p payment.Payment) error {
	if p.LinkID == "" {
		return nil
	}
	return r.Links.Paid(ctx, tx, r.Customers, p.BusinessID, p.LinkID, p.CustomerID)
}

// stopReminders ends the reminders of who paid. Payments are wired before what
// is sent to payers.
func (r *System) stopReminders(ctx context.Context, tx *db.Tx, p payment.Payment) error {
	return r.Reminders.Paid(ctx, tx, p)
}

// callBack tells the program that asked for the link of a payment.
func (r *System) callBack(ctx context.Context, tx *db.Tx, p payment.Payment) error {
	return r.Calls.Paid(ctx, tx, p)
}

// Derive makes a key for one purpose from the secret key.
func Derive(key []byte, purpose string) []byte {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte("smartlinks " + purpose))
	return mac.Sum(nil)
}
