package waiting

import (
	"net/http"

	"smartlinks/internal/fault"
	"smartlinks/internal/link"
	"smartlinks/internal/waitinglist"
	"smartlinks/internal/web/dashboard/frame"
	"smartlinks/internal/web/ui"
)

// entry is that of the address, with its link: of this business, in the mode that is shown,
// and of a link that is still there.
func (d pages) entry(r *http.Request, scope *frame.Scope) (waitinglist.Entry, link.Link, error) {
	e, err := d.Waiting.Get(r.Context(), d.DB, scope.Business.ID, waitinglist.ID(r.PathValue("id")))
	if err != nil {
		return e, link.Link{}, err
	}
	if e.Mode != scope.Business.Mode {
		return e, link.Link{}, fault.New(fault.NotFound, "There is no such entry on the waiting list.")
	}
	l, err := d.Links.Get(r.Context(), scope.Business, e.LinkID)
	return e, l, err
}

// offer holds a free place for somebody out of turn. Where that can't be, the page says why.
func (d pages) offer(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	e, l, err := d.entry(r, scope)
	if err != nil {
		return err
	}
	now, err := d.Waiting.OfferNow(r.Context(), scope.Business, e.ID)
	switch {
	case fault.Is(err, fault.Conflict):
		return d.show(w, r, scope, http.StatusConflict, l, whyNot(scope, l, e))
	case err != nil:
		return err
	case now.State != waitinglist.Offered:
		return d.show(w, r, scope, http.StatusConflict, l, scope.T("Mails to {{.Email}} don’t arrive, so no place was offered.", "Email", e.Email))
	}
	d.Toast(r, ui.ToastProps{Text: scope.T("A place is offered to {{.Email}}", "Email", e.Email)})
	return frame.Redirect(w, r, hrefOf(scope, l.ID))
}

// whyNot says why an entry was refused an offer.
func whyNot(scope *frame.Scope, l link.Link, e waitinglist.Entry) string {
	switch {
	case !offerable(e):
		return scope.T("{{.Email}} has a place or an offer already.", "Email", e.Email)
	case e.State != waitinglist.Waiting && fits(scope, l, e.Quantity):
		return scope.T("{{.Email}} is on the list again, further down.", "Email", e.Email)
	}
	text, _ := whyNone(scope, l)
	return text
}

// removeView asks before somebody is removed.
type removeView struct {
	ID, Back, Title, Text, Action string
}

func removeViewOf(scope *frame.Scope, e waitinglist.Entry) removeView {
	v := removeView{
		ID: "remove-" + string(e.ID), Back: hrefOf(scope, e.LinkID), Title: scope.T("Remove {{.Email}} from the waiting list?", "Email", e.Email),
		Text: scope.T("They lose their place in the line and are not told."), Action: scope.Base + "/waiting-list/" + string(e.ID) + "/remove",
	}
	if e.State == waitinglist.Offered {
		v.Text = scope.T("Their offer ends at once, and the place goes to the next in line. They are not told.")
	}
	return v
}

// askRemove asks where no script opens the dialog.
func (d pages) askRemove(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	e, _, err := d.entry(r, scope)
	if err != nil {
		return err
	}
	heading := frame.Heading{Title: scope.T("Waiting list"), Section: frame.PaymentPageSection}
	return frame.Render(w, r, http.StatusOK, removePage(d.Frame(r, scope, heading), removeViewOf(scope, e)))
}

func (d pages) remove(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	e, _, err := d.entry(r, scope)
	if err == nil {
		err = d.Waiting.Remove(r.Context(), scope.Business, e.ID)
	}
	if err != nil {
		return err
	}
	d.Toast(r, ui.ToastProps{Text: scope.T("{{.Email}} is removed from the list", "Email", e.Email)})
	return frame.Redirect(w, r, hrefOf(scope, e.LinkID))
}
