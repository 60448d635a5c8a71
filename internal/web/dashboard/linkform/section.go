package linkform

import (
	"strings"

	"github.com/a-h/templ"

	"smartlinks/internal/web/dashboard/frame"
	"smartlinks/internal/web/ui"
)

// section is a part of the form that stays folded until somebody needs it. Each has a
// file of its own, with its line and its fields.
type section struct {
	ID, Icon, Title string
	// Inputs are the names of its inputs: what is wrong with one of them opens it.
	Inputs []string
	// OfAmounts tells that only links which ask an amount have it.
	OfAmounts bool
	// Sum says in a line what the section holds.
	Sum func(frame.Reader, formView) summary
	// Fields are its inputs.
	Fields func(formView) templ.Component
}

// summary is what a section holds. Set tells that it differs from what a new link has:
// then it opens by itself, and its line is not muted.
type summary struct {
	Text string `json:"text"`
	Set  bool   `json:"set"`
}

// sections are the folded parts of the form, in its order.
func sections(reader frame.Reader) []section {
	return []section{
		aboutSection(reader), tagsSection(reader), limitSection(reader), quantitySection(reader), amountSection(reader), extrasSection(reader), askedSection(reader), waysSection(reader), sendSection(reader), dueSection(reader), remindSection(reader), openingSection(reader), closedSection(reader), afterSection(reader),
	}
}

// Open tells whether the section shows its fields at first.
func (v formView) Open(reader frame.Reader, s section) bool {
	for _, name := range s.Inputs {
		if v.Errors[name] != "" {
			return true
		}
	}
	return s.Sum(reader, v).Set
}

// fold is the section as it is drawn.
func (s section) fold(reader frame.Reader, v formView) ui.FoldProps {
	sum := s.Sum(reader, v)
	p := ui.FoldProps{ID: s.ID, Icon: s.Icon, Title: s.Title, Sum: sum.Text, Set: sum.Set, Open: v.Open(reader, s)}
	if s.OfAmounts {
		p.Class = "group-has-[[name=type][value=product]:checked]/form:hidden"
	}
	return p
}

// summaries are the lines of all sections, by their ids.
func (v formView) summaries(reader frame.Reader) map[string]summary {
	all := map[string]summary{}
	for _, s := range sections(reader) {
		all[s.ID] = s.Sum(reader, v)
	}
	return all
}

// firstLine is where a text begins.
func firstLine(text string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(text), "\n")
	return strings.TrimSpace(line)
}
