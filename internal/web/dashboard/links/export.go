package links

import (
	"cmp"
	"context"
	"net/http"
	"strconv"
	"time"

	"smartlinks/internal/customer"
	"smartlinks/internal/fault"
	"smartlinks/internal/link"
	"smartlinks/internal/money"
	"smartlinks/internal/product"
	"smartlinks/internal/spreadsheet"
	"smartlinks/internal/visit"
	"smartlinks/internal/web/dashboard/frame"
)

// linkColumns are the first line of the export. Columns are only ever added at the end;
// those that an import knows have its names, so that what went out comes in again.
var linkColumns = []string{
	"id", "name", "status", "active", "path", "url", "type", "amount", "currency", "product", "description", "limit", "used", "tags", "customer",
	"reference", "notes", "starts_at", "ends_at", "due_on", "redirect_url", "apply_tag", "remove_tag", "views", "payments", "revenue", "refunded", "created",
	"least", "most", "limit_counts", "asked",
	"suggestions", "show_remaining", "thanks", "waiting_list", "offer_hours", "when_closed_message", "when_closed_next", "when_closed_url", "when_closed_redirect",
}

// exportLinks sends the links that the list's filter holds, with their figures.
func (d pages) exportLinks(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	ctx, f := r.Context(), linkFilterFrom(r.URL.Query()).link("")
	names := linkNames{d: d, at: scope, known: map[string]string{}}
	return d.SendList(w, r, scope, "links", linkColumns, func(line func(...string) error) error {
		return d.Links.Each(ctx, scope.Business, f, func(part []link.Link) error {
			ids := make([]string, len(part))
			for i, l := range part {
				ids[i] = string(l.ID)
			}
			totals, err := visit.Totals(ctx, d.DB, string(scope.Business.ID), scope.Mode(), ids)
			if err != nil {
				return err
			}
			for _, l := range part {
				cells, err := linkCells(ctx, scope, l, totals[string(l.ID)], names)
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

func linkCells(ctx context.Context, scope *frame.Scope, l link.Link, figures visit.Counts, names linkNames) ([]string, error) {
	zone := scope.Business.Location()
	sells, err := names.product(ctx, l.ProductID)
	if err != nil {
		return nil, err
	}
	whose, err := names.customer(ctx, l.CustomerID)
	if err != nil {
		return nil, err
	}
	least, most, suggested := "", "", []string(nil) // between what the payer chooses
	if p := l.PayerAmount; p != nil {
		least, most = p.Min.Decimal(), p.Max.Decimal()
		for _, s := range p.Suggested {
			suggested = append(suggested, s.Decimal())
		}
	}
	closed := l.WhenClosed
	next, err := names.path(ctx, closed.Next)
	if err != nil {
		return nil, err
	}
	whole := func(n int64) string { return strconv.FormatInt(n, 10) }
	took := func(minor int64) string { return money.Amount{Minor: minor, Currency: l.Currency}.Decimal() }
	return []string{
		string(l.ID), l.Name, string(l.Status()), frame.YesNo(l.Active), l.Path, scope.LinkURL(l), string(l.Type), l.Price().Decimal(), string(l.Currency), sells, l.Description,
		limitCell(l.Limit), whole(l.Slots.Used), frame.TagCell(l.Tags), whose, l.Reference, l.Notes, cellTimeAt(l.StartsAt, zone), cellTimeAt(l.EndsAt, zone), l.DueOn,
		l.After.RedirectURL, l.After.ApplyTag, l.After.RemoveTag, whole(figures.Views), whole(figures.Payments), took(figures.Revenue), took(figures.Refunded),
		frame.CellTime(l.CreatedAt, zone), least, most, countsCell(l.Limit), l.Checkout.Write(l.Currency),
		spreadsheet.JoinList(suggested), frame.YesNo(l.ShowRemaining), l.Thanks, frame.YesNo(l.WaitingList), whole(l.OfferHours),
		closed.Message, next, closed.URL, frame.YesNo(closed.Redirect && (next != "" || closed.URL != "")),
	}, nil
}

func cellTimeAt(t *time.Time, zone *time.Location) string {
	if t == nil {
		return ""
	}
	return frame.CellTime(*t, zone)
}

func limitCell(l link.Limit) string {
	if l.Kind == link.Multiple {
		return strconv.FormatInt(l.Max, 10)
	}
	return string(l.Kind)
}

// countsCell is what a limit counts, "" without one.
func countsCell(l link.Limit) string {
	if !l.Limited() {
		return ""
	}
	return string(l.Counts)
}

// linkNames are the words for what links lead to, each read once.
type linkNames struct {
	d     pages
	at    *frame.Scope
	known map[string]string
}

func (n linkNames) product(ctx context.Context, id product.ID) (string, error) {
	return n.read(frame.ReaderOf(ctx), string(id), func() (string, error) {
		p, err := n.d.Products.Get(ctx, n.at.Business.ID, id)
		return p.Name, err
	})
}

// customer is an e-mail address, by which an import finds them, or a name.
func (n linkNames) customer(ctx context.Context, id customer.ID) (string, error) {
	return n.read(frame.ReaderOf(ctx), string(id), func() (string, error) {
		c, err := n.d.Customers.Get(ctx, n.at.Business.ID, id)
		return cmp.Or(c.Email, c.Name), err
	})
}

// path is that of a link that another leads on to; one that was deleted has none.
func (n linkNames) path(ctx context.Context, id link.ID) (string, error) {
	return n.read(frame.ReaderOf(ctx), string(id), func() (string, error) {
		to, err := n.d.Links.Label(ctx, n.at.Business.ID, id)
		if to.Deleted {
			return "", nil
		}
		return to.Path, err
	})
}

// read looks a name up; what is gone has none.
func (n linkNames) read(reader frame.Reader, id string, look func() (string, error)) (string, error) {
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
