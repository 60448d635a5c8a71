package products

import (
	"net/http"
	"net/url"

	"smartlinks/internal/fault"
	"smartlinks/internal/product"
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
}

// productValues are the fields as they were typed.
type productValues struct {
	Name, Description, Price string
	Active                   bool
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
		Values: productValues{Active: true},
	}
}

func editProductView(scope *frame.Scope, p product.Product) productFormView {
	values := productValues{Name: p.Name, Description: p.Description, Price: p.Price.Decimal(), Active: p.Active}
	return productFormView{
		Base: scope.Base, Action: scope.Base + "/products/" + string(p.ID), Title: p.Name, Baseline: frame.BaselineOf(productFields(scope.Reader), p.Version, values),
		Symbol: frame.Symbol(p.Price.Currency), Currency: string(p.Price.Currency), Image: frame.ImageHref(scope, p.ImageID), Values: values,
	}
}

// productFields are what two members may change at the same time. A picture that
// nobody chose here stays what it is.
func productFields(reader frame.Reader) []frame.FormField[productValues] {
	type v = productValues
	return []frame.FormField[v]{
		frame.TextField(reader.T("Name"), func(p *v) *string { return &p.Name }),
		frame.TextField(reader.T("Description"), func(p *v) *string { return &p.Description }),
		frame.TextField(reader.T("Price"), func(p *v) *string { return &p.Price }),
		frame.SwitchField(reader, reader.T("On sale"), func(p *v) *bool { return &p.Active }),
	}
}

func (d pages) showProductForm(w http.ResponseWriter, r *http.Request, scope *frame.Scope, status int, v productFormView) error {
	return frame.Render(w, r, status, productFormPage(d.Frame(r, scope, frame.Heading{Title: v.Title, Section: frame.ProductsSection}), v))
}

func productValuesFrom(form url.Values) productValues {
	return productValues{
		Name: form.Get("name"), Description: form.Get("description"), Price: form.Get("price"), Active: frame.Ticked(form, "active"),
	}
}

// productInputs maps fields to inputs where they differ.
func productInputs() map[string]string {
	return map[string]string{"price.value": "price", "price.currency": "price"}
}

func (d pages) createProduct(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	files, err := frame.ReadUploads(w, r, frame.MaxPicture, "image")
	if err != nil {
		return err
	}
	v := newProductView(scope)
	v.Values = productValuesFrom(r.PostForm)
	p, err := d.storeProduct(r, scope, v.Values, files)
	if err != nil {
		return d.productAgain(w, r, scope, v, err)
	}
	d.Toast(r, ui.ToastProps{Text: scope.T("Product created: {{.Name}}", "Name", p.Name)})
	return frame.Redirect(w, r, scope.Base+"/products")
}

func (d pages) storeProduct(r *http.Request, scope *frame.Scope, values productValues, files frame.Uploads) (product.Product, error) {
	var unread fault.Fields
	price := frame.AmountFrom(scope.Reader, values.Price, scope.Business.Currency, "price.value", &unread)
	p, err := d.Products.Create(r.Context(), scope.Business, product.Fields{
		Name: values.Name, Description: values.Description, Price: price, Active: values.Active, Picture: files.Picture("image"),
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
	v.Baseline, v.Values = frame.BaselineFrom(r.PostForm), productValuesFrom(r.PostForm)
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
	saved, err := d.Products.Edit(r.Context(), scope.Business.ID, p.ID, p.Version, func(f *product.Fields) {
		f.Name, f.Description, f.Price, f.Active, f.Picture = values.Name, values.Description, price, values.Active, files.Picture("image")
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
