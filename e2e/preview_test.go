package e2e

import (
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	. "smartlinks/e2e/site"
)

// Who writes a link sees beside it what payers and customers will see.
func TestALinkIsPreviewedWhileItIsWritten(t *testing.T) {
	s := start(t, "--data", t.TempDir())
	tab := NewBrowser(t)
	s.SignIn(t, tab)
	const watch = `void (() => {
		window.asked = []; window.drawn = 0;
		addEventListener("submit", e => asked.push(e.submitter?.dataset.previewWay));
		document.querySelector("iframe[name=message]").addEventListener("load", () => drawn++);
	})()`
	drew := func(ways string) Step {
		return Until(`asked.join() == "` + ways + `" && drawn == asked.length`)
	}
	shows := func(what string) Step {
		return Until(`document.querySelector("[name=shown]:checked").value == "` + what + `" && document.querySelector("iframe[name=message]").checkVisibility() == ` + map[bool]string{true: "false", false: "true"}[what == "page"])
	}
	Do(t, tab, "write a name and a limit", Screen(1440, 900), chromedp.Navigate(s.URL+"/dashboard/"+Handle+"/links/new"), Until(`document.readyState == "complete"`),
		Ignoring(chromedp.Evaluate[chromedp.Void](watch)),
		chromedp.SendKeys(chromedp.CSS("#name"), "Darkroom"), Clicking(`document.querySelector("[name=limit][value=multiple]")`),
		shows("page"), Until(`(page => page.includes("Darkroom") && page.includes("10 payments remaining"))(document.querySelector("[data-page-preview]").srcdoc)`),
	)
	Do(t, tab, "choose the message by keyboard",
		Ignoring(chromedp.Evaluate[chromedp.Void](`void document.querySelector("[name=shown]:checked").focus()`)),
		chromedp.KeyEvent(kb.ArrowRight), shows("email"), drew("email"),
	)
	Do(t, tab, "see it follow the form", chromedp.SendKeys(chromedp.CSS("#name"), " weekend"), drew("email,email"))
	Do(t, tab, "look at the SMS and at the page again", Clicking(`document.querySelector("[name=shown][value=sms]")`), shows("sms"), drew("email,email,sms"),
		Clicking(`document.querySelector("[name=shown][value=page]")`), shows("page"), Until(`location.pathname.endsWith("/links/new")`),
	)
}
