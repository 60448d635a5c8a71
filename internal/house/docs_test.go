package house

import (
	"go/ast"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode"
)

// docsStart is where somebody begins to read; every page of docs is found from there.
const docsStart = "docs/README.md"

// page is one Markdown file without what stands in code.
type page struct {
	links   []string // as they are written
	anchors map[string]bool
	tests   []string // that it names
}

var (
	// linked finds where [words](address) and ![words](address) lead.
	linked  = regexp.MustCompile(`\]\(([^()\s]+)\)`)
	quoted  = regexp.MustCompile("`[^`]*`")
	named   = regexp.MustCompile("`(Test[A-Z][A-Za-z0-9]*)`")
	inCode  = regexp.MustCompile("`([a-z0-9_./]+/[a-z0-9_.]+\\.(?:go|templ|toml|md|sh))`")
	heading = regexp.MustCompile(`^#{1,6} +(.+)$`)
)

func TestLinksInTheDocsLeadSomewhere(t *testing.T) {
	pages := markdown(t)
	for name, p := range pages {
		for _, link := range p.links {
			if why := deadLink(pages, name, link); why != "" {
				t.Errorf("%s links to %s, but %s", name, link, why)
			}
		}
	}
}

func TestEveryPageOfTheDocsIsFoundFromTheirStart(t *testing.T) {
	pages := markdown(t)
	found := map[string]bool{docsStart: true}
	for next := []string{docsStart}; len(next) > 0; next = next[1:] {
		for _, link := range pages[next[0]].links {
			to, _ := target(next[0], link)
			if _, is := pages[to]; is && strings.HasPrefix(to, "docs/") && !found[to] {
				found[to] = true
				next = append(next, to)
			}
		}
	}
	for name := range pages {
		if strings.HasPrefix(name, "docs/") && !found[name] {
			t.Errorf("no links lead from %s to %s", docsStart, name)
		}
	}
}

// The page that leads through the code names files: from internal/, or from the top.
func TestFilesThatTheArchitectureNamesExist(t *testing.T) {
	const name = "docs/architecture.md"
	text, err := os.ReadFile(filepath.Join("..", "..", name))
	if err != nil {
		t.Fatal(err)
	}
	all := inCode.FindAllStringSubmatch(string(text), -1)
	if len(all) < 40 {
		t.Errorf("%s names %d files, so this test reads it wrongly", name, len(all))
	}
	for _, found := range all {
		if !exists(filepath.Join("..", found[1])) && !exists(filepath.Join("..", "..", found[1])) {
			t.Errorf("%s names %s, which doesn't exist", name, found[1])
		}
	}
}

func exists(name string) bool {
	_, err := os.Stat(name)
	return err == nil
}

// A promise that names its test has one.
func TestTestsThatTheDocsNameExist(t *testing.T) {
	exist := map[string]bool{}
	for _, f := range goFiles(t) {
		for _, declaration := range f.AST.Decls {
			if function, ok := declaration.(*ast.FuncDecl); ok && function.Recv == nil {
				exist[function.Name.Name] = true
			}
		}
	}
	for name, p := range markdown(t) {
		for _, test := range p.tests {
			if !exist[test] {
				t.Errorf("%s names %s, which doesn't exist", name, test)
			}
		}
	}
}

// deadLink says why a link of a page leads nowhere, or "". Other sites are not asked.
func deadLink(pages map[string]page, from, link string) string {
	to, anchor := target(from, link)
	if to == "" {
		return ""
	}
	if _, err := os.Stat(filepath.Join(root, filepath.FromSlash(to))); err != nil {
		return "there is no " + to
	}
	if p, is := pages[to]; is && anchor != "" && !p.anchors[anchor] {
		return to + " has no such heading"
	}
	return ""
}

// target is the file that a link leads to, from the top, and the heading in it;
// "" when it leads to another site.
func target(from, link string) (to, anchor string) {
	if strings.Contains(link, "://") || strings.HasPrefix(link, "mailto:") {
		return "", ""
	}
	to, anchor, _ = strings.Cut(link, "#")
	if to == "" {
		return from, anchor
	}
	return path.Join(path.Dir(from), to), anchor
}

// markdown reads every page of the repository, by its path from the top.
func markdown(t *testing.T) map[string]page {
	t.Helper()
	pages := map[string]page{}
	err := fs.WalkDir(os.DirFS(root), ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && name != "." && (entry.Name() == "node_modules" || strings.HasPrefix(entry.Name(), ".")):
			return fs.SkipDir
		case path.Ext(name) != ".md":
			return nil
		}
		text, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(name)))
		pages[name] = parsePage(string(text))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(pages[docsStart].links) == 0 {
		t.Fatalf("%s is missing or links to nothing", docsStart)
	}
	return pages
}

func parsePage(text string) page {
	p := page{anchors: map[string]bool{}}
	code := false
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\n")
		if strings.HasPrefix(line, "```") {
			code = !code
		}
		if code {
			continue
		}
		if h := heading.FindStringSubmatch(line); h != nil {
			p.anchors[anchorOf(h[1])] = true
		}
		for _, test := range named.FindAllStringSubmatch(line, -1) {
			p.tests = append(p.tests, test[1])
		}
		for _, l := range linked.FindAllStringSubmatch(quoted.ReplaceAllString(line, ""), -1) {
			p.links = append(p.links, l[1])
		}
	}
	return p
}

// anchorOf is the name that forges give a heading.
func anchorOf(heading string) string {
	return strings.Map(func(c rune) rune {
		switch {
		case c == ' ':
			return '-'
		case c == '-' || c == '_' || unicode.IsLetter(c) || unicode.IsDigit(c):
			return unicode.ToLower(c)
		}
		return -1
	}, heading)
}
