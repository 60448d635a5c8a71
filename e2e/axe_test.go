package e2e

import (
	"context"
	_ "embed"
	"encoding/json"
	"testing"

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

// axeRun runs the rules and keeps what is serious or critical.
const axeRun = `axe.run(document, {resultTypes: ['violations']}).then(r => JSON.stringify(r.violations
	.filter(v => v.impact === 'serious' || v.impact === 'critical')
	.map(v => ({id: v.id, impact: v.impact, help: v.help, nodes: v.nodes.slice(0, 3).map(n => n.html.slice(0, 200) + ' ' + n.failureSummary)}))))`

// Pages look the same on both databases, so one is enough here.
func TestNoPageHasSeriousAccessibilityFindings(t *testing.T) {
	s := start(t, "--data", t.TempDir())
	open := s.createLink(t, `{"name": "Concert", "type": "amount", "amount": {"value": "49.00", "currency": "EUR"}, "path": "concert", "limit": {"kind": "multiple", "max": 5}}`)
	s.createLink(t, `{"name": "Last seat", "type": "amount", "amount": {"value": "12.50", "currency": "EUR"}, "path": "last-seat", "limit": {"kind": "once"}}`)
	s.payAs(t, s.URL, "last-seat", "paid", "")

	tab := newBrowser(t)
	const room = "/dashboard/" + handle
	for _, scheme := range []string{"light", "dark"} {
		t.Run(scheme, func(t *testing.T) {
			do(t, tab, "choose "+scheme, looking(scheme))
			out := fresh(t, tab)
			do(t, out, "choose "+scheme, looking(scheme))
			for name, path := range map[string]string{
				"sign-in": "/sign-in", "payment page": "/" + handle, "link": "/" + handle + "/concert",
				"unknown": "/" + handle + "/nowhere", "limit reached": "/" + handle + "/last-seat",
			} {
				t.Run(name, func(t *testing.T) { checkAxe(t, out, s.URL+path) })
			}
			if scheme == "light" {
				signIn(t, s, tab)
			}
			for name, path := range map[string]string{
				"list": "/links", "create": "/links/new", "detail": "/links/" + open.ID, "products": "/products", "new product": "/products/new",
			} {
				t.Run(name, func(t *testing.T) { checkAxe(t, tab, s.URL+room+path) })
			}
		})
	}
}

func checkAxe(t *testing.T, tab context.Context, address string) {
	t.Helper()
	do(t, tab, "open "+address, chromedp.Navigate(address), chromedp.WaitReady(chromedp.CSS("main, form")))
	read(t, tab, "load axe", chromedp.Evaluate[bool](axe+"\n;true"))
	report := read(t, tab, "run axe", chromedp.Evaluate[string](axeRun, chromedp.EvalAwaitPromise))
	var findings []axeFinding
	if err := json.Unmarshal([]byte(report), &findings); err != nil {
		t.Fatal(err)
	}
	for _, f := range findings {
		t.Errorf("%s: %s (%s)\n%v", f.Impact, f.Help, f.ID, f.Nodes)
	}
}

// looking is a visitor's colour scheme. The policy of the page forbids scripts
// from elsewhere, so it is set aside for axe.
func looking(scheme string) step {
	return chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		if _, err := cdp.Call(ctx, tab, page.SetBypassCSP, page.SetBypassCSPParams{Enabled: true}); err != nil {
			return err
		}
		_, err := cdp.Call(ctx, tab, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}},
		})
		return err
	})
}
