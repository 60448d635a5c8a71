// Package domain keeps the host names of businesses that lead to this installation: who
// claims one, whose it is by DNS, and whether its addresses can be shown.
package domain

import (
	"context"
	"log/slog"
	"net/netip"
	"time"

	"smartlinks/internal/address"
	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/job"
)

// ID names a domain of a business: "dom_…".
type ID string

// Status is how far a domain is.
type Status string

// The statuses. Addresses are shown of what is Live or Expiring alone.
const (
	Waiting     Status = "waiting"     // for its records in DNS
	Certificate Status = "certificate" // proven, and its certificate is being got
	Live        Status = "live"
	Expiring    Status = "expiring" // live, and its certificate is not renewed in time
	Broken      Status = "broken"   // it was proven, and its records say something else now
)

// Domain is a host name that a business claims or has.
type Domain struct {
	ID         ID
	BusinessID business.ID
	Host       string // in lower case, as in DNS: "xn--…" for other letters
	Token      string // of its TXT record
	ForNew     bool   // links that chose no domain, and the payment page, are here
	CreatedAt  time.Time
	CheckedAt  time.Time // by the wall; zero before the first look
	NextAt     time.Time // by the wall
	ProvenAt   time.Time // zero for a claim
	LiveAt     time.Time
	BrokenAt   time.Time
	// Problem is why it is not live, or will not be for long; "" without one. LeadsTo are
	// the addresses that it leads to and that are not ours.
	Problem Problem
	LeadsTo []netip.Addr
	// What the last look found.
	AddressFound, TXTFound bool
	// The certificate that we hold for it; zero without one, and where others have the
	// certificates. Why it could not be got.
	CertificateFrom, CertificateUntil time.Time
	CertificateProblem                string
	// reserved is until when another business keeps the name, of Problem Reserved.
	reserved time.Time
	now      time.Time // when it was read, by the wall
}

// expiringBefore is how long before its end a certificate should have been renewed:
// certmagic does so when a third of its life is left, which is 30 days of 90.
const expiringBefore = 14 * 24 * time.Hour

// Status is how far the domain is.
func (d Domain) Status() Status {
	switch {
	case d.ProvenAt.IsZero():
		return Waiting
	case !d.BrokenAt.IsZero():
		return Broken
	case d.LiveAt.IsZero():
		return Certificate
	case !d.CertificateUntil.IsZero() && d.CertificateProblem != "" && d.CertificateUntil.Sub(d.now) < min(expiringBefore, d.CertificateUntil.Sub(d.CertificateFrom)/4):
		return Expiring
	}
	return Live
}

// Served reports whether addresses of the domain are shown.
func (d Domain) Served() bool {
	s := d.Status()
	return s == Live || s == Expiring
}

// EndsAt is when a claim ends that is not proven.
func (d Domain) EndsAt() time.Time { return d.CreatedAt.Add(claimLasts) }

// Bounds of claims and names.
const (
	// claimLasts is how long a claim waits for its proof.
	claimLasts = 7 * 24 * time.Hour
	// reservedFor is how long a name that was removed is kept from other businesses: what
	// is printed with it must not lead to a stranger's payment page.
	reservedFor = 30 * 24 * time.Hour
	// maxDomains bounds what a business may ask of DNS and of the authority.
	maxDomains = 50
)

// Resolver asks DNS; a *net.Resolver is one.
type Resolver interface {
	LookupTXT(ctx context.Context, name string) ([]string, error)
	LookupNetIP(ctx context.Context, network, host string) ([]netip.Addr, error)
	LookupCNAME(ctx context.Context, host string) (string, error)
}

// Config is what domains need to know of the installation.
type Config struct {
	DB        *db.DB
	Queue     *job.Queue
	Addresses address.Book
	Resolver  Resolver
	// Certify gets the certificate of a host; nil where whoever stands before this
	// installation has the certificates, and a domain is live as soon as it is proven.
	Certify func(ctx context.Context, host string) error
	Log     *slog.Logger
}

// Domains is the store of all domains. It is safe for concurrent use.
type Domains struct {
	Config
	// Directory is what requests and addresses ask.
	Directory *Directory
	onGone    []func(ctx context.Context, tx *db.Tx, id business.ID, host string) error
	work      job.Work[due]
}

// New returns the store, and tells the queue how domains are looked after.
func New(c Config) *Domains {
	s := &Domains{Config: c, Directory: NewDirectory(c.DB, c.Certify != nil)}
	s.addWork()
	return s
}

// OnGone adds what is done, in its transaction, when a business no longer has a name.
func (s *Domains) OnGone(do func(ctx context.Context, tx *db.Tx, id business.ID, host string) error) {
	s.onGone = append(s.onGone, do)
}

func (s *Domains) gone(ctx context.Context, tx *db.Tx, id business.ID, host string) error {
	for _, do := range s.onGone {
		if err := do(ctx, tx, id, host); err != nil {
			return err
		}
	}
	return nil
}

// refreshDirectory makes this process know at once what it has just committed; others hear of it. A
// reading that fails is tried again by the directory.
func (s *Domains) refreshDirectory(ctx context.Context, id business.ID, err error) error {
	if err == nil {
		s.Directory.again(func(context.Context) error { return s.Directory.loadOf(ctx, id) })
	}
	return err
}
