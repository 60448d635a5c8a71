package e2e

import (
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	. "smartlinks/e2e/site"
)

// A link is written by somebody who is interrupted, presses Enter where they
// should not, and types as people do. Nothing is lost, nothing is published
// before its time, and whoever it is for is found by a few letters.
func TestALinkIsWrittenWithInterruptions(t *testing.T) {
	t.Parallel()
	s := start(t, "--data", t.TempDir())
	who := Decode[IDJSON](t, s.API(t, "POST", "/customers", `{"name": "Amara Okafor", "email": "amara@example.com"}`)).ID
	tab := NewBrowser(t)
	s.SignIn(t, tab)
	form := s.URL + "/dashboard/" + Handle + "/links/new"
	preview := func(words string) Step {
		return Until(`document.querySelector("[data-page-preview]").srcdoc.includes(` + Quote(words) + `)`)
	}
	Do(t, tab, "write a name and a tag", Screen(1440, 900), chromedp.Navigate(form), Ready(`document.querySelector("#link-form")`), Until(`!`+AskedOnLeaving),
		TabTo("#name"), Keys("Darkroom Weekend"), TabTo("#amount"), Keys("1.234,50"), preview("€1,234.50"),
		TabTo("#section-tags > summary"), Keys(kb.Enter), TabTo("#tags"), Keys("VIP", kb.Enter), Until(`document.querySelector("[name=tag][value=VIP]")?.checked`), Until(`document.querySelector("#link-form") && document.activeElement.id == "tags"`),
		Keys(kb.Backspace), Until(`!document.querySelector("[name=tag][value=VIP]").checked`), Keys("vip,"), Until(`document.querySelector("[data-tokens-chosen] [value=VIP]").checked && document.activeElement.id == "tags" && document.activeElement.value == ""`),
		Until(`document.querySelector("[data-sum=tags]").textContent == "VIP"`))
	Do(t, tab, "press Enter in a field", TabTo("#notes"), TabTo("#section-limit > summary"), Keys(kb.Enter), TabTo("[name=limit]"), Keys(kb.ArrowRight, kb.ArrowRight), TabTo("#limit_max"), Control("a"), Keys("1001"), TabTo("#show_remaining"),
		Until(`document.querySelector("#limit_max-error")?.textContent.includes("from 1 to 1000")`),
		Ready(`document.querySelector("#link-form")`), TabTo("#limit_max"), Keys(kb.Enter), Ready(`location.pathname.endsWith("/links") && document.activeElement.id == "limit_max" && document.querySelector("#limit_max-error")`),
		Until(`document.querySelector("#section-limit").open`),
		Control("a"), Keys("12"), TabTo("#show_remaining"), Until(`!document.querySelector("#limit_max-error")`), preview("12 payments remaining"))
	Do(t, tab, "be asked before leaving", Until(AskedOnLeaving), Until(`document.querySelector("[data-draft-note]").checkVisibility()`))
	Do(t, tab, "come back to what was typed", chromedp.Navigate(s.URL+"/dashboard/"+Handle), Ready(`document.querySelector("#palette")`), chromedp.Navigate(form), Ready(`document.querySelector("#link-form")`),
		Until(`document.querySelector("#name").value == "Darkroom Weekend" && document.querySelector("#limit_max").value == "12" && document.querySelector("[name=tag][value=VIP]").checked`),
		Until(`document.querySelector("[data-draft-note]").checkVisibility()`), preview("Darkroom Weekend"))
	Do(t, tab, "find the customer", TabTo("#section-send > summary"), Keys(kb.Enter), TabTo("#customer"), Keys("kafor"), Until(`document.querySelector("#customer-list [aria-selected=true]")?.textContent.includes("Amara")`),
		Until(`document.activeElement.getAttribute("aria-activedescendant") == document.querySelector("#customer-list [aria-selected=true]").id`),
		Keys(kb.Enter), Until(`document.querySelector("#customer-id").value == `+Quote(who)), Until(`document.querySelector("#customer").getAttribute("aria-expanded") == "false"`),
		Until(`document.querySelector("#after-tags").textContent.includes("For this customer")`))
	Do(t, tab, "lead payers on", TabTo("#section-after > summary"), Keys(kb.Enter), TabTo("#redirect_url"), Keys("example.com/thanks"), TabTo("#apply_tag"), Until(`document.querySelector("#redirect_url").value == "https://example.com/thanks"`))
	Do(t, tab, "create it", Clicking(`document.querySelector("[name=by][value='']")`), TabTo("#name"), Keys(kb.Enter),
		Ready(`!document.querySelector("#link-form")`), BodyHas("Your link is ready"), Until(`document.activeElement.dataset.copy?.endsWith("/darkroom-weekend")`), Until(`!`+AskedOnLeaving))
	Do(t, tab, "start the next one afresh", chromedp.Navigate(form), Ready(`document.querySelector("#link-form")`), Until(`document.querySelector("#name").value == "" && !document.querySelector("[data-draft-note]").checkVisibility()`))
	Do(t, tab, "be told that the sign-in has ended", TabTo("#name"), Keys("Darkroom Week"), SignedOutMeanwhile(), Clicking(`document.querySelector("#question-add")`),
		Until(`document.querySelector("#toasts").textContent.includes("You are signed out")`), Until(`document.querySelector("#name").value == "Darkroom Week"`))
}
