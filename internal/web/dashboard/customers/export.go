package customers

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"smartlinks/internal/customer"
	"smartlinks/internal/payment/history"
	"smartlinks/internal/web/dashboard/frame"
)

// customerColumns are the first line of the export. Columns are only ever added at the
// end; those that an import knows have its names, so that what went out comes in again.
var customerColumns = []string{
	"id", "name", "email", "phone", "language", "tags", "notes", "payments", "paid", "last_payment", "created",
}

// exportCustomers sends the customers that the list's filter holds.
func (d pages) exportCustomers(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	ctx, f, zone := r.Context(), customerFilterFrom(r.URL.Query()).customer(""), scope.Business.Location()
	return d.SendList(w, r, scope, "customers", customerColumns, func(line func(...string) error) error {
		return d.Customers.Each(ctx, scope.Business.ID, f, func(part []customer.Customer) error {
			ids := make([]customer.ID, len(part))
			for i, c := range part {
				ids[i] = c.ID
			}
			spent, err := d.Payments.ByCustomer(ctx, scope.Business.ID, scope.Business.Mode, ids)
			if err != nil {
				return err
			}
			for _, c := range part {
				payments, paid, last := spentCells(spent[c.ID], zone)
				if err := line(string(c.ID), c.Name, c.Email, c.Phone, c.Language, frame.TagCell(c.Tags), c.Notes, payments, paid, last, frame.CellTime(c.CreatedAt, zone)); err != nil {
					return err
				}
			}
			return nil
		})
	})
}

// spentCells are how often a customer paid, what, in each currency, and when last.
func spentCells(spent []history.Spent, zone *time.Location) (payments, paid, last string) {
	var n int64
	var sums []string
	var latest time.Time
	for _, s := range spent {
		n, sums = n+s.Payments, append(sums, s.Gross.Decimal()+" "+string(s.Gross.Currency))
		if s.LastAt.After(latest) {
			latest = s.LastAt
		}
	}
	return strconv.FormatInt(n, 10), strings.Join(sums, "; "), frame.CellTime(latest, zone)
}
