package e2e

import (
	"context"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/input"
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
	Do(t, tab, "pass by the page with Tab, of which nothing is there for it or for screen readers", TabTo("#link-form button.button-primary"), Until(`document.querySelector("[data-page-preview]").contentDocument.body.inert`),
		Ignoring(chromedp.Evaluate[chromedp.Void](`void document.querySelector("[data-page-preview]").contentDocument.documentElement.scrollTo(0, 0)`)),
		wheelOver("[data-page-preview]"), Until(`document.querySelector("[data-page-preview]").contentWindow.scrollY > 0`))
	Do(t, tab, "pass by the letter", Clicking(`document.querySelector("[name=shown][value=email]")`), Until(`asked.at(-1) == "email" && drawn == asked.length`), TabTo("#link-form button.button-primary"))

	l := s.CreateLink(t, `{"name": "Lesson", `+FortyNine+`}`)
	Do(t, tab, "look at the letter of a link that is sent, and pass by it too", chromedp.Navigate(s.URL+"/dashboard/"+Handle+"/links/"+l.ID+"/send"), Ready(`document.querySelector("[data-letter]")`),
		Clicking(`document.querySelector("[data-letter] > summary")`), Ignoring(chromedp.Evaluate[chromedp.Void](`void (() => { window.came = 0; document.querySelector("iframe[name=letter]").addEventListener("load", () => came++); })()`)),
		Clicking(`document.querySelector('[data-letter] [formaction$="as=email"]')`), Until(`window.came > 0`), TabTo("main .button-primary"))
}

// wheelOver turns the wheel of the mouse over an element.
func wheelOver(selector string) Step {
	return chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		at, err := chromedp.Evaluate[[]float64](`(b => [b.x + b.width / 2, b.y + b.height / 2])(document.querySelector(`+Quote(selector)+`).getBoundingClientRect())`)(ctx, tab)
		if err != nil {
			return err
		}
		_, err = cdp.Call(ctx, tab, input.DispatchMouseEvent, input.DispatchMouseEventParams{Type: input.DispatchMouseEventTypeMouseWheel, X: at[0], Y: at[1], DeltaX: 1, DeltaY: 200})
		return err
	})
}
