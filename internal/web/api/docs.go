package api

import (
	"bytes"
	_ "embed"
	"html/template"
	"net/http"
	"sync"

	"github.com/danielgtaylor/huma/v2"

	"smartlinks/internal/web/guard"
	"smartlinks/internal/web/ui"
)

//go:embed docs.html
var docsText string

// described is an operation on the page.
type described struct {
	Method, Path string
	*huma.Operation
}

// docs shows the OpenAPI document to people, without any script.
func (a *rooms) docs() http.Handler {
	render := sync.OnceValues(a.renderDocs)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		page, err := render()
		if err != nil {
			a.refused(r.Context(), err, "path").send(w)
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Content-Security-Policy", guard.PayerPolicy)
		// The reader is gone when this fails, and nothing is left to do.
		_, _ = w.Write(page)
	})
}

func (a *rooms) renderDocs() ([]byte, error) {
	page, err := template.New("docs").Parse(docsText)
	if err != nil {
		return nil, err
	}
	document := a.huma.OpenAPI()
	var b bytes.Buffer
	err = page.Execute(&b, map[string]any{
		"Document": document, "Operations": operations(document), "Server": document.Servers[0].URL,
		"Style": ui.Asset("app.css"), "OpenAPI": prefix + "/openapi.json",
	})
	return b.Bytes(), err
}

// operations are those of the document by address.
func operations(document *huma.OpenAPI) []described {
	var all []described
	for _, path := range sortedKeys(document.Paths) {
		item := document.Paths[path]
		for _, d := range []described{
			{http.MethodGet, path, item.Get}, {http.MethodPost, path, item.Post},
			{http.MethodPatch, path, item.Patch}, {http.MethodDelete, path, item.Delete},
		} {
			if d.Operation != nil {
				all = append(all, d)
			}
		}
	}
	return all
}
