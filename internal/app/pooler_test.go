package app

import (
	"log/slog"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"smartlinks/internal/app/explain"
	"smartlinks/internal/app/store"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/link"
	"smartlinks/internal/publish"
)

// Through PgBouncer in transaction mode everything works: making the schema, payments with
// their mails on one server, changes seen by the other, commands beside them and those
// that need servers to be stopped, and the move out of it. With a direct address as well.
func TestEverythingWorksThroughAPooler(t *testing.T) {
	for name, direct := range map[string]bool{"alone": false, "with a direct address": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			postgres := dbtest.EmptyPostgres(t)
			at := store.Location{Data: t.TempDir(), Database: dbtest.Pooled(t, postgres)}
			told := "servers ask once a second"
			if direct {
				at.Direct, told = postgres, "directly for locks and notices"
			}
			i := &installation{t: t, store: at}
			i.must("a good password\n", "setup", "--business", "Acme", "--handle", "acme", "--email", "jo@example.com", "--password-stdin")
			first, other := &costs{whole: openWhole(t, true, at), t: t}, &costs{whole: openWhole(t, true, at), t: t}
			first.fill()
			for _, server := range []*costs{first, other} {
				if err := server.Serve(t.Context(), make(chan error, 1)); err != nil {
					t.Fatal(err)
				}
			}
			const paid = 12
			for n := range paid {
				payer := []*costs{first, other}[n%2]
				page := payer.decide(payer.start(n), n)
				payer.asPayer(n, "GET", page+"/status", nil)
			}
			first.mailed(2 * paid)
			other.shows(first, "Another seat")
			if _, said := i.command("", "doctor", "--sandbox"); !strings.Contains(said, told) || !strings.Contains(said, "ok    Receipt numbers have no gaps") {
				t.Errorf("the doctor says:\n%s", said)
			}
			for _, alone := range [][]string{{"secrets", "rotate"}, {"move", "--back"}} {
				if status, said := i.command("", alone...); status != exitFailed || !strings.Contains(said, "Servers are running") {
					t.Errorf("beside servers %v leaves with %d: %s", alone, status, said)
				}
			}
			first.end()
			other.end()
			i.must("", "secrets", "rotate")
			i.must("", "move", "--back")
			if got := len(payments(t, store.Location{Data: at.Data})); got != paid {
				t.Errorf("%d payments were moved, and %d were made", got, paid)
			}
			if err := opened(t, at); err == nil || !strings.Contains(err.Error(), "was moved to") {
				t.Errorf("a server of what was moved is told: %v", err)
			}
		})
	}
}

// shows changes the link's name on one server, and waits until the other's page has it.
func (c *costs) shows(changing *costs, name string) {
	c.t.Helper()
	page := func() string {
		return c.ask("GET", "/atelier/seat", nil).Body.String()
	}
	if !strings.Contains(page(), "Seat") {
		c.t.Fatal("the other server does not have the page")
	}
	ctx, r := c.t.Context(), changing.System
	found, err := r.Links.ByPath(ctx, changing.b, "seat")
	if err != nil {
		c.t.Fatal(err)
	}
	if _, err := r.Publish.Change(ctx, changing.b, found.Link.ID, found.Link.Version, func(f *link.Fields) { f.Name = name }, publish.With{}); err != nil {
		c.t.Fatal(err)
	}
	for began := time.Now(); !strings.Contains(page(), name); time.Sleep(20 * time.Millisecond) {
		if time.Since(began) > 10*time.Second {
			c.t.Fatal("the other server still shows the old name")
		}
	}
}

// A direct address that leads elsewhere is refused: its locks would keep nobody away.
func TestADirectAddressOfAnotherDatabaseIsRefused(t *testing.T) {
	at := store.Location{Data: filepath.Join(t.TempDir(), "data"), Database: dbtest.NewPostgres(t), Direct: dbtest.NewPostgres(t)}
	_, err := at.Open(t.Context(), store.Serving, slog.New(slog.DiscardHandler))
	if err == nil || !strings.Contains(explain.Sentence(err), "--database-direct leads to another database") {
		t.Errorf("it is told %v", err)
	}
}
