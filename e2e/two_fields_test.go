package e2e

import (
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	. "smartlinks/e2e/site"
)

// A link is made by its two fields alone, with the keys of a desk and by touch on a phone,
// and then shared from the panel that shows it.
func TestALinkIsMadeByTwoFieldsAndShared(t *testing.T) {
	t.Parallel()
	s := start(t, "--data", t.TempDir())
	tab := NewBrowser(t)
	s.SignIn(t, tab)
	overview := chromedp.Navigate(s.URL + "/dashboard/" + Handle)
	Do(t, tab, "make it by keys", Screen(1440, 900), overview, Ready(`document.querySelector("#palette")`), Keys("n"), Ready(`document.activeElement.id == "name"`),
		Keys("Lesson", kb.Tab), TabTo("#amount"), Keys("25", kb.Enter), Ready(`document.querySelector("#ready")`), BodyHas("Your link is ready"))
	Do(t, tab, "find the focus on Copy", Until(`document.activeElement.dataset.copy.endsWith("/acme/lesson")`))
	Do(t, tab, "write a text", Clicking(`document.querySelector("#ready [data-dialog=share]")`), Until(`document.querySelector("#share[open]")`), TabTo("#share-text"), Control("a"), Keys("Come & learn."),
		Until(`[...document.querySelectorAll("#share [data-share-opens]")].some(a => a.href.startsWith("https://wa.me/?text=Come%20%26%20learn.%0A"))`),
		Keys(kb.Tab), Until(`document.activeElement.id != "share-text"`))
	Do(t, tab, "find it again, and the code for a site",
		overview, Ready(`document.querySelector("#palette")`), Keys("g", "l"), Ready(`document.querySelector("a.row-link")`), Clicking(`document.querySelector("a.row-link")`),
		Ready(`document.querySelector("#share-text")`), Until(`document.querySelector("#share-text").value == "Come & learn."`), Until(`!document.querySelector("#ready")`),
		Clicking(`document.querySelector("[data-dialog=share]")`), Clicking(`document.querySelector("#share [name=share-tab][value=site]")`),
		Until(`document.querySelector("#embed-button").checkVisibility() && !document.querySelector("#share-text").checkVisibility()`))
	Do(t, tab, "make another on a phone", Screen(390, 844), chromedp.Navigate(s.URL+"/dashboard/"+Handle+"/links/new"), Ready(`document.querySelector("#link-form")`),
		chromedp.SendKeys(chromedp.CSS("#name"), "Course"), chromedp.SendKeys(chromedp.CSS("#amount"), "80"),
		Clicking(`document.querySelector("[name=view][value=preview]")`), Until(`document.querySelector("[data-page-preview]").srcdoc.includes("€80.00")`), Until(`!document.querySelector("#name").checkVisibility()`),
		chromedp.Click(chromedp.CSS(".form-foot button.button-primary")), Ready(`document.querySelector("#ready")`), BodyHas("Show QR code"),
		Until(`document.documentElement.scrollWidth <= innerWidth`))
	Do(t, tab, "put the panel away", Clicking(`document.querySelector("[data-ready-close]")`), Until(`!document.querySelector("#ready") && document.activeElement.dataset.dialog == "share"`))
}

// To a customer who is known a link goes with five clicks from the list of links, and with
// three from the customer's page. The section of sending says what will be done.
func TestALinkIsMadeAndSentWithFewClicks(t *testing.T) {
	t.Parallel()
	s := start(t, "--data", t.TempDir())
	s.CreateLink(t, `{"name": "The first", `+FortyNine+`}`)
	who := Decode[IDJSON](t, s.API(t, "POST", "/customers", `{"name": "Amara Okafor", "email": "amara@example.com"}`)).ID
	tab := NewBrowser(t)
	s.SignIn(t, tab)
	board := s.URL + "/dashboard/" + Handle
	clicks := 0
	click := func(selector string) Step {
		clicks++
		return chromedp.Click(chromedp.CSS(selector))
	}
	says := func(words string) Step {
		return Until(`document.querySelector("[data-sum=send]").textContent == ` + Quote(words))
	}
	write := func(name string) []Step {
		return []Step{Ready(`document.activeElement.id == "name"`), Keys(name), click("#amount"), Keys("25")}
	}
	const button = ".form-bar span:nth-of-type(2) button.button-primary"
	Do(t, tab, "open the form", Screen(1440, 900), chromedp.Navigate(board+"/links"), Ready(`document.querySelector("#palette")`), click(`a[href$="/links/new"].button-primary`))
	Do(t, tab, "write it", write("Lesson")...)
	Do(t, tab, "choose to whom", click("#section-send > summary"), Until(`document.activeElement.id == "customer" && document.querySelector("#customer-list [role=option]")`), click("#customer-list [role=option]"),
		says("To 1 customer, by email, when you create the link"))
	Do(t, tab, "send it", click(button), Ready(`!document.querySelector("#link-form")`), BodyHas("Link sent"))
	if clicks != 5 {
		t.Errorf("from the list of links it takes %d clicks", clicks)
	}
	clicks = 0
	Do(t, tab, "open the form from the customer", chromedp.Navigate(board+"/customers/"+who), Ready(`document.querySelector("#palette")`), click(`a[href*="/links/new?customer="]`))
	Do(t, tab, "write another", write("Course")...)
	Do(t, tab, "send it too", says("To 1 customer, by email, when you create the link"), click(button), Ready(`!document.querySelector("#link-form")`), BodyHas("Link sent"))
	if clicks != 3 {
		t.Errorf("from the customer it takes %d clicks", clicks)
	}
}

// All of it works where no script runs: sections unfold, the preview shows the form as it
// stands, a mistake opens its section, and Enter creates.
func TestALinkIsMadeWithoutScripts(t *testing.T) {
	t.Parallel()
	s := start(t, "--data", t.TempDir())
	tab := NewBrowser(t)
	s.SignIn(t, tab)
	Do(t, tab, "fill the form", Screen(1440, 900), Scripts(false), chromedp.Navigate(s.URL+"/dashboard/"+Handle+"/links/new"), BodyHas("Payment limit"),
		chromedp.SendKeys(chromedp.CSS("#name"), "Lesson"), chromedp.SendKeys(chromedp.CSS("#amount"), "25"),
		chromedp.Click(chromedp.CSS("#section-limit > summary")), Until(`document.querySelector("#section-limit").open`),
		chromedp.Click(chromedp.CSS(`.radio-card:has([name=limit][value=multiple])`)), chromedp.WaitVisible(chromedp.CSS("#limit_max")), chromedp.SetValue(chromedp.CSS("#limit_max"), "1001"))
	Do(t, tab, "be told of a mistake", chromedp.SendKeys(chromedp.CSS("#name"), kb.Enter), Until(`document.querySelector("#limit_max-error")`), Until(`document.querySelector("#section-limit").open && document.querySelector("#name").value == "Lesson"`))
	Do(t, tab, "mend and create it", chromedp.SetValue(chromedp.CSS("#limit_max"), "12"), chromedp.SendKeys(chromedp.CSS("#name"), kb.Enter), Until(`document.querySelector("#ready")`), BodyHas("Your link is ready"))
}
