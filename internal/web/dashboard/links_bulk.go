package dashboard

import (
	"context"
	"net/http"
	"net/url"

	"smartlinks/internal/link"
	"smartlinks/internal/web/ui"
)

// bulk is something that is done to many links at once, and what undoes it.
type bulk struct {
	do   func(ctx context.Context, at *room, ids []link.ID) ([]link.ID, error)
	done func(links string) string
	none string // when there was nothing to do
	undo url.Values
	calm bool
}

// bulkLinks does the same to all links that are ticked in the list, and offers
// to undo it for those that it changed.
func (d *Dashboard) bulkLinks(w http.ResponseWriter, r *http.Request, at *room) error {
	if err := readForm(w, r, maxForm); err != nil {
		return err
	}
	back := at.within(r.Form.Get("back"), at.Base+"/links")
	var ids []link.ID
	for _, id := range set(r.Form["link"]) {
		ids = append(ids, link.ID(id))
	}
	act := d.bulkOf(r.Form)
	if len(ids) == 0 || act.do == nil {
		d.say(r, ui.ToastProps{Text: "Nothing is changed", More: "Tick the links first.", Calm: true})
		return redirect(w, r, back)
	}
	changed, err := act.do(r.Context(), at, ids)
	if err != nil {
		return err
	}
	d.say(r, act.toast(at.Base, back, changed))
	return redirect(w, r, back)
}

// bulkOf reads which button was pressed.
func (d *Dashboard) bulkOf(form url.Values) bulk {
	switch act, tagged, untagged := form.Get("act"), form.Get("tag"), form.Get("untag"); {
	case act == "activate":
		return bulk{do: d.switchAll(true), done: func(links string) string { return links + " active now" }, none: "All of them are active already", undo: url.Values{"act": {"deactivate"}}}
	case act == "deactivate":
		return bulk{do: d.switchAll(false), done: func(links string) string { return links + " paused" }, none: "All of them are paused already", undo: url.Values{"act": {"activate"}}, calm: true}
	case tagged != "":
		return bulk{do: func(ctx context.Context, at *room, ids []link.ID) ([]link.ID, error) {
			return d.Links.TagAll(ctx, at.Business, ids, tagged)
		}, done: func(links string) string { return tagged + " added to " + links }, none: "All of them have " + tagged + " already", undo: url.Values{"untag": {tagged}}}
	case untagged != "":
		return bulk{do: func(ctx context.Context, at *room, ids []link.ID) ([]link.ID, error) {
			return d.Links.UntagAll(ctx, at.Business, ids, untagged)
		}, done: func(links string) string { return untagged + " removed from " + links }, none: "None of them has " + untagged, undo: url.Values{"tag": {untagged}}, calm: true}
	}
	return bulk{}
}

func (d *Dashboard) switchAll(on bool) func(ctx context.Context, at *room, ids []link.ID) ([]link.ID, error) {
	return func(ctx context.Context, at *room, ids []link.ID) ([]link.ID, error) {
		return d.Links.SwitchAll(ctx, at.Business, ids, on)
	}
}

// toast says what was done, with the way back.
func (b bulk) toast(base, back string, changed []link.ID) ui.ToastProps {
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
		Text: b.done(counted(int64(len(changed)), "link", "links")), Calm: b.calm,
		UndoLabel: "Undo", UndoAction: base + "/links/bulk?" + undo.Encode(),
	}
}
