// Package alert tells a business's channels what happened: a chat (Slack, Discord,
// Telegram), a topic of ntfy, or the devices of members by web push. Mails about the same
// are internal/message's. An alert is written by the transaction that causes it and posted
// behind it.
package alert

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"smartlinks/internal/account"
	"smartlinks/internal/address"
	"smartlinks/internal/business"
	"smartlinks/internal/cache"
	"smartlinks/internal/db"
	"smartlinks/internal/job"
	"smartlinks/internal/message"
	"smartlinks/internal/outbound"
	"smartlinks/internal/secret"
)

// Config is what alerts need.
type Config struct {
	DB         *db.DB
	Queue      *job.Queue // posts behind the answer
	Businesses *business.Businesses
	Messages   *message.Messages
	Sealer     *secret.Sealer
	Addresses  address.Book
	// AllowPrivate lets channels be plain http and within a private network.
	AllowPrivate bool
	// TelegramAPI leads to a stand-in for Telegram; "" is the real one.
	TelegramAPI string
	// Contact is whom a push service can ask about us (RFC 8292, section 2.1): an address of mail.
	Contact string
	Log     *slog.Logger
}

// Alerts is the store of channels, and what posts to them. It is safe for concurrent use.
type Alerts struct {
	Config
	client *http.Client
	posts  job.Work[claim]
	quiet  *cache.Absent[business.ID] // businesses without channels
}

// timeout bounds a whole answer, the others how much of it is read.
const (
	timeout   = 15 * time.Second
	maxHeader = 64 << 10
	maxAnswer = 4 << 10
)

// New returns the store. Alerts are posted once the queue is started, or by PostDue.
func New(c Config) *Alerts {
	if c.TelegramAPI == "" {
		c.TelegramAPI = "https://api.telegram.org"
	}
	a := &Alerts{
		Config: c, client: outbound.Client{Timeout: timeout, Header: maxHeader, Private: c.AllowPrivate}.New(), quiet: cache.NewAbsent[business.ID](topic, keptQuiet),
	}
	a.addWork()
	c.DB.Subscribe(a.quiet.Noticed)
	return a
}

// ID names a channel: "alc_…".
type ID string

// Kind is a way to tell.
type Kind string

// The kinds of channels.
const (
	Slack    Kind = "slack"
	Discord  Kind = "discord"
	Telegram Kind = "telegram"
	Ntfy     Kind = "ntfy"
	Push     Kind = "push" // a member's browser or phone
)

// Channel is a way in which a business is told.
type Channel struct {
	ID        ID
	Kind      Kind
	Name      string         // what members call it
	UserID    account.UserID // who made it; whose device it is
	News      []message.News
	Active    bool
	Reason    string // why the last alert did not arrive, "" when it did
	CreatedAt time.Time
}

const (
	topic     = "alert_channel" // under which processes hear that a business has a new one
	keptQuiet = 10_000          // of how many businesses it is remembered that they have none
)

// listens reports whether the business has channels at all.
func (a *Alerts) listens(ctx context.Context, tx *db.Tx, businessID business.ID) (bool, error) {
	return a.quiet.Has(businessID, func() (heard bool, err error) {
		err = tx.Get(ctx, &heard, `SELECT EXISTS (SELECT 1 FROM alert_channels WHERE business_id = $1)`, businessID)
		return heard, err
	})
}
