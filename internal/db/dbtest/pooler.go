package dbtest

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// Pooled starts a PgBouncer in transaction mode before the PostgreSQL of a URL, and
// returns the URL that leads through it. It has few connections and gives them away in
// turn, so that what somebody leaves on one is met by others.
func Pooled(tb testing.TB, database string) string {
	tb.Helper()
	program, err := exec.LookPath("pgbouncer")
	if err != nil {
		if program, err = exec.LookPath("/usr/sbin/pgbouncer"); err != nil {
			if os.Getenv("CI") != "" {
				tb.Fatal("pgbouncer is not installed; run the tests by `make test`")
			}
			tb.Skip("pgbouncer is not installed; `make test` installs it")
		}
	}
	u, err := url.Parse(database)
	if err != nil {
		tb.Fatal(err)
	}
	port := freePort(tb)
	password, _ := u.User.Password()
	folder := poolerFolder(tb, map[string]string{
		"users": fmt.Sprintf("%q %q\n", u.User.Username(), password),
		"pgbouncer.ini": fmt.Sprintf(`[databases]
* = host=%s port=%s
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = %d
unix_socket_dir =
auth_type = scram-sha-256
auth_file = users
pool_mode = transaction
default_pool_size = 4
server_round_robin = 1
max_client_conn = 200
query_wait_timeout = 20
`, u.Hostname(), u.Port(), port),
	})
	said := &bytes.Buffer{}
	command := exec.Command(program, "pgbouncer.ini")
	command.Dir, command.Stdout, command.Stderr = folder, said, said
	command.SysProcAttr = nobody(tb)
	if err := command.Start(); err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		_ = command.Process.Kill()
		_ = command.Wait()
	})
	u.Host = net.JoinHostPort("127.0.0.1", strconv.Itoa(port))
	for end := time.Now().Add(20 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		conn, err := pgx.Connect(context.Background(), u.String())
		if err == nil {
			_ = conn.Close(context.Background())
			return u.String()
		}
		if time.Now().After(end) {
			_ = command.Process.Kill()
			_ = command.Wait()
			tb.Fatalf("PgBouncer does not answer: %v\n%s", err, said)
		}
	}
}

// poolerFolder is a folder of files that another user can read.
func poolerFolder(tb testing.TB, files map[string]string) string {
	tb.Helper()
	folder, err := os.MkdirTemp("/tmp", "smartlinks-pooler")
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = os.RemoveAll(folder) })
	as := nobody(tb)
	for name, text := range files {
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			tb.Fatal(err)
		}
		if as != nil {
			if err := os.Chown(path, int(as.Credential.Uid), int(as.Credential.Gid)); err != nil {
				tb.Fatal(err)
			}
		}
	}
	if as != nil {
		if err := os.Chown(folder, int(as.Credential.Uid), int(as.Credential.Gid)); err != nil {
			tb.Fatal(err)
		}
	}
	return folder
}

// nobody is who runs programs that refuse to be run by root; nil for the user of the test.
func nobody(tb testing.TB) *syscall.SysProcAttr {
	tb.Helper()
	if os.Getuid() != 0 {
		return nil
	}
	who, err := user.Lookup("nobody")
	if err != nil {
		tb.Fatal(err)
	}
	uid, errUID := strconv.ParseUint(who.Uid, 10, 32)
	gid, errGID := strconv.ParseUint(who.Gid, 10, 32)
	if errUID != nil || errGID != nil {
		tb.Fatal(errUID, errGID)
	}
	return &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}}
}

// freePort is one that nobody listens on at the moment.
func freePort(tb testing.TB) int {
	tb.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}
