package products

import (
	"net/http"

	"smartlinks/internal/product"
	"smartlinks/internal/web/dashboard/frame"
)

// productColumns are the first line of the export. Columns are only ever added at the
// end.
var productColumns = []string{"id", "name", "description", "price", "currency", "active", "url", "created", "asked"}

// exportProducts sends the products that the search finds.
func (d pages) exportProducts(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	ctx, f := r.Context(), product.Filter{Query: r.URL.Query().Get("q"), Limit: 100}
	return d.SendList(w, r, scope, "products", productColumns, func(line func(...string) error) error {
		for {
			part, next, err := d.Products.List(ctx, scope.Business.ID, f)
			if err != nil {
				return err
			}
			for _, p := range part {
				err := line(string(p.ID), p.Name, p.Description, p.Price.Decimal(), string(p.Price.Currency), frame.YesNo(p.Active), scope.ProductURL(p.Slug), frame.CellTime(p.CreatedAt, scope.Business.Location()), p.Checkout.Write(p.Price.Currency))
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
