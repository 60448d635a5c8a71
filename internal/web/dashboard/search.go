package dashboard

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"smartlinks/internal/customer"
	"smartlinks/internal/fault"
	"smartlinks/internal/payment"
	"smartlinks/internal/text"
	"smartlinks/internal/web/ui"
)

// foundEach is how many of each kind a search shows.
const foundEach = 5

// maxQuery bounds what is searched for, in bytes.
const maxQuery = 200

// searchView is what a search found, by kind.
type searchView struct {
	Base, Query string
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
func (v searchView) Said() string {
	if v.Count() == 0 {
		return "Nothing found"
	}
	return counted(int64(v.Count()), "result", "results")
}

// search finds links, customers, payments and pages. It is a page, and the list
// of the palette, which asks for it while somebody types.
func (d *Dashboard) search(w http.ResponseWriter, r *http.Request, at *room) error {
	q := strings.TrimSpace(r.URL.Query().Get("q"))
	if len(q) > maxQuery {
		q = strings.ToValidUTF8(q[:maxQuery], "")
	}
	v := searchView{Base: at.Base, Query: q}
	for _, find := range []func(context.Context, *room, string) (foundGroup, error){d.findLinks, d.findCustomers, d.findPayments, findPlaces} {
		g, err := find(r.Context(), at, q)
		if err != nil {
			return err
		}
		if len(g.Items) > 0 {
			v.Groups = append(v.Groups, g)
		}
	}
	if r.URL.Query().Get("as") == "list" {
		return render(w, r, http.StatusOK, paletteList(v))
	}
	return render(w, r, http.StatusOK, searchPage(d.frame(r, at, frameTitle("Search")), v))
}

func (d *Dashboard) findLinks(ctx context.Context, at *room, q string) (foundGroup, error) {
	g := foundGroup{ID: "links", Title: "Smart Links"}
	q = lastPart(q)
	found, err := d.Links.Find(ctx, at.Business.ID, q, foundEach+1)
	if err != nil {
		return g, err
	}
	for i, l := range found {
		if i == foundEach {
			g.All = foundItem{"arrow-right", "All links with “" + q + "”", "", at.Base + "/links?" + url.Values{"q": {q}}.Encode()}
			break
		}
		icon := "link-2"
		if !l.Active {
			icon = "circle-pause"
		}
		g.Items = append(g.Items, foundItem{icon, l.Name, "/" + l.Path, linkHref(at, l.ID)})
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

func (d *Dashboard) findCustomers(ctx context.Context, at *room, q string) (foundGroup, error) {
	g := foundGroup{ID: "customers", Title: "Customers"}
	if q == "" {
		return g, nil
	}
	page, err := d.Customers.List(ctx, at.Business.ID, customer.Filter{Query: q, Limit: foundEach})
	if err != nil {
		return g, err
	}
	for _, c := range page.Customers {
		g.Items = append(g.Items, foundItem{"user", firstOf(c.Name, c.Email), firstOf(c.Email, customer.ShownPhone(c.Phone)), at.Base + "/customers/" + string(c.ID)})
	}
	if page.Total > foundEach {
		g.All = foundItem{"arrow-right", "All " + count(page.Total) + " customers with “" + q + "”", "", at.Base + "/customers?" + url.Values{"q": {q}}.Encode()}
	}
	return g, nil
}

func (d *Dashboard) findPayments(ctx context.Context, at *room, q string) (foundGroup, error) {
	g := foundGroup{ID: "payments", Title: "Payments"}
	if q == "" {
		return g, nil
	}
	views, more, err := d.Payments.List(ctx, at.Business.ID, at.Business.Mode, payment.Filter{Words: q, Amount: transactionFilter{Query: q, currency: at.Business.Currency}.amount(), Limit: foundEach})
	if fault.Is(err, fault.Invalid) {
		return g, nil
	}
	if err != nil {
		return g, err
	}
	for _, p := range views {
		row := transactionRowOf(at, p)
		g.Items = append(g.Items, foundItem{"credit-card", row.Payer + ", " + row.Amount, strings.TrimPrefix(row.Receipt+" · "+row.Badge.Label+" · "+row.Time, " · "), row.Href})
	}
	if more != "" {
		g.All = foundItem{"arrow-right", "All payments with “" + q + "”", "", at.Base + "/transactions?" + url.Values{"q": {q}}.Encode()}
	}
	return g, nil
}

// findPlaces finds pages and what can be made; without a query, all of those
// that are wanted most.
func findPlaces(_ context.Context, at *room, q string) (foundGroup, error) {
	g := foundGroup{ID: "pages", Title: "Go to"}
	words := strings.Fields(text.Fold(q))
	for _, p := range placesOf(at) {
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

// holds tells whether each word begins one of the page's.
func (p searchable) holds(words []string) bool {
	own := strings.Fields(text.Fold(p.Label + " " + p.Note + " " + p.words))
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
func placesOf(at *room) []searchable {
	places := []searchable{
		{foundItem{"plus", "New smart link", "", at.Base + "/links/new"}, "create make add payment"},
		{foundItem{"user-plus", "New customer", "", at.Base + "/customers/new"}, "create make add"},
		{foundItem{"package", "New product", "", at.Base + "/products/new"}, "create make add"},
		{foundItem{"house", "Overview", "", at.Base}, "home start revenue dashboard"},
		{foundItem{"link-2", "Smart Links", "", at.Base + "/links"}, "list urls"},
		{foundItem{"app-window", "Payment Page", "Settings", at.Base + "/page"}, "logo colour brand public shop"},
		{foundItem{"package", "Products", "", at.Base + "/products"}, "catalogue shop"},
		{foundItem{"users", "Customers", "", at.Base + "/customers"}, "people"},
		{foundItem{"tags", "Tags", "", at.Base + "/tags"}, "labels colours"},
		{foundItem{"arrow-left-right", "Transactions", "", at.Base + "/transactions"}, "payments refunds money receipts"},
		{foundItem{"user", "My account", "", at.Base + "/account"}, "password passkey two-step profile name sign-in"},
	}
	other := map[string]string{
		"appearance": "theme dark light keyboard shortcuts", "providers": "stripe mollie bank", "business": "address vat handle currency",
		"team": "members invite staff roles", "email": "templates mails smtp", "tokens": "api keys", "legal": "imprint",
	}
	for _, s := range settingsSections() {
		if at.mayManage() || s.everybodys {
			places = append(places, searchable{foundItem{s.icon, s.label, "Settings", at.Base + "/settings/" + s.path}, other[s.path]})
		}
	}
	return places
}

// shortcuts are what the keyboard reaches with single keys.
func shortcuts(at *room) []ui.Shortcut {
	return []ui.Shortcut{
		{Keys: "n", Label: "New smart link", Href: at.Base + "/links/new"},
		{Keys: "g o", Label: "Overview", Href: at.Base},
		{Keys: "g l", Label: "Smart Links", Href: at.Base + "/links"},
		{Keys: "g p", Label: "Products", Href: at.Base + "/products"},
		{Keys: "g c", Label: "Customers", Href: at.Base + "/customers"},
		{Keys: "g a", Label: "Tags", Href: at.Base + "/tags"},
		{Keys: "g t", Label: "Transactions", Href: at.Base + "/transactions"},
		{Keys: "g s", Label: "Settings", Href: at.Base + "/settings"},
	}
}
