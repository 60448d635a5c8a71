package messages

import (
	"slices"
	"strings"

	"smartlinks/internal/message"
	"smartlinks/internal/message/wording"
	"smartlinks/internal/web/dashboard/frame"
	"smartlinks/internal/web/ui"
)

// templateFields are what two members may change at the same time. They read what the
// editor shows, not the language that it is stored in.
func templateFields(reader frame.Reader) []frame.FormField[message.Template] {
	subject := frame.TextField(reader.T("Subject"), func(t *message.Template) *string { return &t.Subject })
	subject.Say = func(t message.Template) string {
		if d := t.Draft(); !d.AsStored {
			return wording.Say(d.Subject, sayField(reader))
		}
		return t.Subject
	}
	body := frame.TextField(reader.T("Text"), func(t *message.Template) *string { return &t.Body })
	body.Say = func(t message.Template) string { return sayParts(reader, t) }
	return []frame.FormField[message.Template]{subject, body}
}

// sayField is a chip as text.
func sayField(reader frame.Reader) func(name string) string {
	return func(name string) string { return "[" + fieldLabel(reader, name) + "]" }
}

// sayParts are the blocks of a mail as text.
func sayParts(reader frame.Reader, t message.Template) string {
	var all []string
	options := whenOptions(reader, fieldsOf(reader, t.Kind, nil), "")
	for _, p := range t.Draft().Parts {
		said := sayPart(reader, p)
		if i := slices.IndexFunc(options, func(o ui.Option) bool { return o.Value == p.When }); p.When != "" && i >= 0 {
			said += " (" + options[i].Label + ")"
		}
		all = append(all, said)
	}
	return strings.Join(all, "\n\n")
}

// sayPart is one block as text: its words, and for all but a text what it is.
func sayPart(reader frame.Reader, p wording.Part) string {
	words := wording.Say(p.Text, sayField(reader))
	named := func(words string) string { return kindLabel(reader, p.Kind) + ": " + words }
	switch p.Kind {
	case wording.Card, wording.Rule:
		return kindLabel(reader, p.Kind)
	case wording.Button:
		return named(words) + "\n" + wording.Say(p.Address, sayField(reader))
	case wording.Heading, wording.Image:
		return named(words)
	case wording.Own:
		return named(p.Text)
	case wording.Paragraph:
	}
	return words
}
