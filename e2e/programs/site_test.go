// Package programs tests the built binary with programs that people use it by: its own
// command line, assistants of others, and those that ask many people at once, on both
// databases.
package programs

import (
	"bytes"
	"context"
	"crypto/rand"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// binary is the program under test, built once by TestMain.
var binary string

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	// Not in TMPDIR, which may be in memory, where nothing may be executed.
	dir, err := os.MkdirTemp(os.Getenv("GOTMPDIR"), "smartlinks-programs")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	binary = filepath.Join(dir, "smartlinks")
	build := exec.Command("go", "build", "-o", binary, "./cmd/smartlinks")
	build.Dir = filepath.Join("..", "..")
	build.Env = append(os.Environ(), "CGO_ENABLED=0", "GOWORK=off")
	if out, err := build.CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "build the program: %v\n%s", err, out)
		return 1
	}
	return m.Run()
}

const (
	ownerEmail    = "marit@example.com"
	ownerPassword = "correct horse battery"
	handle        = "acme"
)

// site is a running installation with one business and a token to its API.
type site struct {
	URL, Token string
	store      []string // the flags that name its database
	process    *exec.Cmd
}

// each runs a test on a fresh installation on each database.
func each(t *testing.T, test func(t *testing.T, s *site)) {
	t.Run("sqlite", func(t *testing.T) { test(t, start(t, "--data", t.TempDir())) })
	t.Run("postgresql", func(t *testing.T) { test(t, start(t, "--data", t.TempDir(), "--database", newDatabase(t))) })
}

// start sets an installation up and serves it until the test ends.
func start(t *testing.T, store ...string) *site {
	t.Helper()
	s := &site{store: store}
	s.command(t, ownerPassword+"\n", "setup", "--business", "Acme Events", "--handle", handle, "--email", ownerEmail, "--owner-name", "Marit de Boer", "--password-stdin")
	s.Token = strings.TrimSpace(s.command(t, "", "token", "create", "--business", handle, "--name", "programs"))
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s.URL = "http://" + l.Addr().String()
	l.Close()
	s.serve(t)
	t.Cleanup(func() { _ = s.process.Process.Signal(syscall.SIGTERM); _ = s.process.Wait() })
	return s
}

// serve starts the process, and waits until it is ready.
func (s *site) serve(t *testing.T) {
	t.Helper()
	c := exec.Command(binary, append([]string{"serve", "--addr", strings.TrimPrefix(s.URL, "http://"), "--sandbox", "--log-level", "warn"}, s.store...)...)
	c.Env = append(os.Environ(), "SMARTLINKS_RATE_LIMITS=off")
	c.Stdout, c.Stderr = t.Output(), t.Output()
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	s.process = c
	for end := time.Now().Add(20 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		if answer, err := http.Get(s.URL + "/readyz"); err == nil {
			answer.Body.Close()
			if answer.StatusCode == http.StatusOK {
				return
			}
		}
		if time.Now().After(end) {
			t.Fatal("the server was not ready within 20 s")
		}
	}
}

// kill ends the process between any two of its instructions (SIGKILL).
func (s *site) kill(t *testing.T) {
	t.Helper()
	if err := s.process.Process.Kill(); err != nil {
		t.Fatalf("kill the server: %v", err)
	}
	_ = s.process.Wait()
}

// command runs the program on the database and returns what it prints.
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
	execute := func(statement string) {
		conn, err := pgx.Connect(context.Background(), server)
		if err != nil {
			t.Fatalf("reach PostgreSQL: %v", err)
		}
		defer conn.Close(context.Background())
		if _, err := conn.Exec(context.Background(), statement); err != nil {
			t.Fatal(err)
		}
	}
	name := "programs_" + strings.ToLower(rand.Text())
	execute("CREATE DATABASE " + name)
	t.Cleanup(func() { execute("DROP DATABASE IF EXISTS " + name + " WITH (FORCE)") })
	u.Path = "/" + name
	return u.String()
}
