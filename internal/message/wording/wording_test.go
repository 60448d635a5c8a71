package wording

import (
	"errors"
	"slices"
	"strings"
	"testing"
)

var names = []string{"customer_name", "amount", "receipt_url", Summary}

func TestTemplatesAreFilled(t *testing.T) {
	for name, c := range map[string]struct {
		source string
		values map[string]string
		want   []Block
	}{
		"paragraphs": {"Hi {{customer_name}},\nthanks.\n\n\nBye", map[string]string{"customer_name": "Amara"},
			[]Block{{Text: "Hi Amara,\nthanks."}, {Text: "Bye"}}},
		"heading, card and button": {"# Thanks, {{ customer_name }}\n{{summary}}\n[See {{amount}}]({{receipt_url}})",
			map[string]string{"customer_name": "Amara", "amount": "€89.00", "receipt_url": "https://pay.example/r"},
			[]Block{{Kind: Heading, Text: "Thanks, Amara"}, {Kind: Card}, {Kind: Button, Text: "See €89.00", URL: "https://pay.example/r"}}},
		"a condition that holds":       {"Hi{{if customer_name}} {{customer_name}}{{else}} there{{end}}!", map[string]string{"customer_name": "Amara"}, []Block{{Text: "Hi Amara!"}}},
		"a condition that doesn't":     {"Hi{{if customer_name}} {{customer_name}}{{else}} there{{end}}!", nil, []Block{{Text: "Hi there!"}}},
		"conditions leave no lines":    {"a\n{{if amount}}\nb\n{{end}}\nc", map[string]string{"amount": "1"}, []Block{{Text: "a\nb\nc"}}},
		"an absent value, an own line": {"a\n{{amount}}\nb", nil, []Block{{Text: "a"}, {Text: "b"}}},
		"values are never markup": {"{{customer_name}}\n\nx {{amount}}", map[string]string{"customer_name": "# Pay now", "amount": "[go](https://evil.example)"},
			[]Block{{Text: "# Pay now"}, {Text: "x [go](https://evil.example)"}}},
		"a value is no button either": {"{{customer_name}}", map[string]string{"customer_name": "[Pay](https://evil.example)"}, []Block{{Text: "[Pay](https://evil.example)"}}},
		"a button to no web address":  {"[Open]({{receipt_url}})", map[string]string{"receipt_url": "javascript:alert(1)"}, []Block{{Text: "Open"}}},
		"bold words and a link in a sentence": {"Pay **{{amount}} today** [by card]({{receipt_url}}).\nBye", map[string]string{"amount": "€89.00", "receipt_url": "https://pay.example/r"},
			[]Block{{Text: "Pay €89.00 today by card.\nBye", Spans: []Span{{Text: "Pay "}, {Text: "€89.00 today", Bold: true}, {Text: " "}, {Text: "by card", URL: "https://pay.example/r"}, {Text: "."}, {Text: "\n"}, {Text: "Bye"}}}}},
		"a bold link, and bold in a link": {"**see [it](https://a.example)** [a **b**](https://b.example) x", nil,
			[]Block{{Text: "see it a b x", Spans: []Span{{Text: "see ", Bold: true}, {Text: "it", Bold: true, URL: "https://a.example"}, {Text: " "}, {Text: "a ", URL: "https://b.example"}, {Text: "b", Bold: true, URL: "https://b.example"}, {Text: " x"}}}}},
		"links at both ends are no button": {"[a](https://a.example) and [b](https://b.example)", nil,
			[]Block{{Text: "a and b", Spans: []Span{{Text: "a", URL: "https://a.example"}, {Text: " and "}, {Text: "b", URL: "https://b.example"}}}}},
		"marks that are none":          {"2 ** 3 ** 4, **a, [b] (c), [d](e.example) or ****", nil, []Block{{Text: "2 ** 3 ** 4, **a, [b] (c), [d](e.example) or ****"}}},
		"values are never bold":        {"a {{customer_name}} {{amount}}", map[string]string{"customer_name": "**Amara**", "amount": "**"}, []Block{{Text: "a **Amara** **"}}},
		"a value is no part of a mark": {"*{{customer_name}}*a** [b](https://b.example/{{amount}}) c", map[string]string{"customer_name": "*", "amount": "\"x"}, []Block{{Text: "***a** b c"}}},
		"a link to no web address":     {"a [b]({{receipt_url}})!", map[string]string{"receipt_url": "javascript:alert(1)"}, []Block{{Text: "a b!"}}},
		"a value of several lines":     {"Notes: {{amount}}", map[string]string{"amount": "one\n# two"}, []Block{{Text: "Notes: one\n# two"}}},
	} {
		t.Run(name, func(t *testing.T) {
			parsed, err := Parse(c.source, names)
			if err != nil {
				t.Fatal(err)
			}
			if got := parsed.Blocks(c.values); !slices.EqualFunc(got, c.want, Block.Equal) {
				t.Errorf("got %+v", got)
			}
		})
	}
}

func TestASubjectIsOneLine(t *testing.T) {
	parsed, err := Parse("Receipt for {{customer_name}}", names)
	if err != nil {
		t.Fatal(err)
	}
	if got := parsed.Line(map[string]string{"customer_name": "A\r\nBcc: b@example.com"}); got != "Receipt for A Bcc: b@example.com" {
		t.Errorf("got %q", got)
	}
}

func TestABrokenTemplateIsRefusedWithItsLine(t *testing.T) {
	for source, want := range map[string]struct {
		line int
		says string
	}{
		"a\nb {{custmer_name}}":                   {2, "no {{custmer_name}}. You can use {{customer_name}}"},
		"a\n\nHi {{customer_name":                 {3, "has no “}}”"},
		"{{if amount}}\nx":                        {1, "no {{end}}"},
		"x\n{{end}}":                              {2, "no {{if}}"},
		"x\n{{else}}":                             {2, "no {{if}}"},
		"{{if amount}}a{{else}}b{{else}}c{{end}}": {1, "two {{else}}"},
		"{{if nothing}}x{{end}}":                  {1, "no {{nothing}}"},
		"{{}}":                                    {1, "names no variable"},
		"{{range amount}}":                        {1, "no {{range amount}}"},
		"\n[Pay](javascript:alert(1))":            {2, "address like https://"},
		"\n[Pay]({{customer_name}})":              {2, "ends with _url"},
		"[]({{receipt_url}})":                     {1, "no words"},
		"a\nSee {{ summary }} here":               {2, "alone on its line"},
		"{{if summary}}":                          {1, "always there"},
		strings.Repeat("{{if amount}}", 9):        {1, "deep"},
	} {
		_, err := Parse(source, names)
		var wrong *Error
		if !errors.As(err, &wrong) {
			t.Errorf("%q: %v", source, err)
			continue
		}
		if wrong.Line != want.line || !strings.Contains(wrong.Message, want.says) {
			t.Errorf("%q: %v", source, wrong)
		}
	}
}

// Whatever a merchant types and a payer is called: no panic, no markup out of a
// value, no address that isn't the web's.
func FuzzTemplate(f *testing.F) {
	f.Add("# Hi {{customer_name}}\n{{if amount}}\n[Pay {{amount}}]({{receipt_url}})\n{{else}}x{{end}}\n{{summary}}", "Amara", "https://pay.example")
	f.Add("[a](https://b.example)\n[[]]((x))", "[x](y)", "javascript:1")
	f.Add("**{{amount}}** [x **y**](https://b.example/{{customer_name}}) **[z]({{receipt_url}})", "**", "https://pay.example")
	f.Add("{{if amount}}{{if amount}}", "\x00", "\n")
	f.Fuzz(func(t *testing.T, source, value, url string) {
		parsed, err := Parse(source, names)
		if err != nil {
			var wrong *Error
			if !errors.As(err, &wrong) || wrong.Line < 1 || wrong.Line > strings.Count(source, "\n")+1 {
				t.Fatalf("error %v", err)
			}
			return
		}
		values := map[string]string{"customer_name": value, "amount": value, "receipt_url": url}
		if strings.ContainsAny(parsed.Line(values), "\r\n") {
			t.Error("a subject of several lines")
		}
		plain := map[string]string{"customer_name": "x", "amount": "x", "receipt_url": "https://x.example"}
		if count(parsed.Blocks(values), Heading) > count(parsed.Blocks(plain), Heading) {
			t.Error("a value became a heading")
		}
		if marks(parsed.Blocks(values)) > marks(parsed.Blocks(plain)) {
			t.Error("a value marked words")
		}
		for _, b := range parsed.Blocks(values) {
			if b.Kind == Button && !strings.HasPrefix(b.URL, "https://") && !strings.HasPrefix(b.URL, "http://") {
				t.Errorf("a button leads to %q", b.URL)
			}
			for _, s := range b.Spans {
				if s.URL != "" && !isWeb(s.URL) {
					t.Errorf("a link leads to %q", s.URL)
				}
			}
			if b.Spans != nil && (plainOf(b.Spans) != b.Text || !isMarked(b.Spans)) {
				t.Errorf("the spans %+v are not the words %q", b.Spans, b.Text)
			}
		}
	})
}

// marks are the bold words and links.
func marks(blocks []Block) (n int) {
	for _, b := range blocks {
		for _, s := range b.Spans {
			if s.Bold || s.URL != "" {
				n++
			}
		}
	}
	return n
}

func count(blocks []Block, kind Kind) (n int) {
	for _, b := range blocks {
		if b.Kind == kind {
			n++
		}
	}
	return n
}

// Names that are filled in don't turn a sentence round.
func TestTheDirectionIsThatOfTheTemplatesWords(t *testing.T) {
	for template, want := range map[string]string{
		"{{name}} paid": "ltr", "# {{name}} دفع": "rtl", "**{{name}}** دفع Studio": "rtl", "[{{name}}](https://example.com)": "", "[ادفع {{name}}](https://example.com)": "rtl", "{{name}}": "", "{{name}}\nمرحبا": "rtl",
	} {
		parsed, err := Parse(template, []string{"name"})
		if err != nil {
			t.Fatal(err)
		}
		if got := parsed.Blocks(map[string]string{"name": "أمينة"})[0].Dir; got != want {
			t.Errorf("%q runs %q, want %q", template, got, want)
		}
	}
}
