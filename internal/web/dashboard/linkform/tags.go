package linkform

import (
	"net/http"

	"smartlinks/internal/tag"
	"smartlinks/internal/web/dashboard/frame"
)

// addTags shows the form of a link again with the typed tags made and ticked.
func (d pages) addTags(w http.ResponseWriter, r *http.Request, scope *frame.Scope, v formView) error {
	status := http.StatusOK
	made, wrong, err := d.MakeTags(r, scope, tag.OfLinks, v.Values.newTags())
	switch {
	case err != nil:
		return err
	case wrong.Errors != nil:
		v.Problems, status = wrong, http.StatusUnprocessableEntity
	default:
		v.Values.Tags, v.Values.NewTags = frame.Distinct(append(v.Values.Tags, made...)), ""
	}
	return d.showForm(w, r, scope, status, v)
}
