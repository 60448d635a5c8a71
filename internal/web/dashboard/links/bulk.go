package links

import (
	"context"
	"net/http"
	"net/url"

	"github.com/a-h/templ"

	"smartlinks/internal/link"
	"smartlinks/internal/web/dashboard/frame"
	"smartlinks/internal/web/ui"
)

// bulk is something that is done to many links at once, and what undoes it.
type bulk struct {
	do   func(ctx context.Context, scope *frame.Scope, ids []link.ID) ([]link.ID, error)
	done func(links string) string
	none string // when there was nothing to do
	undo url.Values
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
	act := d.bulkOf(scope.Reader, r.Form)
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

// bulkOf reads which button was pressed.
func (d pages) bulkOf(reader frame.Reader, form url.Values) bulk {
	switch act, tagged, untagged := form.Get("act"), form.Get("tag"), form.Get("untag"); {
	case act == "activate":
		return bulk{do: d.switchAll(true), done: func(links string) string { return reader.T("{{.Links}} active now", "Links", links) }, none: reader.T("All of them are active already"), undo: url.Values{"act": {"deactivate"}}}
	case act == "deactivate":
		return bulk{do: d.switchAll(false), done: func(links string) string { return links + " paused" }, none: reader.T("All of them are paused already"), undo: url.Values{"act": {"activate"}}, calm: true}
	case tagged != "":
		return bulk{do: func(ctx context.Context, scope *frame.Scope, ids []link.ID) ([]link.ID, error) {
			return d.Links.TagAll(ctx, scope.Business, ids, tagged)
		}, done: func(links string) string {
			return reader.T("{{.Tagged}} added to {{.Links}}", "Tagged", tagged, "Links", links)
		}, none: reader.T("All of them have {{.Tagged}} already", "Tagged", tagged) + " already", undo: url.Values{"untag": {tagged}}}
	case untagged != "":
		return bulk{do: func(ctx context.Context, scope *frame.Scope, ids []link.ID) ([]link.ID, error) {
			return d.Links.UntagAll(ctx, scope.Business, ids, untagged)
		}, done: func(links string) string {
			return reader.T("{{.Untagged}} removed from {{.Links}}", "Untagged", untagged, "Links", links)
		}, none: reader.T("None of them has {{.Untagged}}", "Untagged", untagged), undo: url.Values{"tag": {untagged}}, calm: true}
	}
	return bulk{}
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
	return ui.ToastProps{
		Text: b.done(reader.N(int64(len(changed)), "{{.Count}} link", "{{.Count}} links")), Calm: b.calm,
		UndoLabel: reader.T("Undo"), UndoAction: base + "/links/bulk?" + undo.Encode(),
	}
}

// asks leads to the page that shows who would be asked: nothing is done before it is sent.
func asks(href string) templ.Attributes {
	return templ.Attributes{"formaction": href, "formmethod": "get"}
}
