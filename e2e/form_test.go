package e2e

import (
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// A link is written by somebody who is interrupted, presses Enter where they
// should not, and types as people do. Nothing is lost, nothing is published
// before its time, and whoever it is for is found by a few letters.
func TestALinkIsWrittenWithInterruptions(t *testing.T) {
	t.Parallel()
	s := start(t, "--data", t.TempDir())
	who := decode[idJSON](t, s.api(t, "POST", "/customers", `{"name": "Amara Okafor", "email": "amara@example.com"}`)).ID
	tab := newBrowser(t)
	signIn(t, s, tab)
	form := s.URL + "/dashboard/" + handle + "/links/new"
	preview := func(words string) step {
		return until(`document.querySelector("[data-page-preview]").srcdoc.includes(` + quote(words) + `)`)
	}
	do(t, tab, "write a name and a tag", screen(1440, 900), chromedp.Navigate(form), ready(`document.querySelector("#link-form")`), until(`!`+askedOnLeaving),
		tabTo("#name"), keys("Darkroom Weekend"), tabTo("#amount"), keys("1.234,50"), preview("€1,234.50"),
		tabTo("#section-tags > summary"), keys(kb.Enter), tabTo("#tags"), keys("VIP", kb.Enter), until(`document.querySelector("[name=tag][value=VIP]")?.checked`), until(`document.querySelector("#link-form") && document.activeElement.id == "tags"`),
		keys(kb.Backspace), until(`!document.querySelector("[name=tag][value=VIP]").checked`), keys("vip,"), until(`document.querySelector("[data-tokens-chosen] [value=VIP]").checked && document.activeElement.id == "tags" && document.activeElement.value == ""`),
		until(`document.querySelector("[data-sum=tags]").textContent == "VIP"`))
	do(t, tab, "press Enter in a field", tabTo("#notes"), tabTo("#section-limit > summary"), keys(kb.Enter), tabTo("[name=limit]"), keys(kb.ArrowRight, kb.ArrowRight), tabTo("#limit_max"), control("a"), keys("1001"), tabTo("#show_remaining"),
		until(`document.querySelector("#limit_max-error")?.textContent.includes("from 1 to 1000")`),
		ready(`document.querySelector("#link-form")`), tabTo("#limit_max"), keys(kb.Enter), until(`document.readyState == "complete" && document.activeElement.id == "limit_max" && document.querySelector("#limit_max-error")`),
		until(`document.querySelector("#section-limit").open`),
		control("a"), keys("12"), tabTo("#show_remaining"), until(`!document.querySelector("#limit_max-error")`), preview("12 payments remaining"))
	do(t, tab, "be asked before leaving", until(askedOnLeaving), until(`document.querySelector("[data-draft-note]").checkVisibility()`))
	do(t, tab, "come back to what was typed", chromedp.Navigate(s.URL+"/dashboard/"+handle), ready(`document.querySelector("#palette")`), chromedp.Navigate(form), ready(`document.querySelector("#link-form")`),
		until(`document.querySelector("#name").value == "Darkroom Weekend" && document.querySelector("#limit_max").value == "12" && document.querySelector("[name=tag][value=VIP]").checked`),
		until(`document.querySelector("[data-draft-note]").checkVisibility()`), preview("Darkroom Weekend"))
	do(t, tab, "find the customer", tabTo("#section-send > summary"), keys(kb.Enter), tabTo("#customer"), keys("kafor"), until(`document.querySelector("#customer-list [aria-selected=true]")?.textContent.includes("Amara")`),
		until(`document.activeElement.getAttribute("aria-activedescendant") == document.querySelector("#customer-list [aria-selected=true]").id`),
		keys(kb.Enter), until(`document.querySelector("#customer-id").value == `+quote(who)), until(`document.querySelector("#customer").getAttribute("aria-expanded") == "false"`),
		until(`document.querySelector("#after-tags").textContent.includes("For this customer")`))
	do(t, tab, "lead payers on", tabTo("#section-after > summary"), keys(kb.Enter), tabTo("#redirect_url"), keys("example.com/thanks"), tabTo("#apply_tag"), until(`document.querySelector("#redirect_url").value == "https://example.com/thanks"`))
	do(t, tab, "create it", clicking(`document.querySelector("[name=by][value='']")`), tabTo("#name"), keys(kb.Enter),
		ready(`!document.querySelector("#link-form")`), bodyHas("Your link is ready"), until(`document.activeElement.dataset.copy?.endsWith("/darkroom-weekend")`), until(`!`+askedOnLeaving))
	do(t, tab, "start the next one afresh", chromedp.Navigate(form), ready(`document.querySelector("#link-form")`), until(`document.querySelector("#name").value == "" && !document.querySelector("[data-draft-note]").checkVisibility()`))
}
