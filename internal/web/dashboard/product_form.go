package dashboard

import (
	"net/http"
	"net/url"

	"smartlinks/internal/fault"
	"smartlinks/internal/product"
	"smartlinks/internal/web/ui"
)

// maxPicture is how many bytes of a picture are read: more than any may have.
const maxPicture = 5 << 20

// productFormView is the form that makes or changes a product.
type productFormView struct {
	problems
	baseline
	Conflict            *conflict // somebody else saved it meanwhile
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
func (v productFormView) Crumbs() []ui.Crumb {
	return []ui.Crumb{{Label: "Products", Href: v.Base + "/products"}, {Label: v.Title}}
}

// Verb is what the form's button says.
func (v productFormView) Verb() string {
	switch {
	case v.Version == 0:
		return "Create product"
	case v.Conflict != nil:
		return "Save mine on top"
	}
	return "Save"
}

// PriceHint warns that links follow the price.
func (v productFormView) PriceHint() string {
	if v.Version > 0 {
		return "Smart links that sell it follow."
	}
	return ""
}

func (d *Dashboard) newProduct(w http.ResponseWriter, r *http.Request, at *room) error {
	return d.showProductForm(w, r, at, http.StatusOK, newProductView(at))
}

func newProductView(at *room) productFormView {
	return productFormView{
		Base: at.Base, Action: at.Base + "/products", Title: "New product",
		Symbol: symbol(at.Business.Currency), Currency: string(at.Business.Currency),
		Values: productValues{Active: true},
	}
}

func editProductView(at *room, p product.Product) productFormView {
	values := productValues{Name: p.Name, Description: p.Description, Price: p.Price.Decimal(), Active: p.Active}
	return productFormView{
		Base: at.Base, Action: at.Base + "/products/" + string(p.ID), Title: p.Name, baseline: baselineOf(productFields(), p.Version, values),
		Symbol: symbol(p.Price.Currency), Currency: string(p.Price.Currency), Image: imageHref(at, p.ImageID), Values: values,
	}
}

// productFields are what two members may change at the same time. A picture that
// nobody chose here stays what it is.
func productFields() []formField[productValues] {
	type v = productValues
	return []formField[v]{
		textField("Name", func(p *v) *string { return &p.Name }),
		textField("Description", func(p *v) *string { return &p.Description }),
		textField("Price", func(p *v) *string { return &p.Price }),
		switchField("On sale", func(p *v) *bool { return &p.Active }),
	}
}

func (d *Dashboard) showProductForm(w http.ResponseWriter, r *http.Request, at *room, status int, v productFormView) error {
	return render(w, r, status, productFormPage(d.frame(r, at, place{v.Title, productsRoom}), v))
}

func productValuesFrom(form url.Values) productValues {
	return productValues{
		Name: form.Get("name"), Description: form.Get("description"), Price: form.Get("price"), Active: ticked(form, "active"),
	}
}

// productInputs maps fields to inputs where they differ.
func productInputs() map[string]string {
	return map[string]string{"price.value": "price", "price.currency": "price"}
}

func (d *Dashboard) createProduct(w http.ResponseWriter, r *http.Request, at *room) error {
	files, err := readUploads(w, r, maxPicture, "image")
	if err != nil {
		return err
	}
	v := newProductView(at)
	v.Values = productValuesFrom(r.PostForm)
	p, err := d.storeProduct(r, at, v.Values, files)
	if err != nil {
		return d.productAgain(w, r, at, v, err)
	}
	d.say(r, ui.ToastProps{Text: p.Name + " is in your catalogue"})
	return redirect(w, r, at.Base+"/products")
}

func (d *Dashboard) storeProduct(r *http.Request, at *room, values productValues, files uploads) (product.Product, error) {
	var unread fault.Fields
	price := amountFrom(values.Price, at.Business.Currency, "price.value", &unread)
	p, err := d.Products.Create(r.Context(), at.Business, product.Draft{
		Name: values.Name, Description: values.Description, Price: price, Active: values.Active, Image: files.picture("image"),
	})
	return p, merged(unread, err)
}

func (d *Dashboard) editProduct(w http.ResponseWriter, r *http.Request, at *room) error {
	p, err := d.Products.Get(r.Context(), at.Business.ID, product.ID(r.PathValue("id")))
	if err != nil {
		return err
	}
	return d.showProductForm(w, r, at, http.StatusOK, editProductView(at, p))
}

func (d *Dashboard) saveProduct(w http.ResponseWriter, r *http.Request, at *room) error {
	files, err := readUploads(w, r, maxPicture, "image")
	if err != nil {
		return err
	}
	return d.saveProductForm(w, r, at, files)
}

func (d *Dashboard) saveProductForm(w http.ResponseWriter, r *http.Request, at *room, files uploads) error {
	p, err := d.Products.Get(r.Context(), at.Business.ID, product.ID(r.PathValue("id")))
	if err != nil {
		return err
	}
	v := editProductView(at, p)
	stored, theirs := v.baseline, v.Values
	v.baseline, v.Values = baselineFrom(r.PostForm), productValuesFrom(r.PostForm)
	if rows := settle(productFields(), r.PostForm, stored, theirs, &v.Values); len(rows) > 0 {
		v.Version = stored.Version
		if v.Conflict, err = d.conflictOf(r.Context(), at, string(p.ID), stored.Version, v.Action, rows); err != nil {
			return err
		}
		return d.showProductForm(w, r, at, http.StatusConflict, v)
	}
	saved, err := d.changeProduct(r, at, p, v.Values, files)
	if fault.Is(err, fault.Stale) {
		return d.saveProductForm(w, r, at, files) // saved while we looked: look again
	}
	if err != nil {
		return d.productAgain(w, r, at, v, err)
	}
	d.noteEdit(r.Context(), at, string(saved.ID), saved.Version)
	d.say(r, ui.ToastProps{Text: saved.Name + " is saved"})
	return redirect(w, r, at.Base+"/products")
}

func (d *Dashboard) changeProduct(r *http.Request, at *room, p product.Product, values productValues, files uploads) (product.Product, error) {
	var unread fault.Fields
	price := amountFrom(values.Price, p.Price.Currency, "price.value", &unread)
	saved, err := d.Products.Update(r.Context(), at.Business.ID, p.ID, p.Version, product.Patch{
		Name: &values.Name, Description: &values.Description, Price: &price, Active: &values.Active,
		Image: files.picture("image"), RemoveImage: ticked(r.PostForm, "remove_image"),
	})
	return saved, merged(unread, err)
}

func (d *Dashboard) productAgain(w http.ResponseWriter, r *http.Request, at *room, v productFormView, err error) error {
	p, ok := problemsOf(err, productInputs())
	if !ok {
		return err
	}
	v.problems = p
	return d.showProductForm(w, r, at, http.StatusUnprocessableEntity, v)
}
