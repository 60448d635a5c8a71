package settings

import (
	"net/http"

	"smartlinks/internal/web/dashboard/frame"
)

// showSettings leads to the first page that the member may see.
func (d pages) showSettings(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	return frame.Redirect(w, r, frame.SettingsAt(scope, "").Items(scope.Reader)[0].Href)
}
