package settings

import (
	"net/http"
	"net/url"
	"strconv"

	"smartlinks/internal/business"
	"smartlinks/internal/fault"
	"smartlinks/internal/money"
	"smartlinks/internal/web/dashboard/frame"
	"smartlinks/internal/web/ui"
)

// businessView is the form of Settings → Business.
type businessView struct {
	frame.Problems
	Settings frame.SettingsView
	Version  string
	Values   businessValues
	Saved    business.Business
	Old      []oldHandle
}

// oldHandle is a handle that the business had before.
type oldHandle struct{ Handle, Address, Since, Dialog string }

// businessValues are the fields as they were typed.
type businessValues struct {
	Name, ContactEmail, Currency, TimeZone, Locale           string
	LegalName, Address, Registration, VATNumber, VATRateText string
	KeepViews                                                string // months
}

func (d pages) showBusiness(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	return d.showBusinessForm(w, r, scope, http.StatusOK, businessViewOf(scope))
}

func (d pages) showBusinessForm(w http.ResponseWriter, r *http.Request, scope *frame.Scope, status int, v businessView) error {
	old, err := d.Businesses.OldHandles(r.Context(), scope.Business.ID)
	if err != nil {
		return err
	}
	for _, o := range old {
		v.Old = append(v.Old, oldHandle{o.Handle, scope.Addresses.Host() + "/" + o.Handle, scope.Date(o.Since, scope.Business.Location()), "let-go-" + o.Handle})
	}
	return frame.Render(w, r, status, businessPage(d.Frame(r, scope, v.Settings.Place()), v))
}

func businessViewOf(scope *frame.Scope) businessView {
	b := scope.Business
	v := businessView{
		Settings: frame.SettingsAt(scope, "business"), Version: strconv.FormatInt(b.Version, 10), Saved: b,
		Values: businessValues{
			Name: b.Name, ContactEmail: b.ContactEmail, Currency: string(b.Currency), TimeZone: b.TimeZone, Locale: b.Locale,
			LegalName: b.Legal.Name, Address: b.Legal.Address, Registration: b.Legal.RegistrationNumber, VATNumber: b.Legal.VATNumber, KeepViews: strconv.Itoa(b.KeepViews),
		},
	}
	if b.Legal.VATRate != nil {
		v.Values.VATRateText = b.Legal.VATRate.String()
	}
	return v
}

func businessValuesFrom(form url.Values) businessValues {
	return businessValues{
		Name: form.Get("name"), ContactEmail: form.Get("contact_email"), Currency: form.Get("currency"), TimeZone: form.Get("time_zone"),
		Locale: form.Get("locale"), LegalName: form.Get("legal_name"), Address: form.Get("address"), Registration: form.Get("registration"),
		VATNumber: form.Get("vat_number"), VATRateText: form.Get("vat_rate"), KeepViews: form.Get("keep_views"),
	}
}

func (d pages) saveBusiness(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	if err := frame.ReadForm(w, r, frame.MaxForm); err != nil {
		return err
	}
	v := businessViewOf(scope)
	v.Values = businessValuesFrom(r.PostForm)
	err := d.changeBusiness(r, scope, v.Values)
	if fault.Is(err, fault.Stale) {
		v.Problems = frame.StaleProblem(scope.Reader, scope.Base+"/settings/business")
		return d.showBusinessForm(w, r, scope, http.StatusConflict, v)
	}
	if err != nil {
		p, ok := frame.ProblemsOf(scope.Reader, err, map[string]string{
			"legal.name": "legal_name", "legal.address": "address", "legal.registration_number": "registration",
			"legal.vat_number": "vat_number", "legal.vat_rate": "vat_rate",
		})
		if !ok {
			return err
		}
		v.Problems = p
		return d.showBusinessForm(w, r, scope, http.StatusUnprocessableEntity, v)
	}
	d.Toast(r, ui.ToastProps{Text: scope.T("Your business is saved")})
	return frame.Redirect(w, r, scope.Base+"/settings/business")
}

func (d pages) changeBusiness(r *http.Request, scope *frame.Scope, values businessValues) error {
	var unread fault.Fields
	legal := business.Legal{Name: values.LegalName, Address: values.Address, RegistrationNumber: values.Registration, VATNumber: values.VATNumber}
	if values.VATRateText != "" {
		rate, ok := business.ParseRate(values.VATRateText)
		if !ok {
			unread.Add("legal.vat_rate", "", "Give a percentage from 0 to 100, like 21 or 5.5.")
			rate = -1 // which is refused, so that nothing is stored
		}
		legal.VATRate = &rate
	}
	currency := money.Currency(values.Currency)
	_, err := d.Businesses.Update(r.Context(), scope.Business.ID, frame.VersionFrom(r.PostForm), business.Patch{
		Name: &values.Name, ContactEmail: &values.ContactEmail, Currency: &currency, TimeZone: &values.TimeZone, Locale: &values.Locale, Legal: &legal, KeepViews: keepFrom(values.KeepViews),
	})
	return frame.Merged(unread, err)
}

// keepOptions are how long single views may be kept.
func keepOptions(reader frame.Reader) []ui.Option {
	options := []ui.Option{{Value: "0", Label: reader.T("Forever")}}
	for _, months := range []int{1, 3, 6, 12, 24, 36} {
		options = append(options, ui.Option{Value: strconv.Itoa(months), Label: reader.N(int64(months), "For {{.Count}} month", "For {{.Count}} months")})
	}
	return options
}

// keepFrom reads a choice of keepOptions; nil, which changes nothing, without one.
func keepFrom(text string) *int {
	if text == "" {
		return nil
	}
	months, err := strconv.Atoi(text)
	if err != nil {
		months = -1 // which is refused
	}
	return &months
}

// releaseHandle ends an old handle, on which printed codes may hang.
func (d pages) releaseHandle(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	if err := frame.ReadForm(w, r, frame.MaxForm); err != nil {
		return err
	}
	handle := r.PostForm.Get("handle")
	if err := d.Businesses.ReleaseHandle(r.Context(), scope.Business.ID, handle); err != nil {
		return err
	}
	d.Toast(r, ui.ToastProps{Text: scope.T("“{{.Handle}}” is released", "Handle", handle), More: scope.T("Its addresses no longer work.")})
	return frame.Redirect(w, r, scope.Base+"/settings/business")
}
