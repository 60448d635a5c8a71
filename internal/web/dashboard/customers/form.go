package customers

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"smartlinks/internal/customer"
	"smartlinks/internal/fault"
	"smartlinks/internal/tag"
	"smartlinks/internal/web/dashboard/frame"
	"smartlinks/internal/web/ui"
)

// customerFormView is the form that makes or changes a customer.
type customerFormView struct {
	frame.Problems
	frame.Baseline
	Conflict                    *frame.Conflict // somebody else saved it meanwhile
	Base, Action, Title, Cancel string
	Values                      customerValues
	Tags                        []frame.Choice
}

// customerValues are the fields as they were typed.
type customerValues struct {
	Name, Email, Phone, Language, Notes string
	Tags                                []string
	NewTags                             string
}

// Verb is what the form's button says.
func (v customerFormView) Verb(reader frame.Reader) string {
	switch {
	case v.Version == 0:
		return reader.T("Create customer")
	case v.Conflict != nil:
		return reader.T("Save my version")
	}
	return reader.T("Save")
}

// Crumbs says where the form stands.
func (v customerFormView) Crumbs(reader frame.Reader) []ui.Crumb {
	return []ui.Crumb{{Label: reader.T("Customers"), Href: v.Base}, {Label: v.Title}}
}

// Languages are those of pages and messages, and none.
func (v customerFormView) Languages(reader frame.Reader) []ui.Option {
	return append([]ui.Option{{Value: "", Label: reader.T("Unknown|a language")}}, frame.LanguageOptions()...)
}

func customerValuesFrom(form url.Values) customerValues {
	return customerValues{
		Name: form.Get("name"), Email: form.Get("email"), Phone: form.Get("phone"), Language: form.Get("language"), Notes: form.Get("notes"),
		Tags: frame.Distinct(form["tag"]), NewTags: form.Get("tags"),
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

func newCustomerView(scope *frame.Scope) customerFormView {
	base := scope.Base + "/customers"
	return customerFormView{Base: base, Action: base, Title: scope.T("New customer"), Cancel: base}
}

func editCustomerView(scope *frame.Scope, c customer.Customer) customerFormView {
	v := newCustomerView(scope)
	v.Title, v.Cancel = scope.T("Edit {{.Name}}", "Name", c.Name), v.Base+"/"+string(c.ID)
	v.Action, v.Values = v.Cancel+"/edit", customerValuesOf(c)
	v.Baseline = frame.BaselineOf(customerFields(scope.Reader), c.Version, v.Values)
	return v
}

// customerFields are what two members may change at the same time.
func customerFields(reader frame.Reader) []frame.FormField[customerValues] {
	type v = customerValues
	return []frame.FormField[v]{
		frame.TextField(reader.T("Name"), func(c *v) *string { return &c.Name }),
		frame.TextField(reader.T("Email"), func(c *v) *string { return &c.Email }),
		frame.TextField(reader.T("Phone"), func(c *v) *string { return &c.Phone }),
		frame.TextField(reader.T("Language"), func(c *v) *string { return &c.Language }),
		{Label: reader.T("Tags"), Show: func(c v) string { return frame.SortedList(c.tags()) }, Take: func(from v, to *v) { to.Tags, to.NewTags = from.Tags, from.NewTags }},
		frame.TextField(reader.T("Notes"), func(c *v) *string { return &c.Notes }),
	}
}

func (d pages) newCustomer(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	return d.showCustomerForm(w, r, scope, http.StatusOK, newCustomerView(scope))
}

func (d pages) showCustomerForm(w http.ResponseWriter, r *http.Request, scope *frame.Scope, status int, v customerFormView) error {
	var err error
	if v.Tags, err = d.TagChoices(r.Context(), scope, tag.OfCustomers, v.Values.Tags); err != nil {
		return err
	}
	return frame.Render(w, r, status, customerFormPage(d.Frame(r, scope, frame.Heading{Title: v.Title, Section: frame.CustomersSection}), v))
}

// fields are all that the form shows.
func (v customerValues) fields() customer.Fields {
	return customer.Fields{Name: v.Name, Email: v.Email, Phone: v.Phone, Language: v.Language, Notes: v.Notes, Tags: tag.Named(v.tags()...)}
}

func (d pages) createCustomer(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	if err := frame.ReadForm(w, r, frame.MaxForm); err != nil {
		return err
	}
	v := newCustomerView(scope)
	v.Values = customerValuesFrom(r.PostForm)
	if frame.AddsTag(r) {
		return d.addCustomerTags(w, r, scope, v)
	}
	c, err := d.Customers.Create(r.Context(), scope.Business, v.Values.fields())
	if err != nil {
		return d.customerAgain(w, r, scope, v, err)
	}
	d.Toast(r, ui.ToastProps{Text: scope.T("Customer created: {{.Name}}", "Name", c.Name)})
	return frame.Redirect(w, r, v.Base+"/"+string(c.ID))
}

func (d pages) editCustomer(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	c, err := d.customerAt(r.Context(), scope, r.PathValue("id"))
	if err != nil {
		return err
	}
	return d.showCustomerForm(w, r, scope, http.StatusOK, editCustomerView(scope, c))
}

func (d pages) customerAt(ctx context.Context, scope *frame.Scope, id string) (customer.Customer, error) {
	return d.Customers.Get(ctx, scope.Business.ID, customer.ID(id))
}

func (d pages) saveCustomer(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	if err := frame.ReadForm(w, r, frame.MaxForm); err != nil {
		return err
	}
	before, err := d.customerAt(r.Context(), scope, r.PathValue("id"))
	if err != nil {
		return err
	}
	v := editCustomerView(scope, before)
	stored, theirs := v.Baseline, v.Values
	v.Baseline, v.Values = frame.BaselineFrom(r.PostForm), customerValuesFrom(r.PostForm)
	if frame.AddsTag(r) {
		return d.addCustomerTags(w, r, scope, v)
	}
	if rows := frame.Reconcile(customerFields(scope.Reader), r.PostForm, stored, theirs, &v.Values); len(rows) > 0 {
		v.Version = stored.Version
		if v.Conflict, err = d.ConflictOf(r.Context(), scope, string(before.ID), stored.Version, v.Action, rows); err != nil {
			return err
		}
		return d.showCustomerForm(w, r, scope, http.StatusConflict, v)
	}
	c, err := d.Customers.Edit(r.Context(), scope.Business, before.ID, before.Version, func(f *customer.Fields) { *f = v.Values.fields() })
	if fault.Is(err, fault.Stale) {
		return d.saveCustomer(w, r, scope) // saved while we looked: look again
	}
	if err != nil {
		return d.customerAgain(w, r, scope, v, err)
	}
	d.RecordEdit(r.Context(), scope, string(c.ID), c.Version)
	d.Toast(r, ui.ToastProps{Text: scope.T("Saved: {{.Name}}", "Name", c.Name)})
	return frame.Redirect(w, r, v.Cancel)
}

// addCustomerTags shows the form again with the typed tags made and ticked.
func (d pages) addCustomerTags(w http.ResponseWriter, r *http.Request, scope *frame.Scope, v customerFormView) error {
	status := http.StatusOK
	made, wrong, err := d.MakeTags(r, scope, tag.OfCustomers, v.Values.newTags())
	switch {
	case err != nil:
		return err
	case wrong.Errors != nil:
		v.Problems, status = wrong, http.StatusUnprocessableEntity
	default:
		v.Values.Tags, v.Values.NewTags = frame.Distinct(append(v.Values.Tags, made...)), ""
	}
	return d.showCustomerForm(w, r, scope, status, v)
}

// customerAgain shows the form with what is wrong at its fields and everything
// that was typed.
func (d pages) customerAgain(w http.ResponseWriter, r *http.Request, scope *frame.Scope, v customerFormView, err error) error {
	p, ok := frame.ProblemsOf(scope.Reader, err, nil)
	if !ok {
		return err
	}
	v.Problems = p
	return d.showCustomerForm(w, r, scope, http.StatusUnprocessableEntity, v)
}
