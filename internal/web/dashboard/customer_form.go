package dashboard

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"smartlinks/internal/customer"
	"smartlinks/internal/fault"
	"smartlinks/internal/tag"
	"smartlinks/internal/web/ui"
)

// customerFormView is the form that makes or changes a customer.
type customerFormView struct {
	problems
	baseline
	Conflict                    *conflict // somebody else saved it meanwhile
	Base, Action, Title, Cancel string
	Values                      customerValues
	Tags                        []tick
}

// customerValues are the fields as they were typed.
type customerValues struct {
	Name, Email, Phone, Language, Notes string
	Tags                                []string
	NewTags                             string
}

// Verb is what the form's button says.
func (v customerFormView) Verb() string {
	switch {
	case v.Version == 0:
		return "Create customer"
	case v.Conflict != nil:
		return "Save mine on top"
	}
	return "Save"
}

// Crumbs says where the form stands.
func (v customerFormView) Crumbs() []ui.Crumb {
	return []ui.Crumb{{Label: "Customers", Href: v.Base}, {Label: v.Title}}
}

// Languages are those of pages and messages, and none.
func (v customerFormView) Languages() []ui.Option {
	return append([]ui.Option{{Value: "", Label: "Not known"}}, languageOptions()...)
}

func customerValuesFrom(form url.Values) customerValues {
	return customerValues{
		Name: form.Get("name"), Email: form.Get("email"), Phone: form.Get("phone"), Language: form.Get("language"), Notes: form.Get("notes"),
		Tags: set(form["tag"]), NewTags: form.Get("tags"),
	}
}

func customerValuesOf(c customer.Customer) customerValues {
	v := customerValues{Name: c.Name, Email: c.Email, Phone: customer.ShownPhone(c.Phone), Language: c.Language, Notes: c.Notes}
	for _, t := range c.Tags {
		v.Tags = append(v.Tags, t.Name)
	}
	return v
}

// tags are the ticked tags and those that were typed, parted by commas.
func (v customerValues) tags() []string {
	return append(slices.Clone(v.Tags), v.newTags()...)
}

// newTags are the names that were typed.
func (v customerValues) newTags() (names []string) {
	for name := range strings.SplitSeq(v.NewTags, ",") {
		if name = strings.TrimSpace(name); name != "" {
			names = append(names, name)
		}
	}
	return names
}

func newCustomerView(at *room) customerFormView {
	base := at.Base + "/customers"
	return customerFormView{Base: base, Action: base, Title: "New customer", Cancel: base}
}

func editCustomerView(at *room, c customer.Customer) customerFormView {
	v := newCustomerView(at)
	v.Title, v.Cancel = "Edit "+c.Name, v.Base+"/"+string(c.ID)
	v.Action, v.Values = v.Cancel+"/edit", customerValuesOf(c)
	v.baseline = baselineOf(customerFields(), c.Version, v.Values)
	return v
}

// customerFields are what two members may change at the same time.
func customerFields() []formField[customerValues] {
	type v = customerValues
	return []formField[v]{
		textField("Name", func(c *v) *string { return &c.Name }),
		textField("Email", func(c *v) *string { return &c.Email }),
		textField("Phone", func(c *v) *string { return &c.Phone }),
		textField("Language", func(c *v) *string { return &c.Language }),
		{"Tags", func(c v) string { return listed(c.tags()) }, func(from v, to *v) { to.Tags, to.NewTags = from.Tags, from.NewTags }},
		textField("Notes", func(c *v) *string { return &c.Notes }),
	}
}

func (d *Dashboard) newCustomer(w http.ResponseWriter, r *http.Request, at *room) error {
	return d.showCustomerForm(w, r, at, http.StatusOK, newCustomerView(at))
}

func (d *Dashboard) showCustomerForm(w http.ResponseWriter, r *http.Request, at *room, status int, v customerFormView) error {
	var err error
	if v.Tags, err = d.ticks(r.Context(), at, tag.OfCustomers, v.Values.Tags); err != nil {
		return err
	}
	return render(w, r, status, customerFormPage(d.frame(r, at, place{v.Title, customersRoom}), v))
}

func (d *Dashboard) createCustomer(w http.ResponseWriter, r *http.Request, at *room) error {
	if err := readForm(w, r, maxForm); err != nil {
		return err
	}
	v := newCustomerView(at)
	v.Values = customerValuesFrom(r.PostForm)
	if wantsTag(r) {
		return d.addCustomerTags(w, r, at, v)
	}
	c, err := d.Customers.Create(r.Context(), at.Business, customer.Draft{
		Name: v.Values.Name, Email: v.Values.Email, Phone: v.Values.Phone, Language: v.Values.Language, Notes: v.Values.Notes, Tags: v.Values.tags(),
	})
	if err != nil {
		return d.customerAgain(w, r, at, v, err)
	}
	d.say(r, ui.ToastProps{Text: c.Name + " is a customer"})
	return redirect(w, r, v.Base+"/"+string(c.ID))
}

func (d *Dashboard) editCustomer(w http.ResponseWriter, r *http.Request, at *room) error {
	c, err := d.customerAt(r.Context(), at, r.PathValue("id"))
	if err != nil {
		return err
	}
	return d.showCustomerForm(w, r, at, http.StatusOK, editCustomerView(at, c))
}

func (d *Dashboard) customerAt(ctx context.Context, at *room, id string) (customer.Customer, error) {
	return d.Customers.Get(ctx, at.Business.ID, customer.ID(id))
}

func (d *Dashboard) saveCustomer(w http.ResponseWriter, r *http.Request, at *room) error {
	if err := readForm(w, r, maxForm); err != nil {
		return err
	}
	before, err := d.customerAt(r.Context(), at, r.PathValue("id"))
	if err != nil {
		return err
	}
	v := editCustomerView(at, before)
	stored, theirs := v.baseline, v.Values
	v.baseline, v.Values = baselineFrom(r.PostForm), customerValuesFrom(r.PostForm)
	if wantsTag(r) {
		return d.addCustomerTags(w, r, at, v)
	}
	if rows := settle(customerFields(), r.PostForm, stored, theirs, &v.Values); len(rows) > 0 {
		v.Version = stored.Version
		if v.Conflict, err = d.conflictOf(r.Context(), at, string(before.ID), stored.Version, v.Action, rows); err != nil {
			return err
		}
		return d.showCustomerForm(w, r, at, http.StatusConflict, v)
	}
	tags := v.Values.tags()
	c, err := d.Customers.Update(r.Context(), at.Business, before.ID, before.Version, customer.Patch{
		Name: &v.Values.Name, Email: &v.Values.Email, Phone: &v.Values.Phone, Language: &v.Values.Language, Notes: &v.Values.Notes, Tags: &tags,
	})
	if fault.Is(err, fault.Stale) {
		return d.saveCustomer(w, r, at) // saved while we looked: look again
	}
	if err != nil {
		return d.customerAgain(w, r, at, v, err)
	}
	d.noteEdit(r.Context(), at, string(c.ID), c.Version)
	d.say(r, ui.ToastProps{Text: c.Name + " is saved"})
	return redirect(w, r, v.Cancel)
}

// addCustomerTags shows the form again with the typed tags made and ticked.
func (d *Dashboard) addCustomerTags(w http.ResponseWriter, r *http.Request, at *room, v customerFormView) error {
	status := http.StatusOK
	made, wrong, err := d.makeTags(r, at, tag.OfCustomers, v.Values.newTags())
	switch {
	case err != nil:
		return err
	case wrong.Errors != nil:
		v.problems, status = wrong, http.StatusUnprocessableEntity
	default:
		v.Values.Tags, v.Values.NewTags = set(append(v.Values.Tags, made...)), ""
	}
	return d.showCustomerForm(w, r, at, status, v)
}

// customerAgain shows the form with what is wrong at its fields and everything
// that was typed.
func (d *Dashboard) customerAgain(w http.ResponseWriter, r *http.Request, at *room, v customerFormView, err error) error {
	p, ok := problemsOf(err, nil)
	if !ok {
		return err
	}
	v.problems = p
	return d.showCustomerForm(w, r, at, http.StatusUnprocessableEntity, v)
}
