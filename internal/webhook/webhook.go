// Package webhook tells the merchants' own systems what happened, signed as
// Standard Webhooks says (standardwebhooks.com). An event is written by the
// transaction that causes it, posted behind it, tried again for three days, and
// kept for a month.
package webhook

import (
	"log/slog"
	"net"

	"smartlinks/internal/address"
	"smartlinks/internal/business"
	"smartlinks/internal/cache"
	"smartlinks/internal/db"
	"smartlinks/internal/job"
	"smartlinks/internal/message"
	"smartlinks/internal/secret"
)

// Config is what the room needs.
type Config struct {
	DB         *db.DB
	Queue      *job.Queue // posts behind the answer
	Businesses *business.Businesses
	Messages   *message.Messages
	Sealer     *secret.Sealer
	// Addresses makes our web addresses.
	Addresses address.Book
	// AllowPrivate lets endpoints be plain http and within a private network.
	AllowPrivate bool
	// Resolver finds the addresses of endpoints; nil is the system's.
	Resolver *net.Resolver
	Log      *slog.Logger
}

// Webhooks is the store of endpoints and events, and what posts them. It is
// safe for concurrent use.
type Webhooks struct {
	Config
	poster     *Poster
	deliveries job.Work[claim]
	callbacks  job.Work[call]
	quiet      *cache.Absent[business.ID] // businesses without endpoints
}

// New returns the store. Events are posted once the queue is started, or by PostDue.
func New(c Config) *Webhooks {
	h := &Webhooks{Config: c, poster: NewPoster(c.Resolver, c.AllowPrivate), quiet: cache.NewAbsent[business.ID](endpointTopic, keptQuiet)}
	h.addWork()
	c.DB.Subscribe(h.quiet.Noticed)
	return h
}
