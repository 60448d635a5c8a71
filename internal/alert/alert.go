// Package alert tells a business's channels what happened: a chat (Slack, Discord,
// Telegram), a topic of ntfy, or the devices of members by web push. Mails about the same
// are internal/message's. An alert is written by the transaction that causes it and posted
// behind it.
package alert

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"smartlinks/internal/account"
	"smartlinks/internal/address"
	"smartlinks/internal/business"
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
	posts  *job.Work[claim]

	quiet quiet
}

// timeout bounds a whole answer, and maxAnswer how much of it is read.
const (
	timeout   = 15 * time.Second
	maxAnswer = 4 << 10
)

// New returns the store. Alerts are posted once the queue is started, or by PostDue.
func New(c Config) *Alerts {
	if c.TelegramAPI == "" {
		c.TelegramAPI = "https://api.telegram.org"
	}
	dialer := &net.Dialer{Timeout: timeout}
	if !c.AllowPrivate {
		dialer.Control = outbound.OnlyPublic
	}
	a := &Alerts{Config: c, client: &http.Client{
		Timeout: timeout,
		Transport: &http.Transport{
			DialContext: dialer.DialContext, TLSHandshakeTimeout: timeout, DisableCompression: true, MaxResponseHeaderBytes: 64 << 10,
			// A connection that is kept would be past the check of its address.
			DisableKeepAlives: true,
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
	a.addWork()
	c.DB.Subscribe(a.quiet.onNotice)
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

// quiet remembers which businesses have no channels, so that what happens often asks the
// database nothing for them.
type quiet struct {
	mu   sync.Mutex
	has  map[business.ID]bool
	turn int // rises when what is remembered is dropped
}

const (
	topic     = "alert_channel" // under which processes hear that a business has a new one
	keptQuiet = 10_000          // businesses remembered
)

func (q *quiet) onNotice(about, key string) {
	if about != topic && about != "*" {
		return
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	q.turn++
	if about == "*" {
		q.has = nil
	}
	delete(q.has, business.ID(key))
}

// listens reports whether the business has channels at all.
func (a *Alerts) listens(ctx context.Context, tx *db.Tx, businessID business.ID) (heard bool, err error) {
	q := &a.quiet
	q.mu.Lock()
	none, turn := q.has[businessID], q.turn
	q.mu.Unlock()
	if none {
		return false, nil
	}
	if err := tx.Get(ctx, &heard, `SELECT EXISTS (SELECT 1 FROM alert_channels WHERE business_id = $1)`, businessID); err != nil || heard {
		return heard, err
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.turn == turn { // no channel was made while we looked
		if q.has == nil || len(q.has) >= keptQuiet {
			q.has = map[business.ID]bool{}
		}
		q.has[businessID] = true
	}
	return false, nil
}
