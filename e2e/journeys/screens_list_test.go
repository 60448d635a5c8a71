package journeys

import (
	"github.com/chromedp/chromedp"

	. "smartlinks/e2e/site"
)

// firstRow leads to the first of what was searched for.
const firstRow = "main tbody a.row-link"

// photography is the link of the demo that most happened to.
const (
	photography = "/links?q=photography+workshop+march"
	editing     = `main .page-actions a[href$="/edit"]`
)

// screens are the pages of docs/screens.md, each in one of the ways in which people see
// them, so that each way is there several times.
var screens = []screen{
	{name: "overview", as: "desk-light-en", path: ""},
	{name: "overview", as: "phone-dark-ar", path: ""},
	{name: "links", as: "wide-light-en", path: "/links"},
	{name: "links", as: "phone-light-de", path: "/links"},
	{name: "new-link", as: "desk-light-fr", path: "/links/new"},
	{name: "new-link-filled", as: "wide-dark-en", path: "/links/new", steps: written},
	{name: "link-ready", as: "phone-light-ar", path: "/links/new", steps: append(written, chromedp.Submit(chromedp.CSS("#name")), Ready(`document.querySelector("#ready")`))},
	{name: "link", as: "desk-light-de", path: photography, found: firstRow},
	{name: "link", as: "phone-dark-fr", path: photography, found: firstRow},
	{name: "edit-link", as: "desk-light-ar", path: photography, found: firstRow, steps: []Step{clickOn(editing), Ready(`document.querySelector("#link-form")`)}},
	{name: "send", as: "wide-light-nl", path: photography, found: firstRow, steps: []Step{Clicking(`document.querySelector('main a[href$="/send"]')`), Ready(`location.pathname.endsWith("/send")`)}},
	{name: "share", as: "phone-light-de", path: photography, found: firstRow, steps: []Step{clickOn("[data-dialog=share]"), Until(`document.querySelector("#share[open]")`)}},
	{name: "customers", as: "desk-dark-fr", path: "/customers"},
	{name: "customer", as: "desk-light-ar", path: "/customers?q=priya", found: firstRow},
	{name: "products", as: "desk-light-de", path: "/products"},
	{name: "tags", as: "phone-light-fr", path: "/tags"},
	{name: "transactions", as: "wide-light-en", path: "/transactions"},
	{name: "transactions", as: "phone-dark-ar", path: "/transactions"},
	{name: "refund", as: "desk-light-de", path: "/transactions?status=paid", found: firstRow, steps: []Step{clickOn("[data-dialog=refund]"), Until(`document.querySelector("#refund[open]")`)}},
	{name: "statement", as: "desk-light-fr", path: "/statements", found: `main a[href*="/statements/"]`},
	{name: "codes", as: "desk-dark-de", path: "/codes"},
	{name: "waiting-list", as: "desk-light-ar", path: "/links?q=rooftop", found: firstRow, steps: []Step{Clicking(`document.querySelector('main a[href$="/waiting-list"]')`), Ready(`location.pathname.endsWith("/waiting-list")`)}},
	{name: "requests", as: "desk-light-de", path: "/links/requests", found: `main a[href*="/requests/"]:not([href$=".csv"])`},
	{name: "settings-business", as: "desk-light-fr", path: "/settings/business"},
	{name: "settings-providers", as: "phone-light-de", path: "/settings/providers"},
	{name: "settings-mails", as: "desk-light-ar", path: "/settings/email"},
	{name: "mail-editor", as: "wide-dark-en", path: "/settings/email/link"},
	{name: "settings-team", as: "desk-light-es", path: "/settings/team"},
	{name: "settings-domains", as: "desk-light-nl", path: "/settings/domains"},
	{name: "settings-alerts", as: "phone-dark-de", path: "/settings/alerts"},
	{name: "settings-assistants", as: "desk-light-fr", path: "/settings/assistants"},
	{name: "account", as: "desk-dark-ar", path: "/account"},

	{name: "pay", as: "phone-light-de", payer: true, path: "/studio-noord/photography-workshop-march"},
	{name: "pay-questions", as: "desk-dark-fr", payer: true, path: "/studio-noord/photo-walk-with-lunch"},
	{name: "paid", as: "phone-light-ar", payer: true, path: "/studio-noord/photography-workshop-march", steps: paid},
	{name: "receipt", as: "desk-light-fr", payer: true, path: "/studio-noord/photography-workshop-march", steps: append(paid, Clicking(`document.querySelector('main a[href*="/receipt"]:not([href$=".pdf"])')`), Ready(`location.pathname.endsWith("/receipt")`))},
	{name: "bank-transfer", as: "phone-light-nl", payer: true, path: "/studio-noord/photo-club-dues-winter", steps: []Step{
		write("#name", "Noor Bakker"), write("#email", "noor@example.com"), Clicking(`document.querySelector("button[name=method][value=bank_transfer]")`), Ready(`location.pathname.startsWith("/pay/")`)}},
	{name: "full", as: "phone-dark-ar", payer: true, path: "/studio-noord/rooftop-concert"},
	{name: "limit-reached", as: "desk-light-es", payer: true, path: "/studio-noord/web-design-deposit"},
	{name: "product", as: "desk-light-fr", payer: true, path: "/studio-noord/shop", found: `main a[href*="/shop/"]`},
	{name: "shop", as: "phone-dark-de", payer: true, path: "/studio-noord/shop"},
	{name: "payment-page", as: "desk-light-ar", payer: true, path: "/studio-noord"},
	{name: "poster", as: "paper-light-de", payer: true, path: "/studio-noord/photography-workshop-march/qr.pdf"},
}

// written are the fields of a new link.
var written = []Step{Ignoring(chromedp.Evaluate[chromedp.Void](`void (document.querySelector("#name").value = document.querySelector("#amount").value = "")`)), write("#name", "Darkroom Weekend"), write("#amount", "129"), Until(`document.querySelector("#path").value != ""`)}

// paid pays as somebody who was asked to.
var paid = []Step{
	write("#name", "Léa Moreau"), write("#email", "lea@example.com"), clickOn(".pay-button"), clickOn("button[name=outcome][value=paid]"),
	Ready(`location.pathname.startsWith("/pay/") && !document.querySelector("[aria-busy=true]")`),
}
