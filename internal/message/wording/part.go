package wording

import (
	"strings"
)

// Part is a block of a mail as its writer sees it: words with {fields}, and when it is
// shown. A mail is written as parts and stored in the language of templates.
type Part struct {
	Kind    Kind
	Text    string // words; of an Image what it shows; of Own as it is stored
	Address string // of a Button: https://…, or a field such as {link_url}
	Picture string // of an Image: its id with its size
	// When is the field that must say something for the part to be shown, with "!" before
	// it the one that must not; "" shows it always.
	When string
}

// Empty reports whether nothing was written into a part that needs words.
func (p Part) Empty() bool {
	switch p.Kind {
	case Card, Rule:
		return false
	case Image:
		return p.Picture == ""
	case Paragraph, Heading, Button, Own:
	}
	return strings.TrimSpace(p.Text) == ""
}

// Source is the part in the language of templates. The error is a Fault or an *Error.
func (p Part) Source(names []string) (string, error) {
	source, err := p.source(names)
	if err == nil && p.When != "" && p.Kind != Own {
		name, absent := strings.CutPrefix(p.When, "!")
		middle := "\n"
		if absent {
			middle = "\n{{else}}\n"
		}
		source = "{{if " + name + "}}" + middle + source + "\n{{end}}"
	}
	if err == nil {
		_, err = Parse(source, names)
	}
	return source, err
}

func (p Part) source(names []string) (string, error) {
	text := strings.TrimSpace(strings.ReplaceAll(p.Text, "\r\n", "\n"))
	switch p.Kind {
	case Card:
		return "{{" + Summary + "}}", nil
	case Rule:
		return "{{" + Divider + "}}", nil
	case Image:
		return imageSource(p.Picture, oneLine(text))
	case Own:
		if text == "" {
			return "", missing
		}
		return strings.ReplaceAll(p.Text, "\r\n", "\n"), nil
	case Button:
		return buttonSource(oneLine(text), strings.TrimSpace(p.Address), names)
	case Paragraph, Heading:
	}
	if text == "" {
		return "", missing
	}
	if p.Kind == Heading {
		text = "# " + oneLine(text)
	}
	return Source(text, names)
}

const missing = Fault("Write some words, or remove this block.")

func imageSource(picture, shows string) (string, error) {
	switch {
	case picture == "":
		return "", Fault("Choose a picture, or remove this block.")
	case shows == "":
		return "", Fault("Say in a few words what the picture shows, for those who can’t see it.")
	case strings.ContainsAny(shows, "{}"):
		return "", Fault("These words can’t have braces.")
	}
	return "{{" + Picture + " " + picture + " " + shows + "}}", nil
}

func buttonSource(label, to string, names []string) (string, error) {
	if label == "" {
		return "", Fault("Write what the button says.")
	}
	words, err := Source(label, names)
	if err != nil {
		return "", err
	}
	leads, err := Source(to, names)
	if err != nil {
		return "", err
	}
	if !address.MatchString(leads) {
		return "", Fault("Choose where the button leads, or write an address without spaces, like https://example.com.")
	}
	return "[" + words + "](" + leads + ")", nil
}

// Join makes a template of parts. faults has what is wrong by the part's place; such a
// part is left out.
func Join(parts []Part, names []string) (source string, faults map[int]error) {
	faults = map[int]error{}
	var all []string
	for i, p := range parts {
		s, err := p.Source(names)
		if err != nil {
			faults[i] = err
			continue
		}
		all = append(all, s)
	}
	return strings.Join(all, "\n\n"), faults
}
