package e2e

import (
	"context"
	_ "embed"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

//go:embed testdata/axe.min.js
var axe string

type axeFinding struct {
	ID     string   `json:"id"`
	Impact string   `json:"impact"`
	Help   string   `json:"help"`
	Nodes  []string `json:"nodes"`
}

// axeRun runs the rules, or the given ones only, and keeps what is serious or
// critical. That a name holds the words that are seen is asked for as well,
// which axe does not do by itself yet.
const axeRun = `(only => axe.run(document, {resultTypes: ['violations'], ...(only ? {runOnly: [only]} : {rules: {'label-content-name-mismatch': {enabled: true}}})})
	.then(r => JSON.stringify(r.violations
	.filter(v => v.impact === 'serious' || v.impact === 'critical')
	.map(v => ({id: v.id, impact: v.impact, help: v.help, nodes: v.nodes.slice(0, 3).map(n => n.html.slice(0, 200) + ' ' + n.failureSummary)})))))`

// Pages look the same on both databases, so one is enough here.
func TestNoPageHasSeriousAccessibilityFindings(t *testing.T) {
	t.Parallel()
	s := start(t, "--data", t.TempDir())
	shown := furnish(t, s)
	tab := newBrowser(t)
	do(t, tab, "let axe in", withoutPolicy())

	empty := &site{store: []string{"--data", t.TempDir()}}
	empty.URL = empty.serve(t)
	t.Run("setup", func(t *testing.T) { checkAxe(t, tab, empty.URL+"/setup") })
	for name, path := range shown.outside() {
		t.Run(name, func(t *testing.T) { checkAxe(t, tab, s.URL+path) })
	}
	signIn(t, s, tab)
	for name, path := range shown.inside() {
		t.Run(name, func(t *testing.T) { checkAxe(t, tab, s.URL+"/dashboard/"+handle+path) })
	}
	t.Run("on a phone", func(t *testing.T) {
		do(t, tab, "take a phone", screen(390, 844))
		for _, path := range []string{"", "/links", "/links/" + shown.link, "/codes", "/account"} {
			checkAxe(t, tab, s.URL+"/dashboard/"+handle+path)
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
	open := s.createLink(t, `{"name": "Concert", "type": "amount", "amount": {"value": "49.00", "currency": "EUR"}, "path": "concert", "tags": ["Summer"],
		"limit": {"kind": "multiple", "max": 5}, "after_payment": {"apply_tag": "VIP"}}`)
	s.createLink(t, `{"name": "Last seat", "type": "amount", "amount": {"value": "12.50", "currency": "EUR"}, "path": "last-seat", "limit": {"kind": "once"}}`)
	s.payAs(t, s.URL, "last-seat", "paid", "")
	paid, _, _ := strings.Cut(s.payAs(t, s.URL, "concert", "paid", ""), "?")
	awaitStatus(t, paid, "paid")
	if !eventually(10*time.Second, func() bool { return len(s.mailbox(t, "sanne@example.com")) == 2 }) {
		t.Fatal("the receipts did not reach the mailbox")
	}
	amara := decode[idJSON](t, s.api(t, "POST", "/customers", `{"name": "Amara", "email": "amara@example.com"}`)).ID
	expectStatus(t, "send the link", s.api(t, "POST", "/links/"+open.ID+"/send", `{"channels": ["email", "sms"], "customer_id": "`+amara+`"}`), http.StatusAccepted)
	started, unread := s.imports(t)
	coupon := decode[idJSON](t, s.api(t, "POST", "/coupons", `{"name": "Members", "percent": "10", "tags": ["Summer"], "links": ["`+open.ID+`"]}`)).ID
	code := decode[idJSON](t, s.api(t, "POST", "/promotion-codes", `{"coupon_id": "`+coupon+`", "code": "SUMMER10", "max_redemptions": 3}`)).ID
	return furniture{
		coupon: coupon, code: code,
		started: started, unread: unread,
		stop:    strings.TrimPrefix(s.mailTo(t, "amara@example.com").linkTo(t, "/s/"), s.URL),
		receipt: strings.TrimPrefix(s.mailbox(t, "sanne@example.com")[0].linkTo(t, "/receipt"), s.URL),
		link:    open.ID, payment: strings.TrimPrefix(paid, s.URL), mail: s.mailbox(t, "sanne@example.com")[0].ID,
		customer: s.first(t, "/customers"), transaction: s.first(t, "/payments"),
		linkTag: s.first(t, "/tags?kind=link"), customerTag: s.first(t, "/tags?kind=customer"),
	}
}

// first is the id of the first in a list of the API.
func (s *site) first(t *testing.T, list string) string {
	t.Helper()
	found := decode[struct {
		Data []struct {
			ID string `json:"id"`
		} `json:"data"`
	}](t, s.api(t, "GET", list, ""))
	if len(found.Data) == 0 {
		t.Fatalf("%s is empty", list)
	}
	return found.Data[0].ID
}

// outside are the pages of payers and of who has not signed in.
func (f furniture) outside() map[string]string {
	const shop = "/" + handle
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

// drawn waits until a page wears its new colours: they come with a later frame,
// and some of them slowly.
const drawn = `new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))
	.then(() => Promise.allSettled(document.getAnimations().filter(a => a instanceof CSSTransition).map(a => a.finished))).then(() => true)`

// checkAxe looks at a page in light, and at its colours in dark as well.
func checkAxe(t *testing.T, tab context.Context, address string) {
	t.Helper()
	want := http.StatusOK
	switch {
	case strings.HasSuffix(address, "/nowhere"):
		want = http.StatusNotFound
	case strings.HasSuffix(address, "/last-seat"):
		want = http.StatusGone
	}
	do(t, tab, "open "+address, looking("light"), chromedp.Navigate(address), chromedp.WaitReady(chromedp.CSS("main, form")))
	if status := read(t, tab, "read the status", chromedp.Evaluate[int](`performance.getEntriesByType('navigation')[0].responseStatus`)); status != want {
		t.Fatalf("%s: status %d, want %d", address, status, want)
	}
	read(t, tab, "load axe", chromedp.Evaluate[bool](axe+"\n;true"))
	reportAxe(t, tab, "light", "")
	do(t, tab, "darken", looking("dark"), ignoring(chromedp.Evaluate[bool](drawn, chromedp.EvalAwaitPromise)))
	reportAxe(t, tab, "dark", "color-contrast")
}

func reportAxe(t *testing.T, tab context.Context, scheme, only string) {
	t.Helper()
	report := read(t, tab, "run axe", chromedp.Evaluate[string](axeRun+"("+quote(only)+")", chromedp.EvalAwaitPromise))
	var findings []axeFinding
	if err := json.Unmarshal([]byte(report), &findings); err != nil {
		t.Fatal(err)
	}
	for _, f := range findings {
		t.Errorf("%s: %s: %s (%s)\n%s", scheme, f.Impact, f.Help, f.ID, strings.Join(f.Nodes, "\n"))
	}
}

// withoutPolicy sets the policy of pages, which forbids foreign scripts, aside.
func withoutPolicy() step {
	return chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		_, err := cdp.Call(ctx, tab, page.SetBypassCSP, page.SetBypassCSPParams{Enabled: true})
		return err
	})
}

// looking is a visitor's colour scheme, without movement between them.
func looking(scheme string) step {
	return chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		_, err := cdp.Call(ctx, tab, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}, {Name: "prefers-reduced-motion", Value: "reduce"}},
		})
		return err
	})
}

// screen is how large the page is.
func screen(width, height int64) step {
	return chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		_, err := cdp.Call(ctx, tab, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{Width: width, Height: height, DeviceScaleFactor: 1})
		return err
	})
}
