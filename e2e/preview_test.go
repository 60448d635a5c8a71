package e2e

import (
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// Who writes a link sees beside it what payers and customers will see.
func TestALinkIsPreviewedWhileItIsWritten(t *testing.T) {
	s := start(t, "--data", t.TempDir())
	tab := newBrowser(t)
	signIn(t, s, tab)
	const watch = `void (() => {
		window.asked = []; window.drawn = 0;
		addEventListener("submit", e => asked.push(e.submitter?.dataset.previewWay));
		document.querySelector("iframe[name=message]").addEventListener("load", () => drawn++);
	})()`
	drew := func(ways string) step {
		return until(`asked.join() == "` + ways + `" && drawn == asked.length`)
	}
	shows := func(what string) step {
		return until(`document.querySelector("[name=shown]:checked").value == "` + what + `" && document.querySelector("iframe[name=message]").checkVisibility() == ` + map[bool]string{true: "false", false: "true"}[what == "page"])
	}
	do(t, tab, "write a name and a limit", screen(1440, 900), chromedp.Navigate(s.URL+"/dashboard/"+handle+"/links/new"), until(`document.readyState == "complete"`),
		ignoring(chromedp.Evaluate[chromedp.Void](watch)),
		chromedp.SendKeys(chromedp.CSS("#name"), "Darkroom"), clicking(`document.querySelector("[name=limit][value=multiple]")`),
		shows("page"), until(`(page => page.includes("Darkroom") && page.includes("10 payments remaining"))(document.querySelector("[data-page-preview]").srcdoc)`),
	)
	do(t, tab, "choose the message by keyboard",
		ignoring(chromedp.Evaluate[chromedp.Void](`void document.querySelector("[name=shown]:checked").focus()`)),
		chromedp.KeyEvent(kb.ArrowRight), shows("email"), drew("email"),
	)
	do(t, tab, "see it follow the form", chromedp.SendKeys(chromedp.CSS("#name"), " weekend"), drew("email,email"))
	do(t, tab, "look at the SMS and at the page again", clicking(`document.querySelector("[name=shown][value=sms]")`), shows("sms"), drew("email,email,sms"),
		clicking(`document.querySelector("[name=shown][value=page]")`), shows("page"), until(`location.pathname.endsWith("/links/new")`),
	)
}
