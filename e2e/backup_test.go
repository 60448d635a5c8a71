package e2e

import (
	"bytes"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// A backup that is taken while people open links and pay is whole: everything
// that was acknowledged before it is in it, and the books are right.
func TestABackupUnderLoadRestoresToWholeBooks(t *testing.T) {
	t.Parallel()
	from := &site{store: []string{"--data", t.TempDir()}}
	from.setUp(t)
	server := from.launch(t, freeAddress(t), "warn")
	from.URL = server.URL
	l := from.createLink(t, `{"name": "Concert", `+fortyNine+`, "path": "concert"}`)
	stop, paid := make(chan struct{}), make(chan struct{}, 1000)
	var crowd sync.WaitGroup
	for range 4 {
		crowd.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				openAsPerson(t, l.URL)
				awaitStatus(t, from.payAs(t, from.URL, l.Path, "paid", ""), "paid")
				paid <- struct{}{}
			}
		})
	}
	for range 8 {
		<-paid
	}
	sure := from.link(t, l.ID).Stats
	file := filepath.Join(t.TempDir(), "backup.db")
	if said := from.command(t, "", "backup", file); !strings.Contains(said, "secret key is not in it") {
		t.Errorf("backup says %q", said)
	}
	for range 4 {
		<-paid
	}
	close(stop)
	crowd.Wait()
	server.stop(t)

	to := &site{store: []string{"--data", t.TempDir()}, Token: from.Token}
	if said := to.fails(t, "restore", file); !strings.Contains(said, "secret key is missing") {
		t.Errorf("without the key, restore says %q", said)
	}
	copyKey(t, from, to)
	to.command(t, "", "restore", file)
	if said := to.fails(t, "restore", file); !strings.Contains(said, "exists") {
		t.Errorf("over a database, restore says %q", said)
	}
	if said := to.fails(t, "doctor", "--sandbox"); said == "" {
		t.Error("doctor says nothing of a restore")
	}
	to.URL = to.serve(t)
	if !eventually(20*time.Second, func() bool { return get(t, to.URL+"/"+handle+"/"+l.Path).Status == http.StatusOK }) {
		t.Error("the page stays closed after a restore")
	}
	to.command(t, "", "reconcile", "--sandbox")
	to.command(t, "", "doctor", "--sandbox")
	if got := to.link(t, l.ID).Stats; got.Payments < sure.Payments || got.Views < sure.Views {
		t.Errorf("restored %+v; before the backup it was %+v", got, sure)
	}
	awaitStatus(t, to.payAs(t, to.URL, l.Path, "paid", ""), "paid")
}

// A damaged backup is told from a whole one, and changes nothing.
func TestADamagedBackupIsRefused(t *testing.T) {
	t.Parallel()
	from := &site{store: []string{"--data", t.TempDir()}}
	from.setUp(t)
	whole := filepath.Join(t.TempDir(), "backup.db")
	from.command(t, "", "backup", whole)
	content, err := os.ReadFile(whole)
	if err != nil {
		t.Fatal(err)
	}
	flipped := bytes.Clone(content)
	for i := len(flipped) / 2; i < len(flipped)/2+4096; i++ {
		flipped[i] ^= 0xFF
	}
	for what, damaged := range map[string][]byte{"cut": content[:len(content)/3], "flipped": flipped, "empty": {}, "text": []byte("not a database at all")} {
		t.Run(what, func(t *testing.T) {
			file, data := filepath.Join(t.TempDir(), "backup.db"), t.TempDir()
			if err := os.WriteFile(file, damaged, 0o600); err != nil {
				t.Fatal(err)
			}
			to := &site{store: []string{"--data", data}}
			copyKey(t, from, to)
			if said := to.fails(t, "restore", file); !strings.Contains(said, "is damaged") {
				t.Errorf("restore says %q", said)
			}
			if left, err := filepath.Glob(filepath.Join(data, "*.db*")); err != nil || len(left) > 0 {
				t.Errorf("restore left %v, %v", left, err)
			}
		})
	}
	if said := from.fails(t, "backup", whole); !strings.Contains(said, "exists") {
		t.Errorf("over another backup, backup says %q", said)
	}
}

// fails runs a command that must fail, and returns what it says.
func (s *site) fails(t *testing.T, args ...string) string {
	t.Helper()
	said, err := exec.Command(binary, append(args, s.store...)...).CombinedOutput()
	if err == nil {
		t.Fatalf("smartlinks %s succeeded:\n%s", strings.Join(args, " "), said)
	}
	return string(said)
}

// copyKey brings the secret key along, as an operator does.
func copyKey(t *testing.T, from, to *site) {
	t.Helper()
	key, err := os.ReadFile(filepath.Join(from.store[1], "secret.key"))
	if err == nil {
		err = os.WriteFile(filepath.Join(to.store[1], "secret.key"), key, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}
