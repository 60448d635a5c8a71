package site

import (
	"bytes"
	"crypto/rand"
	"fmt"
	mathrand "math/rand/v2"
	"net"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"
)

// The owner and the business of every installation.
const (
	OwnerEmail    = "marit@example.com"
	OwnerName     = "Marit de Boer"
	OwnerPassword = "correct horse battery"
	Handle        = "acme"
)

// Site is a running installation with one business and a token to its API.
type Site struct {
	URL, Token string
	Store      []string // the flags that name its database
	Env        []string // what else its processes find in their environment
	NoSandbox  bool     // it is served as a merchant with real money serves it
}

// Each runs a test on a fresh installation on each database.
func Each(t *testing.T, test func(t *testing.T, s *Site)) {
	EachStore(t, func(t *testing.T, store ...string) { test(t, Start(t, store...)) })
}

// EachStore runs a test with each database while it is still empty.
func EachStore(t *testing.T, test func(t *testing.T, store ...string)) {
	t.Run("sqlite", func(t *testing.T) { test(t, "--data", t.TempDir()) })
	t.Run("postgresql", func(t *testing.T) { test(t, "--data", t.TempDir(), "--database", NewDatabase(t)) })
}

// Start sets an installation up and serves it until the test ends.
func Start(t *testing.T, store ...string) *Site {
	t.Helper()
	s := &Site{Store: store}
	s.SetUp(t)
	s.URL = s.Serve(t)
	return s
}

// SetUp makes the business, its owner and a token. Where nothing stands in the way it is a
// copy of what the program has made for another test.
func (s *Site) SetUp(t *testing.T) {
	t.Helper()
	server, database, fits := s.empty()
	if !fits {
		if err := s.setUp(); err != nil {
			t.Fatal(err)
		}
		return
	}
	p, err := prepare(server)
	if err == nil {
		err = p.copy(s.Store[1], database)
	}
	if err != nil {
		t.Fatalf("copy an installation: %v", err)
	}
	s.Token = p.Token
}

// empty tells whether the installation keeps everything in a folder without one, and in
// SQLite or an empty database of a server.
func (s *Site) empty() (server, database string, fits bool) {
	if found, err := os.ReadDir(s.Store[1]); err != nil || len(found) > 0 {
		return "", "", false
	}
	if len(s.Store) == 2 {
		return "", "", true
	}
	u, err := url.Parse(s.Store[3])
	if _, fits = empty.LoadAndDelete(s.Store[3]); !fits || err != nil {
		return "", "", false
	}
	return os.Getenv(postgresServer), strings.TrimPrefix(u.Path, "/"), len(s.Store) == 4
}

// setUp has the program make the business, its owner and a token.
func (s *Site) setUp() error {
	_, err := s.run(OwnerPassword+"\n", "setup", "--business", "Acme Events", "--handle", Handle, "--email", OwnerEmail, "--owner-name", OwnerName, "--password-stdin")
	if err != nil {
		return err
	}
	token, err := s.run("", "token", "create", "--business", Handle, "--name", "e2e")
	s.Token = strings.TrimSpace(token)
	return err
}

// Command runs the program once and returns what it prints.
func (s *Site) Command(t *testing.T, input string, args ...string) string {
	t.Helper()
	out, err := s.run(input, args...)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func (s *Site) run(input string, args ...string) (string, error) {
	c := exec.Command(Binary, append(args, s.Store...)...)
	c.Stdin = strings.NewReader(input)
	c.Env = append(os.Environ(), s.Env...)
	var out, errs bytes.Buffer
	c.Stdout, c.Stderr = &out, &errs
	if err := c.Run(); err != nil {
		return "", fmt.Errorf("smartlinks %s: %w\n%s", strings.Join(args, " "), err, errs.String())
	}
	return out.String(), nil
}

// Eventually asks until the answer is yes or the time is over: less and less often, so that
// a token never asks more than it may.
func Eventually(within time.Duration, yes func() bool) bool {
	pause := 20 * time.Millisecond
	timer := time.NewTimer(pause)
	defer timer.Stop()
	for end := time.Now().Add(within); time.Now().Before(end); <-timer.C {
		timer.Reset(pause)
		if yes() {
			return true
		}
		pause = min(pause*3/2, 200*time.Millisecond)
	}
	return yes()
}

// given are the ports that tests of this run have been given.
var given sync.Map

// FreeAddress is an address where nobody listens, and which no other test is given.
// Its port is below those that the kernel hands to clients, so that it stays free
// until a server takes it.
func FreeAddress(t *testing.T) string {
	t.Helper()
	for range 100 {
		address := fmt.Sprintf("127.0.0.1:%d", 10_000+mathrand.IntN(10_000))
		l, err := net.Listen("tcp", address)
		if err != nil {
			continue
		}
		l.Close()
		if _, taken := given.LoadOrStore(address, true); !taken {
			return address
		}
	}
	t.Fatal("no free port was found")
	return ""
}

// postgresServer names the variable with the URL of a server that tests make databases in.
const postgresServer = "SMARTLINKS_TEST_POSTGRES"

// NewDatabase makes an empty PostgreSQL database that is dropped after the test.
func NewDatabase(t *testing.T) string {
	t.Helper()
	server := os.Getenv(postgresServer)
	if server == "" {
		if os.Getenv("CI") != "" {
			t.Fatalf("%s is not set; run the tests by `make test`", postgresServer)
		}
		t.Skipf("%s is not set; `make test` starts a PostgreSQL", postgresServer)
	}
	name := "e2e_" + strings.ToLower(rand.Text())
	Execute(t, server, "CREATE DATABASE "+name)
	t.Cleanup(func() { Execute(t, server, "DROP DATABASE IF EXISTS "+name+" WITH (FORCE)") })
	made := inDatabase(server, name)
	empty.Store(made, true)
	return made
}

// inDatabase is the URL of another database of a server.
func inDatabase(server, name string) string {
	u, err := url.Parse(server)
	if err != nil {
		return server // whoever connects is told
	}
	u.Path = "/" + name
	return u.String()
}

func Execute(t *testing.T, server, statement string) {
	t.Helper()
	if err := execute(server, statement); err != nil {
		t.Fatal(err)
	}
}
