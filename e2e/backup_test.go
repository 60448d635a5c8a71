package e2e

import (
	"bytes"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	. "smartlinks/e2e/site"
)

// A backup that is taken while people open links and pay is whole: everything
// that was acknowledged before it is in it, and the books are right.
func TestABackupUnderLoadRestoresToWholeBooks(t *testing.T) {
	t.Parallel()
	from := &site{&Site{Store: []string{"--data", t.TempDir()}}}
	from.SetUp(t)
	server := from.Launch(t, FreeAddress(t), "warn")
	from.URL = server.URL
	l := from.CreateLink(t, `{"name": "Concert", `+FortyNine+`, "path": "concert"}`)
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
				AwaitStatus(t, from.PayAs(t, from.URL, l.Path, "paid", ""), "paid")
				paid <- struct{}{}
			}
		})
	}
	for range 8 {
		<-paid
	}
	sure := from.Link(t, l.ID).Stats
	file := filepath.Join(t.TempDir(), "backup.db")
	if said := from.Command(t, "", "backup", file); !strings.Contains(said, "secret key is not in it") {
		t.Errorf("backup says %q", said)
	}
	for range 4 {
		<-paid
	}
	close(stop)
	crowd.Wait()
	server.Stop(t)

	to := &site{&Site{Store: []string{"--data", t.TempDir()}, Token: from.Token}}
	if said := to.fails(t, "restore", file); !strings.Contains(said, "secret key is missing") {
		t.Errorf("without the key, restore says %q", said)
	}
	copyKey(t, from, to)
	to.Command(t, "", "restore", file)
	if said := to.fails(t, "restore", file); !strings.Contains(said, "exists") {
		t.Errorf("over a database, restore says %q", said)
	}
	if said := to.fails(t, "doctor", "--sandbox"); said == "" {
		t.Error("doctor says nothing of a restore")
	}
	to.URL = to.Serve(t)
	if !Eventually(20*time.Second, func() bool { return Get(t, to.URL+"/"+Handle+"/"+l.Path).Status == http.StatusOK }) {
		t.Error("the page stays closed after a restore")
	}
	to.Command(t, "", "reconcile", "--sandbox")
	to.Command(t, "", "doctor", "--sandbox")
	if got := to.Link(t, l.ID).Stats; got.Payments < sure.Payments || got.Views < sure.Views {
		t.Errorf("restored %+v; before the backup it was %+v", got, sure)
	}
	AwaitStatus(t, to.PayAs(t, to.URL, l.Path, "paid", ""), "paid")
}

// A damaged backup is told from a whole one, and changes nothing.
func TestADamagedBackupIsRefused(t *testing.T) {
	t.Parallel()
	from := &site{&Site{Store: []string{"--data", t.TempDir()}}}
	from.SetUp(t)
	whole := filepath.Join(t.TempDir(), "backup.db")
	from.Command(t, "", "backup", whole)
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
			to := &site{&Site{Store: []string{"--data", data}}}
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

// A backup that belongs to somebody else is not called damaged: nobody should throw it away.
func TestABackupThatMayNotBeReadIsNotCalledDamaged(t *testing.T) {
	t.Parallel()
	from := &site{&Site{Store: []string{"--data", t.TempDir()}}}
	from.SetUp(t)
	file, data := filepath.Join(t.TempDir(), "backup.db"), t.TempDir()
	from.Command(t, "", "backup", file)
	to := &site{&Site{Store: []string{"--data", data}}}
	copyKey(t, from, to)
	program := filepath.Join(filepath.Dir(file), "smartlinks")
	content, err := os.ReadFile(Binary)
	if err == nil {
		err = os.WriteFile(program, content, 0o755)
	}
	if err == nil {
		err = os.Chmod(file, 0)
	}
	if err != nil {
		t.Fatal(err)
	}
	restore := exec.Command(program, "restore", file, "--data", data)
	if who := nobody(t); who != nil {
		for _, path := range []string{file, data} {
			letThrough(t, path)
		}
		for _, path := range []string{data, filepath.Join(data, "secret.key")} {
			if err := os.Chown(path, int(who.Uid), int(who.Gid)); err != nil {
				t.Fatal(err)
			}
		}
		restore.SysProcAttr = &syscall.SysProcAttr{Credential: who}
	}
	said, err := restore.CombinedOutput()
	if err == nil || !strings.Contains(string(said), "This user may not read "+file) || strings.Contains(string(said), "damaged") {
		t.Errorf("%v, %s", err, said)
	}
}

// fails runs a command that must fail, and returns what it says.
func (s *site) fails(t *testing.T, args ...string) string {
	t.Helper()
	said, err := exec.Command(Binary, append(args, s.Store...)...).CombinedOutput()
	if err == nil {
		t.Fatalf("smartlinks %s succeeded:\n%s", strings.Join(args, " "), said)
	}
	return string(said)
}

// copyKey brings the secret key along, as an operator does.
func copyKey(t *testing.T, from, to *site) {
	t.Helper()
	key, err := os.ReadFile(filepath.Join(from.Store[1], "secret.key"))
	if err == nil {
		err = os.WriteFile(filepath.Join(to.Store[1], "secret.key"), key, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}
