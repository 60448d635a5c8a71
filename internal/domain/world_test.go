package domain_test

import (
	"log/slog"
	"sync/atomic"
	"testing"
	"time"

	"smartlinks/internal/address/addresstest"
	"smartlinks/internal/business"
	"smartlinks/internal/business/businesstest"
	"smartlinks/internal/clock"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/domain"
	"smartlinks/internal/domain/domaintest"
	"smartlinks/internal/job"
)

// world is an installation at pay.example with two businesses, and a DNS.
type world struct {
	*domain.Domains
	t            *testing.T
	d            *db.DB
	dns          *domaintest.Zone
	acme, zenith business.Business
	moved        atomic.Int64
}

func worlds(t *testing.T, test func(t *testing.T, w *world), change ...func(*domain.Config)) {
	run := func(name string, config func(t *testing.T) db.Config) {
		t.Run(name, func(t *testing.T) {
			w := &world{t: t, dns: &domaintest.Zone{}}
			c := config(t)
			c.Clock = clock.From(func() time.Time { return dbtest.Start.Add(time.Duration(w.moved.Load())) })
			w.d = dbtest.Open(t, c)
			w.acme, w.zenith = businesstest.Make(t, w.d, "acme"), businesstest.Make(t, w.d, "zenith")
			w.Domains = w.process(change...)
			w.dns.Set("A", "pay.example", "203.0.113.7")
			test(t, w)
		})
	}
	run("sqlite", func(t *testing.T) db.Config { return db.Config{Path: dbtest.NewSQLite(t)} })
	run("postgresql", func(t *testing.T) db.Config { return db.Config{URL: dbtest.NewPostgres(t)} })
}

// process is one more process over the same database.
func (w *world) process(change ...func(*domain.Config)) *domain.Domains {
	log := slog.New(slog.NewTextHandler(w.t.Output(), nil))
	c := domain.Config{DB: w.d, Queue: job.New(w.d, log), Addresses: addresstest.Book(), Resolver: w.dns, Log: log}
	for _, f := range change {
		f(&c)
	}
	return domain.New(c)
}

func (w *world) pass(d time.Duration) { w.moved.Add(int64(d)) }

func (w *world) claim(b business.Business, host string) domain.Domain {
	w.t.Helper()
	d, err := w.Claim(w.t.Context(), b.ID, host)
	if err != nil {
		w.t.Fatal(err)
	}
	return d
}

func (w *world) check(d domain.Domain) domain.Domain {
	w.t.Helper()
	d, err := w.Check(w.t.Context(), d.BusinessID, d.ID)
	if err != nil {
		w.t.Fatal(err)
	}
	return d
}

// point leads the name here, and shows the tokens of the claims.
func (w *world) point(host string, of ...domain.Domain) {
	w.dns.Set("CNAME", host, "pay.example.")
	var values []string
	for _, d := range of {
		values = append(values, "sl-verify="+d.Token)
	}
	w.dns.Set("TXT", "_smartlinks."+host, values...)
}
