package e2e

import (
	"testing"

	"github.com/chromedp/chromedp"

	. "smartlinks/e2e/site"
)

// Two windows have one link open. Whoever saves second is told what would be
// lost, and can keep both changes.
func TestTwoEditorsOfOneLinkLoseNothing(t *testing.T) {
	t.Parallel()
	s := start(t, "--data", t.TempDir())
	l := s.CreateLink(t, `{"name": "Concert", `+FortyNine+`, "description": "Two evenings."}`)
	first := NewBrowser(t)
	s.SignIn(t, first)
	second := Fresh(t, first)
	s.SignIn(t, second)
	edit := chromedp.Navigate(s.URL + "/dashboard/" + Handle + "/links/" + l.ID + "/edit")
	Do(t, first, "open the form", edit, Ready(`document.querySelector("#link-form")`))
	Do(t, second, "open it too", edit, Ready(`document.querySelector("#link-form")`))
	Do(t, first, "change the price", chromedp.SetValue(chromedp.CSS("#amount"), "59.00"), chromedp.Submit(chromedp.CSS("#name")), Ready(`!document.querySelector("#link-form")`), BodyHas("€59.00"))
	Do(t, second, "change the name", chromedp.SetValue(chromedp.CSS("#name"), "Summer Concert"), chromedp.Submit(chromedp.CSS("#name")),
		Ready(`document.querySelector("#conflict")`), BodyHas("saved this link"), BodyHas("You did not change it"), BodyHas("59.00"),
		Until(`document.querySelector("#name").value == "Summer Concert" && document.querySelectorAll("#conflict li").length == 1`))
	Do(t, second, "keep both", Clicking(`document.querySelector("#conflict button[value=keep]")`), Ready(`!document.querySelector("#link-form")`), BodyHas("Summer Concert"), BodyHas("€59.00"))
}
