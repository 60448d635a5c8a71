package wording

import (
	"cmp"
	"regexp"
	"slices"
	"strings"

	"smartlinks/internal/text"
)

// Kind says what a block is.
type Kind int

// The kinds of blocks.
const (
	Paragraph Kind = iota
	Heading        // a line that starts with "# "
	Button         // a line like [words](address)
	Card           // a line with nothing but {{summary}}
	Rule           // a line with nothing but {{divider}}
	Image          // a line with nothing but a {{picture}}
	Own            // of a Part alone: words in the language of templates
)

// Block is a part of a filled mail. Text may hold line breaks in a paragraph.
type Block struct {
	Kind Kind
	Text string
	URL  string // of a button
	// Dir is the direction of the template's own words, "ltr" or "rtl", whatever is filled
	// in; "" where it has none.
	Dir string
	// Spans are the pieces of a paragraph with bold words or links, whose Text is then
	// their words; nil for plain ones.
	Spans []Span
	// Picture is the id of a picture with its size, like img_01…/600x400. Its Text
	// says what it shows.
	Picture string
}

// Equal reports whether two blocks are the same.
func (b Block) Equal(other Block) bool {
	return b.Kind == other.Kind && b.Text == other.Text && b.URL == other.URL && b.Picture == other.Picture && slices.Equal(b.Spans, other.Spans)
}

// piece is text of the template, or a value that was filled in. A value never
// becomes markup, whatever it says.
type piece struct {
	text  string
	value bool
	whole *Block // what stands alone on its line
}

// Line fills a template that is one line, such as a subject.
func (t Template) Line(values map[string]string) string {
	var b strings.Builder
	for _, p := range fill(nil, t.nodes, values) {
		b.WriteString(p.text)
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// Blocks fills a template. A variable without a value is left out.
func (t Template) Blocks(values map[string]string) []Block {
	var blocks []Block
	var paragraph []Block
	flush := func() {
		if len(paragraph) > 0 {
			blocks = append(blocks, joined(paragraph))
			paragraph = nil
		}
	}
	for _, line := range lines(fill(nil, t.nodes, values)) {
		b := blockOf(line)
		switch {
		case b.Kind != Paragraph:
			flush()
			blocks = append(blocks, b)
		case b.Text == "":
			flush()
		default:
			paragraph = append(paragraph, b)
		}
	}
	flush()
	return blocks
}

// joined is a paragraph of lines.
func joined(lines []Block) Block {
	var all []Span
	for i, line := range lines {
		if i > 0 {
			all = append(all, Span{Text: "\n"})
		}
		if line.Spans == nil {
			line.Spans = []Span{{Text: line.Text}}
		}
		all = append(all, line.Spans...)
	}
	p := Block{Kind: Paragraph, Text: plainOf(all), Spans: all}
	for _, line := range lines {
		p.Dir = cmp.Or(p.Dir, line.Dir)
	}
	if !isMarked(all) {
		p.Spans = nil
	}
	return p
}

func fill(to []piece, nodes []node, values map[string]string) []piece {
	for _, n := range nodes {
		switch {
		case n.condition && values[n.name] != "":
			to = fill(to, n.then, values)
		case n.condition:
			to = fill(to, n.els, values)
		case n.name == Summary:
			to = append(to, piece{whole: &Block{Kind: Card}})
		case n.name == Divider:
			to = append(to, piece{whole: &Block{Kind: Rule}})
		case n.name == Picture:
			to = append(to, piece{whole: &Block{Kind: Image, Text: n.text, Picture: n.picture}})
		case n.name != "":
			to = append(to, piece{text: values[n.name], value: true})
		default:
			to = append(to, piece{text: n.text})
		}
	}
	return to
}

// lines cuts pieces at the line breaks of the template. Those of values stay in
// their piece.
func lines(pieces []piece) [][]piece {
	all := [][]piece{nil}
	for _, p := range pieces {
		if p.value || p.whole != nil {
			all[len(all)-1] = append(all[len(all)-1], p)
			continue
		}
		for i, text := range strings.Split(p.text, "\n") {
			if i > 0 {
				all = append(all, nil)
			}
			if text != "" {
				all[len(all)-1] = append(all[len(all)-1], piece{text: text})
			}
		}
	}
	return all
}

// addresses are where links lead, which nobody reads.
var addresses = regexp.MustCompile(`\]\([^()]*\)`)

// blockOf reads what one line is, by its literal text alone.
func blockOf(line []piece) Block {
	var marked, whole strings.Builder // marked has a placeholder for every value
	var values []string
	for _, p := range line {
		if p.whole != nil {
			return *p.whole
		}
		whole.WriteString(p.text)
		if p.value {
			values = append(values, p.text)
			marked.WriteByte(0)
			continue
		}
		marked.WriteString(strings.ReplaceAll(p.text, "\x00", ""))
	}
	words := strings.TrimSpace(marked.String())
	dir := text.Direction(addresses.ReplaceAllString(words, "]"))
	if title, ok := strings.CutPrefix(words, "# "); ok {
		return Block{Kind: Heading, Text: oneLine(restore(title, &values)), Dir: dir}
	}
	if parts := button.FindStringSubmatch(words); parts != nil {
		label := oneLine(restore(parts[1], &values))
		if url := strings.TrimSpace(restore(parts[2], &values)); isWeb(url) && label != "" {
			return Block{Kind: Button, Text: label, URL: url, Dir: dir}
		}
		return Block{Kind: Paragraph, Text: label, Dir: dir}
	}
	return Block{Kind: Paragraph, Text: strings.TrimSpace(whole.String()), Spans: spansOf(words, values), Dir: dir}
}

// restore puts the values back where their placeholders are.
func restore(marked string, values *[]string) string {
	var b strings.Builder
	for _, c := range marked {
		if c != 0 {
			b.WriteRune(c)
			continue
		}
		b.WriteString((*values)[0])
		*values = (*values)[1:]
	}
	return b.String()
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// isWeb reports whether an address may stand behind a button.
func isWeb(url string) bool {
	return (strings.HasPrefix(url, "https://") || strings.HasPrefix(url, "http://")) && !strings.ContainsAny(url, " \t\r\n\"<>")
}
