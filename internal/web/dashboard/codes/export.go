package codes

import (
	"net/http"
	"strconv"
	"time"

	"smartlinks/internal/checkout"
	"smartlinks/internal/coupon"
	"smartlinks/internal/money"
	"smartlinks/internal/web/dashboard/frame"
)

// codeColumns are the first line of the export. Columns are only ever added at the end.
var codeColumns = []string{"code", "coupon", "percent", "amount", "status", "starts_at", "ends_at", "once_per_email", "max_redemptions", "used", "held", "currency", "taken_off", "brought"}

// exportCodes sends the codes that the filter lets through: a line for each currency that
// was paid in.
func (d pages) exportCodes(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	groups, _, err := d.groups(r.Context(), scope, filterFrom(r.URL.Query()))
	if err != nil {
		return err
	}
	return d.SendList(w, r, scope, "codes", codeColumns, func(line func(...string) error) error {
		for _, g := range groups {
			for _, c := range g.codes {
				if err := writeCode(line, g.Coupon, c, scope); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

func writeCode(line func(...string) error, of coupon.Coupon, c coupon.WithFigures, scope *frame.Scope) error {
	percent, amount := "", ""
	if of.Percent > 0 {
		percent = checkout.WritePercent(of.Percent)
	} else {
		amount = of.Amount.Decimal()
	}
	most := ""
	if c.Max > 0 {
		most = strconv.FormatInt(c.Max, 10)
	}
	zero := money.Amount{Currency: scope.Business.Currency}
	if of.Percent == 0 {
		zero.Currency = of.Amount.Currency
	}
	off, brought := c.TakenOff, c.Brought
	if len(brought) == 0 {
		off, brought = []money.Amount{zero}, []money.Amount{zero}
	}
	for i := range brought {
		err := line(c.Text, of.Name, percent, amount, string(c.Status()), instant(c.StartsAt, scope), instant(c.EndsAt, scope), frame.YesNo(c.OncePerEmail), most,
			strconv.FormatInt(c.Used, 10), strconv.FormatInt(c.Held, 10), string(brought[i].Currency), off[i].Decimal(), brought[i].Decimal())
		if err != nil {
			return err
		}
	}
	return nil
}

func instant(at *time.Time, scope *frame.Scope) string {
	if at == nil {
		return ""
	}
	return frame.CellTime(*at, scope.Business.Location())
}
