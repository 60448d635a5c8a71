package dashboard

import (
	"bytes"
	"net/http"
	"time"

	"smartlinks/internal/web/dashboard/frame"
)

// showImage serves a picture of the business's own. Pictures never change: a
// new one gets a new address.
func (d *Dashboard) showImage(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	image, err := d.Businesses.Image(r.Context(), scope.Business.ID, r.PathValue("id"))
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", image.ContentType)
	w.Header().Set("Cache-Control", "private, max-age=31536000, immutable")
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(image.Body))
	return nil
}
