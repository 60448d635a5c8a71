package app

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"smartlinks/internal/address/addresstest"
	"smartlinks/internal/app/store"
	"smartlinks/internal/business"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/payment/keyring"
	"smartlinks/internal/payment/stripe/stripetest"
	"smartlinks/internal/system"
)

// installation is a data folder, and perhaps a PostgreSQL, with one business.
type installation struct {
	t        *testing.T
	store    store.Location
	provider *stripetest.Server
}

// installations runs a test on a fresh one on each engine.
func installations(t *testing.T, test func(t *testing.T, i *installation)) {
	run := func(name string, database func() string) {
		t.Run(name, func(t *testing.T) {
			i := &installation{t: t, provider: stripetest.New(time.Now), store: store.Location{Data: t.TempDir(), Database: database()}}
			t.Cleanup(i.provider.Close)
			i.must("a good password\n", "setup", "--business", "Acme", "--handle", "acme", "--email", "marit@example.com", "--password-stdin")
			test(t, i)
		})
	}
	run("sqlite", func() string { return "" })
	run("postgresql", func() string { return dbtest.NewPostgres(t) })
}

// command runs the program and returns its status and what it said.
func (i *installation) command(in string, args ...string) (status int, said string) {
	i.t.Helper()
	args = append(args, "--data", i.store.Data)
	if i.store.Database != "" {
		args = append(args, "--database", i.store.Database)
	}
	if i.store.Direct != "" {
		args = append(args, "--database-direct", i.store.Direct)
	}
	var out output
	status = mainWithin(i.t, args, strings.NewReader(in), &out, &out)
	return status, out.String()
}

// output may be written by a command that was given up while it is read.
type output struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String()
}

// hangs bounds a command that should leave by itself.
const hangs = 2 * time.Minute

// mainWithin runs the program, and fails the test when it serves where it should have
// refused: it is told to end like a server, and what it said is shown.
func mainWithin(t *testing.T, args []string, in io.Reader, out, stderr io.Writer) int {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), hangs)
	defer cancel()
	status := runUntil(ctx, args, in, out, stderr)
	if ctx.Err() != nil {
		t.Errorf("smartlinks %v did not leave by itself within %v", args, hangs)
	}
	return status
}

// must is command for what has to succeed.
func (i *installation) must(in string, args ...string) {
	i.t.Helper()
	if status, said := i.command(in, args...); status != exitDone {
		i.t.Fatalf("smartlinks %v leaves with %d: %s", args, status, said)
	}
}

// open is the installation for a look inside, as a command has it. Close its d.
func (i *installation) open() *system.System {
	i.t.Helper()
	log := slog.New(slog.DiscardHandler)
	d, key, err := i.store.OpenMigrated(i.t.Context(), store.Beside, log)
	if err != nil {
		i.t.Fatal(err)
	}
	r, err := system.New(d, system.Options{Key: key, Addresses: addresstest.Book(), StripeAPI: i.provider.URL, Log: log})
	if err != nil {
		d.Close()
		i.t.Fatal(err)
	}
	return r
}

// connect enters a Stripe key and returns whose it is.
func (i *installation) connect(r *system.System, key string) business.ID {
	i.t.Helper()
	var id business.ID
	if err := r.DB.Get(i.t.Context(), &id, `SELECT id FROM businesses`); err != nil {
		i.t.Fatal(err)
	}
	i.provider.Account(key, "acct_acme", "Acme")
	if _, err := r.Keys.Connect(i.t.Context(), id, "stripe", keyring.Connection{Key: key}); err != nil {
		i.t.Fatal(err)
	}
	return id
}
