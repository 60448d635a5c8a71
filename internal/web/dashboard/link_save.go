package dashboard

import (
	"context"
	"net/http"

	"smartlinks/internal/fault"
	"smartlinks/internal/link"
	"smartlinks/internal/web/ui"
)

func (d *Dashboard) newLink(w http.ResponseWriter, r *http.Request, at *room) error {
	v := emptyForm(at)
	v.Values = v.Values.prefilled(r.URL.Query())
	return d.showLinkForm(w, r, at, http.StatusOK, v)
}

func (d *Dashboard) createLink(w http.ResponseWriter, r *http.Request, at *room) error {
	if err := readForm(w, r, maxForm); err != nil {
		return err
	}
	v := emptyForm(at)
	v.Values = linkValuesFrom(r.PostForm)
	if wantsTag(r) {
		return d.addTags(w, r, at, v)
	}
	l, err := d.storeLink(r.Context(), at, v.Values)
	if err != nil {
		return d.linkAgain(w, r, at, v, err)
	}
	d.say(r, ui.ToastProps{Text: l.Name + " is ready", More: shown(at.url(l.Path))})
	return redirect(w, r, linkHref(at, l.ID))
}

func (d *Dashboard) editLink(w http.ResponseWriter, r *http.Request, at *room) error {
	v, err := d.existingForm(r, at)
	if err != nil {
		return err
	}
	if r.URL.Query().Get("copy") != "" {
		v.Values.Active = true // a copy opens to payers when it is saved
	}
	return d.showLinkForm(w, r, at, http.StatusOK, v)
}

// existingForm is the form of the link in the path.
func (d *Dashboard) existingForm(r *http.Request, at *room) (linkFormView, error) {
	l, err := d.Links.Get(r.Context(), at.Business, link.ID(r.PathValue("id")))
	if err != nil {
		return linkFormView{}, err
	}
	v := formOf(at, l)
	v.Locked, err = d.Links.CurrencyLocked(r.Context(), at.Business.ID, l.ID)
	return v, err
}

func (d *Dashboard) saveLink(w http.ResponseWriter, r *http.Request, at *room) error {
	if err := readForm(w, r, maxForm); err != nil {
		return err
	}
	v, err := d.existingForm(r, at)
	if err != nil {
		return err
	}
	v.Values = linkValuesFrom(r.PostForm)
	if wantsTag(r) {
		return d.addTags(w, r, at, v)
	}
	l, err := d.changeLink(r, at, v)
	if fault.Is(err, fault.Stale) {
		v.problems = staleProblem(v.Cancel)
		return d.showLinkForm(w, r, at, http.StatusConflict, v)
	}
	if err != nil {
		return d.linkAgain(w, r, at, v, err)
	}
	d.say(r, ui.ToastProps{Text: l.Name + " is saved"})
	return redirect(w, r, linkHref(at, l.ID))
}

func (d *Dashboard) storeLink(ctx context.Context, at *room, values linkValues) (link.Link, error) {
	var unread fault.Fields
	draft := values.draft(at.Business.Location(), &unread)
	if unreadTime(unread) {
		return link.Link{}, unread.Err()
	}
	l, err := d.Links.Create(ctx, at.Business, draft)
	return l, merged(unread, err)
}

func (d *Dashboard) changeLink(r *http.Request, at *room, v linkFormView) (link.Link, error) {
	var unread fault.Fields
	patch := v.Values.patch(at.Business.Location(), &unread)
	if unreadTime(unread) {
		return link.Link{}, unread.Err()
	}
	l, err := d.Links.Update(r.Context(), at.Business, link.ID(v.ID), versionFrom(r.PostForm), patch)
	return l, merged(unread, err)
}

// unreadTime tells whether a time could not be read: unlike an amount, a link
// can do without.
func unreadTime(unread fault.Fields) bool { return unread.Has("starts_at") || unread.Has("ends_at") }

// linkAgain shows the form with what is wrong at its fields and everything
// that was typed.
func (d *Dashboard) linkAgain(w http.ResponseWriter, r *http.Request, at *room, v linkFormView, err error) error {
	p, ok := problemsOf(err, linkInputs())
	if !ok {
		return err
	}
	v.problems = p
	return d.showLinkForm(w, r, at, http.StatusUnprocessableEntity, v)
}
