package codes

import (
	"net/http"
	"time"

	"smartlinks/internal/coupon"
	"smartlinks/internal/fault"
	"smartlinks/internal/web/dashboard/frame"
	"smartlinks/internal/web/ui"
)

// codeView is a code with what came of it and the form that changes it, or the form of new
// codes of a coupon.
type codeView struct {
	frame.Problems
	frame.Baseline
	Conflict            *frame.Conflict // somebody else saved it meanwhile
	Base, Action, Title string
	Coupon, CouponHref  string
	What                string // what the coupon takes off, and for what
	New                 bool
	Values              codeValues
	TimeZone            string
	Row                 codeRow
	Held                string
	MayDelete           bool
}

// code reads the code of the path, its coupon and what that is for.
func (d pages) code(r *http.Request, scope *frame.Scope) (coupon.WithFigures, codeView, error) {
	c, err := d.Coupons.CodeOf(r.Context(), scope.Business, coupon.CodeID(r.PathValue("id")))
	if err != nil {
		return c, codeView{}, err
	}
	v, targets, err := d.codesOf(r, scope, c.CouponID)
	if err != nil {
		return c, v, err
	}
	href := scope.Base + "/codes/" + string(c.ID)
	v.Action, v.Title, v.Row, v.MayDelete = href, c.Text, rowOf(scope, href, c, targets), scope.MayManage()
	v.Held, v.Values = scope.Number(c.Held), codeValuesOf(c.Code, scope.Business.Location())
	v.Baseline = frame.BaselineOf(codeFields(scope.Reader), c.Version, v.Values)
	return c, v, nil
}

// codesOf is what forms of a coupon's codes share.
func (d pages) codesOf(r *http.Request, scope *frame.Scope, id coupon.ID) (codeView, []coupon.Target, error) {
	of, err := d.Coupons.Get(r.Context(), scope.Business.ID, id)
	if err != nil {
		return codeView{}, nil, err
	}
	targets, err := d.Coupons.Targets(r.Context(), scope.Business.ID, id)
	return codeView{
		Base: scope.Base, Coupon: of.Name, CouponHref: scope.Base + "/coupons/" + string(id), What: whatOf(scope.Reader, of, targets[id]), TimeZone: scope.Business.TimeZone,
	}, targets[id], err
}

func (d pages) showCode(w http.ResponseWriter, r *http.Request, scope *frame.Scope, status int, v codeView) error {
	return frame.Render(w, r, status, codePage(d.Frame(r, scope, frame.Heading{Title: v.Title, Section: frame.PaymentPageSection}), v))
}

func (d pages) editCode(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	_, v, err := d.code(r, scope)
	if err != nil {
		return err
	}
	return d.showCode(w, r, scope, http.StatusOK, v)
}

func (d pages) saveCode(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	if err := frame.ReadForm(w, r, frame.MaxForm); err != nil {
		return err
	}
	return d.saveCodeForm(w, r, scope)
}

func (d pages) saveCodeForm(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	c, v, err := d.code(r, scope)
	if err != nil {
		return err
	}
	stored, theirs := v.Baseline, v.Values
	v.Baseline, v.Values = frame.BaselineFrom(r.PostForm), codeValuesFrom(r.PostForm)
	if rows := frame.Reconcile(codeFields(scope.Reader), r.PostForm, stored, theirs, &v.Values); len(rows) > 0 {
		v.Version = stored.Version
		if v.Conflict, err = d.ConflictOf(r.Context(), scope, string(c.ID), stored.Version, v.Action, rows); err != nil {
			return err
		}
		return d.showCode(w, r, scope, http.StatusConflict, v)
	}
	var unread fault.Fields
	f := v.Values.fields(scope.Business.Location(), "", &unread)
	var saved coupon.Code
	if err = unread.Err(); err == nil {
		saved, err = d.Coupons.EditCode(r.Context(), scope.Business.ID, c.ID, c.Version, func(to *coupon.CodeFields) {
			kept := *to
			*to = f
			to.StartsAt, to.EndsAt = unlessTyped(f.StartsAt, kept.StartsAt), unlessTyped(f.EndsAt, kept.EndsAt)
		})
	}
	if fault.Is(err, fault.Stale) {
		return d.saveCodeForm(w, r, scope) // saved while we looked: look again
	}
	if err != nil {
		return d.codeAgain(w, r, scope, v, err)
	}
	d.RecordEdit(r.Context(), scope, string(saved.ID), saved.Version)
	d.Toast(r, ui.ToastProps{Text: scope.T("Saved: {{.Name}}", "Name", saved.Text)})
	return frame.Redirect(w, r, scope.Base+"/codes")
}

// unlessTyped keeps the seconds of an instant that the form shows by the minute.
func unlessTyped(typed, kept *time.Time) *time.Time {
	if typed != nil && kept != nil && typed.Equal(kept.Truncate(time.Minute)) {
		return kept
	}
	return typed
}

func (d pages) codeAgain(w http.ResponseWriter, r *http.Request, scope *frame.Scope, v codeView, err error) error {
	p, ok := frame.ProblemsOf(scope.Reader, err, codeInputs())
	if !ok {
		return err
	}
	v.Problems = p
	return d.showCode(w, r, scope, http.StatusUnprocessableEntity, v)
}

func (d pages) newCodes(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	v, err := d.newCodesView(r, scope)
	if err != nil {
		return err
	}
	return d.showCode(w, r, scope, http.StatusOK, v)
}

func (d pages) newCodesView(r *http.Request, scope *frame.Scope) (codeView, error) {
	v, _, err := d.codesOf(r, scope, coupon.ID(r.PathValue("id")))
	v.New, v.Title, v.Action = true, scope.T("Add codes"), v.CouponHref+"/codes"
	return v, err
}

func (d pages) addCodes(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	if err := frame.ReadForm(w, r, frame.MaxForm); err != nil {
		return err
	}
	v, err := d.newCodesView(r, scope)
	if err != nil {
		return err
	}
	v.Values = codeValuesFrom(r.PostForm)
	var unread fault.Fields
	f := v.Values.fields(scope.Business.Location(), "", &unread)
	var codes []coupon.Code
	if err = unread.Err(); err == nil {
		codes, err = d.Coupons.AddCodes(r.Context(), scope.Business.ID, coupon.ID(r.PathValue("id")), v.Values.typed(), f)
	}
	if err != nil {
		return d.codeAgain(w, r, scope, v, err)
	}
	toast := ui.ToastProps{Text: scope.N(int64(len(codes)), "{{.Count}} code added", "{{.Count}} codes added")}
	if len(codes) == 1 {
		toast.More = codes[0].Text
	}
	d.Toast(r, toast)
	return frame.Redirect(w, r, scope.Base+"/codes")
}

// Crumbs says where the form stands.
func (v codeView) Crumbs(reader frame.Reader) []ui.Crumb {
	return []ui.Crumb{{Label: reader.T("Codes"), Href: v.Base + "/codes"}, {Label: v.Coupon, Href: v.CouponHref}, {Label: v.Title}}
}

// Verb is what the form's button says.
func (v codeView) Verb(reader frame.Reader) string {
	switch {
	case v.New:
		return reader.T("Add codes")
	case v.Conflict != nil:
		return reader.T("Save my version")
	}
	return reader.T("Save")
}

// UsedNote says of how many.
func (v codeView) UsedNote(reader frame.Reader) string {
	if v.Row.Most == "" {
		return reader.T("Any number")
	}
	return reader.T("Of {{.Max}}", "Max", v.Row.Most)
}
