package dashboard

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"smartlinks/internal/customer"
	"smartlinks/internal/fault"
	"smartlinks/internal/lookup"
	"smartlinks/internal/payment/history"
	"smartlinks/internal/text"
	"smartlinks/internal/web/dashboard/frame"
	"smartlinks/internal/web/dashboard/transactions"
)

// foundEach is how many of each kind a search shows.
const foundEach = 5

// searchView is what a search found, by kind.
type searchView struct {
	Base, Query string
	Spelt       string // what was searched for, because nothing was found as it was typed
	Groups      []foundGroup
}

// foundGroup is what was found of one kind; All leads to the rest.
type foundGroup struct {
	ID, Title string
	Items     []foundItem
	All       foundItem // without an address when there is no more
}

// foundItem is one thing that was found.
type foundItem struct{ Icon, Label, Note, Href string }

// Count is how many things were found.
func (v searchView) Count() (n int) {
	for _, g := range v.Groups {
		n += len(g.Items)
	}
	return n
}

// Said tells the count to who does not see it.
func (v searchView) Said(reader frame.Reader) string {
	if v.Count() == 0 {
		return reader.T("Nothing found")
	}
	if v.Spelt != "" {
		return reader.T("Nothing with “{{.Typed}}”, showing “{{.Spelt}}”", "Typed", v.Query, "Spelt", v.Spelt)
	}
	return reader.N(int64(v.Count()), "{{.Count}} result", "{{.Count}} results")
}

// search finds links, customers, payments, codes and pages. It is a page, and the list
// of the palette, which asks for it while somebody types.
func (d *Dashboard) search(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	v := searchView{Base: scope.Base, Query: frame.TypedQuery(r.URL.Query().Get("q"))}
	if err := d.findAll(r.Context(), scope, &v, v.Query); err != nil {
		return err
	}
	if len(v.Groups) == 0 {
		spelt, err := frame.Respelt(r.Context(), v.Query, []frame.Speller{spellingOfPlaces(scope), d.SpeltInLinks(scope), d.SpeltInCustomers(scope)}, d.SpeltInPayments(scope))
		if err != nil {
			return err
		}
		if v.Spelt = spelt; spelt != "" {
			if err := d.findAll(r.Context(), scope, &v, spelt); err != nil {
				return err
			}
		}
	}
	if r.URL.Query().Get("as") == "list" {
		return frame.Render(w, r, http.StatusOK, paletteList(v))
	}
	return frame.Render(w, r, http.StatusOK, searchPage(d.Frame(r, scope, frame.Titled(scope.T("Search"))), v))
}

// findAll finds things of every kind.
func (d *Dashboard) findAll(ctx context.Context, scope *frame.Scope, v *searchView, q string) error {
	for _, find := range []func(context.Context, *frame.Scope, string) (foundGroup, error){d.findLinks, d.findCustomers, d.findPayments, d.findCodes, findPlaces} {
		g, err := find(ctx, scope, q)
		if err != nil {
			return err
		}
		if len(g.Items) > 0 {
			v.Groups = append(v.Groups, g)
		}
	}
	return nil
}

func (d *Dashboard) findLinks(ctx context.Context, scope *frame.Scope, q string) (foundGroup, error) {
	g := foundGroup{ID: "links", Title: scope.T("Smart Links")}
	q = lastPart(q)
	found, err := d.Links.Find(ctx, scope.Business.ID, q, foundEach+1)
	if err != nil {
		return g, err
	}
	for i, l := range found {
		if i == foundEach {
			g.All = foundItem{"arrow-right", scope.T("All links with “{{.Q}}”", "Q", q), "", scope.Base + "/links?" + url.Values{"q": {q}}.Encode()}
			break
		}
		icon := "link-2"
		if !l.Active {
			icon = "circle-pause"
		}
		g.Items = append(g.Items, foundItem{icon, l.Name, "/" + l.Path, frame.LinkHref(scope, l.ID)})
	}
	return g, nil
}

// lastPart is the path of a link whose whole address was pasted.
func lastPart(q string) string {
	if i := strings.LastIndex(q, "/"); i >= 0 && !strings.Contains(q, " ") {
		return q[i+1:]
	}
	return q
}

func (d *Dashboard) findCustomers(ctx context.Context, scope *frame.Scope, q string) (foundGroup, error) {
	g := foundGroup{ID: "customers", Title: scope.T("Customers")}
	if q == "" {
		return g, nil
	}
	page, err := d.Customers.List(ctx, scope.Business.ID, customer.Filter{Query: q, Limit: foundEach})
	if err != nil {
		return g, err
	}
	for _, c := range page.Customers {
		g.Items = append(g.Items, foundItem{"user", cmp.Or(c.Name, c.Email), cmp.Or(c.Email, customer.ShownPhone(c.Phone)), scope.Base + "/customers/" + string(c.ID)})
	}
	if page.Total > foundEach {
		g.All = foundItem{"arrow-right", scope.T("All {{.Total}} customers with “{{.Q}}”", "Total", scope.Number(page.Total), "Q", q), "", scope.Base + "/customers?" + url.Values{"q": {q}}.Encode()}
	}
	return g, nil
}

func (d *Dashboard) findPayments(ctx context.Context, scope *frame.Scope, q string) (foundGroup, error) {
	g := foundGroup{ID: "payments", Title: scope.T("Payments")}
	if q == "" {
		return g, nil
	}
	views, more, err := d.Payments.List(ctx, scope.Business.ID, scope.Business.Mode, history.Filter{Words: q, Amount: transactions.TransactionFilter{Query: q, Currency: scope.Business.Currency, Language: scope.Lang()}.Amount(), Limit: foundEach})
	if fault.Is(err, fault.Invalid) {
		return g, nil
	}
	if err != nil {
		return g, err
	}
	for _, p := range views {
		row := transactions.TransactionRowOf(scope, p)
		g.Items = append(g.Items, foundItem{"credit-card", row.Payer + ", " + row.Amount, scope.Line(slices.DeleteFunc([]string{row.Receipt, row.Badge.Label, row.Time}, func(s string) bool { return s == "" })...), row.Href})
	}
	if more != "" {
		g.All = foundItem{"arrow-right", scope.T("All payments with “{{.Q}}”", "Q", q), "", scope.Base + "/transactions?" + url.Values{"q": {q}}.Encode()}
	}
	return g, nil
}

func (d *Dashboard) findCodes(ctx context.Context, scope *frame.Scope, q string) (foundGroup, error) {
	g := foundGroup{ID: "codes", Title: scope.T("Codes")}
	if q == "" {
		return g, nil
	}
	found, err := d.Coupons.Named(ctx, scope.Business.ID, q, foundEach+1)
	for i, c := range found {
		if i == foundEach {
			g.All = foundItem{"arrow-right", scope.T("All codes with “{{.Q}}”", "Q", q), "", scope.Base + "/codes?" + url.Values{"q": {q}}.Encode()}
			break
		}
		g.Items = append(g.Items, foundItem{"ticket-percent", c.Text, c.CouponName, scope.Base + "/codes/" + string(c.ID)})
	}
	return g, err
}

// findPlaces finds pages and what can be made; without a query, all of those
// that are wanted most.
func findPlaces(_ context.Context, scope *frame.Scope, q string) (foundGroup, error) {
	g := foundGroup{ID: "pages", Title: scope.T("Go to")}
	words := strings.Fields(text.Fold(q))
	for _, p := range placesOf(scope) {
		if p.holds(words) {
			g.Items = append(g.Items, p.foundItem)
		}
	}
	return g, nil
}

// searchable is a page with other words that people call it by.
type searchable struct {
	foundItem
	words string
}

// own are the words that the page is found by.
func (p searchable) own() []string {
	return strings.Fields(text.Fold(p.Label + " " + p.Note + " " + p.words))
}

// spellingOfPlaces looks at the words that pages are found by.
func spellingOfPlaces(scope *frame.Scope) frame.Speller {
	places := placesOf(scope)
	return func(_ context.Context, word string) (spelt string, fit int, err error) {
		word = text.Fold(word)
		for _, p := range places {
			for _, own := range p.own() {
				if strings.HasPrefix(own, word) {
					return word, lookup.Known, nil
				}
				if lookup.OneApart(word, own) {
					spelt, fit = own, 1
				}
			}
		}
		return spelt, fit, nil
	}
}

// holds tells whether each word begins one of the page's.
func (p searchable) holds(words []string) bool {
	own := p.own()
	for _, word := range words {
		found := false
		for _, o := range own {
			found = found || strings.HasPrefix(o, word)
		}
		if !found {
			return false
		}
	}
	return true
}

// placesOf are the pages that the member may see.
func placesOf(scope *frame.Scope) []searchable {
	places := []searchable{
		{foundItem{"plus", scope.T("New smart link"), "", scope.Base + "/links/new"}, "create make add payment"},
		{foundItem{"user-plus", scope.T("New customer"), "", scope.Base + "/customers/new"}, "create make add"},
		{foundItem{"package", scope.T("New product"), "", scope.Base + "/products/new"}, "create make add"},
		{foundItem{"ticket-percent", scope.T("New coupon"), "", scope.Base + "/coupons/new"}, "create make add code discount promotion voucher"},
		{foundItem{"house", scope.T("Overview"), "", scope.Base}, "home start revenue dashboard"},
		{foundItem{"link-2", scope.T("Smart Links"), "", scope.Base + "/links"}, "list urls"},
		{foundItem{"app-window", scope.T("Payment Page"), scope.T("Settings"), scope.Base + "/page"}, "logo colour brand public shop"},
		{foundItem{"package", scope.T("Products"), "", scope.Base + "/products"}, "catalogue shop"},
		{foundItem{"ticket-percent", scope.T("Codes"), scope.T("Coupons"), scope.Base + "/codes"}, "promotion discount voucher"},
		{foundItem{"users", scope.T("Customers"), "", scope.Base + "/customers"}, "people"},
		{foundItem{"tags", scope.T("Tags"), "", scope.Base + "/tags"}, "labels colours"},
		{foundItem{"arrow-left-right", scope.T("Transactions"), "", scope.Base + "/transactions"}, "payments refunds money receipts"},
		{foundItem{"user", scope.T("My account"), "", scope.Base + "/account"}, "password passkey two-step profile name sign-in"},
	}
	other := map[string]string{
		"appearance": "theme dark light keyboard shortcuts", "providers": "stripe mollie bank", "business": "address vat handle currency",
		"team": "members invite staff roles", "email": "templates mails smtp", "tokens": "api keys", "legal": "imprint",
	}
	for _, s := range frame.SettingsSections(scope.Reader) {
		if scope.MayManage() || s.Everybodys {
			places = append(places, searchable{foundItem{s.Icon, s.Label, scope.T("Settings"), scope.Base + "/settings/" + s.Path}, other[s.Path]})
		}
	}
	return places
}
