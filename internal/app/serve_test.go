package app

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"smartlinks/internal/app/store"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/version"
)

// The first lines say what runs, where its data is, what to open and what is missing.
func TestAServerIntroducesItself(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	said := introduced(t, "--url", "http://pay.example.com", "--data", data)
	for _, want := range []string{
		"Smart Links " + version.Name(), "http://pay.example.com/setup?code=", "to set up the first business", "Data       " + data,
		"Listening  127.0.0.1:", "Missing    https", "Missing    a mail server", "Missing    a payment provider", "listening=127.0.0.1:", "draining",
	} {
		if !strings.Contains(said, want) {
			t.Errorf("%q is missing in:\n%s", want, said)
		}
	}
	// Play money needs no provider, and mails stay in the mailbox.
	said = introduced(t, "--url", "http://pay.example.com", "--data", filepath.Join(t.TempDir(), "data"), "--sandbox", "--sandbox-public")
	if strings.Contains(said, "Missing    a mail server") || strings.Contains(said, "Missing    a payment provider") || !strings.Contains(said, "Missing    https") {
		t.Errorf("in test mode is said:\n%s", said)
	}
}

// introduced is all that a server says that starts and stops.
func introduced(t *testing.T, args ...string) string {
	t.Helper()
	said := &output{}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan int, 1)
	go func() {
		ended <- runUntil(ctx, append([]string{"serve", "--addr", "127.0.0.1:0"}, args...), strings.NewReader(""), said, said)
	}()
	for end := time.Now().Add(hangs); !strings.Contains(said.String(), "msg=ready") && time.Now().Before(end); {
		select {
		case status := <-ended:
			t.Fatalf("it left with %d: %s", status, said)
		case <-time.After(20 * time.Millisecond):
		}
	}
	stop()
	if status := <-ended; status != exitDone {
		t.Errorf("it leaves with %d", status)
	}
	return said.String()
}

// What the system says is turned into what to do.
func TestInnerErrorsBecomeSentences(t *testing.T) {
	said := func(data string, args ...string) string {
		status, _, complaint := run(t, data, "", args...)
		if status != exitFailed || strings.Count(complaint, "\n") != 1 {
			t.Errorf("%v leaves with %d: %s", args, status, complaint)
		}
		return complaint
	}
	noise := t.TempDir()
	if err := os.WriteFile(filepath.Join(noise, store.DatabaseFile), bytes.Repeat([]byte("not a database. "), 1000), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"migrate"}, {"doctor"}, {"serve", "--addr", "127.0.0.1:0"}} {
		if got := said(noise, args...); !strings.Contains(got, "is no database of Smart Links") {
			t.Errorf("of a file that is no database %v says %s", args, got)
		}
	}
	theirs := dbtest.EmptyPostgres(t)
	execOn(t, theirs, `CREATE TABLE businesses (name TEXT)`)
	for _, args := range [][]string{{"migrate"}, {"serve", "--addr", "127.0.0.1:0"}} {
		if got := said(t.TempDir(), append(args, "--database", theirs)...); !strings.Contains(got, "tables of another program") {
			t.Errorf("of another program's database %v says %s", args, got)
		}
	}
}

// execOn runs a statement on a PostgreSQL that is not ours yet.
func execOn(t *testing.T, address, statement string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	if _, err := conn.Exec(t.Context(), statement); err != nil {
		t.Fatal(err)
	}
}
