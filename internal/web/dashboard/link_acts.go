package dashboard

import (
	"net/http"
	"net/url"

	"smartlinks/internal/link"
	"smartlinks/internal/visit"
	"smartlinks/internal/web/ui"
)

// duplicateLink opens the copy for editing; it stays closed to payers until it
// is saved.
func (d *Dashboard) duplicateLink(w http.ResponseWriter, r *http.Request, at *room) error {
	l, err := d.Reminders.Duplicate(r.Context(), at.Business, link.ID(r.PathValue("id")))
	if err != nil {
		return err
	}
	d.say(r, ui.ToastProps{Text: "This is a copy", More: "Payers can open it once you save it."})
	return redirect(w, r, linkHref(at, l.ID)+"/edit?copy=1")
}

// switchLink turns a link on or off and offers the way back.
func (d *Dashboard) switchLink(w http.ResponseWriter, r *http.Request, at *room) error {
	if err := readForm(w, r, maxForm); err != nil {
		return err
	}
	on := ticked(r.Form, "active")
	l, err := d.Links.SetActive(r.Context(), at.Business, link.ID(r.PathValue("id")), on)
	if err != nil {
		return err
	}
	d.noteEdit(r.Context(), at, string(l.ID), l.Version)
	back := at.within(r.Form.Get("back"), linkHref(at, l.ID))
	toast := ui.ToastProps{Text: l.Name + " is active"}
	if !on {
		undo := url.Values{"active": {"on"}, "back": {back}}
		toast = ui.ToastProps{Text: l.Name + " is paused", Calm: true, UndoLabel: "Undo", UndoAction: linkHref(at, l.ID) + "/active?" + undo.Encode()}
	}
	if on && l.Status() == link.LimitReached {
		toast.More = "Its limit is reached, so nobody can pay it yet."
	}
	d.say(r, toast)
	return redirect(w, r, back)
}

func (d *Dashboard) askDeleteLink(w http.ResponseWriter, r *http.Request, at *room) error {
	l, err := d.Links.Get(r.Context(), at.Business, link.ID(r.PathValue("id")))
	if err != nil {
		return err
	}
	totals, err := visit.Totals(r.Context(), d.DB, string(at.Business.ID), at.mode(), []string{string(l.ID)})
	if err != nil {
		return err
	}
	v := deleteViewOf(at, l, totals[string(l.ID)])
	return render(w, r, http.StatusOK, deletePage(d.frame(r, at, place{"Delete " + l.Name, paymentPageRoom}), v))
}

func (d *Dashboard) deleteLink(w http.ResponseWriter, r *http.Request, at *room) error {
	id := link.ID(r.PathValue("id"))
	l, err := d.Links.Get(r.Context(), at.Business, id)
	if err != nil {
		return err
	}
	if err := d.Links.Delete(r.Context(), at.Business, id); err != nil {
		return err
	}
	d.say(r, ui.ToastProps{Text: l.Name + " is deleted"})
	return redirect(w, r, at.Base+"/links")
}
