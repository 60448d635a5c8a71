package layout_test

import (
	"strings"
	"testing"

	"smartlinks/internal/message/layout"
	"smartlinks/internal/message/wording"
)

// arabic are the words of a mail that is read from right to left.
type arabic struct{}

func (arabic) T(key string, _ ...string) string { return key }
func (arabic) Lang() string                     { return "ar" }
func (arabic) Dir() string                      { return "rtl" }

// What is ours follows the language of the mail, whosever name comes first in it; what is
// given keeps the order of its own letters, and begins where all else does.
func TestAMailFollowsItsLanguage(t *testing.T) {
	words, err := wording.Parse("# {{name}} دفع\n\n{{name}} paid\n\n{{summary}}", []string{"name", "summary"})
	if err != nil {
		t.Fatal(err)
	}
	p := layout.Page{
		Words: arabic{}, Name: "Studio Noord", Subject: "s", Blocks: words.Blocks(map[string]string{"name": "Amara"}),
		Card: &layout.Card{Title: "Photography Workshop", Amount: "89.00 €", Note: "ثلاثة", Rows: []layout.Row{{Label: "المرجع", Value: "INV-7", Figure: true}}},
		Foot: []layout.FootLine{{Text: "Studio Noord. أُرسلت"}, {Text: "Prinsengracht 1", Given: true}},
	}
	html, err := p.HTML(layout.New())
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		`padding-right:12px;color:#151823;font-size:16px;font-weight:600;line-height:1.3"><bdi>Studio Noord</bdi>`,
		`<h1 class="ink" dir="rtl"`, `<p class="soft" dir="ltr"`,
		`dir="auto" style="margin:0;text-align:right;`, `padding-left:12px`, `text-align:left;overflow-wrap:anywhere"><bdi dir="ltr">`,
		"<span>Studio Noord. أُرسلت</span>", `<span dir="auto">Prinsengracht 1</span>`,
	} {
		if !strings.Contains(html, want) {
			t.Errorf("the mail lacks %s", want)
		}
	}
	if t.Failed() {
		t.Log(html)
	}
}
