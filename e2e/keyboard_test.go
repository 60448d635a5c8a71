package e2e

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// keys sends one key after another as a keyboard does: what a key types is part of
// its being pressed, so that a page which takes the key keeps it from being typed.
// (chromedp.KeyEvent types on its own, after the page had the key.)
func keys(pressed ...string) step {
	return chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		for _, r := range strings.Join(pressed, "") {
			events := kb.Encode(r)
			if len(events) == 3 {
				events[0].Text, events[0].UnmodifiedText = events[1].Text, events[1].UnmodifiedText
				events = []*input.DispatchKeyEventParams{events[0], events[2]}
			}
			for _, e := range events {
				if _, err := cdp.Call(ctx, tab, input.DispatchKeyEvent, *e); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// control presses a key while Control is held.
func control(key string) step {
	return chromedp.KeyEvent(key, chromedp.KeyModifiers(chromedp.ModifierCtrl))
}

// ready waits until the page is there with its scripts.
func ready(condition string) step {
	return until(`document.readyState == "complete" && (` + condition + `)`)
}

// focusSeen tells whether who looks can see where the focus is: a ring, or the
// line below the field of the palette.
const focusSeen = `(e => { for (let n = 0; e && n < 4; n++, e = e.parentElement) {
	const s = getComputedStyle(e);
	if (s.outlineStyle != "none" && parseFloat(s.outlineWidth) >= 2 || s.boxShadow != "none") return true;
} return false; })(document.activeElement)`

// tabTo presses Tab until the focus is where the selector says, and wants it to
// be seen on the way. Within a frame, such as a preview, the page there shows it.
func tabTo(selector string) step {
	return chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		for range 120 {
			if _, err := chromedp.KeyEvent(kb.Tab)(ctx, tab); err != nil {
				return err
			}
			at, err := chromedp.Evaluate[string](`(() => {
				const e = document.activeElement;
				if (e.matches(`+quote(selector)+`)) return "there";
				if (e !== document.body && e.tagName !== "IFRAME" && e.id !== "main" && !`+focusSeen+`) return "unseen: " + e.outerHTML.slice(0, 200);
				return "";
			})()`)(ctx, tab)
			if err != nil {
				return err
			}
			if at == "there" {
				return nil
			}
			if at != "" {
				return fmt.Errorf("the focus is %s", at)
			}
		}
		return fmt.Errorf("Tab does not reach %s", selector)
	})
}

// What a stranger does: a link with a limit for a customer, with reminders;
// share it; find its payment. Without a mouse, at a desk and on a phone.
func TestTheJourneyOfAMerchantNeedsNoMouse(t *testing.T) {
	t.Parallel()
	s := start(t, "--data", t.TempDir())
	s.ann(t)
	tab := newBrowser(t)
	signIn(t, s, tab)
	for name, size := range map[string]step{"desk": screen(1440, 900), "phone": screen(390, 844)} {
		t.Run(name, func(t *testing.T) {
			path := "darkroom-" + name
			do(t, tab, "press n for a new link", size, chromedp.Navigate(s.URL+"/dashboard/"+handle), ready(`document.querySelector("#palette")`),
				keys("n"), ready(`document.querySelector("#link-form")`))
			do(t, tab, "unfold the address before the answer is there", holding("/links/path"), tabTo("#name"), keys("Darkroom Weekend"), until(`window.held`), tabTo("#amount"), keys("49.00"), tabTo("#path-part summary"), keys(kb.Enter),
				until(`document.activeElement.id == "path"`), letGo())
			do(t, tab, "type another address",
				until(`document.querySelector("#path-hint")?.textContent.includes("available")`), control("a"), keys(path))
			do(t, tab, "limit it to three", tabTo("#section-limit > summary"), keys(kb.Enter), tabTo("[name=limit]"), keys(kb.ArrowRight, kb.ArrowRight), tabTo("#limit_max"), control("a"), keys("3"), until(`document.querySelector("[data-sum=limit]").textContent == "3 payments, shown on the page"`))
			do(t, tab, "choose the customer", tabTo("#section-send > summary"), keys(kb.Enter), tabTo("#customer"), keys("Ann"), until(`document.querySelector("#customer-list [aria-selected=true]")`), keys(kb.Enter), tabTo("[name=by]"), until(`document.querySelector("[name=by]:checked")?.value == "email"`))
			do(t, tab, "remind every week", tabTo("#section-remind > summary"), keys(kb.Enter), tabTo("#remind"), keys(" "), tabTo("#remind_max"), control("a"), keys("4"))
			do(t, tab, "create and send", tabTo("#link-form button.button-primary"), until(`document.activeElement.textContent.includes("Create and send")`), keys(kb.Enter),
				ready(`!document.querySelector("#link-form")`), bodyHas("Link sent"))
			do(t, tab, "see it go, without loading again", until(`document.querySelector("#live-delivery").innerText.includes("Sent")`))
			at := read(t, tab, "read the address", chromedp.Location())
			id := at[strings.LastIndex(at, "/")+1:]
			s.awaitPlan(t, id)
			if l := s.link(t, id); l.Limit.Remaining == nil || *l.Limit.Remaining != 3 {
				t.Errorf("the limit is %+v, want three payments", l.Limit)
			}
			do(t, tab, "share it", tabTo(`[data-dialog=share]`), keys(kb.Enter), until(`document.querySelector("#share[open]")?.contains(document.activeElement)`),
				tabTo("#share [data-copy]"), until(focusSeen), keys(kb.Escape), until(`!document.querySelector("#share[open]") && document.activeElement.dataset.dialog == "share"`))
			awaitStatus(t, s.payAs(t, s.URL, path, "paid", ""), "paid")
			do(t, tab, "find the payment", control("k"), until(`document.activeElement.id == "palette-input"`), keys("sanne@example.com"),
				until(`document.querySelector("#palette [aria-selected=true]")?.href.includes("/transactions/")`), keys(kb.Enter),
				ready(`location.pathname.includes("/transactions/")`), bodyHas("Sanne Visser"), bodyHas("€49.00"), bodyHas("Darkroom Weekend"))
		})
	}
}

func TestThePaletteIsDrivenByKeys(t *testing.T) {
	t.Parallel()
	s := start(t, "--data", t.TempDir())
	for _, name := range []string{"Alpha", "Alpine", "Beta"} {
		s.createLink(t, fmt.Sprintf(`{"name": %q, %s}`, name, fortyNine))
	}
	tab := newBrowser(t)
	signIn(t, s, tab)
	board := s.URL + "/dashboard/" + handle
	const chosen = `document.querySelector("#palette [aria-selected=true]")`
	do(t, tab, "open it from a link in the frame", chromedp.Navigate(board+"/links"), ready(`document.querySelector("#palette")`),
		ignoring(chromedp.Evaluate[chromedp.Void](`void document.querySelector(".sidebar-fixed [data-palette]").focus()`)), keys(kb.Enter), until(`document.querySelector("#palette[open]")`), bodyHas("New smart link"))
	do(t, tab, "choose with arrows", keys("alp"), until(`document.querySelectorAll("#palette [role=option]").length == 2`), until(chosen+`.textContent.includes("Alpine")`),
		keys(kb.ArrowDown), until(chosen+`.textContent.includes("Alpha") && document.activeElement.getAttribute("aria-activedescendant") == `+chosen+`.id`),
		keys(kb.ArrowDown), until(chosen+`.textContent.includes("Alpine")`), keys(kb.ArrowUp), until(chosen+`.textContent.includes("Alpha")`))
	do(t, tab, "close it", keys(kb.Escape), until(`!document.querySelector("#palette[open]") && document.activeElement.matches("[data-palette]")`))
	do(t, tab, "press Enter before the answer is there", control("k"), until(`document.activeElement.id == "palette-input"`), holding("/search"), keys("beta", kb.Enter), until(`window.held`), letGo(),
		ready(`location.pathname.includes("/links/lnk_")`), bodyHas("Beta"))
	do(t, tab, "type in a field without leaving", chromedp.Navigate(board+"/links"), ready(`document.querySelector("#palette")`), keys("/"), until(`document.activeElement.id == "q"`), keys("n?g"),
		until(`document.querySelector("#q").value == "n?g" && !document.querySelector("dialog[open]")`))
	do(t, tab, "read the keys, go elsewhere", chromedp.Navigate(board), ready(`document.querySelector("#palette")`), keys("?"), until(`document.querySelector("#shortcuts[open]")`),
		keys("n"), until(`document.querySelector("#shortcuts[open]")`), keys(kb.Escape), keys("g", "t"), ready(`location.pathname.endsWith("/transactions")`))
	do(t, tab, "switch them off", chromedp.Navigate(board+"/settings/appearance"), ready(`document.querySelector("#palette")`), clicking(`document.querySelector("#switch-shortcuts")`),
		chromedp.Submit(chromedp.CSS("#switch-shortcuts")), bodyHas("This browser keeps your choice"), ready(`document.querySelector("#shortcuts[data-off]")`), keys("n", "?"))
	do(t, tab, "wait for what must not happen", ignoring(chromedp.Evaluate[bool](drawn, chromedp.EvalAwaitPromise)))
	if at := read(t, tab, "read the address", chromedp.Location()); !strings.Contains(at, "/settings/appearance") {
		t.Errorf("a key that is switched off leads to %s", at)
	}
}
