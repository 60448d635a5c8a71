package frame

import (
	"net/http"
	"strings"

	"smartlinks/internal/account"
	"smartlinks/internal/address"
	"smartlinks/internal/attention"
	"smartlinks/internal/business"
	"smartlinks/internal/web/ui"
)

// requestsHref is where many people are asked from a file, beside the import of links; ""
// beside any other.
func requestsHref(imports string) string {
	base, links := strings.CutSuffix(imports, "/links/import")
	if !links {
		return ""
	}
	return base + "/links/requests"
}

// Heading names the page within the frame: its title, and the room of the
// sidebar it belongs to.
type Heading struct{ Title, Section string }

func Titled(title string) Heading { return Heading{Title: title} }

// The rooms of the sidebar.
const (
	OverviewSection     = "overview"
	PaymentPageSection  = "page"
	ProductsSection     = "products"
	SettingsSection     = "settings"
	TagsSection         = "tags"
	CustomersSection    = "customers"
	TransactionsSection = "transactions"
)

func (d *Dashboard) Frame(r *http.Request, scope *Scope, p Heading) ui.Frame {
	if !scope.InBusiness() {
		return ui.Frame{Title: p.Title, Alone: true, Toasts: d.TakeToasts(r)}
	}
	b := scope.Business
	f := ui.Frame{
		Title:    p.Title,
		Business: ui.Business{Name: b.Name, Handle: b.Handle, Brand: b.BrandColor, Logo: ImageHref(scope, b.LogoID)},
		Nav: []ui.NavItem{
			{Label: scope.T("Overview"), Href: scope.Base, Icon: "house", Current: p.Section == OverviewSection},
			{Label: scope.T("Payment Page"), Href: scope.Base + "/links", Icon: "app-window", Current: p.Section == PaymentPageSection},
			{Label: scope.T("Products"), Href: scope.Base + "/products", Icon: "package", Current: p.Section == ProductsSection},
			{Label: scope.T("Customers"), Href: scope.Base + "/customers", Icon: "users", Current: p.Section == CustomersSection},
			{Label: scope.T("Tags"), Href: scope.Base + "/tags", Icon: "tags", Current: p.Section == TagsSection},
			{Label: scope.T("Transactions"), Href: scope.Base + "/transactions", Icon: "arrow-left-right", Count: d.reviewCount(r, scope), Waits: scope.T("to check"), Current: p.Section == TransactionsSection},
		},
		Member: ui.Member{Name: scope.Member.Name, Role: RoleName(scope.Reader, string(scope.Member.Role)), Links: []ui.NavItem{
			{Label: scope.T("My account"), Href: scope.Base + "/account", Icon: "user"},
		}},
		NavEnd:     []ui.NavItem{{Label: scope.T("Settings"), Href: scope.Base + "/settings", Icon: "settings-2", Current: p.Section == SettingsSection}},
		Appearance: scope.Base + "/settings/appearance",
		Search:     scope.Base + "/search", Shortcuts: shortcuts(scope), ShortcutsOff: ui.ShortcutsOff(r),
		Test:   b.Mode == business.Test,
		Alert:  d.keyAlert(r, scope),
		Toasts: d.TakeToasts(r),
	}
	if f.Alert == nil {
		f.Alert = d.smsAlert(r, scope)
	}
	if d.TestClock != nil && scope.MayManage() {
		f.TestClock = scope.Base + "/test-clock"
	}
	for _, m := range scope.Memberships {
		if m.Role == account.Owner {
			f.NewBusiness = scope.Base + "/account/businesses/new"
		}
		if m.BusinessID != b.ID {
			f.Businesses = append(f.Businesses, ui.Business{Name: m.Name, Handle: m.Handle, Href: address.Dashboard(m.Handle).String()})
		}
	}
	return f
}

// RoleName writes a role as people read it.
func RoleName(reader Reader, role string) string {
	switch account.Role(role) {
	case account.Owner:
		return reader.T("Owner")
	case account.Admin:
		return reader.T("Admin")
	case account.Staff:
		return reader.T("Staff")
	}
	return role
}

// PaymentPageTab is a tab of the room "Payment Page".
type PaymentPageTab int

// The tabs.
const (
	LinksTab PaymentPageTab = iota
	PageSettingsTab
	CodesTab
)

// PaymentPageHeading is the head of the room "Payment Page".
type PaymentPageHeading struct {
	Base         string
	PublicURL    string
	Links, Codes string // how many there are, "" for none
	Tab          PaymentPageTab
	Import       string // where a list of links is read, "" on the other tabs
	Export       string // the list as a file, "" where there is none
}

func (d *Dashboard) PaymentPageHeading(r *http.Request, scope *Scope, tab PaymentPageTab) (PaymentPageHeading, error) {
	h := PaymentPageHeading{Base: scope.Base, PublicURL: scope.PageURL(), Tab: tab}
	n, err := attention.TabsOf(r.Context(), d.DB, scope.Business.ID)
	if n.Links > 0 {
		h.Links = scope.Number(n.Links)
	}
	if n.Codes > 0 {
		h.Codes = scope.Number(n.Codes)
	}
	return h, err
}

// shortcuts are what the keyboard reaches with single keys.
func shortcuts(scope *Scope) []ui.Shortcut {
	return []ui.Shortcut{
		{Keys: "n", Label: scope.T("New smart link"), Href: scope.Base + "/links/new"},
		{Keys: "g o", Label: scope.T("Overview"), Href: scope.Base},
		{Keys: "g l", Label: scope.T("Smart Links"), Href: scope.Base + "/links"},
		{Keys: "g p", Label: scope.T("Products"), Href: scope.Base + "/products"},
		{Keys: "g c", Label: scope.T("Customers"), Href: scope.Base + "/customers"},
		{Keys: "g a", Label: scope.T("Tags"), Href: scope.Base + "/tags"},
		{Keys: "g t", Label: scope.T("Transactions"), Href: scope.Base + "/transactions"},
		{Keys: "g s", Label: scope.T("Settings"), Href: scope.Base + "/settings"},
	}
}

// reviewCount is how much needs a look, "" for nothing.
func (d *Dashboard) reviewCount(r *http.Request, scope *Scope) string {
	n, err := d.needAttention(r.Context(), scope)
	if err != nil || n == 0 {
		return "" // without the count, the page is whole all the same
	}
	return scope.Number(n)
}
