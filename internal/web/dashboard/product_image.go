package dashboard

import (
	"bytes"
	"net/http"
	"time"
)

// showImage serves a picture of the business's own. Pictures never change: a
// new one gets a new address.
func (d *Dashboard) showImage(w http.ResponseWriter, r *http.Request, at *room) error {
	image, err := d.Businesses.Image(r.Context(), at.Business.ID, r.PathValue("id"))
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", image.ContentType)
	w.Header().Set("Cache-Control", "private, max-age=31536000, immutable")
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(image.Body))
	return nil
}

// imageHref is the address of showImage, "" without a picture.
func imageHref(at *room, id string) string {
	if id == "" {
		return ""
	}
	return at.Base + "/images/" + id
}
