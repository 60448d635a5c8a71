package products

import (
	"maps"
	"net/http"
	"net/url"
	"slices"

	"smartlinks/internal/checkout"
	"smartlinks/internal/fault"
	"smartlinks/internal/money"
	"smartlinks/internal/product"
	"smartlinks/internal/web/dashboard/asking"
	"smartlinks/internal/web/dashboard/frame"
	"smartlinks/internal/web/ui"
)

// productFormView is the form that makes or changes a product.
type productFormView struct {
	frame.Problems
	frame.Baseline
	Conflict            *frame.Conflict // somebody else saved it meanwhile
	Base, Action, Title string
	Values              productValues
	Symbol, Currency    string
	Image               string
	Acted               asking.Acted // what a button for a question did
}

// Asks is what payers are asked, as it is drawn.
func (v productFormView) Asks() asking.View {
	return asking.View{Values: v.Values.Asked, Acted: v.Acted, Errors: v.Errors, Action: v.Action}
}

// wrong reports whether something is wrong with one of the inputs.
func (v productFormView) wrong(inputs []string) bool {
	return slices.ContainsFunc(inputs, func(name string) bool { return v.Errors[name] != "" })
}

// folds are the parts of the form that stay folded until somebody needs them: how many, tip
// and fee, and what payers are asked.
func (v productFormView) folds(reader frame.Reader) (quantity, extras, asked ui.FoldProps) {
	quantity = ui.FoldProps{ID: "quantity", Icon: "hash", Title: reader.T("Quantity")}
	quantity.Sum, quantity.Set = v.Values.Quantity.Sum(reader)
	extras = ui.FoldProps{ID: "extras", Icon: "heart-handshake", Title: reader.T("Tip and fee")}
	extras.Sum, extras.Set = v.Values.Extras.Sum(reader)
	asked = ui.FoldProps{ID: "asked", Icon: "list-checks", Title: reader.T("What payers are asked")}
	asked.Sum, asked.Set = v.Values.Asked.Sum(reader)
	quantity.Open = quantity.Set || v.wrong(asking.QuantityNames())
	extras.Open = extras.Set || v.wrong(asking.ExtrasNames())
	asked.Open = asked.Set || v.Acted != asking.Acted{} || v.wrong(asking.Names())
	return quantity, extras, asked
}

// productValues are the fields as they were typed.
type productValues struct {
	Name, Description, Price string
	Active                   bool
	Quantity                 asking.Quantity
	Extras                   asking.Extras
	Asked                    asking.Values
}

// Crumbs says where the form stands.
func (v productFormView) Crumbs(reader frame.Reader) []ui.Crumb {
	return []ui.Crumb{{Label: reader.T("Products"), Href: v.Base + "/products"}, {Label: v.Title}}
}

// Verb is what the form's button says.
func (v productFormView) Verb(reader frame.Reader) string {
	switch {
	case v.Version == 0:
		return reader.T("Create product")
	case v.Conflict != nil:
		return reader.T("Save my version")
	}
	return reader.T("Save")
}

// PriceHint warns that links follow the price.
func (v productFormView) PriceHint(reader frame.Reader) string {
	if v.Version > 0 {
		return reader.T("Smart links that sell it are updated as well.")
	}
	return ""
}

func (d pages) newProduct(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	return d.showProductForm(w, r, scope, http.StatusOK, newProductView(scope))
}

func newProductView(scope *frame.Scope) productFormView {
	return productFormView{
		Base: scope.Base, Action: scope.Base + "/products", Title: scope.T("New product"),
		Symbol: frame.Symbol(scope.Business.Currency), Currency: string(scope.Business.Currency),
		Values: productValues{Active: true, Asked: asking.Of(checkout.Rules{}, true, scope.Business.Locale)},
	}
}

func editProductView(scope *frame.Scope, p product.Product) productFormView {
	values := productValues{Name: p.Name, Description: p.Description, Price: scope.AmountInput(&p.Price), Active: p.Active,
		Quantity: asking.QuantityOf(p.Checkout), Extras: asking.ExtrasOf(scope.Reader, p.Checkout, p.Price.Currency), Asked: asking.Of(p.Checkout, false, scope.Business.Locale),
	}
	return productFormView{
		Base: scope.Base, Action: scope.Base + "/products/" + string(p.ID), Title: p.Name, Baseline: frame.BaselineOf(productFields(scope.Reader), p.Version, values),
		Symbol: frame.Symbol(p.Price.Currency), Currency: string(p.Price.Currency), Image: frame.ImageHref(scope, p.ImageID), Values: values,
	}
}

// productFields are what two members may change at the same time. A picture that
// nobody chose here stays what it is.
func productFields(reader frame.Reader) []frame.FormField[productValues] {
	type v = productValues
	fields := []frame.FormField[v]{
		frame.TextField(reader.T("Name"), func(p *v) *string { return &p.Name }),
		frame.TextField(reader.T("Description"), func(p *v) *string { return &p.Description }),
		frame.TextField(reader.T("Price"), func(p *v) *string { return &p.Price }),
		frame.SwitchField(reader, reader.T("On sale"), func(p *v) *bool { return &p.Active }),
		asking.QuantityEdit(reader, func(p *v) *asking.Quantity { return &p.Quantity }),
	}
	return slices.Concat(fields, asking.ExtrasEdits(reader, func(p *v) *asking.Extras { return &p.Extras }), asking.Edits(reader, func(p *v) *asking.Values { return &p.Asked }))
}

func (d pages) showProductForm(w http.ResponseWriter, r *http.Request, scope *frame.Scope, status int, v productFormView) error {
	return frame.Render(w, r, status, productFormPage(d.Frame(r, scope, frame.Heading{Title: v.Title, Section: frame.ProductsSection}), v))
}

func productValuesFrom(form url.Values, language string) productValues {
	return productValues{
		Name: form.Get("name"), Description: form.Get("description"), Price: form.Get("price"), Active: frame.Ticked(form, "active"),
		Quantity: asking.QuantityFrom(form), Extras: asking.ExtrasFrom(form), Asked: asking.From(form, language),
	}
}

// productInputs maps fields to inputs where they differ.
func productInputs() map[string]string {
	inputs := map[string]string{"price.value": "price", "price.currency": "price"}
	maps.Copy(inputs, asking.Inputs())
	return inputs
}

// rules are what payers are asked, as the form says. What can't be read is noted, and left as
// something that no product accepts.
func (v productValues) rules(reader frame.Reader, c money.Currency, unread *fault.Fields) (r checkout.Rules) {
	v.Quantity.Set(&r, unread)
	v.Extras.Set(&r, reader, c, unread)
	v.Asked.Set(&r)
	return r
}

func (d pages) createProduct(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	files, err := frame.ReadUploads(w, r, frame.MaxPicture, "image")
	if err != nil {
		return err
	}
	v := newProductView(scope)
	v.Values = productValuesFrom(r.PostForm, scope.Business.Locale)
	if acted, err := d.actOnQuestions(w, r, scope, v); acted {
		return err
	}
	p, err := d.storeProduct(r, scope, v.Values, files)
	if err != nil {
		return d.productAgain(w, r, scope, v, err)
	}
	d.Toast(r, ui.ToastProps{Text: scope.T("Product created: {{.Name}}", "Name", p.Name)})
	return frame.Redirect(w, r, scope.Base+"/products")
}

// actOnQuestions shows the form again where a button for a question sent it.
func (d pages) actOnQuestions(w http.ResponseWriter, r *http.Request, scope *frame.Scope, v productFormView) (acted bool, err error) {
	if v.Acted, acted = v.Values.Asked.Act(r.PostForm); !acted {
		return false, nil
	}
	return true, d.showProductForm(w, r, scope, http.StatusOK, v)
}

func (d pages) storeProduct(r *http.Request, scope *frame.Scope, values productValues, files frame.Uploads) (product.Product, error) {
	var unread fault.Fields
	price := frame.AmountFrom(scope.Reader, values.Price, scope.Business.Currency, "price.value", &unread)
	p, err := d.Products.Create(r.Context(), scope.Business, product.Fields{
		Name: values.Name, Description: values.Description, Price: price, Active: values.Active, Picture: files.Picture("image"),
		Checkout: values.rules(scope.Reader, scope.Business.Currency, &unread),
	})
	return p, frame.Merged(unread, err)
}

func (d pages) editProduct(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	p, err := d.Products.Get(r.Context(), scope.Business.ID, product.ID(r.PathValue("id")))
	if err != nil {
		return err
	}
	return d.showProductForm(w, r, scope, http.StatusOK, editProductView(scope, p))
}

func (d pages) saveProduct(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	files, err := frame.ReadUploads(w, r, frame.MaxPicture, "image")
	if err != nil {
		return err
	}
	return d.saveProductForm(w, r, scope, files)
}

func (d pages) saveProductForm(w http.ResponseWriter, r *http.Request, scope *frame.Scope, files frame.Uploads) error {
	p, err := d.Products.Get(r.Context(), scope.Business.ID, product.ID(r.PathValue("id")))
	if err != nil {
		return err
	}
	v := editProductView(scope, p)
	stored, theirs := v.Baseline, v.Values
	v.Baseline, v.Values = frame.BaselineFrom(r.PostForm), productValuesFrom(r.PostForm, scope.Business.Locale)
	if acted, err := d.actOnQuestions(w, r, scope, v); acted {
		return err
	}
	if rows := frame.Reconcile(productFields(scope.Reader), r.PostForm, stored, theirs, &v.Values); len(rows) > 0 {
		v.Version = stored.Version
		if v.Conflict, err = d.ConflictOf(r.Context(), scope, string(p.ID), stored.Version, v.Action, rows); err != nil {
			return err
		}
		return d.showProductForm(w, r, scope, http.StatusConflict, v)
	}
	saved, err := d.changeProduct(r, scope, p, v.Values, files)
	if fault.Is(err, fault.Stale) {
		return d.saveProductForm(w, r, scope, files) // saved while we looked: look again
	}
	if err != nil {
		return d.productAgain(w, r, scope, v, err)
	}
	d.RecordEdit(r.Context(), scope, string(saved.ID), saved.Version)
	d.Toast(r, ui.ToastProps{Text: scope.T("Saved: {{.Name}}", "Name", saved.Name)})
	return frame.Redirect(w, r, scope.Base+"/products")
}

func (d pages) changeProduct(r *http.Request, scope *frame.Scope, p product.Product, values productValues, files frame.Uploads) (product.Product, error) {
	var unread fault.Fields
	price := frame.AmountFrom(scope.Reader, values.Price, p.Price.Currency, "price.value", &unread)
	asked := values.rules(scope.Reader, p.Price.Currency, &unread)
	saved, err := d.Products.Edit(r.Context(), scope.Business.ID, p.ID, p.Version, func(f *product.Fields) {
		f.Name, f.Description, f.Price, f.Active, f.Picture = values.Name, values.Description, price, values.Active, files.Picture("image")
		f.Checkout = asked
		if frame.Ticked(r.PostForm, "remove_image") {
			f.ImageID = ""
		}
	})
	return saved, frame.Merged(unread, err)
}

func (d pages) productAgain(w http.ResponseWriter, r *http.Request, scope *frame.Scope, v productFormView, err error) error {
	p, ok := frame.ProblemsOf(scope.Reader, err, productInputs())
	if !ok {
		return err
	}
	v.Problems = p
	return d.showProductForm(w, r, scope, http.StatusUnprocessableEntity, v)
}
