package byhand

import (
	"net/http"
	"net/url"
	"slices"

	"smartlinks/internal/customer"
	"smartlinks/internal/delivery"
	"smartlinks/internal/fault"
	"smartlinks/internal/link"
	"smartlinks/internal/web/dashboard/frame"
)

// offered is how many links are offered at once.
const offered = 20

// chooseView asks for which link the money came.
type chooseView struct {
	Base, Back, BackLabel string
	Query, Customer       string
	Rows                  []chooseRow
	More                  bool
}

type chooseRow struct{ Name, Path, Price, Href string }

// chooseLink lists links to record a payment for: a customer's own first, else the newest.
func (d pages) chooseLink(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	q := r.URL.Query()
	v := chooseView{Base: scope.Base, Query: frame.TypedQuery(q.Get("q")), Customer: q.Get("customer"), Back: scope.Base + "/transactions", BackLabel: scope.T("Transactions")}
	if v.Customer != "" {
		c, err := d.Customers.Get(r.Context(), scope.Business.ID, customer.ID(v.Customer))
		if err != nil {
			return err
		}
		v.Back, v.BackLabel = scope.Base+"/customers/"+string(c.ID), frame.LabelOfCustomer(c)
	}
	links, err := d.linksFor(r, scope, v)
	if err != nil {
		return err
	}
	if v.More = len(links) > offered; v.More {
		links = links[:offered]
	}
	for _, l := range links {
		href := frame.LinkHref(scope, l.ID) + "/record"
		if v.Customer != "" {
			href += "?" + url.Values{"customer": {v.Customer}}.Encode()
		}
		v.Rows = append(v.Rows, chooseRow{l.Name, l.Path, scope.Money(l.Price()), href})
	}
	return frame.Render(w, r, http.StatusOK, choosePage(d.Frame(r, scope, frame.Heading{Title: scope.T("Record a payment"), Section: frame.TransactionsSection}), v))
}

func (d pages) linksFor(r *http.Request, scope *frame.Scope, v chooseView) ([]link.Link, error) {
	ctx, b := r.Context(), scope.Business
	if v.Customer == "" || v.Query != "" {
		page, err := d.Links.List(ctx, b, link.Filter{Query: v.Query, Limit: offered + 1})
		return page.Links, err
	}
	page, err := d.Links.List(ctx, b, link.Filter{Customer: customer.ID(v.Customer), Limit: offered})
	if err != nil {
		return nil, err
	}
	links := page.Links
	sends, _, err := d.Deliveries.Sends(ctx, d.DB, b.ID, b.Mode, delivery.Query{Customer: customer.ID(v.Customer)})
	if err != nil {
		return nil, err
	}
	for _, s := range sends {
		if len(links) == offered || slices.ContainsFunc(links, func(l link.Link) bool { return l.ID == s.LinkID }) {
			continue
		}
		l, err := d.Links.Get(ctx, b, s.LinkID)
		switch {
		case fault.Is(err, fault.NotFound): // deleted meanwhile
		case err != nil:
			return nil, err
		default:
			links = append(links, l)
		}
	}
	if len(links) > 0 {
		return links, nil
	}
	page, err = d.Links.List(ctx, b, link.Filter{Limit: offered + 1})
	return page.Links, err
}
