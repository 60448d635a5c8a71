package codes

import (
	"context"
	"net/http"
	"slices"
	"strconv"

	"smartlinks/internal/coupon"
	"smartlinks/internal/money"
	"smartlinks/internal/web/dashboard/frame"
)

// listView is the tab: coupons, and beneath each its codes.
type listView struct {
	Base, Here   string
	Heading      frame.PaymentPageHeading
	None         bool // there is no coupon at all
	MayDelete    bool
	Filter       codeFilter
	Statuses     []frame.Choice
	Fors         []frame.Choice
	Groups       []groupView
	Totals       totalsView
	Newer, Older string
	Shown        string // how many of all are on this page, "" when all are
}

type totalsView struct{ Codes, Used, TakenOff, Brought string }

// perPage is how many codes a page of the list shows.
const perPage = 50

func (d pages) listCodes(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	q := r.URL.Query()
	t, f := frame.TrailFrom(q), filterFrom(q)
	heading, err := d.PaymentPageHeading(r, scope, frame.CodesTab)
	if err != nil {
		return err
	}
	groups, all, err := d.groups(r.Context(), scope, f)
	if err != nil {
		return err
	}
	base := scope.Base + "/codes"
	v := listView{
		Base: scope.Base, Here: r.URL.RequestURI(), Heading: heading, None: all == 0, MayDelete: scope.MayManage(), Filter: f,
		Statuses: statusChoices(scope.Reader, f), Fors: forChoices(scope.Reader, f), Totals: totalsOf(scope.Reader, scope.Business.Currency, groups),
	}
	if !v.None {
		v.Heading.Export = frame.WithQuery(scope.Base+"/codes.csv", f.query(), "", "")
	}
	targets, err := d.Coupons.Targets(r.Context(), scope.Business.ID, "")
	if err != nil {
		return err
	}
	shown, next := pageOf(groups, offsetFrom(t.Cursor))
	v.Newer, v.Older = t.Newer(base, f.query()), t.Older(base, f.query(), next)
	onPage, codes := 0, 0
	for _, g := range groups {
		codes += len(g.codes)
	}
	for _, g := range shown {
		onPage += len(g.codes)
		v.Groups = append(v.Groups, groupOf(scope, v.Here, g, targets[g.ID]))
	}
	if onPage < codes {
		v.Shown = scope.T("{{.Int64}} of {{.Total}}", "Int64", scope.Number(int64(onPage)), "Total", scope.N(int64(codes), "{{.Count}} code", "{{.Count}} codes"))
	}
	return frame.Render(w, r, http.StatusOK, listPage(d.Frame(r, scope, frame.Heading{Title: scope.T("Codes"), Section: frame.PaymentPageSection}), v))
}

// groups are the coupons that the filter lets through, with their codes, and how many
// coupons there are at all.
func (d pages) groups(ctx context.Context, scope *frame.Scope, f codeFilter) ([]group, int, error) {
	coupons, err := d.Coupons.List(ctx, scope.Business.ID, coupon.Page[coupon.ID]{})
	if err != nil || len(coupons) == 0 {
		return nil, 0, err
	}
	codes, err := d.Coupons.Codes(ctx, scope.Business, coupon.Filter{})
	return f.groupsOf(coupons, codes, scope.Business.Currency), len(coupons), err
}

// offsetFrom is how many codes come before the page; a cursor that is none begins anew.
func offsetFrom(cursor string) int {
	n, err := strconv.Atoi(cursor)
	if err != nil || n < 0 {
		return 0
	}
	return n
}

// pageOf cuts a page out of the codes, each group with those of its codes that are on it;
// next is the cursor of the page behind, "" at the end. A coupon without a code counts as one.
func pageOf(groups []group, skip int) (shown []group, next string) {
	at := 0
	for _, g := range groups {
		lines := max(len(g.codes), 1)
		from, to := max(skip-at, 0), min(skip+perPage-at, lines)
		if at += lines; from >= to {
			continue
		}
		if len(g.codes) > 0 {
			g.codes = g.codes[from:to]
		}
		shown = append(shown, g)
	}
	if skip+perPage < at {
		next = strconv.Itoa(skip + perPage)
	}
	return shown, next
}

// totalsOf adds up all that the filter lets through, not this page alone.
func totalsOf(reader frame.Reader, home money.Currency, groups []group) totalsView {
	var codes, used int64
	off, brought := []money.Amount{{Currency: home}}, []money.Amount{{Currency: home}}
	for _, g := range groups {
		codes, used = codes+int64(len(g.codes)), used+g.Used
		off, brought = append(off, g.TakenOff...), append(brought, g.Brought...)
	}
	return totalsView{
		Codes: reader.Line(reader.N(codes, "{{.Count}} code", "{{.Count}} codes"), reader.N(int64(len(groups)), "{{.Count}} coupon", "{{.Count}} coupons")),
		Used:  reader.T("{{.Number}} used", "Number", reader.Number(used)), TakenOff: sum(reader, home, off), Brought: sum(reader, home, brought),
	}
}

// sum writes amounts that were added up; nothing is zero in the business's currency.
func sum(reader frame.Reader, home money.Currency, amounts []money.Amount) string {
	some := slices.DeleteFunc(slices.Clone(amounts), func(a money.Amount) bool { return a.Minor == 0 })
	if len(some) == 0 {
		return reader.Money(money.Amount{Currency: home})
	}
	return reader.SumOf(some)
}

func statusChoices(reader frame.Reader, f codeFilter) []frame.Choice {
	var choices []frame.Choice
	for _, s := range []coupon.Status{coupon.Active, coupon.Upcoming, coupon.UsedUp, coupon.Ended} {
		choices = append(choices, frame.Choice{Value: string(s), Label: statusWord(reader, s), Checked: slices.Contains(f.Statuses, string(s))})
	}
	return choices
}

func forChoices(reader frame.Reader, f codeFilter) []frame.Choice {
	choices := []frame.Choice{
		{Value: everywhere, Label: reader.T("Everything you sell")}, {Value: coupon.ToLink, Label: reader.T("Smart Links")},
		{Value: coupon.ToProduct, Label: reader.T("Products")}, {Value: coupon.ToTag, Label: reader.T("Tags")},
	}
	for i := range choices {
		choices[i].Checked = slices.Contains(f.For, choices[i].Value)
	}
	return choices
}

// sorting is the head of a column that sorts.
func (v listView) sorting(label, key string) frame.Sorting {
	return frame.Sorting{Label: label, Key: key, Now: v.Filter.Sort, Default: "-brought", Href: func(sort string) string {
		f := v.Filter
		f.Sort = sort
		return frame.WithQuery(v.Base+"/codes", f.query(), "", "")
	}}
}
