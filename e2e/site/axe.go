package site

import (
	"context"
	_ "embed"
	"encoding/json"
	"strings"
	"testing"

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

// Drawn waits until a page wears its new colours: they come with a later frame,
// and some of them slowly.
const Drawn = `new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))
	.then(() => Promise.allSettled(document.getAnimations().filter(a => a instanceof CSSTransition).map(a => a.finished))).then(() => true)`

// LoadAxe brings the rules to a page that is open. Its policy must have been set aside.
func LoadAxe(t *testing.T, tab context.Context) {
	t.Helper()
	Read(t, tab, "load axe", chromedp.Evaluate[bool](axe+"\n;true"))
}

// CheckAxe looks at the page that is open in light, and at its colours in dark as well.
func CheckAxe(t *testing.T, tab context.Context) {
	t.Helper()
	LoadAxe(t, tab)
	for _, look := range []struct{ scheme, only string }{{"light", ""}, {"dark", "color-contrast"}} {
		Do(t, tab, look.scheme, Looking(look.scheme), Ignoring(chromedp.Evaluate[bool](Drawn, chromedp.EvalAwaitPromise)))
		report := Read(t, tab, "run axe", chromedp.Evaluate[string](axeRun+"("+Quote(look.only)+")", chromedp.EvalAwaitPromise))
		var findings []axeFinding
		if err := json.Unmarshal([]byte(report), &findings); err != nil {
			t.Fatal(err)
		}
		for _, f := range findings {
			t.Errorf("%s: %s: %s (%s)\n%s", look.scheme, f.Impact, f.Help, f.ID, strings.Join(f.Nodes, "\n"))
		}
	}
}

// AxeWithin runs axe on a part of the page.
func AxeWithin(part, only string) string {
	return strings.Replace(axeRun, "axe.run(document,", "axe.run("+part+",", 1) + "(" + Quote(only) + ")"
}
