package messages_test

import (
	"bytes"
	"html"
	"image"
	"image/png"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/i18n"
	"smartlinks/internal/message"
	"smartlinks/internal/message/wording"
	"smartlinks/internal/web/dashboard/dashboardtest"
)

// order are the kinds of the blocks that a page shows.
func order(body string) (kinds []string) {
	for _, found := range regexp.MustCompile(`<li class="mail-block[^"]*" data-kind="([a-z]+)"`).FindAllStringSubmatch(body, -1) {
		kinds = append(kinds, found[1])
	}
	return kinds
}

// Without a script a mail is written by plain forms: blocks are added, moved, copied and
// removed by their buttons, what is typed stays, and faults stand at their block.
func TestAMailIsWrittenInBlocksWithoutAScript(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		b := s.Business(t, "acme", "marit@example.com")
		browser := s.SignedIn(t, "marit@example.com")
		at := "/dashboard/acme/settings/email/link"
		page := browser.Get(at)
		if got := order(page.Body); !slices.Equal(got, []string{"heading", "heading", "text", "text", "amount", "button"}) || !page.Has("Hi {first_name}, here is your payment link", `value="!first_name" selected`, `value="{link_url}" selected`) {
			t.Fatalf("our words are the blocks %v", got)
		}
		form := url.Values{"subject": {"Typed {nobody}"}, "block": {"0", "1", "2"},
			"b0_kind": {"heading"}, "b0_text": {"Typed heading"}, "b1_kind": {"text"}, "b1_text": {"Typed {custmer_name}"}, "b2_kind": {"button"}, "b2_text": {"Typed button"}, "b2_to": {"elsewhere"}, "b2_address": {"example.com/typed"}}
		with := func(act string) url.Values {
			form.Set("act", act)
			return form
		}
		for act, want := range map[string][]string{
			"block-add-divider": {"heading", "text", "button", "divider"}, "block-up-1": {"text", "heading", "button"}, "block-down-0": {"text", "heading", "button"},
			"block-remove-1": {"heading", "button"}, "block-copy-0": {"heading", "heading", "text", "button"}, "block-up-0": {"heading", "text", "button"}, "block-remove-99": {"heading", "text", "button"},
		} {
			got := browser.Post(at+"/blocks", with(act))
			if got.Status != http.StatusOK || !slices.Equal(order(got.Body), want) || !got.Has("Typed {nobody}", "Typed heading", "Typed button", "example.com/typed") {
				t.Errorf("%s: %d, %v", act, got.Status, order(got.Body))
			}
		}
		form.Del("act")
		got := browser.Post(at, form)
		if got.Status != http.StatusUnprocessableEntity || !got.Has("There is no field {nobody}.", `id="b1_error"`, "There is no field {custmer_name}.", `id="b2_error"`, "Choose where the button leads", "Typed heading") || got.Has(`id="b0_error"`) {
			t.Errorf("with faults: %d %s", got.Status, got.Said())
		}
		form.Set("subject", "Come {first_name}")
		form.Set("b1_text", "Pay {amount} by {link}")
		form.Set("b1_when", "first_name")
		form.Set("b2_address", "https://example.com/typed")
		if got := browser.Post(at, form); got.Status != http.StatusSeeOther {
			t.Fatalf("saving: %d %s", got.Status, got.Said())
		}
		stored, err := s.Messages.Template(t.Context(), b, message.KindLink)
		if err != nil || stored.Subject != "Come {{first_name}}" || stored.Body != "# Typed heading\n\n{{if first_name}}\nPay {{amount}} by {{link_url}}\n{{end}}\n\n[Typed button](https://example.com/typed)" {
			t.Errorf("stored is %+v, %v", stored, err)
		}
		if again := browser.Get(at); !slices.Equal(order(again.Body), []string{"heading", "text", "button"}) || !again.Has("Pay {amount} by {link_url}", `value="first_name" selected`, "https://example.com/typed") {
			t.Errorf("it reads as %v", order(again.Body))
		}
	})
}

// What was written before there were blocks stays as it was, whatever it says.
func TestATemplateThatBlocksCantSayStaysWhole(t *testing.T) {
	d := dbtest.SQLite(t)
	s := dashboardtest.New(t, d)
	b := s.Business(t, "acme", "marit@example.com")
	browser := s.SignedIn(t, "marit@example.com")
	old := message.Template{Kind: message.KindReceipt, Subject: "Paid{{if reference}} {{reference}}{{end}}", Body: "# Hi\n\n{{if reference}}{{if customer_name}}a{{end}}{{end}} {amount}\n\n{{summary}}"}
	if _, err := s.Messages.SaveTemplate(t.Context(), b.ID, old); err != nil {
		t.Fatal(err)
	}
	at := "/dashboard/acme/settings/email/receipt"
	page := browser.Get(at)
	if got := order(page.Body); !slices.Equal(got, []string{"heading", "own", "amount"}) || !page.Has("Paid{{if reference}} {{reference}}{{end}}", "{{if reference}}{{if customer_name}}a{{end}}{{end}} {amount}", `name="as_stored" value="on"`) {
		t.Fatalf("it is shown as %v", got)
	}
	// Sent back as it is shown it makes the same mail.
	form := url.Values{"subject": {old.Subject}, "as_stored": {"on"}, "block": {"0", "1", "2"}, "b0_kind": {"heading"}, "b0_text": {"Hi"}, "b1_kind": {"own"}, "b1_text": {"{{if reference}}{{if customer_name}}a{{end}}{{end}} {amount}"}, "b2_kind": {"amount"}}
	for _, field := range []string{"version", "opened"} {
		form.Set(field, regexp.MustCompile(`name="` + field + `" value="([^"]*)"`).FindStringSubmatch(page.Body)[1])
	}
	if got := browser.Post(at, form); got.Status != http.StatusSeeOther {
		t.Fatalf("saving: %d %s", got.Status, got.Said())
	}
	if stored, err := s.Messages.Template(t.Context(), b, message.KindReceipt); err != nil || stored.Body != old.Body || stored.Subject != old.Subject {
		t.Errorf("stored is %+v, %v", stored, err)
	}
	form.Set("b1_text", "fine\n{{if reference}}")
	if got := browser.Post(at+"/preview", form); !got.Has("Line 2: this {{if}} has no {{end}}.") {
		t.Errorf("the preview of a fault says %s", got.Said())
	}
}

// Two windows that write one mail meet: whoever saves second reads both versions as the
// editor shows them, and its preview is not the other window's.
func TestTwoWindowsOfOneMailAreComparedInWords(t *testing.T) {
	d := dbtest.SQLite(t)
	s := dashboardtest.New(t, d)
	s.Business(t, "acme", "marit@example.com")
	browser := s.SignedIn(t, "marit@example.com")
	at := "/dashboard/acme/settings/email/receipt"
	page := browser.Get(at)
	if !page.Has(`src="` + at + `/preview?scheme=light"`) {
		t.Error("the preview of a mail as it is saved is not in its frame")
	}
	form := url.Values{"subject": {"Paid {amount}"}, "block": {"0", "1", "2"}, "b0_kind": {"heading"}, "b0_text": {"Hi {customer_name}"}, "b0_when": {"customer_name"},
		"b1_kind": {"button"}, "b1_text": {"See it"}, "b1_to": {"{receipt_url}"}, "b2_kind": {"amount"}}
	for _, field := range []string{"version", "opened"} {
		form.Set(field, regexp.MustCompile(`name="` + field + `" value="([^"]*)"`).FindStringSubmatch(page.Body)[1])
	}
	if got := browser.Post(at, form); got.Status != http.StatusSeeOther {
		t.Fatalf("the first window: %d %s", got.Status, got.Said())
	}
	form.Set("subject", "Mine {amount}")
	form.Set("b0_text", "Mine for {customer_name}")
	got := browser.Post(at, form)
	box := got.Body[strings.Index(got.Body, `id="conflict"`):]
	box = html.UnescapeString(box[:strings.Index(box, "</section>")])
	for _, want := range []string{"Paid [Amount]", "Mine [Amount]", "Heading: Hi [Customer’s name] (Shown with: Customer’s name)", "Heading: Mine for [Customer’s name]"} {
		if !strings.Contains(box, want) {
			t.Errorf("the box lacks %q: %s", want, box)
		}
	}
	if got.Status != http.StatusConflict || strings.Contains(box, "{") || got.Has(`src="`+at+`/preview`) || !got.Has("data-mail-typed", "Choose one of these to see what you typed.") {
		t.Errorf("the second window: %d, %s", got.Status, box)
	}
	// Two pictures that read the same are told apart by what is stored.
	form = url.Values{"subject": {"Hi"}, "block": {"0"}, "b0_kind": {"picture"}, "b0_text": {"A cup"}, "b0_picture": {"img_01jzzzzzzzzzzzzzzzzzzzzzzz/600x400"}, "version": {"9"}, "opened": {"a.b"}}
	form.Set("version", regexp.MustCompile(`name="version" value="([^"]*)"`).FindStringSubmatch(got.Body)[1])
	if saved := browser.Post(at, form); saved.Status != http.StatusSeeOther {
		t.Fatalf("saving a picture: %d %s", saved.Status, saved.Said())
	}
	form.Set("b0_picture", "img_01jzzzzzzzzzzzzzzzzzzzzzzy/600x400")
	if got := browser.Post(at, form); !got.Has("{{picture img_01jzzzzzzzzzzzzzzzzzzzzzzy/600x400 A cup}}", "{{picture img_01jzzzzzzzzzzzzzzzzzzzzzzz/600x400 A cup}}") {
		t.Errorf("another picture: %d %s", got.Status, got.Said())
	}
}

// Bold words and links stand within a text; what a value says marks nothing, and the text
// version has the addresses.
func TestWordsOfAMailAreBoldAndLead(t *testing.T) {
	d := dbtest.SQLite(t)
	s := dashboardtest.New(t, d)
	s.Business(t, "acme", "marit@example.com")
	browser := s.SignedIn(t, "marit@example.com")
	at := "/dashboard/acme/settings/email/receipt"
	if page := browser.Get(at); !page.Has("Within the words:", "**bold**, [words](https://example.com)", `data-mail-mark="bold"`, `data-mail-mark="link"`) {
		t.Error("the editor does not say how words are bold")
	}
	form := url.Values{"subject": {"Hi"}, "block": {"0"}, "b0_kind": {"text"}, "b0_text": {"Keep **<i>{amount}</i>** & [your **receipt**]({receipt_url}).\n[All](https://example.com/a?b=1&c=2) of **it"}}
	if got := browser.Post(at+"/preview", form); !got.Has(`<strong class="ink" style="color:#151823;font-weight:600">&lt;i&gt;`, `&lt;/i&gt;</strong> &amp; <a tabindex="-1" class="link" href="http`, `">your </a><a`, `style="font-weight:600">receipt</strong></a>.<br><a`, `href="https://example.com/a?b=1&amp;c=2"`, " of **it") {
		t.Errorf("the mail is %s", got.Body[strings.Index(got.Body, "<p "):])
	}
	if got := browser.Post(at+"/preview?as=text", form); !got.Has("/i&gt; &amp; your receipt (http", "All (https://example.com/a?b=1&amp;c=2) of **it") || got.Has("**&lt;") {
		t.Errorf("as text it is %s", got.Said())
	}
	if got := browser.Post(at, form); got.Status != http.StatusSeeOther {
		t.Fatalf("saving: %d %s", got.Status, got.Said())
	}
	if again := browser.Get(at); !slices.Equal(order(again.Body), []string{"text"}) || !again.Has("[your **receipt**]({receipt_url})") {
		t.Errorf("it reads as %v", order(again.Body))
	}
}

// A picture is kept when it arrives with the form, and the mail shows it.
func TestAMailShowsAPicture(t *testing.T) {
	d := dbtest.SQLite(t)
	s := dashboardtest.New(t, d)
	s.Business(t, "acme", "marit@example.com")
	browser := s.SignedIn(t, "marit@example.com")
	at := "/dashboard/acme/settings/email/receipt"
	form := url.Values{"subject": {"Hi"}, "block": {"0", "1"}, "b1_kind": {"divider"}, "b0_kind": {"picture"}, "b0_text": {"A cup"}, "b0_picture": {"img_01jzzzzzzzzzzzzzzzzzzzzzzz/600x400"}}
	light, dark := browser.Post(at+"/preview?scheme=light", form), browser.Post(at+"/preview?scheme=dark", form)
	if !light.Has(`width="464" height="309" alt="A cup"`, "@media not all {") || !dark.Has("@media all {", `content="dark"`) || dark.Has("prefers-color-scheme: dark") {
		t.Errorf("the previews are %d and %d", light.Status, dark.Status)
	}
	fields := map[string]string{"subject": "Typed", "block": "0", "b0_kind": "picture", "b0_text": "A cup", "act": "block-show"}
	kept := regexp.MustCompile(`name="b0_picture" value="(img_[0-9a-z]+)/928x464"`).FindStringSubmatch(browser.UploadAs("b0_file", at+"/blocks", fields, pictureOf(t, 1856, 928)).Body)
	if kept == nil || browser.Get("/dashboard/acme/images/"+kept[1]).Status != http.StatusOK {
		t.Errorf("the picture is kept as %v", kept)
	}
	if got := browser.UploadAs("b0_file", at, fields, []byte("no picture")); got.Status != http.StatusUnprocessableEntity || !got.Has(`id="b0_error"`, "Typed") {
		t.Errorf("a file that is none: %d", got.Status)
	}
	if text := browser.Post(at+"/preview?as=text", form); !light.Has(`<hr class="line"`) || !text.Has("[A cup]\n\n* * *\n\n-- ") {
		t.Errorf("as text it says %s", text.Body)
	}
	form.Set("b0_text", "")
	form.Set("b0_picture", "../../x")
	if got := browser.Post(at, form); got.Status != http.StatusUnprocessableEntity || !got.Has(`id="b0_error"`) {
		t.Errorf("a picture of nobody's: %d", got.Status)
	}
}

// pictureOf is a PNG.
func pictureOf(t *testing.T, width, height int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, width, height))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// Every fault of a block reads in the member's language.
func TestFaultsOfBlocksAreTranslated(t *testing.T) {
	names := append(message.Variables(message.KindReceipt), wording.Divider, wording.Picture)
	for _, part := range []wording.Part{
		{Text: "{nobody}"}, {Text: "{{{amount}}"}, {Kind: wording.Heading}, {Kind: wording.Button}, {Kind: wording.Button, Text: "Go"}, {Kind: wording.Image}, {Kind: wording.Image, Picture: "img_1/1x1"},
		{Kind: wording.Image, Picture: "img_1/1x1", Text: "{"}, {Kind: wording.Own, Text: "{{"}, {Kind: wording.Own, Text: "{{}}"}, {Kind: wording.Own, Text: "{{nobody}}"}, {Kind: wording.Own, Text: "{{if summary}}"},
		{Kind: wording.Own, Text: strings.Repeat("{{if amount}}", 9)}, {Kind: wording.Own, Text: "{{else}}"}, {Kind: wording.Own, Text: "{{end}}"}, {Kind: wording.Own, Text: "{{if amount}}{{else}}{{else}}"},
		{Kind: wording.Own, Text: "{{if amount}}"}, {Kind: wording.Own, Text: "a {{summary}}"}, {Kind: wording.Own, Text: "[](https://example.com)"}, {Kind: wording.Own, Text: "[a](b)"},
	} {
		_, faults := wording.Join([]wording.Part{part}, names)
		if len(faults) != 1 {
			t.Errorf("%+v has no fault", part)
			continue
		}
		english := faults[0].Error()
		for _, language := range i18n.Codes()[1:] {
			if said := i18n.TranslatorFor(language).Sentence(english); said == english {
				t.Errorf("%s: %q is not translated", language, english)
			}
		}
	}
}
