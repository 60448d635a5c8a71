package links

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"smartlinks/internal/link"
	"smartlinks/internal/tag"
	"smartlinks/internal/web/dashboard/frame"
	"smartlinks/internal/web/ui"
)

// saveLinkTags is what the dialog behind the pencil sends: the tags in its field, and what
// was typed there and is no tag yet.
func (d pages) saveLinkTags(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	if err := frame.ReadForm(w, r, frame.MaxForm); err != nil {
		return err
	}
	id := link.ID(r.PathValue("id"))
	before, err := d.Links.Get(r.Context(), scope.Business, id)
	if err != nil {
		return err
	}
	names := append(r.Form["tag"], typedTags(r.PostForm.Get("tags"))...) // undoing has them in its address
	names, wrong, err := d.MakeTags(r, scope, tag.OfLinks, frame.Distinct(names))
	if err != nil {
		return err
	}
	if wrong.Errors != nil {
		d.Toast(r, ui.ToastProps{Text: scope.T("Nothing changed"), More: wrong.Errors["tags"], Bad: true})
		return frame.Redirect(w, r, frame.LinkHref(scope, id))
	}
	after, err := d.Links.Edit(r.Context(), scope.Business, id, 0, func(f *link.Fields) { f.Tags = tag.Named(names...) })
	if err != nil {
		return err
	}
	d.RecordEdit(r.Context(), scope, string(after.ID), after.Version)
	d.Toast(r, tagsToast(scope.Reader, frame.LinkHref(scope, id), before.Tags, after.Tags))
	return frame.Redirect(w, r, frame.LinkHref(scope, id))
}

// typedTags are the names that were typed, between commas.
func typedTags(typed string) (names []string) {
	for _, name := range strings.Split(typed, ",") {
		names = append(names, strings.TrimSpace(name))
	}
	return frame.Distinct(names)
}

// tagsToast says that tags were saved, and offers back those that were taken off.
func tagsToast(reader frame.Reader, href string, before, after []tag.Tag) ui.ToastProps {
	all, gone := url.Values{}, []string{}
	for _, t := range before {
		all.Add("tag", t.Name)
		if !slices.ContainsFunc(after, func(kept tag.Tag) bool { return kept.ID == t.ID }) {
			gone = append(gone, t.Name)
		}
	}
	if len(gone) == 0 {
		return ui.ToastProps{Text: reader.T("Tags saved")}
	}
	return ui.ToastProps{
		Text: reader.T("Tags removed"), More: strings.Join(gone, ", "), Calm: true, UndoLabel: reader.T("Undo"), UndoAction: href + "/tags?" + all.Encode(),
	}
}
