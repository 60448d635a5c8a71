package linkform

import (
	"net/http"

	"smartlinks/internal/fault"
	"smartlinks/internal/link"
	"smartlinks/internal/money"
	"smartlinks/internal/web/dashboard/frame"
	"smartlinks/internal/web/guard"
)

// showPagePreview answers with the page that payers would see of the link as
// the form stands: what the URL fills in, or what was typed. Nothing is stored.
func (d pages) showPagePreview(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	values := newLinkValues(scope.Business.Currency, scope.Business.Locale)
	if fromHere(r) {
		values = values.prefilled(r.URL.Query())
	}
	if r.Method == http.MethodPost {
		if err := frame.ReadForm(w, r, frame.MaxForm); err != nil {
			return err
		}
		values = linkValuesFrom(r.PostForm, scope.Business.Locale)
	}
	sample, err := d.sampleOf(r, scope, values)
	if err != nil {
		return err
	}
	if id := r.URL.Query().Get("id"); id != "" {
		stored, err := d.Links.Get(r.Context(), scope.Business, link.ID(id))
		if err != nil {
			return err
		}
		sample.Slots, sample.Units = stored.Slots, stored.Units // what was paid already
		if r.Method == http.MethodGet {
			sample = stored
		}
	}
	w.Header().Set("Content-Security-Policy", guard.PreviewPolicy)
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	return d.PreviewPage(r.Context(), w, scope.Business, sample)
}

// fromHere reports whether a page of ours asks. What somebody else puts into an
// address must not look like a page that this business made. Browsers too old to
// say where a request comes from are let in.
func fromHere(r *http.Request) bool {
	site := r.Header.Get("Sec-Fetch-Site")
	return site == "" || site == "same-origin"
}

// sampleOf is the link as the form describes it, as far as it can be read: an
// amount that can't is none.
func (d pages) sampleOf(r *http.Request, scope *frame.Scope, values linkValues) (link.Link, error) {
	var unread fault.Fields
	draft := values.draft(scope.Reader, scope.Business.Location(), &unread)
	price := money.Amount{Currency: scope.Business.Currency}
	if draft.Amount != nil {
		price = *draft.Amount
	}
	p, err := d.Products.Get(r.Context(), scope.Business.ID, draft.ProductID)
	switch {
	case values.makesProduct():
		price = frame.AmountFrom(scope.Reader, values.NewProduct.Price, scope.Business.Currency, "price", &unread)
	case err == nil:
		price = p.Price
	case !fault.Is(err, fault.NotFound):
		return link.Link{}, err
	}
	if draft.Name = values.Name; draft.Name == "" {
		draft.Name = scope.T("Name of the link")
	}
	return draft.Sample(scope.Business, price), nil
}

// previewNewLink shows the message of a link that is being written.
func (d pages) previewNewLink(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	if err := frame.ReadForm(w, r, frame.MaxForm); err != nil {
		return err
	}
	sample, err := d.sampleOf(r, scope, linkValuesFrom(r.PostForm, scope.Business.Locale))
	if err != nil {
		return err
	}
	return d.PreviewMail(w, r, scope, sample)
}
