package asking

import (
	"strconv"
	"strings"

	"smartlinks/internal/checkout"
	"smartlinks/internal/i18n"
	"smartlinks/internal/web/dashboard/frame"
	"smartlinks/internal/web/ui"
)

// types are the ways to answer, in the order in which they are offered.
var types = []struct {
	is         checkout.Type
	name, icon string
}{
	{checkout.Text, i18n.Mark("Short text"), "type"},
	{checkout.LongText, i18n.Mark("Long text"), "text-align-start"},
	{checkout.Number, i18n.Mark("Number|an answer"), "hash"},
	{checkout.Choice, i18n.Mark("One of several choices"), "circle-dot"},
	{checkout.Several, i18n.Mark("Any of several choices"), "list-checks"},
	{checkout.Checkbox, i18n.Mark("A box to tick"), "square-check"},
	{checkout.Date, i18n.Mark("Date|an answer"), "calendar"},
}

func typeName(reader frame.Reader, is checkout.Type) string {
	for _, t := range types {
		if t.is == is {
			return reader.T(t.name)
		}
	}
	return string(is) // it was forged, and is refused
}

func iconOf(is string) string {
	for _, t := range types {
		if string(t.is) == is {
			return t.icon
		}
	}
	return "type"
}

func typeOptions(reader frame.Reader) (options []ui.Option) {
	for _, t := range types {
		options = append(options, ui.Option{Value: string(t.is), Label: reader.T(t.name)})
	}
	return options
}

// demands are the words of whether something is asked.
var demands = map[checkout.Demand]string{
	checkout.No: i18n.Mark("Not asked"), checkout.Optional: i18n.Mark("Optional"), checkout.Required: i18n.Mark("Required"),
}

// demandWords is a demand as people read it; what was forged stays as it is.
func demandWords(reader frame.Reader, demand string) string {
	if words, ok := demands[checkout.Demand(demand)]; ok {
		return reader.T(words)
	}
	return demand
}

// Sum says in a line what is asked, and whether that is more than name and e-mail.
func (v Values) Sum(reader frame.Reader) (line string, more bool) {
	var parts []string
	if n := len(v.Questions); n > 0 {
		parts = append(parts, reader.N(int64(n), "{{.Count}} question", "{{.Count}} questions"))
	}
	for _, one := range []struct{ demand, label string }{
		{v.Phone, reader.T("Phone number")}, {v.Address, reader.T("Postal address")}, {v.Company, reader.T("Company and VAT number")},
	} {
		if one.demand == string(checkout.Optional) || one.demand == string(checkout.Required) {
			parts = append(parts, one.label)
		}
	}
	if strings.TrimSpace(v.Consent) != "" {
		parts = append(parts, reader.T("Consent"))
	}
	if v.Marketing != "" {
		parts = append(parts, reader.T("Offer of news"))
	}
	if len(parts) == 0 {
		return reader.T("Name and email"), false
	}
	return reader.Line(parts...), true
}

// consentWords are the consent with whether it is required, "" without one.
func (v Values) consentWords(reader frame.Reader) string {
	switch {
	case strings.TrimSpace(v.Consent) == "":
		return ""
	case v.ConsentRequired:
		return reader.T("{{.Text}} (required)", "Text", v.Consent)
	}
	return v.Consent
}

// questionWords are the questions with all that is said of them, one a line.
func (v Values) questionWords(reader frame.Reader) string {
	var lines []string
	for _, q := range v.questions() {
		parts := []string{titleOf(reader, q.Label) + " (" + q.Key + ")", typeName(reader, q.Type)}
		if q.Required {
			parts = append(parts, reader.T("Required"))
		}
		for _, more := range []string{strings.Join(q.Options, ", "), q.Help, strings.Trim(q.Min+"–"+q.Max, "–"), q.Step} {
			if more != "" {
				parts = append(parts, more)
			}
		}
		if q.ToProvider {
			parts = append(parts, reader.T("also to the payment provider"))
		}
		lines = append(lines, reader.Line(parts...))
	}
	return strings.Join(lines, "\n")
}

// Edits are the fields for two who edit the same thing.
func Edits[V any](reader frame.Reader, of func(*V) *Values) []frame.FormField[V] {
	demand := func(label string, one func(*Values) *string) frame.FormField[V] {
		field := frame.TextField(label, func(v *V) *string { return one(of(v)) })
		show := field.Show
		field.Show = func(v V) string { return demandWords(reader, show(v)) }
		return field
	}
	return []frame.FormField[V]{
		{Label: reader.T("Questions"), Show: func(v V) string { return of(&v).questionWords(reader) }, Take: func(from V, to *V) { of(to).Questions = of(&from).Questions }},
		demand(reader.T("Phone number"), func(v *Values) *string { return &v.Phone }),
		demand(reader.T("Postal address"), func(v *Values) *string { return &v.Address }),
		demand(reader.T("Company and VAT number"), func(v *Values) *string { return &v.Company }),
		{Label: reader.T("Consent"), Show: func(v V) string { return of(&v).consentWords(reader) }, Take: func(from V, to *V) {
			of(to).Consent, of(to).ConsentRequired = of(&from).Consent, of(&from).ConsentRequired
		}},
		frame.TextField(reader.T("Offer of news"), func(v *V) *string { return &of(v).Marketing }),
	}
}

// count is "2 of 10".
func (v Values) count(reader frame.Reader) string {
	return reader.T("{{.Used}} of {{.Max}}", "Used", strconv.Itoa(len(v.Questions)), "Max", strconv.Itoa(checkout.MaxQuestions))
}
