package overview

import (
	"net/http"

	"smartlinks/internal/web/dashboard/frame"
)

// followBusiness does the same for pages that show the figures of a business.
// They cost more to draw than one link's, so they are drawn less often.
func (d pages) followBusiness(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	return d.Follow(w, r, frame.LiveBusinessPause, func(topic, key string) bool {
		return topic == "figures" && key == string(scope.Business.ID)
	})
}
