// Package dbtest runs tests on both engines, each on a database of its own.
package dbtest

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"smartlinks/internal/clock"
	"smartlinks/internal/db"
	"smartlinks/internal/db/migrations"
)

// Start is where the clock of a test stands.
var Start = time.Date(2026, 2, 18, 9, 42, 0, 0, time.UTC)

// Postgres names the variable with the URL of a PostgreSQL that tests may make
// databases in. `make test` starts one.
const Postgres = "SMARTLINKS_TEST_POSTGRES"

// Each runs the test on SQLite and on PostgreSQL.
func Each(t *testing.T, test func(t *testing.T, d *db.DB)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { test(t, SQLite(t)) })
	t.Run("postgresql", func(t *testing.T) { test(t, PostgreSQL(t)) })
}

// SQLite opens a migrated database in the test's folder.
func SQLite(tb testing.TB) *db.DB {
	tb.Helper()
	return Open(tb, db.Config{Path: NewSQLite(tb)})
}

// NewSQLite makes a migrated database in the test's folder and returns its path.
func NewSQLite(tb testing.TB) string {
	tb.Helper()
	path := filepath.Join(tb.TempDir(), "smartlinks.db")
	file, err := migratedFile()
	if err == nil {
		err = os.WriteFile(path, file, 0o600)
	}
	if err != nil {
		tb.Fatal(err)
	}
	return path
}

// migratedFile is an empty database of this version, made once by each test
// process: migrating takes longer than most tests.
var migratedFile = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "smartlinks-dbtest")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "smartlinks.db")
	d, err := db.Open(context.Background(), db.Config{Path: path, Server: true, Clock: clock.Fixed(Start), Random: rand.Reader, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return nil, err
	}
	err = d.Migrate(context.Background())
	d.Close() // the last connection moves the log into the file
	if err != nil {
		return nil, err
	}
	return os.ReadFile(path)
})

// PostgreSQL opens a migrated database that is dropped when the test ends.
func PostgreSQL(tb testing.TB) *db.DB {
	tb.Helper()
	return Open(tb, db.Config{URL: NewPostgres(tb)})
}

// Open opens and migrates a database, with what the configuration leaves out:
// a clock that stands at Start, true randomness, no log.
func Open(tb testing.TB, c db.Config) *db.DB {
	tb.Helper()
	c.Server = true
	c.Random = rand.Reader
	if c.Clock == nil {
		c.Clock = clock.Fixed(Start)
	}
	if c.Log == nil {
		c.Log = slog.New(slog.NewTextHandler(io.Discard, nil))
	}
	ctx := context.Background()
	d, err := db.Open(ctx, c)
	if err != nil {
		tb.Fatalf("open the database: %v", err)
	}
	tb.Cleanup(d.Close)
	if err := d.Migrate(ctx); err != nil {
		tb.Fatal(err)
	}
	return d
}

// NewPostgres makes a migrated database and returns its URL.
func NewPostgres(tb testing.TB) string {
	tb.Helper()
	return newPostgres(tb, migratedTemplate)
}

// EmptyPostgres makes a database without a schema and returns its URL.
func EmptyPostgres(tb testing.TB) string {
	tb.Helper()
	return newPostgres(tb, func() (string, error) { return "template1", nil })
}

// newPostgres makes a database like the template, which is dropped when the test
// ends. Files are copied as they are: writing each page to the log takes twice as long.
func newPostgres(tb testing.TB, template func() (string, error)) string {
	tb.Helper()
	server := os.Getenv(Postgres)
	if server == "" {
		if os.Getenv("CI") != "" {
			tb.Fatalf("%s is not set; run the tests by `make test`", Postgres)
		}
		tb.Skipf("%s is not set; `make test` starts a PostgreSQL", Postgres)
	}
	like, err := template()
	if err != nil {
		tb.Fatalf("make the template: %v", err)
	}
	name := "t_" + strings.ToLower(rand.Text())
	if err := command(`CREATE DATABASE ` + name + ` TEMPLATE ` + like + ` STRATEGY FILE_COPY`); err != nil {
		tb.Fatalf("make a database: %v", err)
	}
	tb.Cleanup(func() {
		if err := command(`DROP DATABASE IF EXISTS ` + name + ` WITH (FORCE)`); err != nil {
			tb.Errorf("drop the database: %v", err)
		}
	})
	made, err := inDatabase(server, name)
	if err != nil {
		tb.Fatal(err)
	}
	return made
}

// resting are connections to the server that commands have left: a new one costs as much
// processor as making a database.
var resting = make(chan *pgx.Conn, 4)

// command runs one statement on the server.
func command(statement string) error {
	ctx := context.Background()
	var conn *pgx.Conn
	select {
	case conn = <-resting:
	default:
		var err error
		if conn, err = pgx.Connect(ctx, os.Getenv(Postgres)); err != nil {
			return fmt.Errorf("reach PostgreSQL: %w", err)
		}
	}
	if _, err := conn.Exec(ctx, statement); err != nil {
		_ = conn.Close(ctx)
		return err
	}
	select {
	case resting <- conn:
		return nil
	default:
		return conn.Close(ctx)
	}
}

// templateLock makes test processes that start at once make one template.
const templateLock = 7_305_502

// migratedTemplate is the name of a migrated database on the server, made once for each
// state of the migrations.
var migratedTemplate = sync.OnceValues(func() (string, error) {
	print, err := fingerprint()
	if err != nil {
		return "", err
	}
	ctx, server, name := context.Background(), os.Getenv(Postgres), "template_"+print
	conn, err := pgx.Connect(ctx, server)
	if err != nil {
		return "", fmt.Errorf("reach PostgreSQL: %w", err)
	}
	defer conn.Close(ctx) // gives the lock back
	if _, err := conn.Exec(ctx, `SELECT pg_advisory_lock($1)`, templateLock); err != nil {
		return "", err
	}
	var there bool
	if err := conn.QueryRow(ctx, `SELECT EXISTS (SELECT 1 FROM pg_database WHERE datname = $1)`, name).Scan(&there); err != nil || there {
		return name, err
	}
	// Under another name first, so that a template is always whole.
	building := "building_" + strings.ToLower(rand.Text())
	if _, err := conn.Exec(ctx, `CREATE DATABASE `+building); err != nil {
		return "", err
	}
	address, err := inDatabase(server, building)
	if err != nil {
		return "", err
	}
	d, err := db.Open(ctx, db.Config{URL: address, Clock: clock.Fixed(Start), Random: rand.Reader, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return "", err
	}
	err = d.Migrate(ctx)
	d.Close()
	if err == nil {
		_, err = conn.Exec(ctx, `ALTER DATABASE `+building+` RENAME TO `+name)
	}
	return name, err
})

// fingerprint changes when a migration does.
func fingerprint() (string, error) {
	h := sha256.New()
	err := fs.WalkDir(migrations.Files, ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := migrations.Files.ReadFile(path)
		h.Write(text)
		return err
	})
	return fmt.Sprintf("%x", h.Sum(nil)[:8]), err
}

// inDatabase is the URL of another database on the same server.
func inDatabase(server, name string) (string, error) {
	u, err := url.Parse(server)
	if err != nil {
		return "", err
	}
	u.Path = "/" + name
	return u.String(), nil
}
