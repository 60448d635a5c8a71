// Package webhook tells the merchants' own systems what happened, signed as
// Standard Webhooks says (standardwebhooks.com). An event is written by the
// transaction that causes it, posted behind it, tried again for three days, and
// kept for a month.
package webhook

import (
	"context"
	"log/slog"
	"net"
	"sync"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/message"
	"smartlinks/internal/secret"
)

// Config is what the room needs.
type Config struct {
	DB         *db.DB
	Businesses *business.Businesses
	Messages   *message.Messages
	Sealer     *secret.Sealer
	// PublicURL is where this installation is reached, without a path.
	PublicURL string
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
	poster *Poster
	lanes  *lanes
	wake   chan struct{} // something may be due
	life   context.Context
	end    context.CancelFunc
	closed chan struct{}
	loop   sync.WaitGroup
}

// New returns the store. Events are posted after Start, or by PostDue.
func New(c Config) *Webhooks {
	h := &Webhooks{Config: c, poster: NewPoster(c.Resolver, c.AllowPrivate), lanes: newLanes(), wake: make(chan struct{}, 1), closed: make(chan struct{})}
	h.life, h.end = context.WithCancel(context.Background())
	return h
}
