package journeys

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	. "smartlinks/e2e/site"
)

// A merchant writes what a product asks, makes mistakes, and loses nothing of what was typed.
// A link of the product asks the same but for what it says itself, and a payer answers.
// Forms and payments are the same on both databases.
func TestAProductAsksAndItsLinkHasTheLastWord(t *testing.T) {
	t.Parallel()
	s := Start(t, "--data", t.TempDir())
	merchant := Fresh(t, browser)
	s.SignIn(t, merchant)
	tooLong := strings.Repeat("long ", 20)
	question := func(i int, label string, more ...Step) Step {
		id := fmt.Sprintf("#q%d_", i)
		return together(append([]Step{clickOn("#question-add"), chromedp.WaitVisible(chromedp.CSS(id + "label")), write(id+"label", label)}, more...)...)
	}
	key := func(i int, name string) Step {
		return together(clickOn(fmt.Sprintf(".question-key:has(#q%d_key) > summary", i)), write(fmt.Sprintf("#q%d_key", i), name))
	}
	kept := Until(`["#name:T-shirt", "#price:25", "#quantity_max:5", "#tip_percent:5, 10", "#q0_label:Size", "#q1_label:Name on it"].every(t => document.querySelector(t.split(":")[0]).value.startsWith(t.split(":")[1]))`)
	save := clickOn(".page-bar .button-primary, header .button-primary, form .button-primary")

	Do(t, merchant, "write a product", chromedp.Navigate(dashboard(s, "/products/new")), Ready(`document.querySelector("#section-asked")`), write("#name", "T-shirt"), write("#price", "25"),
		clickOn("#section-quantity > summary"), write("#quantity_max", "5"), clickOn("#section-extras > summary"), write("#tip_percent", "5, 10"), clickOn("#section-asked > summary"))
	Do(t, merchant, "ask two questions by one key, with a choice that is too long", question(0, "Size", chromedp.SetValue(chromedp.CSS("#q0_type"), "choice"), chromedp.SetValue(chromedp.CSS("#q0_options"), "S\n"+tooLong), key(0, "size"), clickOn(`label:has(#q0_required)`)),
		question(1, "Name on it", key(1, "size")), save)
	Do(t, merchant, "be told at each field", Ready(`["q0_options-error", "q1_key-error"].every(id => document.getElementById(id)?.checkVisibility())`), kept, Until(`document.querySelector("#q0_options").value.startsWith("S\nlong") && document.querySelector("#q1_key").value == "size"`))
	Do(t, merchant, "mend it", chromedp.SetValue(chromedp.CSS("#q0_options"), "S\nM\nL"), chromedp.SetValue(chromedp.CSS("#q1_key"), "print"), save, Ready(`!document.querySelector("#section-asked")`), BodyHas("Product created: T-shirt"))

	var more strings.Builder
	for i := 2; i < 10; i++ {
		fmt.Fprintf(&more, `, {"key": "more_%d", "label": "More %d", "type": "text"}`, i, i)
	}
	ExpectStatus(t, "ask as much as can be asked", s.API(t, "PATCH", "/products/"+s.First(t, "/products"), `{"questions": [{"key": "size", "label": "Size", "type": "choice", "required": true, "options": ["S", "M", "L"]},
		{"key": "print", "label": "Name on it", "type": "text"}`+more.String()+`]}`), http.StatusOK)
	Do(t, merchant, "open it again", clickOn("a.row-link"), Ready(`document.querySelector("#section-asked").open`), kept)
	Do(t, merchant, "be offered no eleventh, and told when a page that is old sends one", BodyHas("These are as many as payers can be asked."), Until(`!document.querySelector("#question-add")`),
		Ignoring(chromedp.Evaluate[chromedp.Void](`void document.querySelector(".questions").insertAdjacentHTML("beforeend", '<input type="hidden" name="question" value="10"><input type="hidden" name="q10_type" value="text"><input type="hidden" name="q10_label" value="Eleventh">')`)),
		save, Ready(`document.querySelector("#questions-error")`), kept, Until(`document.querySelector("#q9_label").value == "More 9" && document.querySelector("#q10_label").value == "Eleventh"`))

	Do(t, merchant, "make a link of it that sells two at most", chromedp.Navigate(dashboard(s, "/links/new")), Ready(`document.querySelector("#link-form")`), Clicking(`document.querySelector("[name=type][value=product]")`), write("#name", "Club shirts"),
		write("#product", "shirt"), Until(`document.querySelector("#product-pop [role=option]")`), clickOn("#product-pop [role=option]"), Until(`document.querySelector("select[name=product]").value.startsWith("prd_")`),
		Unfolding("quantity"), write("#quantity_max", "2"), chromedp.Submit(chromedp.CSS("#name")), Ready(`document.querySelector("#ready")`))
	at := Read(t, merchant, "read the link's address", chromedp.Evaluate[string](`document.querySelector("#ready [data-copy]").dataset.copy`))

	payer := Fresh(t, browser)
	Do(t, payer, "be asked what the product asks", Screen(390, 844), chromedp.Navigate(at), Ready(`document.querySelector("#form")`), BodyHas("Size"), BodyHas("Name on it"), BodyHas("€25.00"),
		write("#name", "Jonas"), write("#email", "jonas@example.com"), write("#print", "JONAS"), chromedp.SetValue(chromedp.CSS("#quantity"), "3"), clickOn(".pay-button"))
	Do(t, payer, "be told that the link sells two", Ready(`document.querySelector("#quantity-error") && document.querySelector("#size-error")`), Until(`document.querySelector("#print").value == "JONAS"`), fits)
	Do(t, payer, "pay two", chromedp.SetValue(chromedp.CSS("#quantity"), "2"), clickOn(`label:has([name=size][value="M"])`), clickOn(`label:has([name=tip][value="10"])`), clickOn(".pay-button"), Ready(`document.querySelector("[name=total]").value == "55.00"`),
		clickOn(".pay-button"), clickOn("button[name=outcome][value=paid]"), Ready(`location.pathname.startsWith("/pay/")`), BodyHas("Thank you, Jonas"))
	p := s.API(t, "GET", "/payments/"+paymentOf(Read(t, payer, "read where it ended", chromedp.Location())), "")
	for _, words := range []string{`"status":"paid"`, `"quantity":2`, `"amount":{"value":"55.00"`, `"tip":{"value":"5.00"`, `"size":"M"`, `"print":"JONAS"`} {
		if !strings.Contains(p.Body, words) {
			t.Errorf("the payment lacks %s: %s", words, p.Body)
		}
	}
}
