package dashboard

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

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
	before, err := d.Links.Get(r.Context(), at.Business, id)
	if err != nil {
		return err
	}
	names := set(r.Form["tag"]) // undoing has them in its address
	if name := r.PostForm.Get("new_tag"); name != "" {
		made, err := d.makeTag(r, at, tag.OfLinks, name)
		if err != nil {
			return err
		}
		names = append(names, made)
	}
	after, err := d.Links.Update(r.Context(), at.Business, id, 0, link.Patch{Tags: &names})
	if err != nil {
		return err
	}
	d.noteEdit(r.Context(), at, string(after.ID), after.Version)
	d.say(r, tagsToast(linkHref(at, id), before.Tags, after.Tags))
	return redirect(w, r, linkHref(at, id))
}

// tagsToast says that tags were saved, and offers back those that were taken off.
func tagsToast(href string, before, after []tag.Tag) ui.ToastProps {
	all, gone := url.Values{}, []string{}
	for _, t := range before {
		all.Add("tag", t.Name)
		if !slices.ContainsFunc(after, func(kept tag.Tag) bool { return kept.ID == t.ID }) {
			gone = append(gone, t.Name)
		}
	}
	if len(gone) == 0 {
		return ui.ToastProps{Text: "The tags are saved"}
	}
	return ui.ToastProps{
		Text: "Tags removed", More: strings.Join(gone, ", "), Calm: true, UndoLabel: "Undo", UndoAction: href + "/tags?" + all.Encode(),
	}
}

// makeTag makes a tag in the colour that the form names, unless there is one of
// the name; both ways its name comes back.
func (d *Dashboard) makeTag(r *http.Request, at *room, kind tag.Kind, name string) (string, error) {
	t, err := d.Tags.Ensure(r.Context(), at.Business.ID, kind, name, r.PostForm.Get("tag_color"))
	return t.Name, err
}

// addTags shows the form of a link again with the typed tags made and ticked.
func (d *Dashboard) addTags(w http.ResponseWriter, r *http.Request, at *room, v linkFormView) error {
	status := http.StatusOK
	made, wrong, err := d.makeTags(r, at, tag.OfLinks, v.Values.newTags())
	switch {
	case err != nil:
		return err
	case wrong.Errors != nil:
		v.problems, status = wrong, http.StatusUnprocessableEntity
	default:
		v.Values.Tags, v.Values.NewTags = set(append(v.Values.Tags, made...)), ""
	}
	return d.showLinkForm(w, r, at, status, v)
}

// makeTags makes the tags of these names, or tells what is wrong with them.
func (d *Dashboard) makeTags(r *http.Request, at *room, kind tag.Kind, names []string) (made []string, wrong problems, err error) {
	for _, name := range names {
		name, err := d.makeTag(r, at, kind, name)
		if err != nil {
			p, ok := problemsOf(err, map[string]string{"name": "tags", "color": "tags"})
			if !ok {
				return nil, problems{}, err
			}
			return nil, p, nil
		}
		made = append(made, name)
	}
	return made, problems{}, nil
}

// wantsTag tells whether the form was sent to add a tag, not to be saved.
func wantsTag(r *http.Request) bool { return r.PostForm.Get("act") == "add-tag" }
