package e2e

import (
	"context"
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	. "smartlinks/e2e/site"
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
	tab := NewBrowser(t)
	Do(t, tab, "let axe in", WithoutPolicy())
	s.SignIn(t, tab)
	board := s.URL + "/dashboard/" + Handle
	seen := map[string]bool{} // what every page has is looked at once
	for name, path := range map[string]string{
		"list": "/links", "link": "/links/" + shown.link, "transaction": "/transactions/" + shown.transaction, "transactions": "/transactions",
		"customer": "/customers/" + shown.customer, "customers": "/customers", "tokens": "/settings/tokens",
	} {
		t.Run(name, func(t *testing.T) {
			Do(t, tab, "open the page", Screen(1440, 900), Looking("light"), chromedp.Navigate(board+path), Ready(`document.querySelector("#palette")`))
			walkOverlays(t, tab, seen)
		})
	}
	t.Run("on a phone", func(t *testing.T) {
		Do(t, tab, "open the page", Screen(390, 844), Looking("light"), chromedp.Navigate(board+"/links"), Ready(`document.querySelector("#palette")`))
		walkOverlays(t, tab, map[string]bool{})
	})
}

// walkOverlays opens each menu and dialog of the page that was not seen before.
func walkOverlays(t *testing.T, tab context.Context, seen map[string]bool) {
	t.Helper()
	LoadAxe(t, tab)
	names := Read(t, tab, "list what opens", chromedp.Evaluate[[]string](openers))
	if len(names) == 0 {
		t.Fatal("nothing opens")
	}
	for i, name := range names {
		if seen[name] {
			continue
		}
		seen[name] = true
		opener := fmt.Sprintf(`[data-opener="%d"]`, i)
		Do(t, tab, "open "+name, Looking("light"), Ignoring(chromedp.Evaluate[chromedp.Void](`void document.querySelector(`+Quote(opener)+`).focus()`)),
			Keys(kb.Enter), Until(overlay))
		Do(t, tab, "focus what is in "+name, Until(overlay+`.contains(document.activeElement) || `+overlay+`.matches("[popover]") && document.activeElement.matches(`+Quote(opener)+`)`))
		holdFocus(t, tab, name)
		for scheme, only := range map[string]string{"light": "", "dark": "color-contrast"} {
			Do(t, tab, scheme, Looking(scheme), Ignoring(chromedp.Evaluate[bool](Drawn, chromedp.EvalAwaitPromise)))
			if found := Read(t, tab, "run axe", chromedp.Evaluate[string](AxeWithin(overlay, only), chromedp.EvalAwaitPromise)); found != "[]" {
				t.Errorf("%s, %s: %s", name, scheme, found)
			}
		}
		Do(t, tab, "close "+name, Keys(kb.Escape), Until(`!`+overlay), Until(`document.activeElement.matches(`+Quote(opener)+`)`))
	}
}

// holdFocus moves the focus: in a dialog by Tab, more often than there is to
// focus, in a menu by the arrows. It is always seen, and never lands on the page
// behind a dialog.
func holdFocus(t *testing.T, tab context.Context, name string) {
	t.Helper()
	key, times := kb.Tab, 10
	if Read(t, tab, "look", chromedp.Evaluate[bool](overlay+`.matches("[popover]")`)) {
		key, times = kb.ArrowDown, 2
	}
	for range times {
		Do(t, tab, "move in "+name, Keys(key))
		at := Read(t, tab, "see the focus", chromedp.Evaluate[string](`(() => {
			const e = document.activeElement, o = `+overlay+`;
			if (e === document.body) return ""; // the browser's own buttons
			return !o.contains(e) && o.matches("dialog") ? "behind: " + e.outerHTML.slice(0, 200) : `+FocusSeen+` ? "" : "unseen: " + e.outerHTML.slice(0, 200);
		})()`))
		if at != "" {
			t.Errorf("the focus of %s is %s", name, at)
		}
	}
}
