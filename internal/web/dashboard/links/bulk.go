package links

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"smartlinks/internal/business"
	"smartlinks/internal/link"
	"smartlinks/internal/tag"
	"smartlinks/internal/web/dashboard/frame"
	"smartlinks/internal/web/ui"
)

// bulk is something that is done to many links at once, and what undoes it.
type bulk struct {
	do   func(ctx context.Context, scope *frame.Scope, ids []link.ID) ([]link.ID, error)
	done func(links string) string
	none string // when there was nothing to do
	undo url.Values
	tags []string // that were given or taken
	back string   // the act that brings them back
	calm bool
}

// bulkLinks does the same to all links that are ticked in the list, and offers
// to undo it for those that it changed.
func (d pages) bulkLinks(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	if err := frame.ReadForm(w, r, frame.MaxForm); err != nil {
		return err
	}
	back := scope.Within(r.Form.Get("back"), scope.Base+"/links")
	var ids []link.ID
	for _, id := range frame.Distinct(r.Form["link"]) {
		ids = append(ids, link.ID(id))
	}
	act, wrong, err := d.bulkOf(r, scope, len(ids) > 0)
	if err != nil {
		return err
	}
	if wrong != "" {
		d.Toast(r, ui.ToastProps{Text: scope.T("Nothing changed"), More: wrong, Bad: true})
		return frame.Redirect(w, r, back)
	}
	if len(ids) == 0 || act.do == nil {
		d.Toast(r, ui.ToastProps{Text: scope.T("Nothing changed"), More: scope.T("Select links first."), Calm: true})
		return frame.Redirect(w, r, back)
	}
	changed, err := act.do(r.Context(), scope, ids)
	if err != nil {
		return err
	}
	d.Toast(r, act.toast(scope.Reader, scope.Base, back, changed))
	return frame.Redirect(w, r, back)
}

// bulkOf reads which button was pressed. Tags that are to be given are made first, where
// anything is ticked; wrong says why one can't be.
func (d pages) bulkOf(r *http.Request, scope *frame.Scope, ticked bool) (act bulk, wrong string, err error) {
	form, reader := r.Form, scope.Reader
	names := frame.Distinct(form["tag"])
	names = frame.Distinct(append(names, typedTags(form.Get("tags"))...))
	switch does := form.Get("act"); {
	case does == "activate":
		return bulk{do: d.switchAll(true), done: func(links string) string { return reader.T("{{.Links}} active now", "Links", links) }, none: reader.T("All of them are active already"), undo: url.Values{"act": {"deactivate"}}}, "", nil
	case does == "deactivate":
		return bulk{do: d.switchAll(false), done: func(links string) string { return reader.T("{{.Links}} paused", "Links", links) }, none: reader.T("All of them are paused already"), undo: url.Values{"act": {"activate"}}, calm: true}, "", nil
	case does == "tag" && len(names) > 0 && ticked:
		made, problems, err := d.MakeTags(r, scope, tag.OfLinks, names)
		if err != nil || problems.Errors != nil {
			return bulk{}, problems.Errors["tags"], err
		}
		return d.tagged(reader, made), "", nil
	case does == "untag" && len(names) > 0:
		return d.untagged(reader, names), "", nil
	case (does == "tag" || does == "untag") && ticked:
		return bulk{}, reader.T("Choose a tag first."), nil
	}
	return bulk{}, "", nil
}

func (d pages) tagged(reader frame.Reader, names []string) bulk {
	list := strings.Join(names, ", ")
	return bulk{
		do: d.eachTag(names, d.Links.TagAll), tags: names, back: "untag",
		done: func(links string) string {
			return reader.T("{{.Tagged}} added to {{.Links}}", "Tagged", list, "Links", links)
		},
		none: reader.T("All of them have {{.Tagged}} already", "Tagged", list),
	}
}

func (d pages) untagged(reader frame.Reader, names []string) bulk {
	list := strings.Join(names, ", ")
	return bulk{
		do: d.eachTag(names, d.Links.UntagAll), tags: names, back: "tag", calm: true,
		done: func(links string) string {
			return reader.T("{{.Untagged}} removed from {{.Links}}", "Untagged", list, "Links", links)
		},
		none: reader.T("None of them has {{.Untagged}}", "Untagged", list),
	}
}

// eachTag does the same with every tag, and returns the links that any of them changed.
func (d pages) eachTag(names []string, do func(context.Context, business.Business, []link.ID, string) ([]link.ID, error)) func(context.Context, *frame.Scope, []link.ID) ([]link.ID, error) {
	return func(ctx context.Context, scope *frame.Scope, ids []link.ID) (all []link.ID, err error) {
		for _, name := range names {
			changed, err := do(ctx, scope.Business, ids, name)
			if err != nil {
				return nil, err
			}
			for _, id := range changed {
				if !slices.Contains(all, id) {
					all = append(all, id)
				}
			}
		}
		return all, nil
	}
}

func (d pages) switchAll(on bool) func(ctx context.Context, scope *frame.Scope, ids []link.ID) ([]link.ID, error) {
	return func(ctx context.Context, scope *frame.Scope, ids []link.ID) ([]link.ID, error) {
		return d.Links.SwitchAll(ctx, scope.Business, ids, on)
	}
}

// toast says what was done, with the way back.
func (b bulk) toast(reader frame.Reader, base, back string, changed []link.ID) ui.ToastProps {
	if len(changed) == 0 {
		return ui.ToastProps{Text: b.none, Calm: true}
	}
	undo := url.Values{"back": {back}}
	for name, values := range b.undo {
		undo[name] = values
	}
	for _, id := range changed {
		undo.Add("link", string(id))
	}
	if len(b.tags) == 1 { // of several, a link may have had some already
		undo.Set("act", b.back)
		undo["tag"] = b.tags
	}
	said := ui.ToastProps{Text: b.done(reader.N(int64(len(changed)), "{{.Count}} link", "{{.Count}} links")), Calm: b.calm}
	if len(b.tags) > 1 {
		return said
	}
	said.UndoLabel, said.UndoAction = reader.T("Undo"), base+"/links/bulk?"+undo.Encode()
	return said
}

// asks leads to the page that shows who would be asked: nothing is done before it is sent.
func asks(href string) templ.Attributes {
	return templ.Attributes{"formaction": href, "formmethod": "get"}
}
