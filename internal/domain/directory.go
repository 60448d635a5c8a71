package domain

import (
	"context"
	"sync"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
)

// Directory is what every request and every address asks of domains, held in memory: each
// proven one, some 300 bytes of it. It is read again when any process changes a domain of
// a business. It is safe for concurrent use.
type Directory struct {
	d *db.DB
	// certifies says that the certificates are this installation's. Where they are not,
	// the end of one that it got before says nothing.
	certifies bool

	mu     sync.RWMutex
	loaded bool
	hosts  map[string]proven        // by host
	of     map[business.ID][]proven // by business
	tryAt  time.Time                // when it could not be read: when to try again
	read   sync.Mutex               // one reading at a time, so that the last one is the newest
}

// proven is what the directory says of a proven domain.
type proven struct {
	BusinessID       business.ID
	Host             string
	ForNew           bool
	LiveAt           db.Time
	BrokenAt         db.Time
	CertificateUntil db.Time
}

// shown reports whether addresses of the domain are shown.
func (x *Directory) shown(k proven, now time.Time) bool {
	return !k.LiveAt.IsZero() && k.BrokenAt.IsZero() && (!x.certifies || k.CertificateUntil.IsZero() || now.Before(k.CertificateUntil.Time))
}

// NewDirectory returns the directory of the database, of an installation that gets the
// certificates itself or not. It is read at the first question, or by Load.
func NewDirectory(d *db.DB, certifies bool) *Directory {
	x := &Directory{d: d, certifies: certifies, hosts: map[string]proven{}, of: map[business.ID][]proven{}}
	d.Subscribe(x.changed)
	return x
}

// readPatience bounds a reading that a question waits for.
const readPatience = 2 * time.Second

// Load reads all proven domains.
func (x *Directory) Load(ctx context.Context) error {
	x.read.Lock()
	defer x.read.Unlock()
	var all []proven
	err := x.d.Select(ctx, &all, `SELECT `+provenColumns+` FROM domains WHERE proven_at IS NOT NULL AND removed_at IS NULL`)
	x.mu.Lock()
	defer x.mu.Unlock()
	if err != nil {
		x.tryAt = x.d.Clock().Wall().Add(time.Second)
		return err
	}
	x.loaded, x.hosts, x.of = true, make(map[string]proven, len(all)), make(map[business.ID][]proven)
	for _, k := range all {
		x.hosts[k.Host] = k
		x.of[k.BusinessID] = append(x.of[k.BusinessID], k)
	}
	return nil
}

const provenColumns = `business_id, host, for_new, live_at, broken_at, certificate_until`

// loadOf reads those of one business.
func (x *Directory) loadOf(ctx context.Context, id business.ID) error {
	x.read.Lock()
	defer x.read.Unlock()
	var all []proven
	if err := x.d.Select(ctx, &all, `SELECT `+provenColumns+` FROM domains WHERE business_id = $1 AND proven_at IS NOT NULL AND removed_at IS NULL`, id); err != nil {
		return err
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	for _, old := range x.of[id] {
		if x.hosts[old.Host].BusinessID == id { // else another business has it by now
			delete(x.hosts, old.Host)
		}
	}
	delete(x.of, id)
	for _, k := range all {
		x.hosts[k.Host] = k
		x.of[id] = append(x.of[id], k)
	}
	return nil
}

// changed reads again what a notice names. Notices must not wait for the database.
func (x *Directory) changed(about, key string) {
	switch about {
	case topic:
		go x.again(func(ctx context.Context) error { return x.loadOf(ctx, business.ID(key)) })
	case "*":
		go x.again(x.Load)
	}
}

// again reads until it succeeds, or everything is read at the next question.
func (x *Directory) again(read func(context.Context) error) {
	ctx, cancel := context.WithTimeout(context.Background(), readPatience)
	defer cancel()
	if read(ctx) != nil {
		x.mu.Lock()
		x.loaded = false
		x.mu.Unlock()
	}
}

// ready reads what was never read, or could not be read again. While the database is away,
// what was known last stands.
func (x *Directory) ready() {
	x.mu.RLock()
	due := !x.loaded && !x.d.Clock().Wall().Before(x.tryAt)
	x.mu.RUnlock()
	if due {
		ctx, cancel := context.WithTimeout(context.Background(), readPatience)
		defer cancel()
		_ = x.Load(ctx) // tried again in a second
	}
}

// Find is the business whose proven domain the host is.
func (x *Directory) Find(host string) (business.ID, bool) {
	x.ready()
	x.mu.RLock()
	defer x.mu.RUnlock()
	k, found := x.hosts[host]
	return k.BusinessID, found
}

// HostOf implements address.Hosts.
func (x *Directory) HostOf(businessID, wanted string) string {
	x.ready()
	now := x.d.Clock().Wall()
	x.mu.RLock()
	defer x.mu.RUnlock()
	forNew := ""
	for _, k := range x.of[business.ID(businessID)] {
		switch {
		case !x.shown(k, now):
		case k.Host == wanted:
			return wanted
		case k.ForNew:
			forNew = k.Host
		}
	}
	return forNew
}
