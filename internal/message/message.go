// Package message writes and sends mails and SMS: queued by the transaction that causes
// them, sent after its commit, tried again until a server
// has taken them or has refused them for good. Nothing ever waits for a message.
package message

import (
	"context"
	"html/template"
	"log/slog"
	netmail "net/mail"

	"smartlinks/internal/address"
	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/job"
	"smartlinks/internal/message/email"
	"smartlinks/internal/message/layout"
	"smartlinks/internal/message/texting"
	"smartlinks/internal/secret"
)

// Kind names a mail by what it is for.
type Kind string

// The kinds of mails.
const (
	KindReceipt      Kind = "receipt"       // to the payer
	KindPaid         Kind = "paid"          // to members: somebody paid
	KindLimitReached Kind = "limit_reached" // to members: a link has all its payments
	KindRefund       Kind = "refund"        // to the payer: money went back
	KindOverflow     Kind = "overflow"      // to the payer: it came when no place was left, and went back
	KindCanceled     Kind = "canceled"      // to the payer: what cost nothing was canceled
	KindAttention    Kind = "attention"     // to members: something about money needs them
	// KindTransfer and KindTransferEnded go to whoever pays by bank transfer, KindBankChanged
	// to the owners when the business's IBAN is another one.
	KindTransfer      Kind = "transfer"
	KindTransferEnded Kind = "transfer_ended"
	KindBankChanged   Kind = "bank_changed"
	// KindEndpointStopped goes to the owners: a webhook endpoint was switched off.
	KindEndpointStopped Kind = "endpoint_stopped"
	// KindNews and KindSummary go to the members who want them.
	KindNews           Kind = "news"
	KindSummary        Kind = "summary"
	KindInvitation     Kind = "invitation"      // to whom a member invites
	KindPasswordReset  Kind = "password_reset"  // to a member who forgot it
	KindNewAddress     Kind = "new_address"     // to the address that a member wants to have
	KindAccountChanged Kind = "account_changed" // to a member: how they sign in was changed
	KindLink           Kind = "link"            // to a customer: here is what to pay

	// Reminders, to a customer who has not paid. The first is also the only one.
	KindReminderFirst  Kind = "reminder_first"
	KindReminderMiddle Kind = "reminder_middle"
	KindReminderLast   Kind = "reminder_last"

	// KindRecovery goes to whoever began to pay and did not finish.
	KindRecovery Kind = "recovery"

	// To whoever waits for a place of a full link.
	KindWaitingJoined  Kind = "waiting_joined"
	KindWaitingOffered Kind = "waiting_offered"
	KindWaitingOpen    Kind = "waiting_open"
)

// opensAccounts reports whether the mail's link lets somebody in, or the mail says what was
// changed in an account: it is for its recipient's eyes alone.
func (k Kind) opensAccounts() bool {
	return k == KindInvitation || k == KindPasswordReset || k == KindNewAddress || k == KindAccountChanged
}

// Localizer has the words of one language.
type Localizer interface {
	// T is the text of a key, with pairs of a name in it and what to put there.
	T(key string, pairs ...string) string
	// N is the text in the plural form that n asks for.
	N(key string, n int, pairs ...string) string
	// Lang is the language's code and Dir "ltr" or "rtl".
	Lang() string
	Dir() string
}

// Gateway hands a letter over. An error that is an *email.Refusal and Final is
// never tried again.
type Gateway interface {
	Send(ctx context.Context, l email.Mail) error
}

// Config is what mails are made of.
type Config struct {
	DB         *db.DB
	Jobs       *job.Queue // send behind the answer
	Businesses *business.Businesses
	Sealer     *secret.Sealer
	// Gateway is the installation's; nil when none is set.
	Gateway Gateway
	// SMS is the installation's way for text messages; the zero value is none.
	SMS texting.Gateway
	// From is the installation's address.
	From netmail.Address
	// Addresses makes our web addresses.
	Addresses address.Book
	// ReturnKey signs the addresses that mail comes back to.
	ReturnKey []byte
	// PrivateGateways lets a business's own gateway be within a private network.
	PrivateGateways bool
	// Localizer has the words of a language, and those of English for unknown ones.
	Localizer func(language string) Localizer
	// Document makes the file that goes with a mail; nil: none does.
	Document func(ctx context.Context, d Document) (File, error)
	// Brand makes the colours of a brand written #rrggbb; "" is the platform's.
	Brand func(color string) layout.Palette
	Log   *slog.Logger
}

// Messages is the store of mails and what sends them. It is safe for
// concurrent use.
type Messages struct {
	Config
	*texting.Texts
	listeners []listener

	settingsCache settingsCache
	layout        *template.Template
	mails         job.Work[claim]
	sent          *sentMails
	// summaries fall due at their members' next one.
	summaries job.Work[summaryClaim]
}

// New returns the store. Messages are sent once the queue is started, or by SendDue.
func New(c Config) *Messages {
	m := &Messages{Config: c, settingsCache: newSettingsCache(), sent: &sentMails{db: c.DB}, layout: layout.New()}
	m.Texts = texting.New(texting.Config{
		DB: c.DB, Jobs: c.Jobs, Businesses: c.Businesses, Sealer: c.Sealer, SMS: c.SMS, Addresses: c.Addresses, Log: c.Log, Tell: m.texted,
	})
	c.DB.Subscribe(m.onNotice)
	m.addWork()
	m.addSummaries()
	return m
}
