package e2e

import (
	"bytes"
	"context"
	"crypto/rand"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

const (
	ownerEmail    = "marit@example.com"
	ownerName     = "Marit de Boer"
	ownerPassword = "correct horse battery"
	handle        = "acme"
)

// site is a running installation with one business and a token to its API.
type site struct {
	URL, Token string
	store      []string // the flags that name its database
}

// each runs a test on a fresh installation on each database.
func each(t *testing.T, test func(t *testing.T, s *site)) {
	eachStore(t, func(t *testing.T, store ...string) { test(t, start(t, store...)) })
}

// eachStore runs a test with each database while it is still empty.
func eachStore(t *testing.T, test func(t *testing.T, store ...string)) {
	t.Run("sqlite", func(t *testing.T) { test(t, "--data", t.TempDir()) })
	t.Run("postgresql", func(t *testing.T) { test(t, "--data", t.TempDir(), "--database", newDatabase(t)) })
}

// start sets an installation up and serves it until the test ends.
func start(t *testing.T, store ...string) *site {
	t.Helper()
	s := &site{store: store}
	s.command(t, ownerPassword+"\n", "setup", "--business", "Acme Events", "--handle", handle, "--email", ownerEmail, "--owner-name", ownerName, "--password-stdin")
	s.Token = strings.TrimSpace(s.command(t, "", "token", "create", "--business", handle, "--name", "e2e"))
	s.URL = s.serve(t)
	return s
}

// command runs the program once and returns what it prints.
func (s *site) command(t *testing.T, input string, args ...string) string {
	t.Helper()
	c := exec.Command(binary, append(args, s.store...)...)
	c.Stdin = strings.NewReader(input)
	var out, errs bytes.Buffer
	c.Stdout, c.Stderr = &out, &errs
	if err := c.Run(); err != nil {
		t.Fatalf("smartlinks %s: %v\n%s", strings.Join(args, " "), err, errs.String())
	}
	return out.String()
}

// serve starts one process and returns its address. It is stopped by SIGTERM,
// and must leave with status 0.
func (s *site) serve(t *testing.T) string {
	t.Helper()
	addr := freeAddress(t)
	c := exec.Command(binary, append([]string{"serve", "--addr", addr, "--sandbox", "--log-level", "warn"}, s.store...)...)
	c.Env = append(os.Environ(), "SMARTLINKS_RATE_LIMITS=off")
	c.Stdout, c.Stderr = t.Output(), t.Output()
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	exited := make(chan error, 1)
	go func() { exited <- c.Wait() }()
	t.Cleanup(func() { stop(t, c, exited) })
	awaitReady(t, "http://"+addr, exited)
	return "http://" + addr
}

func stop(t *testing.T, c *exec.Cmd, exited chan error) {
	t.Helper()
	if err := c.Process.Signal(syscall.SIGTERM); err != nil {
		t.Errorf("stop the server: %v", err)
		return
	}
	select {
	case err := <-exited:
		if err != nil {
			t.Errorf("the server must leave with status 0 after SIGTERM: %v", err)
		}
	case <-time.After(30 * time.Second):
		t.Error("the server did not stop within 30 s of SIGTERM")
		_ = c.Process.Kill()
	}
}

func awaitReady(t *testing.T, base string, exited chan error) {
	t.Helper()
	ok := eventually(20*time.Second, func() bool {
		select {
		case err := <-exited:
			exited <- err
			t.Fatalf("the server left before it was ready: %v", err)
		default:
		}
		res, err := http.Get(base + "/readyz")
		if err != nil {
			return false
		}
		res.Body.Close()
		return res.StatusCode == http.StatusOK
	})
	if !ok {
		t.Fatal("the server was not ready within 20 s")
	}
}

// eventually asks until the answer is yes or the time is over.
func eventually(within time.Duration, yes func() bool) bool {
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for end := time.Now().Add(within); time.Now().Before(end); <-tick.C {
		if yes() {
			return true
		}
	}
	return yes()
}

func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// newDatabase makes an empty PostgreSQL database that is dropped after the test.
func newDatabase(t *testing.T) string {
	t.Helper()
	const variable = "SMARTLINKS_TEST_POSTGRES"
	server := os.Getenv(variable)
	if server == "" {
		if os.Getenv("CI") != "" {
			t.Fatalf("%s is not set; run the tests by `make test`", variable)
		}
		t.Skipf("%s is not set; `make test` starts a PostgreSQL", variable)
	}
	u, err := url.Parse(server)
	if err != nil {
		t.Fatal(err)
	}
	name := "e2e_" + strings.ToLower(rand.Text())
	execute(t, server, "CREATE DATABASE "+name)
	t.Cleanup(func() { execute(t, server, "DROP DATABASE IF EXISTS "+name+" WITH (FORCE)") })
	u.Path = "/" + name
	return u.String()
}

func execute(t *testing.T, server, statement string) {
	t.Helper()
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, server)
	if err != nil {
		t.Fatalf("reach PostgreSQL: %v", err)
	}
	defer conn.Close(ctx)
	if _, err := conn.Exec(ctx, statement); err != nil {
		t.Fatal(err)
	}
}
