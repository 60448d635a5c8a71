package dashboard

import (
	"bytes"
	_ "embed" // the script
	"net/http"
	"time"
)

//go:embed static/dashboard.js
var script []byte

// scriptPath is where the dashboard's own script is served.
const scriptPath = "/dashboard/static/dashboard.js"

// serveScript answers with the script; browsers ask whether theirs is current.
func (d *Dashboard) serveScript(w http.ResponseWriter, r *http.Request) error {
	w.Header().Set("Content-Type", "text/javascript; charset=utf-8")
	w.Header().Set("Cache-Control", "no-cache")
	w.Header().Set("Etag", d.scriptTag)
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(script))
	return nil
}
