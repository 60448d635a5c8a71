package e2e

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	. "smartlinks/e2e/site"
)

// Pages look the same on both databases, so one is enough here.
func TestNoPageHasSeriousAccessibilityFindings(t *testing.T) {
	t.Parallel()
	s := start(t, "--data", t.TempDir())
	shown := furnish(t, s)
	tab := NewBrowser(t)
	Do(t, tab, "let axe in", WithoutPolicy())

	empty := &site{&Site{Store: []string{"--data", t.TempDir()}}}
	empty.URL = empty.Serve(t)
	t.Run("setup", func(t *testing.T) { checkAxe(t, tab, empty.URL+"/setup") })
	for name, path := range shown.outside() {
		t.Run(name, func(t *testing.T) { checkAxe(t, tab, s.URL+path) })
	}
	s.SignIn(t, tab)
	for name, path := range shown.inside() {
		t.Run(name, func(t *testing.T) { checkAxe(t, tab, s.URL+"/dashboard/"+Handle+path) })
	}
	t.Run("on a phone", func(t *testing.T) {
		Do(t, tab, "take a phone", Screen(390, 844))
		for _, path := range []string{"", "/links", "/links/" + shown.link, "/codes", "/account"} {
			checkAxe(t, tab, s.URL+"/dashboard/"+Handle+path)
		}
	})
}

// furniture is what stands in an installation for the pages to show.
type furniture struct {
	link, payment, mail, customer, transaction string
	linkTag, customerTag                       string
	coupon, code                               string
	stop, receipt                              string // where mails lead: out of them, and to a receipt
	started, unread                            string // imports: one done with a failed line, one not started
}

func furnish(t *testing.T, s *site) furniture {
	t.Helper()
	open := s.CreateLink(t, `{"name": "Concert", "type": "amount", "amount": {"value": "49.00", "currency": "EUR"}, "path": "concert", "tags": ["Summer"],
		"limit": {"kind": "multiple", "max": 5}, "after_payment": {"apply_tag": "VIP"}}`)
	s.CreateLink(t, `{"name": "Last seat", "type": "amount", "amount": {"value": "12.50", "currency": "EUR"}, "path": "last-seat", "limit": {"kind": "once"}}`)
	s.PayAs(t, s.URL, "last-seat", "paid", "")
	paid, _, _ := strings.Cut(s.PayAs(t, s.URL, "concert", "paid", ""), "?")
	AwaitStatus(t, paid, "paid")
	if !Eventually(10*time.Second, func() bool { return len(s.Mailbox(t, "sanne@example.com")) == 2 }) {
		t.Fatal("the receipts did not reach the mailbox")
	}
	amara := Decode[IDJSON](t, s.API(t, "POST", "/customers", `{"name": "Amara", "email": "amara@example.com"}`)).ID
	ExpectStatus(t, "send the link", s.API(t, "POST", "/links/"+open.ID+"/send", `{"channels": ["email", "sms"], "customer_id": "`+amara+`"}`), http.StatusAccepted)
	started, unread := s.imports(t)
	coupon := Decode[IDJSON](t, s.API(t, "POST", "/coupons", `{"name": "Members", "percent": "10", "tags": ["Summer"], "links": ["`+open.ID+`"]}`)).ID
	code := Decode[IDJSON](t, s.API(t, "POST", "/promotion-codes", `{"coupon_id": "`+coupon+`", "code": "SUMMER10", "max_redemptions": 3}`)).ID
	return furniture{
		coupon: coupon, code: code,
		started: started, unread: unread,
		stop:    strings.TrimPrefix(s.MailTo(t, "amara@example.com").LinkTo(t, "/s/"), s.URL),
		receipt: strings.TrimPrefix(s.Mailbox(t, "sanne@example.com")[0].LinkTo(t, "/receipt"), s.URL),
		link:    open.ID, payment: strings.TrimPrefix(paid, s.URL), mail: s.Mailbox(t, "sanne@example.com")[0].ID,
		customer: s.First(t, "/customers"), transaction: s.First(t, "/payments"),
		linkTag: s.First(t, "/tags?kind=link"), customerTag: s.First(t, "/tags?kind=customer"),
	}
}

// outside are the pages of payers and of who has not signed in.
func (f furniture) outside() map[string]string {
	const shop = "/" + Handle
	return map[string]string{
		"sign-in": "/sign-in", "forgot": "/sign-in/forgot", "api": "/api/docs",
		"payment page": shop, "link": shop + "/concert", "unknown": shop + "/nowhere", "limit reached": shop + "/last-seat",
		"opt out": f.stop, "thank you": f.payment, "receipt": f.receipt,
		"mailbox": "/mailbox", "message": "/mailbox/" + f.mail, "message's source": "/mailbox/" + f.mail + "?as=source",
	}
}

// inside are the pages of the dashboard, below the handle.
func (f furniture) inside() map[string]string {
	return map[string]string{
		"overview": "", "list": "/links", "create": "/links/new", "detail": "/links/" + f.link, "edit": "/links/" + f.link + "/edit", "delete": "/links/" + f.link + "/delete",
		"send": "/links/" + f.link + "/send", "products": "/products", "new product": "/products/new", "codes": "/codes", "new coupon": "/coupons/new", "coupon": "/coupons/" + f.coupon,
		"code": "/codes/" + f.code, "new codes": "/coupons/" + f.coupon + "/codes", "payment page settings": "/page",
		"transactions": "/transactions", "to review": "/transactions/review", "transaction": "/transactions/" + f.transaction,
		"customers": "/customers", "new customer": "/customers/new", "customer": "/customers/" + f.customer, "edit customer": "/customers/" + f.customer + "/edit",
		"merge customers": "/customers/" + f.customer + "/merge", "delete customer": "/customers/" + f.customer + "/delete", "erase customer": "/customers/" + f.customer + "/erase",
		"import customers": "/customers/import", "import links": "/links/import", "import": "/imports/" + f.started, "import to check": "/imports/" + f.unread,
		"tags of links": "/tags", "tags of customers": "/tags?kind=customer", "link tag": "/tags/" + f.linkTag, "customer tag": "/tags/" + f.customerTag,
		"account": "/account", "two-step": "/account/two-step", "new business": "/account/businesses/new",
		"business": "/settings/business", "legal": "/settings/legal", "tokens": "/settings/tokens", "team": "/settings/team",
		"providers": "/settings/providers", "email": "/settings/email", "template": "/settings/email/receipt",
		"sms": "/settings/sms", "webhooks": "/settings/webhooks", "share": "/links/" + f.link + "/share", "analytics": "/links/" + f.link + "/analytics",
		"requests from a file": "/links/requests", "send many": "/links/send?id=" + f.link, "remind many": "/links/remind?id=" + f.link, "waiting list": "/links/" + f.link + "/waiting-list", "record": "/record", "record for a link": "/links/" + f.link + "/record", "not finished": "/transactions/unfinished", "books": "/books", "statements": "/statements", "bank transfer": "/settings/bank", "alerts": "/settings/alerts", "returned mail": "/settings/email/returned", "domains": "/settings/domains", "assistants": "/settings/assistants", "audit log": "/settings/audit", "search": "/search?q=con", "appearance": "/settings/appearance",
	}
}

// checkAxe opens a page and looks at it.
func checkAxe(t *testing.T, tab context.Context, address string) {
	t.Helper()
	want := http.StatusOK
	switch {
	case strings.HasSuffix(address, "/nowhere"):
		want = http.StatusNotFound
	case strings.HasSuffix(address, "/last-seat"):
		want = http.StatusGone
	}
	Do(t, tab, "open "+address, Looking("light"), chromedp.Navigate(address), chromedp.WaitReady(chromedp.CSS("main, form")))
	if status := Read(t, tab, "read the status", chromedp.Evaluate[int](`performance.getEntriesByType('navigation')[0].responseStatus`)); status != want {
		t.Fatalf("%s: status %d, want %d", address, status, want)
	}
	Do(t, tab, "leave the first of what is alike", Ignoring(chromedp.Evaluate[chromedp.Void](firstOfEach)))
	CheckAxe(t, tab)
}

// firstOfEach shortens the page that describes the API: its hundreds of operations, objects
// and events are made by one template each, and took longer than all other pages.
const firstOfEach = `void document.querySelectorAll('.docs-operation:nth-of-type(n+3), .docs-object:nth-of-type(n+5), .docs-event:nth-of-type(n+5)').forEach(e => e.remove())`
