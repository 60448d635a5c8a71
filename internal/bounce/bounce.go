// Package bounce hears what became of mails after a server took them: it reads a mailbox
// for what came back, and takes the signed events of mail services. An address that
// doesn't exist, or whose reader complained, is written to no more.
package bounce

import (
	"crypto/tls"
	"log/slog"
	"net/http"
	"time"

	"smartlinks/internal/address"
	"smartlinks/internal/bounce/imap"
	"smartlinks/internal/bounce/report"
	"smartlinks/internal/bounce/service"
	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/delivery"
	"smartlinks/internal/job"
	"smartlinks/internal/message"
	"smartlinks/internal/secret"
)

// Believed is for how long after a mail a report of it counts.
const Believed = 30 * 24 * time.Hour

// Config is what the room needs.
type Config struct {
	DB         *db.DB
	Queue      *job.Queue // reads mailboxes
	Businesses *business.Businesses
	Messages   *message.Messages
	Deliveries *delivery.Deliveries
	Sealer     *secret.Sealer
	// Addresses makes our web addresses.
	Addresses address.Book
	// AllowPrivate lets mailboxes be within a private network.
	AllowPrivate bool
	// Trust are the certificates of mailboxes' servers; nil: the system's.
	Trust *tls.Config
	// Client fetches the certificates that Amazon SNS signs with; nil: one that reaches
	// public addresses alone.
	Client *http.Client
	Log    *slog.Logger
}

// Bounces hears of mails that came back. It is safe for concurrent use.
type Bounces struct {
	Config
	reader    *imap.Reader
	topics    *service.SNS
	mailboxes job.Work[due]
}

// New returns it. Mailboxes are read once the queue is started, or by ReadDue.
func New(c Config) *Bounces {
	b := &Bounces{Config: c, reader: &imap.Reader{PublicOnly: !c.AllowPrivate, Trust: c.Trust}, topics: service.NewSNS(c.Client, c.DB.Clock().Wall)}
	b.addWork()
	return b
}

// Bounce is a mail that came back, or that its reader complained of.
type Bounce struct {
	BusinessID business.ID
	MailID     message.ID
	Address    string // folded
	Kind       report.Kind
	Reason     string
	At         time.Time
}
