package db_test

import (
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"os"
	process "os/exec"
	"sync"
	"testing"
	"time"

	"smartlinks/internal/clock"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
)

// The variables by which a test has this program migrate a database and end.
const (
	migratePath = "SMARTLINKS_TEST_MIGRATE_PATH"
	migrateURL  = "SMARTLINKS_TEST_MIGRATE_URL"
)

func TestMain(m *testing.M) {
	at := db.Config{Path: os.Getenv(migratePath), URL: os.Getenv(migrateURL), Clock: clock.System(), Random: rand.Reader, Log: slog.New(slog.DiscardHandler)}
	if at.Path == "" && at.URL == "" {
		os.Exit(m.Run())
	}
	d, err := db.Open(context.Background(), at)
	if err == nil {
		err = d.Migrate(context.Background())
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// An upgrade from the first schema, with rows in it, is killed (SIGKILL) again and
// again, each time a little later, until one comes to its end by itself.
func TestAnUpgradeThatIsKilledIsFinishedByTheNext(t *testing.T) {
	eachUnmigrated(t, func(t *testing.T, d *db.DB, rows *filler, at db.Config) {
		if err := d.MigrateTo(t.Context(), 161); err != nil {
			t.Fatal(err)
		}
		rows.look(t)
		rows.fill(t)
		before := rows.keep(t, "step 1", snapshot{})
		program, err := os.Executable()
		if err != nil {
			t.Fatal(err)
		}
		deaths, reached := 0, map[int64]bool{}
		for wait := time.Duration(0); ; wait += wait/3 + 10*time.Millisecond {
			c := process.Command(program)
			c.Env = append(os.Environ(), migratePath+"="+at.Path, migrateURL+"="+at.URL, "GORACE=atexit_sleep_ms=0")
			c.Stderr = t.Output()
			if err := c.Start(); err != nil {
				t.Fatal(err)
			}
			death := time.AfterFunc(wait, func() { _ = c.Process.Kill() }) // the moment of death is the point
			err := c.Wait()
			if death.Stop() {
				if err != nil {
					t.Fatalf("after %d deaths: %v", deaths, err)
				}
				break
			}
			deaths++
			schema, err := d.Schema(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			reached[schema] = true
		}
		t.Logf("%d deaths, at %d of the steps", deaths, len(reached))
		rows.look(t)
		rows.keep(t, "the upgrade", before)
		dbtest.CompareSchemas(t, dbtest.Schema(t, d), dbtest.Schema(t, fresh(t, d)))
		rows.fill(t)
	})
}

// Processes that start at once, and again later, get in nobody's way.
func TestMigratingAtOnceAndAgainIsHarmless(t *testing.T) {
	eachUnmigrated(t, func(t *testing.T, d *db.DB, _ *filler, at db.Config) {
		var wg sync.WaitGroup
		for range 3 {
			wg.Go(func() {
				other, err := db.Open(t.Context(), at)
				if err != nil {
					t.Error(err)
					return
				}
				defer other.Close()
				for range 2 {
					if err := other.Migrate(t.Context()); err != nil {
						t.Error(err)
					}
				}
			})
		}
		wg.Wait()
		dbtest.CompareSchemas(t, dbtest.Schema(t, d), dbtest.Schema(t, fresh(t, d)))
	})
}

// Who waits for another's migration and is told to end, ends.
func TestWaitingToMigrateEndsWhenItIsToldTo(t *testing.T) {
	eachUnmigrated(t, func(t *testing.T, d *db.DB, _ *filler, _ db.Config) {
		release, err := d.LockMigration(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
		defer cancel()
		if err := d.Migrate(ctx); err == nil {
			t.Error("it migrates although another holds the lock")
		}
		if made, err := d.Schema(t.Context()); err == nil && made > 0 {
			t.Errorf("it has made step %d although another holds the lock", made)
		}
		release()
		if err := d.Migrate(t.Context()); err != nil {
			t.Error(err)
		}
	})
}
