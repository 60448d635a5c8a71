package app

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pressly/goose/v3"

	"smartlinks/internal/app/logs"
	"smartlinks/internal/app/server"
	"smartlinks/internal/app/store"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/db/migrations"
)

// server starts a server of the installation.
func (i *installation) server() (*server.Server, error) {
	c := server.Flags{Location: i.store, Addr: "127.0.0.1:0", Sandbox: true, RateLimits: "off"}
	return c.Open(i.t.Context(), slog.New(slog.DiscardHandler))
}

func (i *installation) mustServe() *server.Server {
	i.t.Helper()
	srv, err := i.server()
	if err != nil {
		i.t.Fatal(err)
	}
	return srv
}

// A second server of one file would show what it remembers, and seal nothing that the
// other can't open; a command that needs servers to be stopped is told so.
func TestAFolderHasOneOwner(t *testing.T) {
	installations(t, func(t *testing.T, i *installation) {
		id, key := i.seal()
		first, before := i.mustServe(), i.keyFile()
		second, err := i.server()
		if i.store.Database == "" {
			if err == nil || !strings.Contains(err.Error(), "is in use by another smartlinks") {
				t.Errorf("a second server is told %v", err)
			}
			if status, said := i.command("", "demo", "--addr", "127.0.0.1:0"); status != exitFailed || !strings.Contains(said, "is in use") || strings.Count(said, "\n") != 1 {
				t.Errorf("a demo leaves with %d: %s", status, said)
			}
		} else if err != nil {
			t.Errorf("servers may share a PostgreSQL: %v", err)
		}
		status, said := i.command("", "secrets", "rotate")
		if status != exitFailed || !strings.Contains(said, "top ") || strings.Count(said, "\n") != 1 || string(i.keyFile()) != string(before) {
			t.Errorf("a rotation beside a server leaves with %d: %s", status, said)
		}
		i.must("", "doctor", "--sandbox") // may run beside it
		for _, srv := range []*server.Server{first, second} {
			if srv != nil {
				if err := srv.Close(); err != nil {
					t.Error(err)
				}
			}
		}
		i.must("", "secrets", "rotate")
		i.expectKey(id, key)
		if err := i.mustServe().Close(); err != nil {
			t.Error(err)
		}
	})
}

// A rotation has the database for itself: a server that starts is refused.
func TestNoServerStartsBesideARotation(t *testing.T) {
	installations(t, func(t *testing.T, i *installation) {
		release, err := i.store.Own()
		if err != nil {
			t.Fatal(err)
		}
		d, _, err := i.store.OpenExisting(t.Context(), store.Alone, slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := i.server(); err == nil {
			t.Error("a server starts beside a rotation")
		}
		if status, said := i.command("", "secrets", "rotate"); status != exitFailed {
			t.Errorf("a second rotation leaves with %d: %s", status, said)
		}
		d.Close()
		release()
		if err := i.mustServe().Close(); err != nil {
			t.Error(err)
		}
	})
}

func TestARestoreTakesTheFolder(t *testing.T) {
	installations(t, func(t *testing.T, i *installation) {
		if i.store.Database != "" {
			t.Skip("PostgreSQL is restored by its own tools")
		}
		file := filepath.Join(t.TempDir(), "backup.db")
		i.must("", "backup", file)
		other := store.Location{Data: t.TempDir()}
		ended, end := context.WithCancel(t.Context())
		end()
		var told output
		if status := runUntil(ended, []string{"restore", file, "--data", other.Data}, nil, io.Discard, &told); status != exitFailed || !strings.Contains(told.String(), "Stopped before it was done.") {
			t.Errorf("one that is stopped leaves with %d: %s", status, told.String())
		}
		release, err := other.Own()
		if err != nil {
			t.Fatal(err)
		}
		key := strings.TrimSpace(string(i.keyFile()))
		if status, _, said := run(t, other.Data, "", "restore", file, "--secret-key", key); status != exitFailed || !strings.Contains(said, "is in use") {
			t.Errorf("it leaves with %d: %s", status, said)
		}
		release()
		if status, _, said := run(t, other.Data, "", "restore", file, "--secret-key", key); status != exitDone {
			t.Error(said)
		}
	})
}

// looking are the commands that work with what is there, and make nothing.
func looking(t *testing.T) map[string][]string {
	return map[string][]string{
		"doctor":    {"doctor", "--sandbox"},
		"reconcile": {"reconcile", "--sandbox"},
		"token":     {"token", "create", "--business", "acme", "--name", "x"},
		"password":  {"user", "reset-password", "--email", "marit@example.com"},
		"rotate":    {"secrets", "rotate"},
		"backup":    {"backup", filepath.Join(t.TempDir(), "backup.db")},
	}
}

func TestAWrongFolderIsToldAndStaysAsItIs(t *testing.T) {
	for name, args := range looking(t) {
		t.Run(name, func(t *testing.T) {
			empty := t.TempDir()
			if err := os.Chmod(empty, 0o755); err != nil {
				t.Fatal(err)
			}
			for _, folder := range []string{empty, filepath.Join(empty, "none")} {
				status, _, said := run(t, folder, "", args...)
				if status != exitFailed || !strings.Contains(said, "There is no database in the data folder "+folder) || strings.Count(said, "\n") != 1 {
					t.Errorf("it leaves with %d: %s", status, said)
				}
			}
			entries, err := os.ReadDir(empty)
			info, statErr := os.Stat(empty)
			if err != nil || statErr != nil || len(entries) > 0 || info.Mode().Perm() != 0o755 {
				t.Errorf("it left %v with %v, %v, %v", entries, info, err, statErr)
			}
			if name == "backup" {
				return
			}
			database := dbtest.EmptyPostgres(t)
			status, _, said := run(t, empty, "", append(args, "--database", database)...)
			if status != exitFailed || !strings.Contains(said, "There is nothing of Smart Links in the database") || strings.Contains(said, "postgres://") {
				t.Errorf("on an empty PostgreSQL it leaves with %d: %s", status, said)
			}
		})
	}
}

// forget makes the database one of a version that didn't know the newest step.
func (i *installation) forget() {
	i.t.Helper()
	r := i.open()
	defer r.DB.Close()
	exec(i.t, r.DB, `DELETE FROM goose_db_version WHERE version_id = (SELECT MAX(version_id) FROM goose_db_version)`)
}

func TestAnOlderSchemaIsToldAndStaysAsItIs(t *testing.T) {
	installations(t, func(t *testing.T, i *installation) {
		i.forget()
		for name, args := range looking(t) {
			status, said := i.command("", args...)
			if name == "backup" {
				if status != exitDone && i.store.Database == "" {
					t.Errorf("nobody can make the backup before the upgrade: %s", said)
				}
				continue
			}
			if status != exitFailed || !strings.Contains(said, "was made by an older version") || !strings.Contains(said, "smartlinks migrate") {
				t.Errorf("%s leaves with %d: %s", name, status, said)
			}
		}
	})
}

func TestALostKeyIsToldAndNoneIsMade(t *testing.T) {
	installations(t, func(t *testing.T, i *installation) {
		key := i.keyFile()
		if err := os.Remove(i.store.KeyFile()); err != nil {
			t.Fatal(err)
		}
		commands := looking(t)
		delete(commands, "backup") // needs none
		commands["serve"] = []string{"serve", "--addr", "127.0.0.1:0"}
		commands["setup"] = []string{"setup", "--business", "B", "--handle", "bb", "--email", "b@example.com", "--password-stdin"}
		for name, args := range commands {
			status, said := i.command("a good password\n", args...)
			if status != exitFailed || !strings.Contains(said, "secret key is missing") {
				t.Errorf("%s leaves with %d: %s", name, status, said)
			}
			if _, err := os.Stat(i.store.KeyFile()); err == nil {
				t.Fatalf("%s made a key", name)
			}
		}
		if err := os.WriteFile(i.store.KeyFile(), key, 0o600); err != nil {
			t.Fatal(err)
		}
		i.must("", "doctor", "--sandbox")
	})
}

// Who upgrades reads in the log from where to where; a new database is none.
func TestAServerTellsOfAnUpgrade(t *testing.T) {
	data := t.TempDir()
	pool, err := sql.Open("sqlite", filepath.Join(data, store.DatabaseFile))
	if err != nil {
		t.Fatal(err)
	}
	steps, err := goose.NewProvider(goose.DialectSQLite3, pool, migrations.Files, goose.WithSlog(slog.New(slog.DiscardHandler)))
	if err == nil {
		_, err = steps.UpTo(t.Context(), 163)
	}
	if err = errors.Join(err, pool.Close()); err != nil {
		t.Fatal(err)
	}
	for _, old := range []bool{true, false} {
		var said bytes.Buffer
		c := server.Flags{Location: store.Location{Data: data}, Addr: "127.0.0.1:0", Sandbox: true, RateLimits: "off"}
		srv, err := c.Open(t.Context(), logs.Text(&said, slog.LevelInfo))
		if err != nil {
			t.Fatal(err)
		}
		if err := srv.Close(); err != nil {
			t.Error(err)
		}
		if told := strings.Contains(said.String(), "163 → "); told != old {
			t.Errorf("of an old database %v, and the log says:\n%s", old, &said)
		}
	}
}

func TestTheDoctorOpensWhatIsSealedAndNamesTheDatabase(t *testing.T) {
	installations(t, func(t *testing.T, i *installation) {
		i.seal()
		_, said := i.command("", "doctor", "--sandbox")
		for _, want := range []string{"ok    The database can be written to", "ok    The secret key opens all that is sealed (", " GB free"} {
			if !strings.Contains(said, want) {
				t.Errorf("%q is missing:\n%s", want, said)
			}
		}
		where := i.store.Data
		if i.store.Database != "" {
			where = "postgresql: "
		}
		if first, _, _ := strings.Cut(said, "\n"); !strings.Contains(first, where) {
			t.Errorf("it begins with %q", first)
		}
		r := i.open()
		exec(t, r.DB, `UPDATE businesses SET signing_secret = 'v1.broken'`)
		r.DB.Close()
		if status, said := i.command("", "doctor", "--sandbox"); status != exitFailed || !strings.Contains(said, "does not open all that is sealed (1)") {
			t.Errorf("it leaves with %d:\n%s", status, said)
		}
	})
}
