package dashboard

import (
	"net/http"
	"strings"

	"smartlinks/internal/account"
	"smartlinks/internal/business"
	"smartlinks/internal/web/ui"
)

// place names the page within the frame: its title, and the room of the
// sidebar it belongs to.
type place struct{ title, room string }

func frameTitle(title string) place { return place{title: title} }

// The rooms of the sidebar.
const (
	overviewRoom     = "overview"
	paymentPageRoom  = "page"
	productsRoom     = "products"
	settingsRoom     = "settings"
	tagsRoom         = "tags"
	customersRoom    = "customers"
	transactionsRoom = "transactions"
)

func (d *Dashboard) frame(r *http.Request, at *room, p place) ui.Frame {
	b := at.Business
	f := ui.Frame{
		Title:    p.title,
		Business: ui.Business{Name: b.Name, Handle: b.Handle, Brand: b.BrandColor, Logo: imageHref(at, b.LogoID)},
		Nav: []ui.NavItem{
			{Label: "Overview", Href: at.Base, Icon: "house", Current: p.room == overviewRoom},
			{Label: "Payment Page", Href: at.Base + "/links", Icon: "app-window", Current: p.room == paymentPageRoom},
			{Label: "Products", Href: at.Base + "/products", Icon: "package", Current: p.room == productsRoom},
			{Label: "Customers", Href: at.Base + "/customers", Icon: "users", Current: p.room == customersRoom},
			{Label: "Tags", Href: at.Base + "/tags", Icon: "tags", Current: p.room == tagsRoom},
			{Label: "Transactions", Href: at.Base + "/transactions", Icon: "arrow-left-right", Count: d.waiting(r, at), Waits: "need a look", Current: p.room == transactionsRoom},
		},
		Member: ui.Member{Name: at.Member.Name, Role: roleName(string(at.Member.Role)), Links: []ui.NavItem{
			{Label: "My account", Href: at.Base + "/account", Icon: "user"},
		}},
		NavEnd:     []ui.NavItem{{Label: "Settings", Href: at.Base + "/settings", Icon: "settings-2", Current: p.room == settingsRoom}},
		Appearance: at.Base + "/settings/appearance",
		Search:     at.Base + "/search", Shortcuts: shortcuts(at), ShortcutsOff: ui.ShortcutsOff(r),
		Test:   b.Mode == business.Test,
		Alert:  d.keyAlert(r, at),
		Toasts: d.said(r),
	}
	if f.Alert == nil {
		f.Alert = d.smsAlert(r, at)
	}
	if d.TestClock != nil && at.mayManage() {
		f.TestClock = at.Base + "/test-clock"
	}
	memberships, err := d.Accounts.Memberships(r.Context(), at.Member.ID)
	if err != nil {
		return f // the switcher is missing, the page is not
	}
	for _, m := range memberships {
		if m.Role == account.Owner {
			f.NewBusiness = at.Base + "/account/businesses/new"
		}
		if m.BusinessID != b.ID {
			f.Businesses = append(f.Businesses, ui.Business{Name: m.Name, Handle: m.Handle, Href: "/dashboard/" + m.Handle})
		}
	}
	return f
}

// roleName writes a role as people read it.
func roleName(role string) string {
	if role == "" {
		return ""
	}
	return strings.ToUpper(role[:1]) + role[1:]
}

// paymentPageHeading is the head of the room "Payment Page".
type paymentPageHeading struct {
	Base      string
	PublicURL string
	Links     string // how many there are, "" for none
	Settings  bool   // the tab of the settings is open
	Import    string // where a list of links is read, "" on the other tab
	Export    string // the list as a file, "" where there is none
}
