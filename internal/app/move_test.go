package app

import (
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"smartlinks/internal/app/sample"
	"smartlinks/internal/app/store"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/db/move"
	"smartlinks/internal/payment"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/payment/sandbox"
)

// Everything of a demo moves to PostgreSQL through interruptions in every table, goes on
// there with payments, and moves back.
func TestEverythingMovesToPostgreSQLAndBack(t *testing.T) {
	i := &installation{t: t, store: store.Location{Data: demoFolder(t)}}
	file := i.store
	i.store.Database = dbtest.EmptyPostgres(t)
	server := i.store
	if tables := cutOff(t, file, server); tables < 30 {
		t.Fatalf("the move was cut off in %d tables only", tables)
	}
	for name, f := range map[string]store.Location{"the original": file, "the half": server} {
		if err := opened(t, f); err == nil || !strings.Contains(err.Error(), "move") {
			t.Errorf("meanwhile a server of %s is told: %v", name, err)
		}
	}
	before := copied(t, file)
	status, said := i.command("", "move")
	if status != exitDone || !strings.Contains(said, "compared row by row") {
		t.Fatalf("move leaves with %d: %s", status, said)
	}
	if after := copied(t, server); !maps.Equal(before, after) {
		t.Errorf("PostgreSQL has %v, the file had %v", after, before)
	}
	d, err := server.Open(t.Context(), store.Beside, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	fresh := dbtest.PostgreSQL(t)
	dbtest.CompareSchemas(t, dbtest.Schema(t, d), dbtest.Schema(t, fresh))
	d.Close()
	if err := opened(t, file); err == nil || !strings.Contains(err.Error(), "was moved to") {
		t.Errorf("a server of what was moved is told: %v", err)
	}
	if status, said := i.command("", "move"); status != exitFailed || !strings.Contains(said, "before, and the move has ended") {
		t.Errorf("a second move leaves with %d: %s", status, said)
	}
	running := (&installation{t: t, store: server}).mustServe()
	if status, said := i.command("", "move", "--undo"); status != exitFailed || !strings.Contains(said, "Servers are running") {
		t.Errorf("undoing beside a server of PostgreSQL leaves with %d: %s", status, said)
	}
	if err := running.Close(); err != nil {
		t.Fatal(err)
	}
	i.must("", "doctor", "--sandbox")
	paid := payDemo(t, server)

	back := &installation{t: t, store: store.Location{Data: filepath.Join(t.TempDir(), "back"), Database: server.Database}}
	if status, said := back.command("", "move", "--back"); status != exitFailed || !strings.Contains(said, "key") {
		t.Errorf("moving back without the key leaves with %d: %s", status, said)
	}
	if err := os.MkdirAll(back.store.Data, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(back.store.KeyFile(), i.keyFile(), 0o600); err != nil {
		t.Fatal(err)
	}
	there := copied(t, server)
	back.must("", "move", "--back")
	home := store.Location{Data: back.store.Data}
	if again := copied(t, home); !maps.Equal(there, again) {
		t.Errorf("the file has %v, PostgreSQL had %v", again, there)
	}
	if err := opened(t, home); err != nil {
		t.Error(err)
	}
	if got := payments(t, home); !slices.Contains(got, paid) {
		t.Errorf("the payment %s that PostgreSQL took did not come along", paid)
	}
	if err := opened(t, server); err == nil {
		t.Error("PostgreSQL is served although it was moved away")
	}
	beside := (&installation{t: t, store: home}).mustServe()
	if status, said := back.command("", "move", "--undo"); status != exitFailed || !strings.Contains(said, "in use") {
		t.Errorf("undoing beside a server leaves with %d: %s", status, said)
	}
	if err := beside.Close(); err != nil {
		t.Fatal(err)
	}
	for _, now := range []struct{ used, refused store.Location }{{server, home}, {home, server}} { // an undoing can be undone
		back.must("", "move", "--undo")
		if err := opened(t, now.used); err != nil {
			t.Errorf("after undoing: %v", err)
		}
		if err := opened(t, now.refused); err == nil {
			t.Errorf("after undoing both are served, %s too", now.refused.Data)
		}
	}
}

func TestNothingMovesIntoWhatIsInUseOrNotEmpty(t *testing.T) {
	source := &installation{t: t, store: store.Location{Data: t.TempDir()}}
	source.must("a good password\n", "setup", "--business", "Acme", "--handle", "acme", "--email", "marit@example.com", "--password-stdin")
	source.store.Database = dbtest.NewPostgres(t)
	target := &installation{t: t, store: store.Location{Data: t.TempDir(), Database: source.store.Database}}
	running := target.mustServe()
	if status, said := source.command("", "move"); status != exitFailed || !strings.Contains(said, "Servers are running") {
		t.Errorf("beside a server of the target move leaves with %d: %s", status, said)
	}
	if err := running.Close(); err != nil {
		t.Fatal(err)
	}
	target.must("a good password\n", "setup", "--business", "Other", "--handle", "other", "--email", "jo@example.com", "--password-stdin")
	if status, said := source.command("", "move"); status != exitFailed || !strings.Contains(said, "not empty") {
		t.Errorf("into a used database move leaves with %d: %s", status, said)
	}
	if err := opened(t, store.Location{Data: source.store.Data}); err != nil {
		t.Errorf("after a refused move the original: %v", err)
	}
	if status, said := source.command("", "move", "--undo"); status != exitFailed || !strings.Contains(said, "Neither") {
		t.Errorf("undoing nothing leaves with %d: %s", status, said)
	}
}

// A copy that is not what the original is counts for nothing, however it came about.
func TestACopyThatDiffersIsNotTaken(t *testing.T) {
	i := &installation{t: t, store: store.Location{Data: t.TempDir()}}
	i.must("a good password\n", "setup", "--business", "Acme", "--handle", "acme", "--email", "marit@example.com", "--password-stdin")
	log, file, server := slog.New(slog.DiscardHandler), i.store, store.Location{Data: i.store.Data, Database: dbtest.EmptyPostgres(t)}
	source, err := openSource(t.Context(), file, log)
	if err != nil {
		t.Fatal(err)
	}
	defer source.Close()
	target, err := openTarget(t.Context(), server, log)
	if err != nil {
		t.Fatal(err)
	}
	defer target.Close()
	_, err = move.Run(t.Context(), move.Config{From: side(file, source), To: side(server, target), Random: rand.Reader, Progress: func(s move.Step) {
		if s.Table == "users" && !s.Compared {
			exec(t, target, `UPDATE users SET name = 'Somebody else'`)
		}
	}})
	if !errors.Is(err, move.ErrDiffers) || !strings.Contains(err.Error(), "users") {
		t.Errorf("a changed row: %v", err)
	}
	if state, err := move.StateOf(t.Context(), source); err != nil || state.Left {
		t.Errorf("the original is given up: %+v, %v", state, err)
	}
}

// cutOff moves until every table was cut off behind its first rows, each time by the end
// of the process's context, and returns how many there were.
func cutOff(t *testing.T, from, to store.Location) int {
	t.Helper()
	log := slog.New(slog.DiscardHandler)
	cut := map[string]bool{}
	for again := true; again; {
		source, err := openSource(t.Context(), from, log)
		if err != nil {
			t.Fatal(err)
		}
		target, err := openTarget(t.Context(), to, log)
		if err != nil {
			t.Fatal(err)
		}
		ctx, stop := context.WithCancel(t.Context())
		again = false
		_, err = move.Run(ctx, move.Config{From: side(from, source), To: side(to, target), Random: rand.Reader, Progress: func(s move.Step) {
			if s.Compared {
				stop() // the rest is the command's
			} else if !cut[s.Table] {
				cut[s.Table], again = true, true
				stop()
			}
		}})
		stop()
		source.Close()
		target.Close()
		if err == nil {
			t.Fatal("the move went on")
		}
	}
	return len(cut)
}

// opened tells whether a server may use a database.
func opened(t *testing.T, f store.Location) error {
	t.Helper()
	d, _, err := f.OpenMigrated(t.Context(), store.Beside, slog.New(slog.DiscardHandler))
	if err == nil {
		d.Close()
	}
	return err
}

// copied is what a move must keep, in short.
func copied(t *testing.T, f store.Location) map[string]int64 {
	t.Helper()
	d, err := f.Open(t.Context(), store.Beside, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	all := map[string]int64{}
	for name, query := range map[string]string{
		"money":      `SELECT CAST(COALESCE(SUM(amount_minor), 0) AS BIGINT) FROM attempts`,
		"payments":   `SELECT COUNT(*) FROM payments`,
		"views":      `SELECT COUNT(*) FROM views`,
		"view ids":   `SELECT CAST(COALESCE(SUM(id % 1000003), 0) AS BIGINT) FROM views`,
		"pictures":   `SELECT COUNT(*) FROM images`,
		"secrets":    `SELECT COUNT(*) FROM webhook_endpoints`,
		"deliveries": `SELECT COUNT(*) FROM deliveries`,
	} {
		var n int64
		if err := d.Get(t.Context(), &n, query); err != nil {
			t.Fatal(err)
		}
		all[name] = n
	}
	return all
}

func payments(t *testing.T, f store.Location) (ids []string) {
	t.Helper()
	d, err := f.Open(t.Context(), store.Beside, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if err := d.Select(t.Context(), &ids, `SELECT id FROM payments`); err != nil {
		t.Fatal(err)
	}
	return ids
}

// payDemo pays a link of the demo on a server, and returns the attempt.
func payDemo(t *testing.T, f store.Location) string {
	t.Helper()
	i := &installation{t: t, store: f}
	srv := i.mustServe()
	r, ctx := srv.System, t.Context()
	b, _, err := r.Businesses.ByHandle(ctx, sample.Handle)
	if err != nil {
		t.Fatal(err)
	}
	found, err := r.Links.ByPath(ctx, b, sample.LinkPath)
	if err != nil {
		t.Fatal(err)
	}
	l := found.Link
	a, err := r.Payments.Start(ctx, payment.StartRequest{
		Business: b, Source: attempt.SourceLink, Link: &l, Version: l.Version, Amount: l.Price(), Title: l.Name, Payer: attempt.Payer{Name: "Ann", Email: "ann@example.com"},
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.Sandbox.Decide(ctx, a.ProviderRef, sandbox.Paid, sandbox.Lost); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Payments.Sync(ctx, b.ID, a.ID, attempt.CauseMerchant); err != nil {
		t.Fatal(err)
	}
	if err := srv.Close(); err != nil {
		t.Fatal(err)
	}
	return string(a.ID)
}
