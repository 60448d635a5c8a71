package dashboard

import (
	"net/http"

	"smartlinks/internal/fault"
	"smartlinks/internal/link"
	"smartlinks/internal/money"
	"smartlinks/internal/web/guard"
)

// showPagePreview answers with the page that payers would see of the link as
// the form stands: what the URL fills in, or what was typed. Nothing is stored.
func (d *Dashboard) showPagePreview(w http.ResponseWriter, r *http.Request, at *room) error {
	values := newLinkValues(at.Business.Currency)
	if fromHere(r) {
		values = values.prefilled(r.URL.Query())
	}
	if r.Method == http.MethodPost {
		if err := readForm(w, r, maxForm); err != nil {
			return err
		}
		values = linkValuesFrom(r.PostForm)
	}
	sample, err := d.sampleOf(r, at, values)
	if err != nil {
		return err
	}
	if id := r.URL.Query().Get("id"); id != "" {
		stored, err := d.Links.Get(r.Context(), at.Business, link.ID(id))
		if err != nil {
			return err
		}
		sample.Slots = stored.Slots // what was paid already
		if r.Method == http.MethodGet {
			sample = stored
		}
	}
	w.Header().Set("Content-Security-Policy", guard.PreviewPolicy)
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	return d.PreviewPage(r.Context(), w, at.Business, sample)
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
func (d *Dashboard) sampleOf(r *http.Request, at *room, values linkValues) (link.Link, error) {
	var unread fault.Fields
	draft := values.draft(at.Business.Location(), &unread)
	price := money.Amount{Currency: at.Business.Currency}
	if draft.Amount != nil {
		price = *draft.Amount
	}
	p, err := d.Products.Get(r.Context(), at.Business.ID, draft.ProductID)
	switch {
	case err == nil:
		price = p.Price
	case !fault.Is(err, fault.NotFound):
		return link.Link{}, err
	}
	if draft.Name = values.Name; draft.Name == "" {
		draft.Name = "Name of the link"
	}
	return draft.Sample(at.Business, price), nil
}
