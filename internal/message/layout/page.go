// Package layout lays a mail out: as HTML of tables and inline styles, which is what mail
// programs agree on, and as text of the same blocks.
package layout

import (
	"cmp"
	_ "embed"
	"fmt"
	"html/template"
	"strings"
	"unicode"
	"unicode/utf8"

	"smartlinks/internal/message/wording"
)

// Words are the texts of the language that a mail is in.
type Words interface {
	T(key string, pairs ...string) string
	// Lang is the language's code and Dir "ltr" or "rtl".
	Lang() string
	Dir() string
}

// Palette is a brand's colours, as #rrggbb; text on each ground is readable.
type Palette struct {
	Button, OnButton, Text, Tint       string
	DarkButton, DarkOnButton, DarkText string
	Mark, OnMark                       string
}

// Card is the summary within a mail: what it is about, in a box.
type Card struct {
	Title, Text, Amount string
	Note                string // below the amount, may be empty
	Rows                []Row
}

// Row is a line of a card. A figure is written from left to right in every
// language.
type Row struct {
	Label, Value string
	Figure       bool
}

// Rows leaves out what has no value.
func Rows(all ...Row) []Row {
	var kept []Row
	for _, r := range all {
		if r.Value != "" {
			kept = append(kept, r)
		}
	}
	return kept
}

// OptOut is the way out of what nobody asked for.
type OptOut struct{ Note, Label, URL string }

// FootLine is a line below a mail: of ours, in the language of the mail, or given by
// somebody, in any.
type FootLine struct {
	Text  string
	Given bool
}

// Page is a mail that is ready to be laid out.
type Page struct {
	Words
	Name    string // whom the mail comes from
	Subject string
	Blocks  []wording.Block
	Card    *Card // nil for none
	Colors  Palette
	OptOut  *OptOut // nil when nobody can opt out
	Foot    []FootLine
	Logo    string // address of the business's picture, "" for none
	// Image is where mail programs find a picture of the business; nil when there is none.
	Image func(imageID string) string
}

//go:embed mail.html
var mailTemplate string

// Start and End are the sides where a line of the mail's language begins and ends, as
// mail programs know them: few know logical ones.
func (p Page) Start() template.CSS { return p.side("left", "right") }

// End is where a line ends; see Start.
func (p Page) End() template.CSS { return p.side("right", "left") }

func (p Page) side(ltr, rtl template.CSS) template.CSS {
	if p.Dir() == "rtl" {
		return rtl
	}
	return ltr
}

// Initial stands for a logo.
func (p Page) Initial() string {
	first, _ := utf8.DecodeRuneInString(strings.TrimSpace(p.Name))
	return string(unicode.ToUpper(first))
}

// Color is one of the palette's colours, which are made by us, for a style.
func (p Page) Color(hex string) template.CSS { return template.CSS(hex) }

const pictureWidth = 464 // within the sheet

// Picture is where mail programs find a picture, and how large they show it.
func (p Page) Picture(b wording.Block) (shown struct {
	URL           string
	Width, Height int
}) {
	imageID, size, _ := strings.Cut(b.Picture, "/")
	if _, err := fmt.Sscanf(size, "%dx%d", &shown.Width, &shown.Height); err != nil || p.Image == nil {
		return shown
	}
	if shown.Width > pictureWidth {
		shown.Width, shown.Height = pictureWidth, max(1, shown.Height*pictureWidth/shown.Width)
	}
	shown.URL = p.Image(imageID)
	return shown
}

// Preview is what mail programs show beside the subject.
func (p Page) Preview() string {
	for _, b := range p.Blocks {
		if b.Kind == wording.Paragraph {
			return strings.Join(strings.Fields(b.Text), " ")
		}
	}
	return ""
}

// New reads the layout, once for all mails. It comes with the program, so
// it can't be wrong for anybody but us, and a test renders it.
func New() *template.Template {
	return template.Must(template.New("letter").Funcs(template.FuncMap{
		"lines":     func(s string) []string { return strings.Split(s, "\n") },
		"spans":     spansOf,
		"heading":   func(b wording.Block) bool { return b.Kind == wording.Heading },
		"button":    func(b wording.Block) bool { return b.Kind == wording.Button },
		"card":      func(b wording.Block) bool { return b.Kind == wording.Card },
		"rule":      func(b wording.Block) bool { return b.Kind == wording.Rule },
		"picture":   func(b wording.Block) bool { return b.Kind == wording.Image },
		"dir":       func(b wording.Block) string { return cmp.Or(b.Dir, "auto") },
		"direction": func(figure bool) string { return map[bool]string{true: "ltr", false: "auto"}[figure] },
	}).Parse(mailTemplate))
}

// HTML is the mail by the layout, which New has read.
func (p Page) HTML(layout *template.Template) (string, error) {
	var b strings.Builder
	if err := layout.Execute(&b, p); err != nil {
		return "", fmt.Errorf("layout: lay out a mail: %w", err)
	}
	return b.String(), nil
}

// PlainText is the same for programs and people that prefer it.
func (p Page) PlainText() string {
	var b strings.Builder
	for _, block := range p.Blocks {
		switch block.Kind {
		case wording.Heading:
			b.WriteString(block.Text + "\n\n")
		case wording.Button:
			b.WriteString(block.Text + ":\n" + block.URL + "\n\n")
		case wording.Card:
			b.WriteString(p.cardText())
		case wording.Rule:
			b.WriteString("* * *\n\n")
		case wording.Image:
			b.WriteString("[" + block.Text + "]\n\n")
		default:
			b.WriteString(paragraphText(block) + "\n\n")
		}
	}
	if p.OptOut != nil {
		b.WriteString(strings.TrimSpace(p.OptOut.Note+"\n"+p.OptOut.Label) + ":\n" + p.OptOut.URL + "\n\n")
	}
	b.WriteString("-- \n") // the mark of a signature, RFC 3676, 4.3
	for _, line := range p.Foot {
		b.WriteString(line.Text + "\n")
	}
	return b.String()
}

// spansOf are the pieces of a paragraph.
func spansOf(b wording.Block) []wording.Span {
	if b.Spans == nil {
		return []wording.Span{{Text: b.Text}}
	}
	return b.Spans
}

// paragraphText is a paragraph in which addresses stand behind the words that lead there.
func paragraphText(block wording.Block) string {
	var b strings.Builder
	all := spansOf(block)
	for i, s := range all {
		b.WriteString(s.Text)
		if s.URL != "" && s.URL != s.Text && (i == len(all)-1 || all[i+1].URL != s.URL) {
			b.WriteString(" (" + s.URL + ")")
		}
	}
	return b.String()
}

func (p Page) cardText() string {
	if p.Card == nil {
		return ""
	}
	var b strings.Builder
	for _, line := range []string{p.Card.Title, p.Card.Text, p.Card.Amount, p.Card.Note} {
		if line != "" {
			b.WriteString("    " + strings.ReplaceAll(line, "\n", "\n    ") + "\n")
		}
	}
	for _, r := range p.Card.Rows {
		b.WriteString("    " + r.Label + ": " + strings.ReplaceAll(r.Value, "\n", "\n    ") + "\n")
	}
	return b.String() + "\n"
}
