package wording

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

var mailNames = []string{"customer_name", "amount", "receipt_url", Summary, Divider, Picture}

func TestTemplatesAreCutIntoParts(t *testing.T) {
	for name, c := range map[string]struct {
		source string
		want   []Part
	}{
		"every kind": {"# Hi {{ customer_name }}\nThanks.\nBye\n{{summary}}\n\n{{divider}}\n{{picture img_1a/600x400 A cup}}\n[See {{amount}}]({{receipt_url}})",
			[]Part{{Kind: Heading, Text: "Hi {customer_name}"}, {Text: "Thanks.\nBye"}, {Kind: Card}, {Kind: Rule}, {Kind: Image, Text: "A cup", Picture: "img_1a/600x400"}, {Kind: Button, Text: "See {amount}", Address: "{receipt_url}"}}},
		"a condition around blocks": {"{{if amount}}\n# Pay {{amount}}\n{{else}}\n# Pay\n{{end}}\n\nBye",
			[]Part{{Kind: Heading, Text: "Pay {amount}", When: "amount"}, {Kind: Heading, Text: "Pay", When: "!amount"}, {Text: "Bye"}}},
		"a condition within words": {"# Thanks{{if customer_name}}, {{customer_name}}{{end}}\nBye",
			[]Part{{Kind: Heading, Text: "Thanks, {customer_name}", When: "customer_name"}, {Kind: Heading, Text: "Thanks", When: "!customer_name"}, {Text: "Bye"}}},
		"two conditions are kept": {"Hi\n\n{{if customer_name}}{{if amount}}a{{end}}{{end}}b\n\nBye",
			[]Part{{Text: "Hi"}, {Kind: Own, Text: "{{if customer_name}}{{if amount}}a{{end}}{{end}}b"}, {Text: "Bye"}}},
		"a brace that would be a field is kept": {"Say {amount}\n\nBye", []Part{{Kind: Own, Text: "Say {amount}"}, {Text: "Bye"}}},
		"words that look like a brace":          {"{ 1 } {a b} }", []Part{{Text: "{ 1 } {a b} }"}}},
		"what is broken is kept":                {"a\n\n{{if amount}}", []Part{{Kind: Own, Text: "a\n\n{{if amount}}"}}},
		"a link that is no button":              {"Or [go]({{receipt_url}}).", []Part{{Text: "Or [go]({receipt_url})."}}},
		"an address of one's own":               {"[Go](https://example.com/{{amount}})", []Part{{Kind: Button, Text: "Go", Address: "https://example.com/{amount}"}}},
		"nothing":                               {" \n\n", nil},
	} {
		t.Run(name, func(t *testing.T) {
			got := Cut(c.source, mailNames)
			if !slices.Equal(got, c.want) {
				t.Fatalf("got %+v", got)
			}
			source, faults := Join(got, mailNames)
			if again := Cut(source, mailNames); name != "what is broken is kept" && (len(faults) > 0 || !slices.Equal(again, got)) {
				t.Errorf("stored as %q it reads %+v, %v", source, again, faults)
			}
		})
	}
}

func TestFaultsOfPartsSayWhatToDo(t *testing.T) {
	for _, c := range []struct {
		part Part
		says string
	}{
		{Part{Text: "Hi {custmer_name}"}, "There is no field {custmer_name}. Choose"},
		{Part{Text: "Hi {{if amount}}"}, "Two opening braces"},
		{Part{Text: "{{{amount}}}"}, "Two opening braces"},
		{Part{Text: "{summary}"}, "no field {summary}"},
		{Part{Kind: Heading, Text: " "}, "Write some words"},
		{Part{Kind: Button, Address: "{receipt_url}"}, "what the button says"},
		{Part{Kind: Button, Text: "Go", Address: "javascript:1"}, "where the button leads"},
		{Part{Kind: Button, Text: "Go", Address: "{amount}"}, "where the button leads"},
		{Part{Kind: Image, Text: "A cup"}, "Choose a picture"},
		{Part{Kind: Image, Picture: "img_1a/600x400"}, "what the picture shows"},
		{Part{Kind: Image, Picture: "img_1a/600x400", Text: "a }} b"}, "braces"},
		{Part{Kind: Image, Picture: "../x", Text: "a"}, "Line 1: there is no {{picture ../x a}}"},
		{Part{Kind: Own, Text: "a\n{{if amount}}"}, "Line 2: this {{if}} has no {{end}}."},
		{Part{Text: "x", When: "nothing"}, "no {{nothing}}"},
	} {
		_, faults := Join([]Part{{Text: "Fine"}, c.part}, mailNames)
		if len(faults) != 1 || faults[1] == nil || !strings.Contains(faults[1].Error(), c.says) {
			t.Errorf("%+v: %v", c.part, faults)
		}
	}
}

func TestFieldsOfMailsAndMessagesAreWrittenAlike(t *testing.T) {
	names := append([]string{"link_url"}, mailNames...)
	for words, want := range map[string]string{
		"Pay {amount}: {link}": "Pay {{amount}}: {{link_url}}", "{{ amount }} { amount }": "{{amount}} {{amount}}", "{amount}}": "{{amount}}}", "a { b": "a { b",
	} {
		if got, err := Source(words, names); err != nil || got != want {
			t.Errorf("%q is %q, %v", words, got, err)
		}
	}
}

// What anybody has written as a template is carried over: the parts make its very mail,
// whatever the fields say.
func TestPartsOfAnyTemplateMakeItsMail(t *testing.T) {
	tokens := []string{"\n", "\n\n", "# ", "Hi ", " ", "{{customer_name}}", "{{ amount }}", "{{if amount}}", "{{if customer_name}}", "{{else}}", "{{end}}", "\n{{if amount}}\n", "\n{{end}}\n",
		"{{summary}}", "\n{{summary}}\n", "[Go]({{receipt_url}})", "\n[{{amount}}](https://x.example)\n", "{amount}", "{", "}", "{{divider}}", "\n{{picture img_1/2x3 a}}\n"}
	r := rand.New(rand.NewPCG(1, 2))
	parsed := 0
	for range 12_000 {
		var b strings.Builder
		for range 1 + r.IntN(9) {
			b.WriteString(tokens[r.IntN(len(tokens))])
		}
		if carriesOver(t, b.String(), r.Uint64()) {
			parsed++
		}
	}
	if parsed < 2000 {
		t.Errorf("only %d templates were right", parsed)
	}
}

// carriesOver checks one template, with values that bits choose; false: it is broken.
func carriesOver(t *testing.T, source string, bits uint64) bool {
	t.Helper()
	before, err := Parse(source, mailNames)
	parts := Cut(source, mailNames)
	if err != nil {
		if len(parts) != 1 || parts[0].Kind != Own || parts[0].Text != source {
			t.Fatalf("the broken %q is cut into %+v", source, parts)
		}
		return false
	}
	joined, faults := Join(parts, mailNames)
	after, err := Parse(joined, mailNames)
	if len(parts) == 1 && parts[0].Kind == Own && strings.TrimSpace(source) == "" {
		return true
	}
	if err != nil || len(faults) > 0 {
		t.Fatalf("%q was cut into %+v: %v, %v", source, parts, faults, err)
	}
	for range 8 {
		values := map[string]string{}
		for _, name := range mailNames[:3] {
			if values[name] = []string{"", "x", "# y\n", "https://z.example"}[bits%4]; bits%4 == 0 {
				delete(values, name)
			}
			bits /= 4
		}
		values["receipt_url"] = "https://pay.example/r" // a field for an address always holds one
		if was, is := before.Blocks(values), after.Blocks(values); !slices.EqualFunc(was, is, Block.Equal) {
			t.Fatalf("%q with %v was\n%+v\nand is, by %+v,\n%+v", source, values, was, parts, is)
		}
	}
	return true
}

// Whatever is typed into a block: no panic, and what is stored reads as a template.
func FuzzPart(f *testing.F) {
	f.Add(uint8(0), "Hi {customer_name}, {{amount}} {", "", "amount")
	f.Add(uint8(1), "[a](https://b.example)", "", "!amount")
	f.Add(uint8(2), "Pay {amount}", "{receipt_url}", "")
	f.Add(uint8(5), "A cup {", "img_1a/600x400", "")
	f.Add(uint8(6), "{{if amount}}\n# x\n{{end}}", "", "")
	f.Fuzz(func(t *testing.T, kind uint8, words, more, when string) {
		p := Part{Kind: Kind(kind % 7), Text: words, Address: more, Picture: more, When: when}
		source, faults := Join([]Part{p}, mailNames)
		if len(faults) > 0 {
			return
		}
		if _, err := Parse(source, mailNames); err != nil {
			t.Fatalf("%+v is stored as %q: %v", p, source, err)
		}
		carriesOver(t, source, 0b11100100)
	})
}
