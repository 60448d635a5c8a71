package e2e

import (
	"bufio"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	. "smartlinks/e2e/site"
)

// Generators that nobody here wrote make clients of the document, by the commands that
// stand in the guide. The clients compile, and with them the programs in clients/ do what
// a business does: an endpoint, a link, its payment, its activity, a refund, and events
// that the library of Standard Webhooks verifies. They know nothing of the database, so
// one is enough.
func TestGeneratedClientsDoTheMainJob(t *testing.T) {
	t.Parallel()
	s := &site{&Site{Store: []string{"--data", t.TempDir()}, Env: []string{"SMARTLINKS_WEBHOOKS_ALLOW_PRIVATE=true"}}}
	s.SetUp(t)
	s.URL = s.Serve(t)
	page := readPage(t, s.URL+"/api/docs")

	// Not in TMPDIR, which may be in memory, where nothing may be executed.
	dir, err := os.MkdirTemp(os.Getenv("GOTMPDIR"), "smartlinks-clients")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	if err := os.CopyFS(dir, os.DirFS("clients")); err != nil {
		t.Fatal(err)
	}
	// The name of the folder stays out of what is compiled, so that the next run finds it
	// in the cache.
	env := []string{"CGO_ENABLED=0", "GOWORK=off", "GOFLAGS=" + os.Getenv("GOFLAGS") + " -trimpath"}

	for _, generator := range []string{"oapi-codegen", "ogen"} {
		t.Run(generator, func(t *testing.T) {
			t.Parallel()
			shell := &stranger{t: t, dir: filepath.Join(dir, generator), env: env}
			shell.run(s.generating(t, page, "go tool "+generator))
			shell.run("go build -o shop .")
			s.doTheMainJob(t, shell, "./shop")
		})
	}
	t.Run("openapi-typescript", func(t *testing.T) {
		t.Parallel()
		shell := &stranger{t: t, dir: filepath.Join(dir, "openapi-typescript")}
		shell.run("npm ci --no-audit --no-fund --ignore-scripts")
		shell.run(s.generating(t, page, "npx openapi-typescript"))
		namelessLinkIsRefused(t, shell)
		s.doTheMainJob(t, shell, "node", "main.js")
	})
}

// generating is what the guide says to type for a generator, with our server for theirs.
func (s *site) generating(t *testing.T, page docsText, command string) string {
	t.Helper()
	return strings.ReplaceAll(page.code(t, "guide-generate-a-client", command), "https://pay.example.com", s.URL)
}

var typeErrors = regexp.MustCompile(`(?m)^\S+\(\d+,\d+\): error `)

// namelessLinkIsRefused compiles the programs in TypeScript: all is well but for the one
// that leaves out the name of a link.
func namelessLinkIsRefused(t *testing.T, shell *stranger) {
	t.Helper()
	compile := exec.Command("npx", "tsc", "-p", ".")
	compile.Dir = shell.dir
	out, err := compile.CombinedOutput()
	found := typeErrors.FindAllString(string(out), -1)
	if err == nil || len(found) != 1 || !strings.HasPrefix(found[0], "nameless.ts(") || !strings.Contains(string(out), "Property 'name' is missing") {
		t.Errorf("tsc must find one error, the missing name in nameless.ts: %v\n%s", err, out)
	}
}

// doTheMainJob runs the program of a business and pays its link as a payer does.
func (s *site) doTheMainJob(t *testing.T, shell *stranger, program string, args ...string) {
	t.Helper()
	c := exec.CommandContext(t.Context(), program, args...)
	c.Dir, c.Stderr = shell.dir, t.Output()
	c.Env = append(os.Environ(), "API="+s.URL+"/api/v1", "TOKEN="+s.Token)
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	if !lines.Scan() {
		t.Fatalf("the program made no link: %v", c.Wait())
	}
	page := Post(t, lines.Text(), Payer("sanne@example.com"))
	Decide(t, page.Header.Get("Location"), "paid", "")
	lines.Scan()
	said := lines.Text()
	if err := c.Wait(); err != nil {
		t.Fatalf("the program: %v", err)
	}
	id, refunded := strings.CutPrefix(said, "refunded ")
	if !refunded {
		t.Fatalf("the program says %q, want the payment that it refunded", said)
	}
	payment := Decode[struct{ Status string }](t, s.API(t, "GET", "/payments/"+id, ""))
	if payment.Status != "refunded" {
		t.Errorf("the payment is %s, want refunded", payment.Status)
	}
}
