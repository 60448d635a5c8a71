package links

import (
	"net/http"
	"slices"
	"strconv"
	"time"

	"smartlinks/internal/fault"
	"smartlinks/internal/link"
	"smartlinks/internal/money"
	"smartlinks/internal/visit"
	"smartlinks/internal/web/dashboard/frame"
)

// exportAnalytics is the page's figures as CSV (RFC 4180): by day, or by the facet
// that by names.
func (d pages) exportAnalytics(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	l, err := d.Links.Get(r.Context(), scope.Business, link.ID(r.PathValue("id")))
	if err != nil {
		return err
	}
	span, err := d.spanOf(r, scope, l)
	if err != nil {
		return err
	}
	by := r.URL.Query().Get("by")
	lines, err := d.analyticsLines(r, scope, l, span.Span, by)
	if err != nil {
		return err
	}
	if by == "" {
		by = "day"
	}
	out, err := frame.BeginCSV(w, r, l.Path+"-by-"+by+"-"+visit.Date(span.First).Format(time.DateOnly)+"-"+visit.Date(span.Last).Format(time.DateOnly))
	if err != nil {
		return err
	}
	if err := out.Write(by, "views", "visitors", "started", "payments", "conversion", "revenue", "refunded", "lost", "net", "currency"); err != nil {
		return err
	}
	for _, line := range lines {
		if err := out.WriteFigures(line[0], line[1:]...); err != nil {
			return err
		}
	}
	return out.Flush()
}

func (d pages) analyticsLines(r *http.Request, scope *frame.Scope, l link.Link, span visit.Span, by string) ([][]string, error) {
	business, id, mode := string(scope.Business.ID), string(l.ID), scope.Mode()
	var lines [][]string
	if by == "" {
		days, err := visit.ByDay(r.Context(), d.DB, business, id, mode, span)
		for _, day := range days {
			lines = append(lines, figuresLine(visit.Date(day.Day).Format(time.DateOnly), day.Counts, l.Currency))
		}
		return lines, err
	}
	f := visit.Facet(by)
	if !slices.Contains(visit.Facets(), f) {
		return nil, fault.New(fault.NotFound, "There are no figures by "+strconv.Quote(by)+".")
	}
	shares, err := visit.Breakdown(r.Context(), d.DB, business, id, mode, span, f)
	for _, s := range shares {
		lines = append(lines, figuresLine(s.Value, s.Counts, l.Currency))
	}
	return lines, err
}

func figuresLine(of string, c visit.Counts, currency money.Currency) []string {
	in := func(minor int64) string { return money.Amount{Minor: minor, Currency: currency}.Decimal() }
	whole := func(n int64) string { return strconv.FormatInt(n, 10) }
	return []string{
		of, whole(c.Views), whole(c.Visitors), whole(c.Attempts), whole(c.Payments), c.Conversion().String(),
		in(c.Revenue), in(c.Refunded), in(c.Lost), in(c.Net()), string(currency),
	}
}
