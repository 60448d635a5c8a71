package e2e

import (
	"testing"

	"github.com/chromedp/chromedp"
)

// Two windows have one link open. Whoever saves second is told what would be
// lost, and can keep both changes.
func TestTwoEditorsOfOneLinkLoseNothing(t *testing.T) {
	t.Parallel()
	s := start(t, "--data", t.TempDir())
	l := s.createLink(t, `{"name": "Concert", `+fortyNine+`, "description": "Two evenings."}`)
	first := newBrowser(t)
	signIn(t, s, first)
	second := fresh(t, first)
	signIn(t, s, second)
	edit := chromedp.Navigate(s.URL + "/dashboard/" + handle + "/links/" + l.ID + "/edit")
	do(t, first, "open the form", edit, ready(`document.querySelector("#link-form")`))
	do(t, second, "open it too", edit, ready(`document.querySelector("#link-form")`))
	do(t, first, "change the price", chromedp.SetValue(chromedp.CSS("#amount"), "59.00"), chromedp.Submit(chromedp.CSS("#name")), ready(`!document.querySelector("#link-form")`), bodyHas("€59.00"))
	do(t, second, "change the name", chromedp.SetValue(chromedp.CSS("#name"), "Summer Concert"), chromedp.Submit(chromedp.CSS("#name")),
		ready(`document.querySelector("#conflict")`), bodyHas("saved this link"), bodyHas("You did not change it"), bodyHas("59.00"),
		until(`document.querySelector("#name").value == "Summer Concert" && document.querySelectorAll("#conflict li").length == 1`))
	do(t, second, "keep both", clicking(`document.querySelector("#conflict button[value=keep]")`), ready(`!document.querySelector("#link-form")`), bodyHas("Summer Concert"), bodyHas("€59.00"))
}
