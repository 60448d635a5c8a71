package message

import (
	_ "embed"
	"fmt"
	"html/template"
	"strings"
	"unicode"
	"unicode/utf8"

	"smartlinks/internal/message/wording"
)

// page is a mail that is laid out: as HTML of tables and inline styles, which
// is what mail programs agree on, and as text.
type page struct {
	scene
	Subject string
	Blocks  []wording.Block
	Card    *card
	Colors  Palette
	Stop    *stop // nil when nobody can opt out
	Foot    []string
	Host    string
	Logo    string // address of the business's picture, "" for none
}

//go:embed letter.html
var letter string

// Name is whom the mail comes from, for the layout.
func (p page) Name() string { return p.name() }

// Initial stands for a logo.
func (p page) Initial() string {
	first, _ := utf8.DecodeRuneInString(strings.TrimSpace(p.name()))
	return string(unicode.ToUpper(first))
}

// Color is one of the palette's colours, which are made by us, for a style.
func (p page) Color(hex string) template.CSS { return template.CSS(hex) }

// Preview is what mail programs show beside the subject.
func (p page) Preview() string {
	for _, b := range p.Blocks {
		if b.Kind == wording.Paragraph {
			return strings.Join(strings.Fields(b.Text), " ")
		}
	}
	return ""
}

// newLayout reads the layout, once for all mails. It comes with the program, so
// it can't be wrong for anybody but us, and a test renders it.
func newLayout() *template.Template {
	return template.Must(template.New("letter").Funcs(template.FuncMap{
		"lines":     func(s string) []string { return strings.Split(s, "\n") },
		"heading":   func(b wording.Block) bool { return b.Kind == wording.Heading },
		"button":    func(b wording.Block) bool { return b.Kind == wording.Button },
		"card":      func(b wording.Block) bool { return b.Kind == wording.Card },
		"direction": func(figure bool) string { return map[bool]string{true: "ltr", false: "auto"}[figure] },
	}).Parse(letter))
}

func (p page) html(layout *template.Template) (string, error) {
	var b strings.Builder
	if err := layout.Execute(&b, p); err != nil {
		return "", fmt.Errorf("message: lay out a mail: %w", err)
	}
	return b.String(), nil
}

// text is the same for programs and people that prefer it.
func (p page) text() string {
	var b strings.Builder
	for _, block := range p.Blocks {
		switch block.Kind {
		case wording.Heading:
			b.WriteString(block.Text + "\n\n")
		case wording.Button:
			b.WriteString(block.Text + ":\n" + block.URL + "\n\n")
		case wording.Card:
			b.WriteString(p.cardText())
		default:
			b.WriteString(block.Text + "\n\n")
		}
	}
	if p.Stop != nil {
		b.WriteString(strings.TrimSpace(p.Stop.Note+"\n"+p.Stop.Label) + ":\n" + p.Stop.URL + "\n\n")
	}
	b.WriteString("-- \n") // the mark of a signature, RFC 3676, 4.3
	for _, line := range p.Foot {
		b.WriteString(line + "\n")
	}
	return b.String()
}

func (p page) cardText() string {
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
