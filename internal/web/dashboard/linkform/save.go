package linkform

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
	"smartlinks/internal/product"
	"smartlinks/internal/publish"
	"smartlinks/internal/web/dashboard/frame"
	"smartlinks/internal/web/dashboard/sending"
	"smartlinks/internal/web/dashboard/share"
	"smartlinks/internal/web/ui"
)

func (d pages) newLink(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	v := emptyForm(scope)
	v.Values = v.Values.prefilled(r.URL.Query())
	v.Send.Values.By, v.Suggests = r.URL.Query().Get("by"), true
	return d.showForm(w, r, scope, http.StatusOK, v)
}

// againUnsent shows the form again where it was not sent to be stored: a tag is added, a
// question is added, moved or removed, or the Enter key was pressed in a form that would send messages.
func (d pages) againUnsent(w http.ResponseWriter, r *http.Request, scope *frame.Scope, v formView) (again bool, err error) {
	switch {
	case frame.AddsTag(r):
		return true, d.addTags(w, r, scope, v)
	case r.PostForm.Get("act") == "enter" && v.Send.Values.By != "":
		return true, d.showForm(w, r, scope, http.StatusOK, v)
	}
	return d.actOnQuestions(w, r, scope, v)
}

func (d pages) createLink(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	if err := frame.ReadForm(w, r, frame.MaxForm); err != nil {
		return err
	}
	v := emptyForm(scope)
	v.Values, v.Send.Values, v.Remind.Values = linkValuesFrom(r.PostForm, scope.Business.Locale), sending.SendValuesFrom(r.PostForm), sending.ReminderValuesFrom(r.PostForm)
	if again, err := d.againUnsent(w, r, scope, v); again {
		return err
	}
	done, err := d.storeLink(r.Context(), scope, v)
	if err != nil {
		return d.linkAgain(w, r, scope, v, err)
	}
	l := done.Link
	share.Made(r.Context(), d.Dashboard, l.ID)
	if warning := replacedWords(scope.Reader, l); warning != "" {
		d.Toast(r, ui.ToastProps{Text: scope.T("{{.Name}} is saved", "Name", l.Name), More: warning})
	}
	d.sayIfSent(r, v.Send.Values, done.Sent)
	return frame.Redirect(w, r, frame.LinkHref(scope, l.ID))
}

func (d pages) editLink(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	v, err := d.existingForm(r, scope)
	if err != nil {
		return err
	}
	if r.URL.Query().Get("copy") != "" {
		v.Values.Active = true // a copy opens to payers when it is saved
	}
	return d.showForm(w, r, scope, http.StatusOK, v)
}

// existingForm is the form of the link in the path.
func (d pages) existingForm(r *http.Request, scope *frame.Scope) (formView, error) {
	l, err := d.Links.Get(r.Context(), scope.Business, link.ID(r.PathValue("id")))
	if err != nil {
		return formView{}, err
	}
	locked, err := d.Links.CurrencyLocked(r.Context(), scope.Business.ID, l.ID)
	if err != nil {
		return formView{}, err
	}
	v := formOf(scope, l, locked)
	remind, err := d.Reminders.Settings(r.Context(), d.DB, scope.Business.ID, l.ID)
	if err != nil {
		return formView{}, err
	}
	v.Remind.Values = sending.ReminderValuesOf(remind)
	v.Baseline = frame.BaselineOf(linkFields(scope.Reader), l.Version, v.edit())
	return v, nil
}

func (d pages) saveLink(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	if err := frame.ReadForm(w, r, frame.MaxForm); err != nil {
		return err
	}
	v, err := d.existingForm(r, scope)
	if err != nil {
		return err
	}
	stored, theirs := v.Baseline, v.edit()
	v.Baseline, v.Send.Values = frame.BaselineFrom(r.PostForm), sending.SendValuesFrom(r.PostForm)
	v.Values, v.Remind.Values = linkValuesFrom(r.PostForm, scope.Business.Locale), sending.ReminderValuesFrom(r.PostForm)
	if again, err := d.againUnsent(w, r, scope, v); again {
		return err
	}
	yours := v.edit()
	rows := frame.Reconcile(linkFields(scope.Reader), r.PostForm, stored, theirs, &yours)
	v.Values, v.Remind.Values = yours.linkValues, yours.Remind
	if len(rows) > 0 {
		return d.linkConflict(w, r, scope, v, stored, rows)
	}
	done, err := d.changeLink(r.Context(), scope, v, stored.Version)
	if fault.Is(err, fault.Stale) {
		return d.saveLink(w, r, scope) // saved while we looked: look again
	}
	if err != nil {
		return d.linkAgain(w, r, scope, v, err)
	}
	l := done.Link
	d.RecordEdit(r.Context(), scope, v.ID, l.Version)
	d.Toast(r, ui.ToastProps{Text: scope.T("Saved: {{.Name}}", "Name", l.Name), More: replacedWords(scope.Reader, l)})
	d.sayIfSent(r, v.Send.Values, done.Sent)
	return frame.Redirect(w, r, frame.LinkHref(scope, l.ID))
}

// replacedWords warns of parameters that payers lose on their way to the merchant's
// own address; "" when there are none.
func replacedWords(reader frame.Reader, l link.Link) string {
	names := link.Replaced(l.After.RedirectURL)
	if len(names) == 0 {
		return ""
	}
	return reader.T("After payment we set {{.Join}} in your address. What you wrote there is replaced; use another name for your own.", "Join", strings.Join(names, ", "))
}

// storeLink makes the link and sends it if the form says so, or does neither.
func (d pages) storeLink(ctx context.Context, scope *frame.Scope, v formView) (publish.Published, error) {
	var unread fault.Fields
	if err := d.inCurrencyOfProduct(ctx, scope, &v.Values); err != nil {
		return publish.Published{}, err
	}
	draft := v.Values.draft(scope.Reader, scope.Business.Location(), &unread)
	if v.Values.makesProduct() && strings.TrimSpace(draft.Name) == "" {
		draft.Name = v.Values.NewProduct.Name
	}
	if err := d.nameAfterProduct(ctx, scope, &draft); err != nil {
		return publish.Published{}, err
	}
	if unreadTime(unread) {
		return publish.Published{}, unread.Err()
	}
	with := d.with(scope, v)
	if err := d.withProduct(ctx, scope, v.Values, &with); err != nil {
		return publish.Published{}, frame.Merged(unread, err)
	}
	done, err := d.Publish.Create(ctx, scope.Business, draft, with)
	return done, frame.Merged(unread, err)
}

// inCurrencyOfProduct lets a link that sells a product read its fee in the product's
// currency, whatever the hidden field of amounts says.
func (d pages) inCurrencyOfProduct(ctx context.Context, scope *frame.Scope, v *linkValues) error {
	if v.Type != string(link.Product) {
		return nil
	}
	if v.makesProduct() {
		v.Currency = string(scope.Business.Currency)
		return nil
	}
	p, err := d.Products.Get(ctx, scope.Business.ID, product.ID(v.Product))
	if fault.Is(err, fault.NotFound) {
		return nil // the field says so
	}
	if err == nil {
		v.Currency = string(p.Price.Currency)
	}
	return err
}

// nameAfterProduct gives a link without a name that of the product it sells.
func (d pages) nameAfterProduct(ctx context.Context, scope *frame.Scope, f *link.Fields) error {
	if f.Type != link.Product || strings.TrimSpace(f.Name) != "" {
		return nil
	}
	p, err := d.Products.Get(ctx, scope.Business.ID, f.ProductID)
	if fault.Is(err, fault.NotFound) {
		return nil // the field says so
	}
	f.Name = p.Name
	return err
}

// changeLink changes the link as it was at the version, and sends it if the
// form says so, or does neither.
func (d pages) changeLink(ctx context.Context, scope *frame.Scope, v formView, version int64) (publish.Published, error) {
	var unread fault.Fields
	if err := d.inCurrencyOfProduct(ctx, scope, &v.Values); err != nil {
		return publish.Published{}, err
	}
	edit := v.Values.edit(scope.Reader, scope.Business.Location(), &unread)
	if unreadTime(unread) {
		return publish.Published{}, unread.Err()
	}
	with := d.with(scope, v)
	if err := d.withProduct(ctx, scope, v.Values, &with); err != nil {
		return publish.Published{}, frame.Merged(unread, err)
	}
	done, err := d.Publish.Change(ctx, scope.Business, link.ID(v.ID), version, edit, with)
	return done, frame.Merged(unread, err)
}

// with is what goes with the link, as the form says.
func (d pages) with(scope *frame.Scope, v formView) publish.With {
	send := v.Send.Values
	with := publish.With{
		Customer: func(ctx context.Context, tx *db.Tx) (customer.ID, error) {
			picked, err := d.Picked(ctx, tx, scope, v.Send.Values)
			send = picked
			return customer.ID(picked.Customer), err
		},
		Reminders: v.Remind.Values.Asked,
	}
	if send.By != "" {
		with.Send = func(customer.ID) delivery.Request { return send.Request() }
	}
	return with
}

// sayIfSent tells what was sent, if anything was to be.
func (d pages) sayIfSent(r *http.Request, v sending.SendValues, sent delivery.Started) {
	if v.By != "" {
		d.Toast(r, sending.SentToast(frame.ReaderOf(r.Context()), sent))
	}
}

// unreadTime tells whether a time could not be read: unlike an amount, a link
// can do without.
func unreadTime(unread fault.Fields) bool { return unread.Has("starts_at") || unread.Has("ends_at") }

// linkAgain shows the form with what is wrong at its fields and everything
// that was typed.
func (d pages) linkAgain(w http.ResponseWriter, r *http.Request, scope *frame.Scope, v formView, err error) error {
	inputs := linkInputs()
	maps.Copy(inputs, v.Send.Values.SendInputs())
	maps.Copy(inputs, sending.ReminderInputs())
	maps.Copy(inputs, sending.PickInputs())
	p, ok := frame.ProblemsOf(scope.Reader, err, inputs)
	if !ok {
		return err
	}
	v.Problems = p
	return d.showForm(w, r, scope, http.StatusUnprocessableEntity, v)
}
