package dashboard

import (
	"net/http"

	"smartlinks/internal/link"
	"smartlinks/internal/tag"
	"smartlinks/internal/web/ui"
)

// saveLinkTags is what the dialog behind the pencil sends: the ticked tags, and
// a new one if one was typed.
func (d *Dashboard) saveLinkTags(w http.ResponseWriter, r *http.Request, at *room) error {
	if err := readForm(w, r, maxForm); err != nil {
		return err
	}
	id := link.ID(r.PathValue("id"))
	if _, err := d.Links.Get(r.Context(), at.Business, id); err != nil {
		return err
	}
	names := set(r.PostForm["tag"])
	if name := r.PostForm.Get("new_tag"); name != "" {
		made, err := d.makeTag(r, at, name)
		if err != nil {
			return err
		}
		names = append(names, made)
	}
	if _, err := d.Links.Update(r.Context(), at.Business, id, 0, link.Patch{Tags: &names}); err != nil {
		return err
	}
	d.say(r, ui.ToastProps{Text: "The tags are saved"})
	return redirect(w, r, linkHref(at, id))
}

// makeTag makes a link tag in the colour that the form names, unless there is
// one of the name; both ways its name comes back.
func (d *Dashboard) makeTag(r *http.Request, at *room, name string) (string, error) {
	t, err := d.Tags.Ensure(r.Context(), at.Business.ID, tag.OfLinks, name, r.PostForm.Get("tag_color"))
	return t.Name, err
}

// addTags makes the typed tags and shows the form again with them ticked and
// everything else as it was typed.
func (d *Dashboard) addTags(w http.ResponseWriter, r *http.Request, at *room, v linkFormView) error {
	var made []string
	for _, name := range v.Values.newTags() {
		name, err := d.makeTag(r, at, name)
		if err != nil {
			p, ok := problemsOf(err, map[string]string{"name": "tags", "color": "tags"})
			if !ok {
				return err
			}
			v.problems = p
			return d.showLinkForm(w, r, at, http.StatusUnprocessableEntity, v)
		}
		made = append(made, name)
	}
	v.Values.Tags, v.Values.NewTags = set(append(v.Values.Tags, made...)), ""
	return d.showLinkForm(w, r, at, http.StatusOK, v)
}

// wantsTag tells whether the form was sent to add a tag, not to be saved.
func wantsTag(r *http.Request) bool { return r.PostForm.Get("act") == "add-tag" }
