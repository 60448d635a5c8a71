package requests

import (
	"strings"

	"smartlinks/internal/i18n"
)

// labels are what people call the fields of a row, by their names in faults.
var labels = map[string]string{
	"name": i18n.Mark("Name"), "email": i18n.Mark("Email"), "phone": i18n.Mark("Phone"), "amount": i18n.Mark("Amount"), "reference": i18n.Mark("Reference"),
}

// About is a reason that begins with the field of the row that it is about: a row has five,
// and a sentence like "Use at most 60 characters." does not say of which. A field that rows
// don't have is left out.
func About(field, why string) string {
	name, _, _ := strings.Cut(field, ".")
	if label, has := labels[name]; has {
		return label + ": " + why
	}
	return why
}

// Why is the reason of a row without the field that it begins with, and that field's label, ""
// for the row as a whole.
func (r Row) Why() (label, why string) {
	for _, label := range labels {
		if why, is := strings.CutPrefix(r.Reason, label+": "); is {
			return label, why
		}
	}
	return "", r.Reason
}
