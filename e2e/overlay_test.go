package e2e

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// openers are the buttons of menus and dialogs that can be seen, each named so
// that it is found again: the first of those that open alike.
const openers = `[...new Map([...document.querySelectorAll("[popovertarget], [data-dialog], [data-palette]")]
	.filter(e => e.checkVisibility() && !e.closest("dialog, [popover]"))
	.map(e => [(e.getAttribute("popovertarget") ?? e.dataset.dialog ?? "palette").replace(/-?[a-z]{3}_\w+/, ""), e])).entries()]
	.map(([name, e], i) => { e.dataset.opener = i; return name; })`

// overlay is what stands open above the page.
const overlay = `(document.querySelector("dialog[open]") ?? document.querySelector(".menu:popover-open"))`

// Every menu and dialog of the dashboard opens, holds the focus and closes by
// keyboard, where a person sees what happens, and axe finds nothing in it.
func TestMenusAndDialogsNeedNoMouseAndPassAxe(t *testing.T) {
	t.Parallel()
	s := start(t, "--data", t.TempDir())
	shown := furnish(t, s)
	tab := newBrowser(t)
	do(t, tab, "let axe in", withoutPolicy())
	signIn(t, s, tab)
	board := s.URL + "/dashboard/" + handle
	seen := map[string]bool{} // what every page has is looked at once
	for name, path := range map[string]string{
		"list": "/links", "link": "/links/" + shown.link, "transaction": "/transactions/" + shown.transaction, "transactions": "/transactions",
		"customer": "/customers/" + shown.customer, "customers": "/customers", "tokens": "/settings/tokens",
	} {
		t.Run(name, func(t *testing.T) {
			do(t, tab, "open the page", screen(1440, 900), looking("light"), chromedp.Navigate(board+path), ready(`document.querySelector("#palette")`))
			walkOverlays(t, tab, seen)
		})
	}
	t.Run("on a phone", func(t *testing.T) {
		do(t, tab, "open the page", screen(390, 844), looking("light"), chromedp.Navigate(board+"/links"), ready(`document.querySelector("#palette")`))
		walkOverlays(t, tab, map[string]bool{})
	})
}

// walkOverlays opens each menu and dialog of the page that was not seen before.
func walkOverlays(t *testing.T, tab context.Context, seen map[string]bool) {
	t.Helper()
	read(t, tab, "load axe", chromedp.Evaluate[bool](axe+"\n;true"))
	names := read(t, tab, "list what opens", chromedp.Evaluate[[]string](openers))
	if len(names) == 0 {
		t.Fatal("nothing opens")
	}
	for i, name := range names {
		if seen[name] {
			continue
		}
		seen[name] = true
		opener := fmt.Sprintf(`[data-opener="%d"]`, i)
		do(t, tab, "open "+name, looking("light"), ignoring(chromedp.Evaluate[chromedp.Void](`void document.querySelector(`+quote(opener)+`).focus()`)),
			keys(kb.Enter), until(overlay))
		do(t, tab, "focus what is in "+name, until(overlay+`.contains(document.activeElement) || `+overlay+`.matches("[popover]") && document.activeElement.matches(`+quote(opener)+`)`))
		holdFocus(t, tab, name)
		for scheme, only := range map[string]string{"light": "", "dark": "color-contrast"} {
			do(t, tab, scheme, looking(scheme), ignoring(chromedp.Evaluate[bool](drawn, chromedp.EvalAwaitPromise)))
			if found := read(t, tab, "run axe", chromedp.Evaluate[string](axeWithin(overlay, only), chromedp.EvalAwaitPromise)); found != "[]" {
				t.Errorf("%s, %s: %s", name, scheme, found)
			}
		}
		do(t, tab, "close "+name, keys(kb.Escape), until(`!`+overlay), until(`document.activeElement.matches(`+quote(opener)+`)`))
	}
}

// holdFocus moves the focus: in a dialog by Tab, more often than there is to
// focus, in a menu by the arrows. It is always seen, and never lands on the page
// behind a dialog.
func holdFocus(t *testing.T, tab context.Context, name string) {
	t.Helper()
	key, times := kb.Tab, 10
	if read(t, tab, "look", chromedp.Evaluate[bool](overlay+`.matches("[popover]")`)) {
		key, times = kb.ArrowDown, 2
	}
	for range times {
		do(t, tab, "move in "+name, keys(key))
		at := read(t, tab, "see the focus", chromedp.Evaluate[string](`(() => {
			const e = document.activeElement, o = `+overlay+`;
			if (e === document.body) return ""; // the browser's own buttons
			return !o.contains(e) && o.matches("dialog") ? "behind: " + e.outerHTML.slice(0, 200) : `+focusSeen+` ? "" : "unseen: " + e.outerHTML.slice(0, 200);
		})()`))
		if at != "" {
			t.Errorf("the focus of %s is %s", name, at)
		}
	}
}

// axeWithin runs axe on a part of the page.
func axeWithin(part, only string) string {
	return strings.Replace(axeRun, "axe.run(document,", "axe.run("+part+",", 1) + "(" + quote(only) + ")"
}
