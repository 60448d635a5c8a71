package dashboard

import (
	"context"
	"maps"
	"net/http"
	"strings"

	"smartlinks/internal/customer"
	"smartlinks/internal/db"
	"smartlinks/internal/delivery"
	"smartlinks/internal/fault"
	"smartlinks/internal/link"
	"smartlinks/internal/web/ui"
)

func (d *Dashboard) newLink(w http.ResponseWriter, r *http.Request, at *room) error {
	v := emptyForm(at)
	v.Values = v.Values.prefilled(r.URL.Query())
	v.Send.Values.By = r.URL.Query().Get("by")
	return d.showLinkForm(w, r, at, http.StatusOK, v)
}

func (d *Dashboard) createLink(w http.ResponseWriter, r *http.Request, at *room) error {
	if err := readForm(w, r, maxForm); err != nil {
		return err
	}
	v := emptyForm(at)
	v.Values, v.Send.Values, v.Remind.Values = linkValuesFrom(r.PostForm), sendValuesFrom(r.PostForm), reminderValuesFrom(r.PostForm)
	if wantsTag(r) {
		return d.addTags(w, r, at, v)
	}
	l, sent, err := d.storeLink(r.Context(), at, v)
	if err != nil {
		return d.linkAgain(w, r, at, v, err)
	}
	d.say(r, ui.ToastProps{Text: l.Name + " is ready", More: firstOf(replacedWords(l), shown(at.url(l.Path)))})
	d.sayIfSent(r, v.Send.Values, sent)
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
	remind, err := d.Reminders.Settings(r.Context(), d.DB, at.Business.ID, l.ID)
	if err != nil {
		return linkFormView{}, err
	}
	v.Remind.Values = reminderValuesOf(remind)
	v.baseline = baselineOf(linkFields(), l.Version, v.edit())
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
	stored, theirs := v.baseline, v.edit()
	v.baseline, v.Send.Values = baselineFrom(r.PostForm), sendValuesFrom(r.PostForm)
	v.Values, v.Remind.Values = linkValuesFrom(r.PostForm), reminderValuesFrom(r.PostForm)
	if wantsTag(r) {
		return d.addTags(w, r, at, v)
	}
	yours := v.edit()
	rows := settle(linkFields(), r.PostForm, stored, theirs, &yours)
	v.Values, v.Remind.Values = yours.linkValues, yours.Remind
	if len(rows) > 0 {
		return d.linkConflict(w, r, at, v, stored, rows)
	}
	l, sent, err := d.changeLink(r.Context(), at, v, stored.Version)
	if fault.Is(err, fault.Stale) {
		return d.saveLink(w, r, at) // saved while we looked: look again
	}
	if err != nil {
		return d.linkAgain(w, r, at, v, err)
	}
	d.noteEdit(r.Context(), at, v.ID, l.Version)
	d.say(r, ui.ToastProps{Text: l.Name + " is saved", More: replacedWords(l)})
	d.sayIfSent(r, v.Send.Values, sent)
	return redirect(w, r, linkHref(at, l.ID))
}

// replacedWords warns of parameters that payers lose on their way to the merchant's
// own address; "" when there are none.
func replacedWords(l link.Link) string {
	names := link.Replaced(l.After.RedirectURL)
	if len(names) == 0 {
		return ""
	}
	return "After payment we set " + strings.Join(names, ", ") + " in your address ourselves. What you wrote there is replaced; use another name for your own."
}

// storeLink makes the link and sends it if the form says so, or does neither.
func (d *Dashboard) storeLink(ctx context.Context, at *room, v linkFormView) (l link.Link, sent delivery.Started, err error) {
	var unread fault.Fields
	draft := v.Values.draft(at.Business.Location(), &unread)
	if unreadTime(unread) {
		return l, sent, unread.Err()
	}
	err = d.DB.InTx(ctx, func(tx *db.Tx) error {
		send, err := d.picked(ctx, tx, at, v.Send.Values)
		if err != nil {
			return err
		}
		draft.CustomerID = customer.ID(send.Customer)
		if l, err = d.Links.CreateTx(ctx, tx, at.Business, draft); err != nil {
			return err
		}
		if err := d.setReminders(ctx, tx, at, l.ID, v.Remind.Values); err != nil {
			return err
		}
		sent, err = d.sendStored(ctx, tx, at, l, send)
		return err
	})
	return l, sent, merged(unread, err)
}

// changeLink changes the link as it was at the version, and sends it if the
// form says so, or does neither.
func (d *Dashboard) changeLink(ctx context.Context, at *room, v linkFormView, version int64) (l link.Link, sent delivery.Started, err error) {
	var unread fault.Fields
	patch := v.Values.patch(at.Business.Location(), &unread)
	if unreadTime(unread) {
		return l, sent, unread.Err()
	}
	err = d.DB.InTx(ctx, func(tx *db.Tx) error {
		send, err := d.picked(ctx, tx, at, v.Send.Values)
		if err != nil {
			return err
		}
		who := customer.ID(send.Customer)
		patch.CustomerID = &who
		if l, err = d.Links.UpdateTx(ctx, tx, at.Business, link.ID(v.ID), version, patch); err != nil {
			return err
		}
		if err := d.setReminders(ctx, tx, at, l.ID, v.Remind.Values); err != nil {
			return err
		}
		sent, err = d.sendStored(ctx, tx, at, l, send)
		return err
	})
	return l, sent, merged(unread, err)
}

// picked are the values with whoever is meant chosen.
func (d *Dashboard) picked(ctx context.Context, tx *db.Tx, at *room, v sendValues) (sendValues, error) {
	if v.To != toOne {
		return v, nil
	}
	id, err := d.pickCustomer(ctx, tx, at, v)
	v.Customer = string(id)
	return v, err
}

// sendStored sends a link in the transaction that stores it.
func (d *Dashboard) sendStored(ctx context.Context, tx *db.Tx, at *room, l link.Link, v sendValues) (delivery.Started, error) {
	if v.By == "" {
		return delivery.Started{}, nil
	}
	return d.Deliveries.StartTx(ctx, tx, at.Business, l, v.request())
}

// sayIfSent tells what was sent, if anything was to be.
func (d *Dashboard) sayIfSent(r *http.Request, v sendValues, sent delivery.Started) {
	if v.By != "" {
		d.say(r, sentToast(sent))
	}
}

// unreadTime tells whether a time could not be read: unlike an amount, a link
// can do without.
func unreadTime(unread fault.Fields) bool { return unread.Has("starts_at") || unread.Has("ends_at") }

// linkAgain shows the form with what is wrong at its fields and everything
// that was typed.
func (d *Dashboard) linkAgain(w http.ResponseWriter, r *http.Request, at *room, v linkFormView, err error) error {
	inputs := linkInputs()
	maps.Copy(inputs, v.Send.Values.sendInputs())
	maps.Copy(inputs, reminderInputs())
	maps.Copy(inputs, pickInputs())
	p, ok := problemsOf(err, inputs)
	if !ok {
		return err
	}
	v.problems = p
	return d.showLinkForm(w, r, at, http.StatusUnprocessableEntity, v)
}
