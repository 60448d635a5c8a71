package links

import (
	"net/http"

	"smartlinks/internal/link"
	"smartlinks/internal/web/dashboard/frame"
)

// followLink tells the page of a link, as server-sent events, that something
// happened; the page then fetches itself again. It says nothing about what.
func (d pages) followLink(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	id := link.ID(r.PathValue("id"))
	if _, err := d.Links.Get(r.Context(), scope.Business, id); err != nil {
		return err
	}
	return d.Follow(w, r, frame.LivePause, func(topic, key string) bool {
		return key == string(id) && (topic == "activity" || topic == "link")
	})
}
