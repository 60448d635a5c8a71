package dashboard

import (
	"cmp"
	"context"
	"net/http"
	"strconv"
	"strings"
	"time"

	"smartlinks/internal/customer"
	"smartlinks/internal/fault"
	"smartlinks/internal/link"
	"smartlinks/internal/money"
	"smartlinks/internal/payment"
	"smartlinks/internal/product"
	"smartlinks/internal/spreadsheet"
	"smartlinks/internal/tag"
	"smartlinks/internal/visit"
)

// The first lines of the exports. Columns are only ever added at the end; those
// that an import knows have its names, so that what went out comes in again.
var (
	customerColumns = []string{
		"id", "name", "email", "phone", "language", "tags", "notes", "payments", "paid", "last_payment", "created",
	}
	linkColumns = []string{
		"id", "name", "status", "active", "path", "url", "type", "amount", "currency", "product", "description", "limit", "used", "tags", "customer",
		"reference", "notes", "starts_at", "ends_at", "redirect_url", "apply_tag", "remove_tag", "views", "payments", "revenue", "refunded", "created",
	}
	productColumns = []string{"id", "name", "description", "price", "currency", "active", "url", "created"}
)

// exportCustomers sends the customers that the list's filter holds.
func (d *Dashboard) exportCustomers(w http.ResponseWriter, r *http.Request, at *room) error {
	ctx, f, zone := r.Context(), customerFilterFrom(r.URL.Query()).customer(""), at.Business.Location()
	return d.sendList(w, r, at, "customers", customerColumns, func(line func(...string) error) error {
		return d.Customers.Each(ctx, at.Business.ID, f, func(part []customer.Customer) error {
			ids := make([]customer.ID, len(part))
			for i, c := range part {
				ids[i] = c.ID
			}
			spent, err := d.Payments.ByCustomer(ctx, at.Business.ID, at.Business.Mode, ids)
			if err != nil {
				return err
			}
			for _, c := range part {
				payments, paid, last := spentCells(spent[c.ID], zone)
				if err := line(string(c.ID), c.Name, c.Email, c.Phone, c.Language, tagCell(c.Tags), c.Notes, payments, paid, last, cellTime(c.CreatedAt, zone)); err != nil {
					return err
				}
			}
			return nil
		})
	})
}

// spentCells are how often a customer paid, what, in each currency, and when last.
func spentCells(spent []payment.Spent, zone *time.Location) (payments, paid, last string) {
	var n int64
	var sums []string
	var latest time.Time
	for _, s := range spent {
		n, sums = n+s.Payments, append(sums, s.Gross.Decimal()+" "+string(s.Gross.Currency))
		if s.LastAt.After(latest) {
			latest = s.LastAt
		}
	}
	return strconv.FormatInt(n, 10), strings.Join(sums, "; "), cellTime(latest, zone)
}

func tagCell(tags []tag.Tag) string {
	names := make([]string, len(tags))
	for i, t := range tags {
		names[i] = t.Name
	}
	return spreadsheet.JoinList(names)
}

// exportLinks sends the links that the list's filter holds, with their figures.
func (d *Dashboard) exportLinks(w http.ResponseWriter, r *http.Request, at *room) error {
	ctx, f := r.Context(), linkFilterFrom(r.URL.Query()).link("")
	names := linkNames{d: d, at: at, known: map[string]string{}}
	return d.sendList(w, r, at, "links", linkColumns, func(line func(...string) error) error {
		return d.Links.Each(ctx, at.Business, f, func(part []link.Link) error {
			ids := make([]string, len(part))
			for i, l := range part {
				ids[i] = string(l.ID)
			}
			totals, err := visit.Totals(ctx, d.DB, string(at.Business.ID), at.mode(), ids)
			if err != nil {
				return err
			}
			for _, l := range part {
				cells, err := linkCells(ctx, at, l, totals[string(l.ID)], names)
				if err != nil {
					return err
				}
				if err := line(cells...); err != nil {
					return err
				}
			}
			return nil
		})
	})
}

func linkCells(ctx context.Context, at *room, l link.Link, figures visit.Counts, names linkNames) ([]string, error) {
	zone := at.Business.Location()
	sells, err := names.product(ctx, l.ProductID)
	if err != nil {
		return nil, err
	}
	whose, err := names.customer(ctx, l.CustomerID)
	if err != nil {
		return nil, err
	}
	whole := func(n int64) string { return strconv.FormatInt(n, 10) }
	took := func(minor int64) string { return money.Amount{Minor: minor, Currency: l.Currency}.Decimal() }
	return []string{
		string(l.ID), l.Name, string(l.Status()), yesNo(l.Active), l.Path, at.url(l.Path), string(l.Type), l.Price().Decimal(), string(l.Currency), sells, l.Description,
		limitCell(l.Limit), whole(l.Slots.Used), tagCell(l.Tags), whose, l.Reference, l.Notes, cellTimeAt(l.StartsAt, zone), cellTimeAt(l.EndsAt, zone),
		l.After.RedirectURL, l.After.ApplyTag, l.After.RemoveTag, whole(figures.Views), whole(figures.Payments), took(figures.Revenue), took(figures.Refunded),
		cellTime(l.CreatedAt, zone),
	}, nil
}

func cellTimeAt(t *time.Time, zone *time.Location) string {
	if t == nil {
		return ""
	}
	return cellTime(*t, zone)
}

func limitCell(l link.Limit) string {
	if l.Kind == link.Multiple {
		return strconv.FormatInt(l.Max, 10)
	}
	return string(l.Kind)
}

// linkNames are the words for what links lead to, each read once.
type linkNames struct {
	d     *Dashboard
	at    *room
	known map[string]string
}

func (n linkNames) product(ctx context.Context, id product.ID) (string, error) {
	return n.read(string(id), func() (string, error) {
		p, err := n.d.Products.Get(ctx, n.at.Business.ID, id)
		return p.Name, err
	})
}

// customer is an e-mail address, by which an import finds them, or a name.
func (n linkNames) customer(ctx context.Context, id customer.ID) (string, error) {
	return n.read(string(id), func() (string, error) {
		c, err := n.d.Customers.Get(ctx, n.at.Business.ID, id)
		return cmp.Or(c.Email, c.Name), err
	})
}

// read looks a name up; what is gone has none.
func (n linkNames) read(id string, look func() (string, error)) (string, error) {
	if name, ok := n.known[id]; ok || id == "" {
		return name, nil
	}
	name, err := look()
	if err != nil && !fault.Is(err, fault.NotFound) {
		return "", err
	}
	n.known[id] = name
	return name, nil
}

// exportProducts sends the products that the search finds.
func (d *Dashboard) exportProducts(w http.ResponseWriter, r *http.Request, at *room) error {
	ctx, f := r.Context(), product.Filter{Query: r.URL.Query().Get("q"), Limit: 100}
	return d.sendList(w, r, at, "products", productColumns, func(line func(...string) error) error {
		for {
			part, next, err := d.Products.List(ctx, at.Business.ID, f)
			if err != nil {
				return err
			}
			for _, p := range part {
				err := line(string(p.ID), p.Name, p.Description, p.Price.Decimal(), string(p.Price.Currency), yesNo(p.Active), at.url("shop/"+p.Slug), cellTime(p.CreatedAt, at.Business.Location()))
				if err != nil {
					return err
				}
			}
			if f.Cursor = next; next == "" {
				return nil
			}
		}
	})
}
