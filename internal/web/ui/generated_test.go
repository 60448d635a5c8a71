package ui

import (
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// root is the repository, seen from this package.
const root = "../../.."

// It does in Go what "build.sh check" does with sha256sum, so that a plain
// go test finds a template or a style that was changed without building.
func TestGeneratedFilesBelongToTheirInputs(t *testing.T) {
	recorded, err := os.ReadFile("generated.sum")
	if err != nil {
		t.Fatal(err)
	}
	listed := map[string]bool{}
	for line := range strings.Lines(string(recorded)) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		want, name, found := strings.Cut(strings.TrimSpace(line), "  ")
		if !found {
			t.Fatalf("cannot read the line %q", line)
		}
		listed[filepath.Clean(name)] = true
		if got := sum(t, filepath.Join(root, name)); got != want {
			t.Errorf("%s changed; run internal/web/ui/build.sh", name)
		}
	}
	for _, name := range files(t, ".templ") {
		if !listed[name] {
			t.Errorf("%s is new; run internal/web/ui/build.sh", name)
		}
	}
}

func sum(t *testing.T, file string) string {
	t.Helper()
	content, err := os.ReadFile(file)
	if err != nil {
		return err.Error()
	}
	digest := sha256.Sum256(content)
	return hex.EncodeToString(digest[:])
}

// files lists every file of the repository that ends so, relative to its root.
func files(t *testing.T, extension string) []string {
	t.Helper()
	var names []string
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && slices.Contains([]string{"node_modules", ".git"}, entry.Name()) {
			return filepath.SkipDir
		}
		if filepath.Ext(path) == extension {
			name, err := filepath.Rel(root, path)
			names = append(names, name)
			return err
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

// The Content-Security-Policy forbids all of these; a browser would drop them
// silently.
func TestNoTemplateWritesInlineStyleOrScript(t *testing.T) {
	forbidden := map[string]*regexp.Regexp{
		"a style attribute": regexp.MustCompile(`\sstyle\s*[=?]`),
		"a style element":   regexp.MustCompile(`<style\b`),
		"an event handler":  regexp.MustCompile(`\s(?:on[a-z]+|hx-on[a-z:.-]*)\s*=\s*["{]`),
		"an inline script":  regexp.MustCompile(`<script(?:>|\s+type=)`),
		"a javascript: URL": regexp.MustCompile(`javascript:`),
	}
	for _, name := range files(t, ".templ") {
		source, err := os.ReadFile(filepath.Join(root, name))
		if err != nil {
			t.Fatal(err)
		}
		for what, pattern := range forbidden {
			if found := pattern.Find(source); found != nil {
				t.Errorf("%s has %s: %q", name, what, found)
			}
		}
	}
}

// What scripts say stands in attributes of the page, in its language, and so does what they
// look for.
func TestScriptsHoldNoSentence(t *testing.T) {
	forbidden := regexp.MustCompile("[\"'`][A-Z][a-z]+ [a-z]|\\[(?:aria-label|title)=")
	for _, name := range files(t, ".js") {
		if !strings.HasPrefix(name, "internal/web/") || strings.HasSuffix(name, "/htmx.js") {
			continue
		}
		source, err := os.ReadFile(filepath.Join(root, name))
		if err != nil {
			t.Fatal(err)
		}
		for n, line := range strings.Split(string(source), "\n") {
			if found := forbidden.FindString(line); found != "" {
				t.Errorf("%s:%d: %q is in one language", name, n+1, found)
			}
		}
	}
}

func TestEveryIconAndAssetInUseExists(t *testing.T) {
	icons := regexp.MustCompile(`(?:\bIcon(?:Tile)?\(|\bIcon:\s*|\bMenu(?:Link|Button|Form)\()"([a-z0-9-]+)"`)
	assetNames := regexp.MustCompile(`\bAsset\("([^"]+)"\)`)
	for _, name := range files(t, ".templ") {
		source, err := os.ReadFile(filepath.Join(root, name))
		if err != nil {
			t.Fatal(err)
		}
		for _, found := range icons.FindAllStringSubmatch(string(source), -1) {
			if iconPaths(found[1]) == "" {
				t.Errorf("%s draws the icon %q, which icons.txt lacks", name, found[1])
			}
		}
		for _, found := range assetNames.FindAllStringSubmatch(string(source), -1) {
			if _, ok := own().names[found[1]]; !ok {
				t.Errorf("%s names the asset %q, which static/ lacks", name, found[1])
			}
		}
	}
}
