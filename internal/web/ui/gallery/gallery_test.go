package gallery

import (
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"smartlinks/internal/web/ui"
)

// With GALLERY=<folder> it leaves the page there, beside the files it needs, to
// be opened in a browser.
func TestGalleryShowsEveryComponentWithoutInlineStyleOrScript(t *testing.T) {
	var page strings.Builder
	if err := Page().Render(context.Background(), &page); err != nil {
		t.Fatal(err)
	}
	for _, class := range []string{"button-primary", "badge", "chip", "control", "switch", "table-stack", "dialog", "toast", "empty", "pager", "stat"} {
		if !strings.Contains(page.String(), class) {
			t.Errorf("the gallery lacks %q", class)
		}
	}
	if found := regexp.MustCompile(`\sstyle=|<style|\son[a-z]+=|<script>`).FindString(page.String()); found != "" {
		t.Errorf("the gallery holds %q", found)
	}
	if folder := os.Getenv("GALLERY"); folder != "" {
		leave(t, folder, page.String())
	}
}

// leave writes the page and its files side by side, with relative addresses.
func leave(t *testing.T, folder, page string) {
	t.Helper()
	local := strings.NewReplacer("/static/", "", "/brand/", "").Replace(page)
	save(t, filepath.Join(folder, "gallery.html"), []byte(local))
	for _, name := range []string{"app.css", "app.js", "htmx.js", "icon.svg", "inter.woff2"} {
		fetch(t, folder, ui.Static(), ui.Asset(name))
	}
	fetch(t, folder, ui.Brand(), ui.BrandPath("#0e5a5c"))
}

func fetch(t *testing.T, folder string, from http.Handler, url string) {
	t.Helper()
	request := httptest.NewRequest(http.MethodGet, url, nil)
	answer := httptest.NewRecorder()
	from.ServeHTTP(answer, request)
	save(t, filepath.Join(folder, filepath.Base(request.URL.Path)), answer.Body.Bytes())
}

func save(t *testing.T, file string, body []byte) {
	t.Helper()
	if err := os.WriteFile(file, body, 0o600); err != nil {
		t.Fatal(err)
	}
}
