package site

import (
	"bytes"
	"context"
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

	"github.com/jackc/pgx/v5"
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

// SetUp makes the business, its owner and a token.
func (s *Site) SetUp(t *testing.T) {
	t.Helper()
	s.Command(t, OwnerPassword+"\n", "setup", "--business", "Acme Events", "--handle", Handle, "--email", OwnerEmail, "--owner-name", OwnerName, "--password-stdin")
	s.Token = strings.TrimSpace(s.Command(t, "", "token", "create", "--business", Handle, "--name", "e2e"))
}

// Command runs the program once and returns what it prints.
func (s *Site) Command(t *testing.T, input string, args ...string) string {
	t.Helper()
	c := exec.Command(Binary, append(args, s.Store...)...)
	c.Stdin = strings.NewReader(input)
	c.Env = append(os.Environ(), s.Env...)
	var out, errs bytes.Buffer
	c.Stdout, c.Stderr = &out, &errs
	if err := c.Run(); err != nil {
		t.Fatalf("smartlinks %s: %v\n%s", strings.Join(args, " "), err, errs.String())
	}
	return out.String()
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

// NewDatabase makes an empty PostgreSQL database that is dropped after the test.
func NewDatabase(t *testing.T) string {
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
	Execute(t, server, "CREATE DATABASE "+name)
	t.Cleanup(func() { Execute(t, server, "DROP DATABASE IF EXISTS "+name+" WITH (FORCE)") })
	u.Path = "/" + name
	return u.String()
}

func Execute(t *testing.T, server, statement string) {
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
