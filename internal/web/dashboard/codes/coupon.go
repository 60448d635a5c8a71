package codes

import (
	"context"
	"net/http"
	"slices"

	"smartlinks/internal/coupon"
	"smartlinks/internal/fault"
	"smartlinks/internal/web/dashboard/frame"
	"smartlinks/internal/web/ui"
)

// couponView is the form that makes a coupon with its codes, or changes one.
type couponView struct {
	frame.Problems
	frame.Baseline
	Conflict            *frame.Conflict // somebody else saved it meanwhile
	Base, Action, Title string
	ID                  string // "" of a new one
	Values              couponValues
	Codes               codeValues // of a new one
	TimeZone            string
	OffText             string // of a stored one, which takes off the same for ever
	Picks               []pick
	MayDelete           bool
	CodesShown          string // "3 codes", "" for none
	names               map[string]string
}

// pick is a list of what a coupon may be for.
type pick struct {
	Kind, Label, Find string
	Choices           []frame.Choice
	More              bool // others match too
}

// offered is how many links and products are offered at once.
const offered = 50

func (d pages) newCoupon(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	home := string(scope.Business.Currency)
	v := couponView{
		Base: scope.Base, Action: scope.Base + "/coupons", Title: scope.T("New coupon"), TimeZone: scope.Business.TimeZone,
		Values: couponValues{Off: byPercent, For: forAll, Currency: home, MinimumCurrency: home},
	}
	return d.showCoupon(w, r, scope, http.StatusOK, v)
}

func (d pages) showCoupon(w http.ResponseWriter, r *http.Request, scope *frame.Scope, status int, v couponView) error {
	if v.Picks == nil {
		if err := d.fillPicks(r.Context(), scope, &v, nil); err != nil {
			return err
		}
	}
	return frame.Render(w, r, status, couponPage(d.Frame(r, scope, frame.Heading{Title: v.Title, Section: frame.PaymentPageSection}), v))
}

// fillPicks reads what the coupon may be for: the newest of links and products, all tags of
// links, and whatever the coupon is for now.
func (d pages) fillPicks(ctx context.Context, scope *frame.Scope, v *couponView, now []coupon.Target) error {
	v.Picks, v.names = nil, map[string]string{}
	for _, k := range d.kinds() {
		p, err := k.some(ctx, scope, "")
		if err != nil {
			return err
		}
		if err := d.tick(ctx, scope, v, k, &p, now); err != nil {
			return err
		}
		v.Picks = append(v.Picks, p)
	}
	return nil
}

// tick puts what is chosen first, also what is not among the newest.
func (d pages) tick(ctx context.Context, scope *frame.Scope, v *couponView, k kind, p *pick, now []coupon.Target) error {
	chosen := *v.Values.chosen(p.Kind)
	there := func(id string) bool {
		return slices.ContainsFunc(p.Choices, func(c frame.Choice) bool { return c.Value == id })
	}
	for _, t := range now {
		if t.Kind == p.Kind && t.Name != "" && !there(t.TargetID) {
			p.Choices = append(p.Choices, frame.Choice{Value: t.TargetID, Label: t.Name})
		}
	}
	for _, id := range chosen[:min(len(chosen), maxTicked)] {
		if k.named == nil || there(id) {
			continue
		}
		name, err := k.named(ctx, scope, id)
		switch {
		case fault.Is(err, fault.NotFound): // the form says so when it is saved
		case err != nil:
			return err
		default:
			p.Choices = append(p.Choices, frame.Choice{Value: id, Label: name})
		}
	}
	for i, c := range p.Choices {
		p.Choices[i].Checked = slices.Contains(chosen, c.Value)
		v.names[c.Value] = c.Label
	}
	slices.SortStableFunc(p.Choices, func(a, b frame.Choice) int { return rank(a) - rank(b) })
	return nil
}

func rank(c frame.Choice) int {
	if c.Checked {
		return 0
	}
	return 1
}

func (d pages) createCoupon(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	if err := frame.ReadForm(w, r, frame.MaxForm); err != nil {
		return err
	}
	v := couponView{
		Base: scope.Base, Action: scope.Base + "/coupons", Title: scope.T("New coupon"), TimeZone: scope.Business.TimeZone,
		Values: couponValuesFrom(r.PostForm), Codes: codeValuesFrom(r.PostForm),
	}
	var unread fault.Fields
	var f coupon.Fields
	v.Values.edit(scope.Reader, &unread)(&f)
	percent, amount := v.Values.off(scope.Reader, &unread)
	of := v.Codes.fields(scope.Business.Location(), "codes.", &unread)
	if len(unread) > 0 { // nothing is stored, and all that is wrong is told at once
		return d.couponAgain(w, r, scope, v, frame.Merged(unread, coupon.Refusals(percent, amount, f, v.Codes.typed(), of)))
	}
	made, codes, err := d.Coupons.CreateWithCodes(r.Context(), scope.Business.ID, percent, amount, f, v.Codes.typed(), of)
	if err != nil {
		return d.couponAgain(w, r, scope, v, err)
	}
	toast := ui.ToastProps{Text: scope.T("Coupon created: {{.Name}}", "Name", made.Name)}
	if len(codes) == 1 {
		toast.More = codes[0].Text
	}
	d.Toast(r, toast)
	return frame.Redirect(w, r, scope.Base+"/codes")
}

func (d pages) couponAgain(w http.ResponseWriter, r *http.Request, scope *frame.Scope, v couponView, err error) error {
	p, ok := frame.ProblemsOf(scope.Reader, err, couponInputs())
	if !ok {
		return err
	}
	v.Problems = p
	return d.showCoupon(w, r, scope, http.StatusUnprocessableEntity, v)
}

// couponOf is the form of a stored coupon.
func (d pages) couponOf(r *http.Request, scope *frame.Scope) (coupon.Coupon, couponView, []coupon.Target, error) {
	c, err := d.Coupons.Get(r.Context(), scope.Business.ID, coupon.ID(r.PathValue("id")))
	if err != nil {
		return c, couponView{}, nil, err
	}
	targets, err := d.Coupons.Targets(r.Context(), scope.Business.ID, c.ID)
	if err != nil {
		return c, couponView{}, nil, err
	}
	codes, err := d.Coupons.Codes(r.Context(), scope.Business, coupon.Filter{Coupon: c.ID})
	if err != nil {
		return c, couponView{}, nil, err
	}
	v := couponView{
		Base: scope.Base, Action: scope.Base + "/coupons/" + string(c.ID), Title: c.Name, ID: string(c.ID), TimeZone: scope.Business.TimeZone, MayDelete: scope.MayManage(),
		Values: couponValuesOf(c, scope.Business.Currency, targets[c.ID]), OffText: offOf(scope.Reader, c),
	}
	if len(codes) > 0 {
		v.CodesShown = scope.N(int64(len(codes)), "{{.Count}} code", "{{.Count}} codes")
	}
	return c, v, targets[c.ID], nil
}

func (d pages) editCoupon(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	c, v, targets, err := d.couponOf(r, scope)
	if err != nil {
		return err
	}
	if err := d.fillPicks(r.Context(), scope, &v, targets); err != nil {
		return err
	}
	v.Baseline = frame.BaselineOf(couponFields(scope.Reader, v.names), c.Version, v.Values)
	return d.showCoupon(w, r, scope, http.StatusOK, v)
}

func (d pages) saveCoupon(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	if err := frame.ReadForm(w, r, frame.MaxForm); err != nil {
		return err
	}
	return d.saveCouponForm(w, r, scope)
}

func (d pages) saveCouponForm(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	c, v, targets, err := d.couponOf(r, scope)
	if err != nil {
		return err
	}
	theirs := v.Values
	v.Values = couponValuesFrom(r.PostForm)
	// It takes off the same for ever, whatever was sent.
	v.Values.Off, v.Values.Percent, v.Values.Amount, v.Values.Currency = theirs.Off, theirs.Percent, theirs.Amount, theirs.Currency
	if v.Values.MinimumCurrency == "" {
		v.Values.MinimumCurrency = theirs.MinimumCurrency
	}
	if err := d.fillPicks(r.Context(), scope, &v, targets); err != nil {
		return err
	}
	fields := couponFields(scope.Reader, v.names)
	stored := frame.BaselineOf(fields, c.Version, theirs)
	v.Baseline = frame.BaselineFrom(r.PostForm)
	if rows := frame.Reconcile(fields, r.PostForm, stored, theirs, &v.Values); len(rows) > 0 {
		v.Version = stored.Version
		if v.Conflict, err = d.ConflictOf(r.Context(), scope, string(c.ID), stored.Version, v.Action, rows); err != nil {
			return err
		}
		return d.showCoupon(w, r, scope, http.StatusConflict, v)
	}
	var unread fault.Fields
	edit := v.Values.edit(scope.Reader, &unread)
	var saved coupon.Coupon
	if err = unread.Err(); err == nil {
		saved, err = d.Coupons.Edit(r.Context(), scope.Business.ID, c.ID, c.Version, edit)
	}
	if fault.Is(err, fault.Stale) {
		return d.saveCouponForm(w, r, scope) // saved while we looked: look again
	}
	if err != nil {
		return d.couponAgain(w, r, scope, v, err)
	}
	d.RecordEdit(r.Context(), scope, string(saved.ID), saved.Version)
	d.Toast(r, ui.ToastProps{Text: scope.T("Saved: {{.Name}}", "Name", saved.Name)})
	return frame.Redirect(w, r, scope.Base+"/codes")
}

func (d pages) deleteCoupon(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	c, err := d.Coupons.Get(r.Context(), scope.Business.ID, coupon.ID(r.PathValue("id")))
	if err == nil {
		err = d.Coupons.Delete(r.Context(), scope.Business.ID, c.ID)
	}
	if err != nil {
		return err
	}
	d.Toast(r, ui.ToastProps{Text: scope.T("Deleted: {{.Name}}", "Name", c.Name)})
	return frame.Redirect(w, r, scope.Base+"/codes")
}

// Crumbs says where the form stands.
func (v couponView) Crumbs(reader frame.Reader) []ui.Crumb {
	return []ui.Crumb{{Label: reader.T("Codes"), Href: v.Base + "/codes"}, {Label: v.Title}}
}

// Verb is what the form's button says.
func (v couponView) Verb(reader frame.Reader) string {
	switch {
	case v.ID == "":
		return reader.T("Create coupon")
	case v.Conflict != nil:
		return reader.T("Save my version")
	}
	return reader.T("Save")
}

func (v couponView) nothingToChoose() bool {
	return !slices.ContainsFunc(v.Picks, func(p pick) bool { return len(p.Choices) > 0 })
}

// MinimumHint says in which currency the minimum is.
func (v couponView) MinimumHint(reader frame.Reader) string {
	if v.ID == "" {
		return reader.T("What the units cost. Of an amount, in its currency.")
	}
	return reader.T("What the units cost.")
}

// DeleteText says what is lost.
func (v couponView) DeleteText(reader frame.Reader) string {
	if v.CodesShown == "" {
		return reader.T("It has no codes. What was paid with it stays.")
	}
	return reader.T("It goes with its codes: {{.Codes}}. Nobody can use them any more. What was paid with them stays.", "Codes", v.CodesShown)
}
