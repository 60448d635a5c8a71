package codes

import (
	"cmp"
	"net/url"
	"slices"
	"strings"

	"smartlinks/internal/coupon"
	"smartlinks/internal/money"
	"smartlinks/internal/text"
	"smartlinks/internal/web/dashboard/frame"
)

// codeFilter is what the list is narrowed to and sorted by, as the address says it.
type codeFilter struct {
	Query    string
	Statuses []string // of coupon.Status
	For      []string // everywhere, or a kind of what coupons are for
	Sort     string   // "" is what brought the most first
}

// Everything stands for coupons that are for nothing in particular.
const everywhere = "everywhere"

func filterFrom(q url.Values) codeFilter {
	return codeFilter{
		Query:    frame.TypedQuery(q.Get("q")),
		Statuses: valuesAmong(q["status"], string(coupon.Active), string(coupon.Upcoming), string(coupon.Ended), string(coupon.UsedUp)),
		For:      valuesAmong(q["for"], everywhere, coupon.ToLink, coupon.ToProduct, coupon.ToTag),
		Sort:     frame.OneOf(q.Get("sort"), "name", "-name", "used", "-used", "off", "-off", "brought"),
	}
}

// valuesAmong are the values that are among those, each once.
func valuesAmong(values []string, among ...string) []string {
	return slices.DeleteFunc(among, func(v string) bool { return !slices.Contains(values, v) })
}

// Any tells whether anything is left out of the list.
func (f codeFilter) Any() bool { return f.Query != "" || len(f.Statuses)+len(f.For) > 0 }

// query is the address of this filter, without what is not set.
func (f codeFilter) query() url.Values {
	q := url.Values{}
	if f.Query != "" {
		q.Set("q", f.Query)
	}
	for name, values := range map[string][]string{"status": f.Statuses, "for": f.For} {
		if len(values) > 0 {
			q[name] = values
		}
	}
	if f.Sort != "" {
		q.Set("sort", f.Sort)
	}
	return q
}

// group is a coupon with its codes and what came of them together.
type group struct {
	coupon.Coupon
	coupon.Figures
	codes []coupon.WithFigures
}

// groupsOf joins coupons and the codes that the filter lets through, in its order. A coupon
// without any is left out once only some codes are wanted.
func (f codeFilter) groupsOf(coupons []coupon.Coupon, codes []coupon.WithFigures, home money.Currency) []group {
	byCoupon := map[coupon.ID][]coupon.WithFigures{}
	for _, c := range codes {
		byCoupon[c.CouponID] = append(byCoupon[c.CouponID], c)
	}
	var groups []group
	words := text.Fold(strings.TrimSpace(f.Query))
	for _, c := range coupons {
		if !f.admits(c) {
			continue
		}
		g, named := group{Coupon: c}, strings.Contains(text.Fold(c.Name), words)
		for _, code := range byCoupon[c.ID] {
			if (named || strings.Contains(text.Fold(code.Text), words)) && f.standsSo(code) {
				g.add(code)
			}
		}
		if len(g.codes) > 0 || named && len(f.Statuses) == 0 && len(byCoupon[c.ID]) == 0 {
			slices.SortFunc(g.codes, func(a, b coupon.WithFigures) int { return f.compare(a.Text, b.Text, a.Figures, b.Figures, home) })
			groups = append(groups, g)
		}
	}
	slices.SortStableFunc(groups, func(a, b group) int { return f.compare(a.Name, b.Name, a.Figures, b.Figures, home) })
	return groups
}

func (g *group) add(c coupon.WithFigures) {
	g.codes = append(g.codes, c)
	g.Used, g.Held = g.Used+c.Used, g.Held+c.Held
	g.TakenOff, g.Brought = append(g.TakenOff, c.TakenOff...), append(g.Brought, c.Brought...)
}

// admits tells whether the coupon is for one of what is wanted.
func (f codeFilter) admits(c coupon.Coupon) bool {
	if len(f.For) == 0 {
		return true
	}
	is := map[string]bool{everywhere: c.Everywhere, coupon.ToLink: len(c.Links) > 0, coupon.ToProduct: len(c.Products) > 0, coupon.ToTag: len(c.Tags) > 0}
	return slices.ContainsFunc(f.For, func(kind string) bool { return is[kind] })
}

func (f codeFilter) standsSo(c coupon.WithFigures) bool {
	return len(f.Statuses) == 0 || slices.Contains(f.Statuses, string(c.Status()))
}

// compare orders two names with their figures. Money is compared in the business's currency
// first.
func (f codeFilter) compare(nameA, nameB string, a, b coupon.Figures, home money.Currency) int {
	names := cmp.Compare(text.Fold(nameA), text.Fold(nameB))
	column, turned := strings.CutPrefix(cmp.Or(f.Sort, "-brought"), "-")
	var order int
	switch column {
	case "name":
		order = names
	case "used":
		order = cmp.Compare(a.Used, b.Used)
	case "off":
		order = compareSums(a.TakenOff, b.TakenOff, home)
	default:
		order = compareSums(a.Brought, b.Brought, home)
	}
	if turned {
		order = -order
	}
	return cmp.Or(order, names)
}

func compareSums(a, b []money.Amount, home money.Currency) int {
	sum := func(amounts []money.Amount) (ours, others int64) {
		for _, m := range amounts {
			if m.Currency == home {
				ours += m.Minor
			} else {
				others += m.Minor
			}
		}
		return ours, others
	}
	oursA, othersA := sum(a)
	oursB, othersB := sum(b)
	return cmp.Or(cmp.Compare(oursA, oursB), cmp.Compare(othersA, othersB))
}
