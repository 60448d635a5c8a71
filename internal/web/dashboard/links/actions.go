package links

import (
	"net/http"
	"net/url"

	"smartlinks/internal/link"
	"smartlinks/internal/visit"
	"smartlinks/internal/web/dashboard/frame"
	"smartlinks/internal/web/ui"
)

// duplicateLink opens the copy for editing; it stays closed to payers until it
// is saved.
func (d pages) duplicateLink(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	l, err := d.Publish.Duplicate(r.Context(), scope.Business, link.ID(r.PathValue("id")))
	if err != nil {
		return err
	}
	d.Toast(r, ui.ToastProps{Text: scope.T("This is a copy"), More: scope.T("Payers can open it once you save it.")})
	return frame.Redirect(w, r, frame.LinkHref(scope, l.ID)+"/edit?copy=1")
}

// switchLink turns a link on or off and offers the way back.
func (d pages) switchLink(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	if err := frame.ReadForm(w, r, frame.MaxForm); err != nil {
		return err
	}
	on := frame.Ticked(r.Form, "active")
	l, err := d.Links.SetActive(r.Context(), scope.Business, link.ID(r.PathValue("id")), on)
	if err != nil {
		return err
	}
	d.RecordEdit(r.Context(), scope, string(l.ID), l.Version)
	back := scope.Within(r.Form.Get("back"), frame.LinkHref(scope, l.ID))
	toast := ui.ToastProps{Text: scope.T("{{.Name}} is active", "Name", l.Name)}
	if !on {
		undo := url.Values{"active": {"on"}, "back": {back}}
		toast = ui.ToastProps{Text: scope.T("{{.Name}} is paused", "Name", l.Name), Calm: true, UndoLabel: scope.T("Undo"), UndoAction: frame.LinkHref(scope, l.ID) + "/active?" + undo.Encode()}
	}
	switch {
	case on && l.OffSale():
		toast.More = d.uncharged(scope, l)
	case on && l.Status() == link.LimitReached:
		toast.More = scope.T("Its limit has been reached, so nobody can pay it yet.")
	}
	d.Toast(r, toast)
	return frame.Redirect(w, r, back)
}

func (d pages) askDeleteLink(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	l, err := d.Links.Get(r.Context(), scope.Business, link.ID(r.PathValue("id")))
	if err != nil {
		return err
	}
	totals, err := visit.Totals(r.Context(), d.DB, string(scope.Business.ID), scope.Mode(), []string{string(l.ID)})
	if err != nil {
		return err
	}
	v := deleteViewOf(scope, l, totals[string(l.ID)])
	return frame.Render(w, r, http.StatusOK, deletePage(d.Frame(r, scope, frame.Heading{Title: scope.T("Delete {{.Name}}", "Name", l.Name), Section: frame.PaymentPageSection}), v))
}

func (d pages) deleteLink(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	id := link.ID(r.PathValue("id"))
	l, err := d.Links.Get(r.Context(), scope.Business, id)
	if err != nil {
		return err
	}
	if err := d.Links.Delete(r.Context(), scope.Business, id); err != nil {
		return err
	}
	d.Toast(r, ui.ToastProps{Text: scope.T("{{.Name}} is deleted", "Name", l.Name)})
	return frame.Redirect(w, r, scope.Base+"/links")
}
