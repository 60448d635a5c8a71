package e2e

import (
	"html"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	. "smartlinks/e2e/site"
)

// A stranger who has the page of the API, and nothing else, makes a link, receives
// and verifies its event with the library in Node, and asks for one that was missed.
// What they type is what stands on the page.
func TestAStrangerIntegratesWithThePageAlone(t *testing.T) {
	t.Parallel()
	EachStore(t, func(t *testing.T, store ...string) {
		s := &site{&Site{Store: store, Env: []string{"SMARTLINKS_WEBHOOKS_ALLOW_PRIVATE=true"}}}
		s.SetUp(t)
		s.URL = s.Serve(t)
		page := readPage(t, s.URL+"/api/docs")
		shell := &stranger{t: t, env: []string{"TOKEN=" + s.Token}}
		receiver := newReceiver(t, page, "node")

		// The receiver's address is their own.
		making := strings.ReplaceAll(page.code(t, "webhooks", "/webhook-endpoints"), "https://shop.example.com/webhooks", receiver.url)
		endpoint := decodeText[struct{ Secret string }](t, shell.run(making))
		receiver.start(t, endpoint.Secret)
		made := decodeText[LinkJSON](t, shell.run(strings.ReplaceAll(page.code(t, "guide-start", "/links"), "sl_…", s.Token)))
		receiver.await(t, "link.created", made.ID)

		receiver.stop()
		s.API(t, http.MethodPatch, "/links/"+made.ID, `{"name": "Winter Sale"}`)
		list, again, both := strings.Cut(page.code(t, "webhooks-what-was-missed", "/redeliver"), "\n")
		if !both {
			t.Fatal("the page shows one command, want two")
		}
		missed := decodeText[struct{ Data []struct{ ID string } }](t, shell.run(list))
		if len(missed.Data) != 1 {
			t.Fatalf("%d events are listed, want 1", len(missed.Data))
		}
		receiver.start(t, endpoint.Secret)
		shell.env = append(shell.env, "EVENT="+missed.Data[0].ID)
		shell.run(again)
		receiver.await(t, "link.updated", missed.Data[0].ID)
	})
}

// docsText is the page of the API, as a person reads it.
type docsText string

func readPage(t *testing.T, address string) docsText {
	t.Helper()
	a := Get(t, address)
	if a.Status != http.StatusOK {
		t.Fatalf("the page of the API answers %d", a.Status)
	}
	return docsText(a.Body)
}

var codeBlocks = regexp.MustCompile(`(?s)<pre[^>]*><code>(.*?)</code></pre>`)

// code is the first block of code behind the heading that holds the words.
func (p docsText) code(t *testing.T, heading, words string) string {
	t.Helper()
	_, after, found := strings.Cut(string(p), `id="`+heading+`"`)
	if !found {
		t.Fatalf("the page has no heading %q", heading)
	}
	for _, block := range codeBlocks.FindAllStringSubmatch(after, -1) {
		if code := html.UnescapeString(block[1]); strings.Contains(code, words) {
			return code
		}
	}
	t.Fatalf("behind %q is no code with %q", heading, words)
	return ""
}

// stranger is somebody with a shell.
type stranger struct {
	t   *testing.T
	dir string // "" for the tests' own
	env []string
}

// run types the command and returns what it prints.
func (s *stranger) run(command string) string {
	s.t.Helper()
	c := exec.Command("bash", "-euc", strings.ReplaceAll(command, "curl ", "curl -sS --fail-with-body "))
	c.Dir, c.Env = s.dir, append(os.Environ(), s.env...)
	out, err := c.CombinedOutput()
	if err != nil {
		s.t.Fatalf("%s\n%v: %s", command, err, out)
	}
	return string(out)
}

// decodeText is decode for what a command printed.
func decodeText[T any](t *testing.T, text string) T {
	t.Helper()
	return Decode[T](t, Answer{Status: http.StatusOK, Body: text})
}
