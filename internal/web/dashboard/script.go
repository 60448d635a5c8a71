package dashboard

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"net/http"
	"path"
	"time"

	"smartlinks/internal/fault"
)

//go:embed static/*.js
var scripts embed.FS

// scriptsPath is where the dashboard's own scripts are served.
const scriptsPath = "/dashboard/static/"

// The scripts: one for links, one for forms, one for signing in and accounts.
const (
	scriptPath        = scriptsPath + "dashboard.js"
	formsScriptPath   = scriptsPath + "forms.js"
	accountScriptPath = scriptsPath + "account.js"
)

// serveScript answers with a script; browsers ask whether theirs is current.
func (d *Dashboard) serveScript(w http.ResponseWriter, r *http.Request) error {
	script, err := scripts.ReadFile(path.Join("static", path.Base(r.URL.Path)))
	if err != nil {
		return fault.Wrap(err, fault.NotFound, "This page does not exist.")
	}
	sum := sha256.Sum256(script)
	w.Header().Set("Content-Type", "text/javascript; charset=utf-8")
	w.Header().Set("Cache-Control", "no-cache")
	w.Header().Set("Etag", `"`+hex.EncodeToString(sum[:8])+`"`)
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(script))
	return nil
}
