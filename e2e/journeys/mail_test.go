package journeys

import (
	"bytes"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	. "smartlinks/e2e/site"
)

// shownMail is the text of the preview.
const shownMail = `document.querySelector("[data-mail-frame] iframe:not(.mail-frame-coming)").contentDocument.body.innerText`

// A merchant writes the receipt in their own words by keys alone, looks at it narrow and
// dark, tries and saves it; a payer gets it. Then they change it where no script runs.
func TestAReceiptIsWrittenByKeysAndReachesThePayer(t *testing.T) {
	t.Parallel()
	s := Start(t, "--data", t.TempDir())
	l := s.CreateLink(t, `{"name": "Concert", `+FortyNine+`, "path": "concert"}`)
	merchant := Fresh(t, browser)
	Do(t, merchant, "let axe in", WithoutPolicy())
	s.SignIn(t, merchant)
	editor := dashboard(s, "/settings/email/receipt")
	shows := func(words string) Step { return Until(shownMail + `.includes(` + Quote(words) + `)`) }
	open := Until(`document.querySelector("#mail-fields:popover-open")?.contains(document.activeElement)`)

	Do(t, merchant, "change the heading", chromedp.Navigate(editor), Ready(`document.querySelector("#b0_text-words")`), shows("Thank you"),
		TabTo("#b0_text-words"), Control("a"), Keys("See you soon at "), TabTo("[data-mail-field-for=b0_text]"), Keys(kb.Enter), open, Keys("business", kb.Enter),
		Until(`document.querySelector("#b0_text").value == "See you soon at {business_name}" && document.querySelector("#b0_text-words .mail-chip").textContent == "Business"`),
		TabTo("[name=b0_when]"), Keys(kb.Home), Until(`document.querySelector("[name=b0_when]").value == ""`), shows("See you soon at Acme Events"))
	Do(t, merchant, "add a text with a field, by its brace", TabTo("#block-add-text"), Keys(kb.Enter), Until(`document.activeElement.id == "b5_text-words"`), Keys("Doors open at seven. Bring {"), open, Keys("amount", kb.Enter),
		Until(`document.querySelector("#b5_text").value == "Doors open at seven. Bring {amount}"`), Keys(" and a coat."), shows("Bring €89.00 and a coat."))
	Do(t, merchant, "make the coat bold, by keys, and lead somewhere", ShiftKey(kb.ArrowLeft), ShiftKey(kb.ArrowLeft), ShiftKey(kb.ArrowLeft), ShiftKey(kb.ArrowLeft), ShiftKey(kb.ArrowLeft), Control("b"), Until(`document.querySelector("#b5_text").value.endsWith("and a **coat.**")`),
		TabTo(`[data-mail-mark=link][data-mail-mark-in=b5_text]`), Keys(kb.Enter), Keys("the hall"), Until(`document.querySelector("#b5_text").value.endsWith("**coat.**[the hall](https://)")`))
	Do(t, merchant, "add a picture", TabTo("#block-add-picture"), Keys(kb.Enter), Until(`document.activeElement.id == "b6_file"`), chromedp.SetUploadFiles(chromedp.CSS("#b6_file"), []string{picture(t)}),
		Until(`document.querySelector("img.mail-picture")?.naturalWidth == 60`), TabTo("#b6_text"), Keys("The hall"), Until(shownMail+` && document.querySelector("[data-mail-frame] iframe").contentDocument.querySelector('img[alt="The hall"]')`))
	Do(t, merchant, "look at it narrow and dark", TabTo("[name=mail_width]"), Keys(kb.ArrowRight), Until(`Math.round(document.querySelector("[data-mail-frame] iframe").getBoundingClientRect().width) == 320`),
		TabTo(`[data-mail-view="scheme=dark"]`), Keys(kb.Enter), Until(`getComputedStyle(document.querySelector("[data-mail-frame] iframe:not(.mail-frame-coming)").contentDocument.body).colorScheme.includes("dark") || document.querySelector("[data-mail-frame] iframe").contentDocument.querySelector('meta[content="dark"]')`),
		shows("See you soon at Acme Events"))
	CheckAxe(t, merchant)
	Do(t, merchant, "send a test, and find all that was typed", TabTo(`button[formaction$="/test"]`), Keys(kb.Enter), BodyHas("A test is on its way to "+OwnerEmail), Ready(`document.querySelector("#b6_text")?.value == "The hall"`),
		Until(`document.querySelector("#b5_text").value == "Doors open at seven. Bring {amount} and a **coat.**[the hall](https://)"`), BodyHas("Not saved yet"), shows("See you soon at Acme Events"))
	expectMail(t, awaitMail(t, s, OwnerEmail, ""), "See you soon at Acme Events", "Doors open at seven.", "The hall")
	Do(t, merchant, "save it", TabTo(".page-head .button-primary, .button-primary[form=template]"), Keys(kb.Enter), BodyHas("is saved"), Ready(`!document.querySelector("[data-mail-unsaved]").checkVisibility()`))
	AwaitStatus(t, s.PayAs(t, s.URL, l.Path, "paid", ""), "paid")
	expectMail(t, awaitMail(t, s, "sanne@example.com", ""), "See you soon at Acme Events", "Doors open at seven. Bring €49.00 and a coat.", "The hall")

	Do(t, merchant, "change it without scripts", Scripts(false), chromedp.Navigate(editor), chromedp.SetValue(chromedp.CSS("#b0_text"), "Welcome to {business_name}"), clickOn("#block-add-divider"), Until(`document.querySelector("[data-kind=divider]") && document.querySelector("#b0_text").value == "Welcome to {business_name}"`),
		clickOn(".button-primary[form=template]"), BodyHas("is saved"), Until(`document.querySelector("[data-kind=divider]")`))
	Do(t, merchant, "type behind a field that stands alone", Scripts(true), chromedp.Navigate(dashboard(s, "/settings/email/link")), Ready(`document.querySelector("#b2_text-words")`),
		clickOn("#b2_text-words"), Keys("!"), Until(`document.querySelector("#b2_text").value == "{message}!"`), Keys(kb.Backspace), Until(`document.querySelector("#b2_text").value == "{message}"`))
	other := Payer("jonas@example.com")
	AwaitStatus(t, Decide(t, Post(t, l.URL, other).Header.Get("Location"), "paid", ""), "paid")
	expectMail(t, awaitMail(t, s, "jonas@example.com", ""), "Welcome to Acme Events", "Doors open at seven.")
}

// expectMail wants the words in a mail.
func expectMail(t *testing.T, m MailJSON, words ...string) {
	t.Helper()
	for _, w := range words {
		if !strings.Contains(m.Text, w) {
			t.Errorf("the mail %q to %s lacks %q:\n%s", m.Subject, m.To, w, m.Text)
		}
	}
}

// picture is a file with a small picture.
func picture(t *testing.T) string {
	t.Helper()
	var b bytes.Buffer
	err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 60, 40)))
	name := filepath.Join(t.TempDir(), "hall.png")
	if err == nil {
		err = os.WriteFile(name, b.Bytes(), 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	return name
}
