package e2e

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	. "smartlinks/e2e/site"
)

// What a stranger does: a link with a limit for a customer, with reminders;
// share it; find its payment. Without a mouse, at a desk and on a phone.
func TestTheJourneyOfAMerchantNeedsNoMouse(t *testing.T) {
	t.Parallel()
	s := start(t, "--data", t.TempDir())
	s.ann(t)
	tab := NewBrowser(t)
	s.SignIn(t, tab)
	for name, size := range map[string]Step{"desk": Screen(1440, 900), "phone": Screen(390, 844)} {
		t.Run(name, func(t *testing.T) {
			path := "darkroom-" + name
			Do(t, tab, "press n for a new link", size, chromedp.Navigate(s.URL+"/dashboard/"+Handle), Ready(`document.querySelector("#palette")`),
				Keys("n"), Ready(`document.querySelector("#link-form")`))
			Do(t, tab, "unfold the address before the answer is there", Holding("/links/path"), TabTo("#name"), Keys("Darkroom Weekend"), Until(`window.held`), TabTo("#amount"), Keys("49.00"), TabTo("#path-part summary"), Keys(kb.Enter),
				Until(`document.activeElement.id == "path"`), LetGo())
			Do(t, tab, "type another address",
				Until(`document.querySelector("#path-hint")?.textContent.includes("available")`), Control("a"), Keys(path))
			Do(t, tab, "limit it to three", TabTo("#section-limit > summary"), Keys(kb.Enter), TabTo("[name=limit]"), Keys(kb.ArrowRight, kb.ArrowRight), TabTo("#limit_max"), Control("a"), Keys("3"), Until(`document.querySelector("[data-sum=limit]").textContent == "3 payments, shown on the page"`))
			Do(t, tab, "choose the customer", TabTo("#section-send > summary"), Keys(kb.Enter), TabTo("#customer"), Keys("Ann"), Until(`document.querySelector("#customer-list [aria-selected=true]")`), Keys(kb.Enter), TabTo("[name=by]"), Until(`document.querySelector("[name=by]:checked")?.value == "email"`))
			Do(t, tab, "remind every week", TabTo("#section-remind > summary"), Keys(kb.Enter), TabTo("#remind"), Keys(" "), TabTo("#remind_max"), Control("a"), Keys("4"))
			Do(t, tab, "create and send", TabTo("#link-form button.button-primary"), Until(`document.activeElement.textContent.includes("Create and send")`), Keys(kb.Enter),
				Ready(`!document.querySelector("#link-form")`), BodyHas("Link sent"))
			Do(t, tab, "see it go, without loading again", Until(`document.querySelector("#live-delivery").innerText.includes("Sent")`))
			at := Read(t, tab, "read the address", chromedp.Location())
			id := at[strings.LastIndex(at, "/")+1:]
			s.awaitPlan(t, id)
			if l := s.Link(t, id); l.Limit.Remaining == nil || *l.Limit.Remaining != 3 {
				t.Errorf("the limit is %+v, want three payments", l.Limit)
			}
			Do(t, tab, "share it", TabTo(`[data-dialog=share]`), Keys(kb.Enter), Until(`document.querySelector("#share[open]")?.contains(document.activeElement)`),
				TabTo("#share [data-copy]"), Until(FocusSeen), Keys(kb.Escape), Until(`!document.querySelector("#share[open]") && document.activeElement.dataset.dialog == "share"`))
			AwaitStatus(t, s.PayAs(t, s.URL, path, "paid", ""), "paid")
			Do(t, tab, "find the payment", Control("k"), Until(`document.activeElement.id == "palette-input"`), Keys("sanne@example.com"),
				Until(`document.querySelector("#palette [aria-selected=true]")?.href.includes("/transactions/")`), Keys(kb.Enter),
				Ready(`location.pathname.includes("/transactions/")`), BodyHas("Sanne Visser"), BodyHas("€49.00"), BodyHas("Darkroom Weekend"))
		})
	}
}

func TestThePaletteIsDrivenByKeys(t *testing.T) {
	t.Parallel()
	s := start(t, "--data", t.TempDir())
	for _, name := range []string{"Alpha", "Alpine", "Beta"} {
		s.CreateLink(t, fmt.Sprintf(`{"name": %q, %s}`, name, FortyNine))
	}
	tab := NewBrowser(t)
	s.SignIn(t, tab)
	board := s.URL + "/dashboard/" + Handle
	const chosen = `document.querySelector("#palette [aria-selected=true]")`
	Do(t, tab, "open it from a link in the frame", chromedp.Navigate(board+"/links"), Ready(`document.querySelector("#palette")`),
		Ignoring(chromedp.Evaluate[chromedp.Void](`void document.querySelector(".sidebar-fixed [data-palette]").focus()`)), Keys(kb.Enter), Until(`document.querySelector("#palette[open]")`), BodyHas("New smart link"))
	Do(t, tab, "choose with arrows", Keys("alp"), Until(`document.querySelectorAll("#palette [role=option]").length == 2`), Until(chosen+`.textContent.includes("Alpine")`),
		Keys(kb.ArrowDown), Until(chosen+`.textContent.includes("Alpha") && document.activeElement.getAttribute("aria-activedescendant") == `+chosen+`.id`),
		Keys(kb.ArrowDown), Until(chosen+`.textContent.includes("Alpine")`), Keys(kb.ArrowUp), Until(chosen+`.textContent.includes("Alpha")`))
	Do(t, tab, "leap from links to pages and back", Control("a"), Keys("a"), Until(`document.querySelectorAll("#palette [role=group]").length == 2`), Keys(kb.ArrowDown, kb.PageDown), Until(chosen+`.textContent.includes("New smart link")`),
		Keys(kb.PageDown), Until(chosen+`.pathname.includes("/links/lnk_")`), Keys(kb.PageUp), Until(chosen+`.textContent.includes("New smart link")`))
	Do(t, tab, "close it", Keys(kb.Escape), Until(`!document.querySelector("#palette[open]") && document.activeElement.matches("[data-palette]")`))
	Do(t, tab, "press Enter before the answer is there", Control("k"), Until(`document.activeElement.id == "palette-input"`), Holding("/search"), Keys("beta", kb.Enter), Until(`window.held`), LetGo(),
		Ready(`location.pathname.includes("/links/lnk_")`), BodyHas("Beta"))
	Do(t, tab, "type in a field without leaving", chromedp.Navigate(board+"/links"), Ready(`document.querySelector("#palette")`), Keys("/"), Until(`document.activeElement.id == "q"`), Keys("n?g"),
		Until(`document.querySelector("#q").value == "n?g" && !document.querySelector("dialog[open]")`))
	Do(t, tab, "read the keys, go elsewhere", chromedp.Navigate(board), Ready(`document.querySelector("#palette")`), Keys("?"), Until(`document.querySelector("#shortcuts[open]")`),
		Keys("n"), Until(`document.querySelector("#shortcuts[open]")`), Keys(kb.Escape), Keys("g", "t"), Ready(`location.pathname.endsWith("/transactions")`))
	Do(t, tab, "switch them off", chromedp.Navigate(board+"/settings/appearance"), Ready(`document.querySelector("#palette")`), Clicking(`document.querySelector("#switch-shortcuts")`),
		chromedp.Submit(chromedp.CSS("#switch-shortcuts")), BodyHas("This browser keeps your choice"), Ready(`document.querySelector("#shortcuts[data-off]")`), Keys("n", "?"))
	Do(t, tab, "wait for what must not happen", Ignoring(chromedp.Evaluate[bool](Drawn, chromedp.EvalAwaitPromise)))
	if at := Read(t, tab, "read the address", chromedp.Location()); !strings.Contains(at, "/settings/appearance") {
		t.Errorf("a key that is switched off leads to %s", at)
	}
}
