package programs

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	. "smartlinks/e2e/site"
)

// What stands in the guides to be typed into a shell works as it stands there, from the top
// of a section to its end. Only the server's address, the token, the program's folder and a
// day to come are the test's.
func TestWhatTheGuidesTypeWorks(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	s := start(t, "--data", data)
	shell := func(page string, sections ...string) {
		t.Helper()
		for _, section := range sections {
			script := strings.NewReplacer("http://127.0.0.1:8080", s.URL, "https://pay.example.com", s.URL, "sl_…", s.Token,
				"2026-12-31", time.Now().AddDate(0, 1, 0).Format(time.DateOnly), "curl ", "curl --fail-with-body ").Replace(typed(t, page, section))
			script = regexp.MustCompile(`(^|[\n (])(\./)?smartlinks `).ReplaceAllString(script, "${1}"+Binary+" ")
			c := exec.Command("bash", "-euo", "pipefail", "-c", script)
			c.Dir, c.Env = t.TempDir(), append(os.Environ(), "SMARTLINKS_DATA="+data, "TOKEN="+s.Token, "SMARTLINKS_URL="+s.URL, "SMARTLINKS_TOKEN="+s.Token)
			if out, err := c.CombinedOutput(); err != nil {
				t.Fatalf("%s, %s: %v\n%s\n%s", page, section, err, script, out)
			}
		}
	}
	shell("docs/first-link.md", "The same by command", "The same by curl")
	s.must(t, []string{"1 of 50", "Refunded +49.00 EUR"}, "link", "show", "winter-sale-2")
	s.must(t, []string{"1 of 80", "Revenue +12.50 EUR"}, "link", "show", "concert-2027")
	shell("docs/command-line.md", "", "For programs")
	s.must(t, []string{"0 of 50"}, "link", "show", "summer-sale")
	shell("docs/api.md", "Many links at once")
	s.must(t, []string{"12.50 EUR"}, "link", "show", "seat-1")
	shell("docs/payrequest.md", "Payment links", "Payment requests")
	s.must(t, []string{"49.00 EUR"}, "link", "show", "early-bird-2025")
}

var shellBlock = regexp.MustCompile("(?s)```sh\n(.*?)```")

// typed is what a section of a page shows to be typed; "" is what stands above all sections.
func typed(t *testing.T, page, section string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", filepath.FromSlash(page)))
	if err != nil {
		t.Fatal(err)
	}
	all := string(text)
	if section != "" {
		_, all, _ = strings.Cut(all, "\n## "+section+"\n")
	}
	all, _, _ = strings.Cut(all, "\n## ")
	var blocks []string
	for _, block := range shellBlock.FindAllStringSubmatch(all, -1) {
		blocks = append(blocks, block[1])
	}
	if len(blocks) == 0 {
		t.Fatalf("%s has nothing to type under %q", page, section)
	}
	return strings.Join(blocks, "\n")
}
