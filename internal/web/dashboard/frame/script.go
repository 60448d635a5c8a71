package frame

import (
	"embed"
	"net/http"
	"sync"

	"smartlinks/internal/web/ui"
)

//go:embed static/*.js
var scriptFiles embed.FS

// scriptsPath is where the dashboard's own scripts are served.
const scriptsPath = "/dashboard/static/"

// scripts are read at their first use: one for links, one for forms, one for signing in
// and accounts.
var scripts = sync.OnceValue(func() *ui.Files { return ui.LoadFiles(scriptsPath, scriptFiles) })

// Script is where one of them is served, such as "forms.js".
func Script(name string) string { return scripts().URL(name) }

func (d *Dashboard) serveScript(w http.ResponseWriter, r *http.Request) error {
	scripts().ServeHTTP(w, r)
	return nil
}
