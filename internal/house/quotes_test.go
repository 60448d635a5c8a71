package house

import (
	"io/fs"
	"os"

	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"smartlinks/internal/i18n"
)

// notOfOurPages are what the guides set in italics and no page of ours says: examples of what
// people type, and words of others.
var notOfOurPages = []string{
	"Summer Sale", "Studio Noord", // names of examples
	"Nothing with “mensha”, showing “mensah”", "Pay €49.00", // with values filled in
	"Destination URL", // of Dub
}

var (
	block  = regexp.MustCompile("(?s)```.*?```")
	words  = regexp.MustCompile(`\[([^\]]*)\]\([^)]*\)`)
	italic = regexp.MustCompile(`(?:^|[^*\w])\*([A-Z][^*]{1,60})\*(?:[^*]|$)`)
)

// What a guide sets in italics with a capital, such as *Settings → Alerts*, is a button or a
// heading of a page: whoever looks for it finds it under these words.
func TestWordsThatTheDocsQuoteAreOnPages(t *testing.T) {
	said := wordsOfPages(t)
	pages, err := fs.Glob(os.DirFS(root), "docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, name := range append(pages, "README.md") {
		if name == "docs/words.md" || name == "docs/architecture.md" { // tell of words, in all languages
			continue
		}
		text, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(name)))
		if err != nil {
			t.Fatal(err)
		}
		plain := quoted.ReplaceAllString(block.ReplaceAllString(string(text), ""), "code")
		plain = strings.Join(strings.Fields(words.ReplaceAllString(plain, "$1")), " ")
		for _, quote := range italic.FindAllStringSubmatch(plain, -1) {
			for part := range strings.SplitSeq(quote[1], "→") {
				part = strings.Trim(part, " .,:…")
				found++
				if !strings.Contains(said, plainly(part)) && !slices.Contains(notOfOurPages, part) {
					t.Errorf("%s quotes *%s*, which no page says", name, part)
				}
			}
		}
	}
	if found < 150 {
		t.Errorf("%d quotes found: the guides are read wrongly", found)
	}
}

// wordsOfPages are all texts of the dashboard and of payers' pages, in English.
func wordsOfPages(t *testing.T) string {
	t.Helper()
	texts, err := i18n.DashboardTexts(i18n.Codes()[1])
	if err != nil {
		t.Fatal(err)
	}
	payers, err := os.ReadFile(filepath.Join(root, "internal", "i18n", "en.toml"))
	if err != nil {
		t.Fatal(err)
	}
	all := []string{plainly(string(payers))}
	for english := range texts {
		all = append(all, plainly(english))
	}
	return strings.Join(all, "\n")
}

// plainly is a text whatever its capitals and quotation marks.
func plainly(text string) string {
	return strings.NewReplacer("’", "'", "“", `"`, "”", `"`, `\"`, `"`).Replace(strings.ToLower(text))
}
