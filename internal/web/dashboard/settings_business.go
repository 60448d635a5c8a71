package dashboard

import (
	"net/http"
	"net/url"
	"strconv"

	"smartlinks/internal/business"
	"smartlinks/internal/fault"
	"smartlinks/internal/money"
	"smartlinks/internal/web/ui"
)

// businessView is the form of Settings → Business.
type businessView struct {
	problems
	Settings settingsView
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

func (d *Dashboard) showBusiness(w http.ResponseWriter, r *http.Request, at *room) error {
	return d.showBusinessForm(w, r, at, http.StatusOK, businessViewOf(at))
}

func (d *Dashboard) showBusinessForm(w http.ResponseWriter, r *http.Request, at *room, status int, v businessView) error {
	old, err := d.Businesses.OldHandles(r.Context(), at.Business.ID)
	if err != nil {
		return err
	}
	for _, o := range old {
		v.Old = append(v.Old, oldHandle{o.Handle, at.Public.Host + "/" + o.Handle, ui.Date(o.Since, at.Business.Location()), "let-go-" + o.Handle})
	}
	return render(w, r, status, businessPage(d.frame(r, at, v.Settings.place()), v))
}

func businessViewOf(at *room) businessView {
	b := at.Business
	v := businessView{
		Settings: settingsAt(at, "business"), Version: strconv.FormatInt(b.Version, 10), Saved: b,
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

func (d *Dashboard) saveBusiness(w http.ResponseWriter, r *http.Request, at *room) error {
	if err := readForm(w, r, maxForm); err != nil {
		return err
	}
	v := businessViewOf(at)
	v.Values = businessValuesFrom(r.PostForm)
	err := d.changeBusiness(r, at, v.Values)
	if fault.Is(err, fault.Stale) {
		v.problems = staleProblem(at.Base + "/settings/business")
		return d.showBusinessForm(w, r, at, http.StatusConflict, v)
	}
	if err != nil {
		p, ok := problemsOf(err, map[string]string{
			"legal.name": "legal_name", "legal.address": "address", "legal.registration_number": "registration",
			"legal.vat_number": "vat_number", "legal.vat_rate": "vat_rate",
		})
		if !ok {
			return err
		}
		v.problems = p
		return d.showBusinessForm(w, r, at, http.StatusUnprocessableEntity, v)
	}
	d.say(r, ui.ToastProps{Text: "Your business is saved"})
	return redirect(w, r, at.Base+"/settings/business")
}

func (d *Dashboard) changeBusiness(r *http.Request, at *room, values businessValues) error {
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
	_, err := d.Businesses.Update(r.Context(), at.Business.ID, versionFrom(r.PostForm), business.Patch{
		Name: &values.Name, ContactEmail: &values.ContactEmail, Currency: &currency, TimeZone: &values.TimeZone, Locale: &values.Locale, Legal: &legal, KeepViews: keepFrom(values.KeepViews),
	})
	return merged(unread, err)
}

// keepOptions are how long single views may be kept.
func keepOptions() []ui.Option {
	options := []ui.Option{{Value: "0", Label: "For ever"}}
	for _, months := range []int{1, 3, 6, 12, 24, 36} {
		options = append(options, ui.Option{Value: strconv.Itoa(months), Label: "For " + counted(int64(months), "month", "months")})
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

// letHandleGo ends an old handle, on which printed codes may hang.
func (d *Dashboard) letHandleGo(w http.ResponseWriter, r *http.Request, at *room) error {
	if err := readForm(w, r, maxForm); err != nil {
		return err
	}
	handle := r.PostForm.Get("handle")
	if err := d.Businesses.LetHandleGo(r.Context(), at.Business.ID, handle); err != nil {
		return err
	}
	d.say(r, ui.ToastProps{Text: "You let “" + handle + "” go", More: "Nothing is at its addresses any more."})
	return redirect(w, r, at.Base+"/settings/business")
}
