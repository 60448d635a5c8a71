// Package system wires every feature once: what the program runs is what its
// commands and its tests run.
package system

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/tls"
	"log/slog"
	"net/http"
	netmail "net/mail"
	"time"

	"smartlinks/internal/account"
	"smartlinks/internal/address"
	"smartlinks/internal/alert"
	"smartlinks/internal/audit"
	"smartlinks/internal/bounce"
	"smartlinks/internal/business"
	"smartlinks/internal/coupon"
	"smartlinks/internal/customer"
	"smartlinks/internal/db"
	"smartlinks/internal/delivery"
	"smartlinks/internal/domain"
	"smartlinks/internal/grant"
	"smartlinks/internal/importer"
	"smartlinks/internal/job"
	"smartlinks/internal/link"
	"smartlinks/internal/message"
	"smartlinks/internal/message/email"
	"smartlinks/internal/message/mailbox"
	"smartlinks/internal/message/sms"
	"smartlinks/internal/payment"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/payment/banktransfer"
	"smartlinks/internal/payment/keyring"
	"smartlinks/internal/payment/outgoing"
	"smartlinks/internal/payment/provider"
	"smartlinks/internal/payment/sandbox"
	"smartlinks/internal/payrequest"
	"smartlinks/internal/picture"
	"smartlinks/internal/product"
	"smartlinks/internal/publish"
	"smartlinks/internal/receipt"
	"smartlinks/internal/recovery"
	"smartlinks/internal/reminder"
	"smartlinks/internal/requests"
	"smartlinks/internal/saved"
	"smartlinks/internal/secret"
	"smartlinks/internal/share"
	"smartlinks/internal/statement"
	"smartlinks/internal/tag"
	"smartlinks/internal/visit"
	"smartlinks/internal/waitinglist"
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
	// mails about accounts, and mail servers of businesses are dialled at public addresses
	// alone, as outside of it.
	SandboxPublic bool
	// Limits switches throttles and caps on holds on.
	Limits bool
	// Addresses makes our web addresses.
	Addresses address.Book
	// HookURL is where this process hears the sandbox's webhooks: past any proxy,
	// because it may not let us out and in again. Our public address when empty.
	HookURL string
	// Mail is the installation's mail server; nil: none, or the mailbox in test mode.
	Mail *email.Server
	// MailGateway is a stand-in for the mail server; nil: none.
	MailGateway message.Gateway
	// MailFrom is the address that mails come from; no-reply@ the public host when empty.
	MailFrom netmail.Address
	// MailTrust are the certificates of the servers of mailboxes; nil: the system's.
	MailTrust *tls.Config
	// EventClient asks for the certificates of mail services; nil: one that reaches public
	// addresses alone.
	EventClient *http.Client
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
	// Resolver asks DNS about own domains; nil is the system's.
	Resolver domain.Resolver
	// Certify gets the certificate of an own domain; nil: whoever stands before this
	// installation has it.
	Certify func(ctx context.Context, host string) error
	// PrivateWebhooks lets webhooks reach private addresses.
	PrivateWebhooks bool
	// TelegramAPI leads to a stand-in for Telegram; "" is the real one.
	TelegramAPI string
	Log         *slog.Logger
}

// System is every feature of the product, wired once: for the program, for its
// commands and for tests.
type System struct {
	DB         *db.DB
	Queue      *job.Queue
	Businesses *business.Businesses
	Audit      *audit.Log
	Accounts   *account.Accounts
	TwoStep    *account.TwoStep
	Products   *product.Products
	Tags       *tag.Tags
	Customers  *customer.Customers
	Links      *link.Links
	Coupons    *coupon.Coupons
	Payments   *payment.Payments
	Receipts   *receipt.Receipts
	Sandbox    *sandbox.Sandbox // nil without Options.Sandbox
	Keys       *keyring.Ring
	Transfers  *banktransfer.Transfers
	Statements *statement.Statements
	Messages   *message.Messages
	Mailbox    *mailbox.Mailbox // nil without Options.Sandbox
	Deliveries *delivery.Deliveries
	Bounces    *bounce.Bounces
	Reminders  *reminder.Reminders
	Publish    *publish.Publisher
	Share      *share.Texts
	Saved      *saved.Searches
	Webhooks   *webhook.Webhooks
	Imports    *importer.Imports
	Requests   *requests.Requests
	Grants     *grant.Grants
	Waiting    *waitinglist.List
	Recovery   *recovery.Recoveries
	Calls      *payrequest.Calls
	Domains    *domain.Domains
	Addresses  address.Book // with the own domains
	Objects    *api.Objects // what events show
	Alerts     *alert.Alerts
	Sealer     *secret.Sealer

	receiptLocalizer func(language string) receipt.Localizer
}

// New wires the features, in the order in which they know each other. Nothing runs
// in the background before Start.
func New(d *db.DB, o Options) (*System, error) {
	sealer, err := secret.NewSealer(o.Key)
	if err != nil {
		return nil, err
	}
	pictures := picture.NewDecoder()
	r := &System{DB: d, Sealer: sealer, Audit: audit.New(d), Accounts: account.New(d, d.Random(), o.Limits), Products: product.New(d, pictures), Tags: tag.New(d)}
	if o.PasswordCost != (account.Cost{}) {
		r.Accounts = account.NewWithCost(d, d.Random(), o.Limits, o.PasswordCost)
	}
	r.Queue = job.New(d, o.Log)
	providers, defaultProvider := map[string]provider.Provider{}, ""
	if o.Sandbox {
		defaultProvider = business.Sandbox
		r.Sandbox = sandbox.New(d, r.Queue, Derive(o.Key, "sandbox"), o.Addresses, &http.Client{Timeout: 15 * time.Second}, o.Log)
		providers[business.Sandbox] = r.Sandbox
	}
	r.Accounts.OnEvent(r.accountEvent(o))
	r.TwoStep = account.NewTwoStep(r.Accounts, sealer)
	r.Businesses = business.New(d, sealer, defaultProvider, pictures)
	r.Domains = domain.New(domain.Config{DB: d, Queue: r.Queue, Addresses: o.Addresses, Resolver: o.resolver(), Certify: o.Certify, Log: o.Log})
	o.Addresses = o.Addresses.With(r.Domains.Directory)
	r.Addresses = o.Addresses
	r.wireProviders(o, providers)
	r.Customers = customer.New(d, r.Tags)
	r.Links = link.New(d, r.Tags, r.Products)
	r.Coupons = coupon.New(d)
	if err := r.wireMail(o); err != nil {
		return nil, err
	}
	r.Payments = payment.New(payment.Config{
		DB: d, Queue: r.Queue, Links: r.Links, Businesses: r.Businesses, Customers: r.Customers, Coupons: r.Coupons, Providers: providers, Addresses: o.Addresses, HookURL: o.HookURL,
		Limits: o.Limits, SourceKey: Derive(o.Key, "payer sources"), Log: o.Log, OnStart: r.attemptsStarted, OnPending: r.notifyPending, Offers: offers{r}, Effects: []payment.Effect{
			{Name: "count", Do: visit.CountPayments},
			{Name: "tag customer", Do: r.tagCustomers},
			{Name: "receipt", Begin: r.Messages.Receipts},
			{Name: "tell members", Begin: r.Messages.NotifyMembers},
			{Name: "tell channels", Do: r.newsOfPayments},
			{Name: "stop reminders", Where: reminder.Reminded, Do: each(func(ctx context.Context, tx *db.Tx, p payment.Payment) error { return r.Reminders.Paid(ctx, tx, p) })},
			{Name: "tell webhooks", Begin: r.notifyPaid},
			{Name: "call back", Where: payrequest.Asked, Do: each(func(ctx context.Context, tx *db.Tx, p payment.Payment) error { return r.Calls.Paid(ctx, tx, p) })},
			{Name: "leave waiting list", Where: waitinglist.Waited, Do: each(func(ctx context.Context, tx *db.Tx, p payment.Payment) error { return r.Waiting.Paid(ctx, tx, p) })},
		}, Reactions: []payment.Reaction{
			{Name: "count", Do: visit.CountMovement},
			{Name: "tell", Do: r.Messages.NotifyMovement},
			{Name: "tell webhooks", Do: r.notifyMovement},
			{Name: "tell channels", Do: r.newsOfMovement},
		}, Ends: []payment.End{
			{Name: "tell webhooks", Do: r.notifyFailed},
			{Name: "tell of transfers", Do: r.mailTransferEnded},
			{Name: "tell channels", Do: r.newsOfFailure},
			{Name: "plan recovery", Do: func(ctx context.Context, tx *db.Tx, a attempt.Attempt) error { return r.Recovery.Ended(ctx, tx, a) }},
		},
	})
	r.Receipts = receipt.New(receipt.Config{DB: d, Businesses: r.Businesses, Payments: r.Payments})
	r.Statements = statement.New(statement.Config{DB: d, Queue: r.Queue, Businesses: r.Businesses, Payments: r.Payments, Transfers: r.Transfers, Audit: r.Audit, Sealer: sealer, Log: o.Log})
	r.Deliveries = delivery.New(delivery.Config{
		DB: d, Queue: r.Queue, Businesses: r.Businesses, Links: r.Links, Customers: r.Customers, Messages: r.Messages, Addresses: o.Addresses,
	})
	r.Bounces = bounce.New(bounce.Config{
		DB: d, Queue: r.Queue, Businesses: r.Businesses, Messages: r.Messages, Deliveries: r.Deliveries, Sealer: sealer, Addresses: o.Addresses,
		AllowPrivate: o.ownPrivate(), Trust: o.MailTrust, Client: o.EventClient, Log: o.Log,
	})
	r.Reminders = reminder.New(reminder.Config{
		DB: d, Queue: r.Queue, Businesses: r.Businesses, Links: r.Links, Customers: r.Customers, Deliveries: r.Deliveries, Messages: r.Messages,
	})
	r.Share = share.New(d, r.Links)
	r.Saved = saved.New(d)
	r.Publish = publish.New(publish.Config{DB: d, Links: r.Links, Reminders: r.Reminders, Deliveries: r.Deliveries})
	r.Waiting = waitinglist.New(waitinglist.Config{DB: d, Queue: r.Queue, Businesses: r.Businesses, Links: r.Links, Messages: r.Messages, Addresses: o.Addresses})
	r.Recovery = recovery.New(recovery.Config{DB: d, Queue: r.Queue, Businesses: r.Businesses, Links: r.Links, Products: r.Products, Payments: r.Payments, Messages: r.Messages, Addresses: o.Addresses})
	r.Requests = requests.New(requests.Config{DB: d, Queue: r.Queue, Businesses: r.Businesses, Links: r.Links, Customers: r.Customers, Deliveries: r.Deliveries, Publish: r.Publish})
	r.Imports = importer.New(importer.Config{DB: d, Queue: r.Queue, Businesses: r.Businesses, Customers: r.Customers, Links: r.Links, Publish: r.Publish, Products: r.Products, Payments: r.Payments, Offered: offering(providers)})
	r.Grants = grant.New(grant.Config{DB: d, Audit: r.Audit, Limits: o.Limits, Private: o.PrivateWebhooks})
	r.wireEvents(o)
	r.wireAlerts(o)
	r.Calls = payrequest.New(payrequest.Config{DB: d, Businesses: r.Businesses, Links: r.Links, Publish: r.Publish, Customers: r.Customers, Webhooks: r.Webhooks, Addresses: o.Addresses})
	r.Domains.OnGone(r.Links.DropDomain)
	r.Links.OnPrice(r.Payments.Accepts)
	r.Links.OnWays(r.Payments.RefusesWays)
	r.Products.OnPrice(r.acceptsPrice)
	r.Tags.OnMerge(r.Customers.MoveTag)
	r.Tags.OnMerge(r.Links.MoveTag)
	r.Tags.OnMerge(r.Coupons.MoveTag)
	r.Tags.OnDelete(r.Links.DropTag)
	r.Tags.OnDelete(r.Coupons.DropTag)
	r.Customers.OnMerge(r.Links.MoveCustomer)
	r.Customers.OnMerge(r.Payments.MoveCustomer)
	r.Customers.OnMerge(r.Deliveries.MoveCustomer)
	r.Customers.OnErase(r.Webhooks.EraseCustomer)   // finds what was paid by the address, which payments forget
	r.Customers.OnErase(r.Recovery.EraseCustomer)   // the same
	r.Customers.OnErase(r.Statements.EraseCustomer) // finds by the address too
	r.Customers.OnErase(r.Payments.EraseCustomer)
	r.Customers.OnErase(r.Messages.EraseCustomer)
	r.Customers.OnErase(r.Bounces.EraseCustomer)
	r.Customers.OnErase(r.Imports.EraseCustomer)
	r.Customers.OnErase(r.Requests.EraseCustomer)
	r.Customers.OnErase(r.Waiting.EraseCustomer)
	r.Customers.OnErase(r.Saved.EraseCustomer)
	r.Customers.OnDelete(r.Deliveries.DropCustomer)
	r.Customers.OnDelete(r.Links.DropCustomer)
	r.Customers.OnDelete(r.Payments.DropCustomer)
	r.Links.OnDelete(r.Deliveries.DropLink)
	r.schedule()
	return r, nil
}

// resolver asks DNS.
func (o Options) resolver() domain.Resolver {
	if o.Resolver == nil {
		return domain.NewResolver("")
	}
	return o.Resolver
}

// Derive makes a key for one purpose from the secret key.
func Derive(key []byte, purpose string) []byte {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte("smartlinks " + purpose))
	return mac.Sum(nil)
}
