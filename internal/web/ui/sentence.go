package ui

import (
	"context"
	"io"
	"strings"

	"github.com/a-h/templ"
)

// Sentence is a text with the place {}, where its children stand: a name set apart, a field.
// A translation may put the place anywhere.
func Sentence(text string) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		children := templ.GetChildren(ctx)
		before, behind, _ := strings.Cut(text, "{}")
		if _, err := io.WriteString(w, templ.EscapeString(before)); err != nil {
			return err
		}
		if err := children.Render(templ.ClearChildren(ctx), w); err != nil {
			return err
		}
		_, err := io.WriteString(w, templ.EscapeString(behind))
		return err
	})
}

// Linked is a text of which [the part in brackets] leads to href.
func Linked(text, href string) templ.Component { return linked(text, href, "") }

// LinkedApart is Linked for a page that opens beside this one.
func LinkedApart(text, href string) templ.Component {
	return linked(text, href, ` target="_blank" rel="noopener"`)
}

func linked(text, href, attributes string) templ.Component {
	before, rest, _ := strings.Cut(text, "[")
	label, behind, _ := strings.Cut(rest, "]")
	return templ.Raw(templ.EscapeString(before) + `<a class="link" href="` + templ.EscapeString(string(templ.URL(href))) + `"` + attributes + `>` +
		templ.EscapeString(label) + `</a>` + templ.EscapeString(behind))
}
