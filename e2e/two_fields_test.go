package e2e

import (
	"context"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// scripts switches the scripts of pages on or off.
func scripts(on bool) step {
	return chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		_, err := cdp.Call(ctx, tab, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: !on})
		return err
	})
}

// A link is made by its two fields alone, with the keys of a desk and by touch on a phone,
// and then shared from the panel that shows it.
func TestALinkIsMadeByTwoFieldsAndShared(t *testing.T) {
	t.Parallel()
	s := start(t, "--data", t.TempDir())
	tab := newBrowser(t)
	signIn(t, s, tab)
	overview := chromedp.Navigate(s.URL + "/dashboard/" + handle)
	do(t, tab, "make it by keys", screen(1440, 900), overview, ready(`document.querySelector("#palette")`), keys("n"), ready(`document.activeElement.id == "name"`),
		keys("Lesson", kb.Tab), tabTo("#amount"), keys("25", kb.Enter), ready(`document.querySelector("#ready")`), bodyHas("Your link is ready"))
	do(t, tab, "find the focus on Copy", until(`document.activeElement.dataset.copy.endsWith("/acme/lesson")`))
	do(t, tab, "write a text", clicking(`document.querySelector("#ready [data-dialog=share]")`), until(`document.querySelector("#share[open]")`), tabTo("#share-text"), control("a"), keys("Come & learn."),
		until(`[...document.querySelectorAll("#share [data-share-opens]")].some(a => a.href.startsWith("https://wa.me/?text=Come%20%26%20learn.%0A"))`),
		keys(kb.Tab), until(`document.activeElement.id != "share-text"`))
	do(t, tab, "find it again, and the code for a site",
		overview, ready(`document.querySelector("#palette")`), keys("g", "l"), ready(`document.querySelector("a.row-link")`), clicking(`document.querySelector("a.row-link")`),
		ready(`document.querySelector("#share-text")`), until(`document.querySelector("#share-text").value == "Come & learn."`), until(`!document.querySelector("#ready")`),
		clicking(`document.querySelector("[data-dialog=share]")`), clicking(`document.querySelector("#share [name=share-tab][value=site]")`),
		until(`document.querySelector("#embed-button").checkVisibility() && !document.querySelector("#share-text").checkVisibility()`))
	do(t, tab, "make another on a phone", screen(390, 844), chromedp.Navigate(s.URL+"/dashboard/"+handle+"/links/new"), ready(`document.querySelector("#link-form")`),
		chromedp.SendKeys(chromedp.CSS("#name"), "Course"), chromedp.SendKeys(chromedp.CSS("#amount"), "80"),
		clicking(`document.querySelector("[name=view][value=preview]")`), until(`document.querySelector("[data-page-preview]").srcdoc.includes("€80.00")`), until(`!document.querySelector("#name").checkVisibility()`),
		chromedp.Click(chromedp.CSS(".form-foot button.button-primary")), ready(`document.querySelector("#ready")`), bodyHas("Show QR code"),
		until(`document.documentElement.scrollWidth <= innerWidth`))
	do(t, tab, "put the panel away", clicking(`document.querySelector("[data-ready-close]")`), until(`!document.querySelector("#ready") && document.activeElement.dataset.dialog == "share"`))
}

// All of it works where no script runs: sections unfold, the preview shows the form as it
// stands, a mistake opens its section, and Enter creates.
func TestALinkIsMadeWithoutScripts(t *testing.T) {
	t.Parallel()
	s := start(t, "--data", t.TempDir())
	tab := newBrowser(t)
	signIn(t, s, tab)
	do(t, tab, "fill the form", screen(1440, 900), scripts(false), chromedp.Navigate(s.URL+"/dashboard/"+handle+"/links/new"), bodyHas("Payment limit"),
		chromedp.SendKeys(chromedp.CSS("#name"), "Lesson"), chromedp.SendKeys(chromedp.CSS("#amount"), "25"),
		chromedp.Click(chromedp.CSS("#section-limit > summary")), until(`document.querySelector("#section-limit").open`),
		chromedp.Click(chromedp.CSS(`.radio-card:has([name=limit][value=multiple])`)), chromedp.WaitVisible(chromedp.CSS("#limit_max")), chromedp.SetValue(chromedp.CSS("#limit_max"), "1001"))
	do(t, tab, "be told of a mistake", chromedp.SendKeys(chromedp.CSS("#name"), kb.Enter), until(`document.querySelector("#limit_max-error")`), until(`document.querySelector("#section-limit").open && document.querySelector("#name").value == "Lesson"`))
	do(t, tab, "mend and create it", chromedp.SetValue(chromedp.CSS("#limit_max"), "12"), chromedp.SendKeys(chromedp.CSS("#name"), kb.Enter), until(`document.querySelector("#ready")`), bodyHas("Your link is ready"))
}
