package e2e

import (
	"fmt"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"testing"

	. "smartlinks/e2e/site"
)

// While people pay, the primary dies and its synchronous standby is promoted. The address
// names both, so the servers find the new one by themselves; whatever was acknowledged is
// there, and nothing happens twice.
func TestSoakFailover(t *testing.T) {
	soak(t, "SMARTLINKS_SOAK_FAILOVERS", 1)
	primary := newPostgres(t)
	standby := primary.standby(t)
	both, err := url.Parse(primary.url)
	if err != nil {
		t.Fatal(err)
	}
	both.Host = primary.host() + "," + standby.host()
	both.RawQuery += "&target_session_attrs=read-write"
	s := &site{&Site{Store: []string{"--data", t.TempDir(), "--database", both.String()}}}
	s.SetUp(t)
	servers := []string{s.Serve(t), s.Serve(t)}
	s.URL = servers[0]
	s.CreateLink(t, `{"name": "Steady", `+FortyNine+`, "path": "steady"}`)
	s.CreateLink(t, fmt.Sprintf(`{"name": "Seats", %s, "path": "seats", "limit": {"kind": "multiple", "max": %d}}`, FortyNine, seats))
	book, enough := newLedger(), make(chan struct{})
	var payers sync.WaitGroup
	for i := range payersAtOnce {
		payers.Go(func() { payUntil(enough, book, servers[i%2], "seats", fmt.Sprintf("payer-%d", i)) })
	}
	book.awaitMore(t, 40)
	primary.crash(t)
	standby.promote(t)
	book.awaitMore(t, 40)
	close(enough)
	payers.Wait()
	t.Logf("%d views and %d attempts acknowledged, %d outcomes", total(book.seen), len(book.begun), len(book.settled))
	s.settleAll(t)
	s.audit(t, book)
}

func (p *postgres) host() string { return net.JoinHostPort("127.0.0.1", p.port) }

// standby makes a second server that follows this one, which from then on acknowledges
// nothing that the other has not.
func (p *postgres) standby(t *testing.T) *postgres {
	t.Helper()
	second := &postgres{bin: p.bin, dir: filepath.Join(t.TempDir(), "postgres")}
	_, second.port, _ = net.SplitHostPort(FreeAddress(t))
	if err := os.Mkdir(second.dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if as := nobody(t); as != nil {
		if err := os.Chown(second.dir, int(as.Uid), int(as.Gid)); err != nil {
			t.Fatal(err)
		}
		letThrough(t, second.dir)
	}
	u, err := url.Parse(p.url)
	if err != nil {
		t.Fatal(err)
	}
	password, _ := u.User.Password()
	copied := second.program(t, "pg_basebackup", "-h", "127.0.0.1", "-p", p.port, "-U", "smartlinks", "-D", second.dir, "-R", "-X", "stream", "-c", "fast", "--no-sync")
	copied.Env = append(os.Environ(), "PGPASSWORD="+password)
	if out, err := copied.CombinedOutput(); err != nil {
		t.Fatalf("pg_basebackup: %v\n%s", err, out)
	}
	second.start(t)
	t.Cleanup(func() { second.stop(t, syscall.SIGQUIT) })
	Execute(t, p.url, `ALTER SYSTEM SET synchronous_standby_names = '*'`)
	Execute(t, p.url, `SELECT pg_reload_conf()`)
	return second
}

// crash ends the server as a machine does that loses power.
func (p *postgres) crash(t *testing.T) {
	t.Helper()
	p.stop(t, syscall.SIGQUIT)
	p.gone = true
}

// promote makes a standby the primary.
func (p *postgres) promote(t *testing.T) {
	t.Helper()
	if out, err := p.program(t, "pg_ctl", "promote", "-D", p.dir).CombinedOutput(); err != nil {
		t.Fatalf("pg_ctl promote: %v\n%s", err, out)
	}
}
