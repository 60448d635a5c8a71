package e2e

import (
	"crypto/rand"
	"fmt"
	"net"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"sync"
	"syscall"
	"testing"
	"time"

	. "smartlinks/e2e/site"
)

// While people pay, PostgreSQL is restarted: once as an administrator does it, and
// once by a crash. Whatever was acknowledged is kept, nothing happens twice, and both
// servers go on by themselves.
func TestARestartedDatabaseLosesAndDoublesNothing(t *testing.T) {
	t.Parallel()
	database := newPostgres(t)
	s := &site{&Site{Store: []string{"--data", t.TempDir(), "--database", database.url}}}
	s.SetUp(t)
	servers := []string{s.Serve(t), s.Serve(t)}
	s.URL = servers[0]
	s.CreateLink(t, `{"name": "Steady", `+FortyNine+`, "path": "steady"}`)
	book := newLedger()
	for round, end := range []os.Signal{os.Interrupt, syscall.SIGQUIT} {
		path := fmt.Sprintf("seats-%d", round)
		s.CreateLink(t, fmt.Sprintf(`{"name": "Seats", %s, "path": %q, "limit": {"kind": "multiple", "max": %d}}`, FortyNine, path, seats))
		enough := make(chan struct{})
		var payers sync.WaitGroup
		for i := range payersAtOnce {
			payers.Go(func() { payUntil(enough, book, servers[i%2], path, fmt.Sprintf("payer-%d-%d", round, i)) })
		}
		book.awaitMore(t, 20)
		database.stop(t, end)
		database.start(t)
		book.awaitMore(t, 20)
		close(enough)
		payers.Wait()
	}
	s.settleAll(t)
	s.audit(t, book)
}

// awaitMore waits until some more payers were sent to the provider.
func (l *ledger) awaitMore(t *testing.T, more int) {
	t.Helper()
	begun := func() (n int) {
		l.write(func() { n = len(l.begun) })
		return n
	}
	before := begun()
	if !Eventually(30*time.Second, func() bool { return begun() >= before+more }) {
		t.Fatalf("%d payers were sent on in 30 s, want %d", begun()-before, more)
	}
}

// postgres is a PostgreSQL of one test, which it may end as it likes.
type postgres struct {
	url  string
	bin  string
	dir  string
	port string
	cmd  *exec.Cmd
	gone bool // it was ended for good
}

// newPostgres makes and starts one in the test's folder.
func newPostgres(t *testing.T) *postgres {
	t.Helper()
	p := &postgres{bin: postgresPrograms(t), dir: filepath.Join(t.TempDir(), "postgres")}
	_, p.port, _ = net.SplitHostPort(FreeAddress(t))
	password := rand.Text()
	secret := p.dir + ".password"
	if err := os.Mkdir(p.dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(secret, []byte(password), 0o600); err != nil {
		t.Fatal(err)
	}
	if as := nobody(t); as != nil {
		for _, path := range []string{p.dir, secret} {
			if err := os.Chown(path, int(as.Uid), int(as.Gid)); err != nil {
				t.Fatal(err)
			}
		}
		letThrough(t, p.dir)
	}
	made := p.program(t, "initdb", "--pgdata", p.dir, "--username=smartlinks", "--pwfile", secret, "--auth=password", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync")
	if out, err := made.CombinedOutput(); err != nil {
		t.Fatalf("initdb: %v\n%s", err, out)
	}
	at := url.URL{Scheme: "postgres", User: url.UserPassword("smartlinks", password), Host: "127.0.0.1:" + p.port, Path: "/postgres", RawQuery: "sslmode=disable"}
	p.url = at.String()
	p.start(t)
	t.Cleanup(func() { p.stop(t, syscall.SIGQUIT) })
	return p
}

// start returns when the server answers.
func (p *postgres) start(t *testing.T) {
	t.Helper()
	p.cmd = p.program(t, "postgres", "-D", p.dir, "-c", "listen_addresses=127.0.0.1", "-c", "port="+p.port, "-c", "unix_socket_directories=", "-c", "max_connections=200")
	p.cmd.Stdout, p.cmd.Stderr = t.Output(), t.Output()
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if !Eventually(30*time.Second, func() bool {
		return exec.Command(filepath.Join(p.bin, "pg_isready"), "-q", "-h", "127.0.0.1", "-p", p.port).Run() == nil
	}) {
		t.Fatal("PostgreSQL does not answer within 30 s")
	}
}

// stop ends the server: SIGINT lets it put things away, SIGQUIT does not.
func (p *postgres) stop(t *testing.T, how os.Signal) {
	t.Helper()
	if p.gone {
		return
	}
	if err := p.cmd.Process.Signal(how); err != nil {
		t.Fatal(err)
	}
	_ = p.cmd.Wait() // a crash has a status of its own
}

// program is one of PostgreSQL's, which refuse to run as root.
func (p *postgres) program(t *testing.T, name string, args ...string) *exec.Cmd {
	t.Helper()
	c := exec.Command(filepath.Join(p.bin, name), args...)
	c.Dir = p.dir
	c.SysProcAttr = &syscall.SysProcAttr{Credential: nobody(t), Pdeathsig: syscall.SIGINT}
	return c
}

// postgresPrograms is the folder of the newest server that is installed; Debian
// keeps it out of the PATH.
func postgresPrograms(t *testing.T) string {
	t.Helper()
	if found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb"); len(found) > 0 {
		return filepath.Dir(found[len(found)-1])
	}
	found, err := exec.LookPath("initdb")
	if err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("PostgreSQL's server programs are not installed; run the tests by `make test`")
		}
		t.Skip("PostgreSQL's server programs are not installed; `make test` installs them")
	}
	return filepath.Dir(found)
}

// nobody is who runs PostgreSQL where the tests run as root; nil elsewhere.
func nobody(t *testing.T) *syscall.Credential {
	t.Helper()
	if os.Getuid() != 0 {
		return nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		if u, err := user.Lookup(name); err == nil {
			uid, errUID := strconv.ParseUint(u.Uid, 10, 32)
			gid, errGID := strconv.ParseUint(u.Gid, 10, 32)
			if errUID == nil && errGID == nil {
				return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
			}
		}
	}
	t.Fatal("there is no user postgres and no user nobody")
	return nil
}

// letThrough lets another user reach what is theirs in the test's folder, which is
// two levels deep.
func letThrough(t *testing.T, path string) {
	t.Helper()
	dir := path
	for range 2 {
		dir = filepath.Dir(dir)
		info, err := os.Stat(dir)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(dir, info.Mode()|0o011); err != nil {
			t.Fatal(err)
		}
	}
}
