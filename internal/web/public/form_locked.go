package public

import (
	"net/url"
	"slices"

	"smartlinks/internal/web/public/offer"
)

// lock puts what the URL locks in the place of what was sent.
func (f *form) lock(query url.Values) {
	names := offer.LockedIn(query)
	if names == nil {
		return
	}
	filled, _ := prefill(query)
	for name, field := range map[string]struct {
		to   *string
		from string
	}{nameField: {&f.Name, filled.Name}, emailField: {&f.Email, filled.Email}, notesField: {&f.Notes, filled.Notes}} {
		if field.from == "" || !slices.Contains(names, name) {
			continue
		}
		if name == notesField {
			*field.to = field.from
		}
		if *field.to == field.from {
			f.fromURL = append(f.fromURL, name)
		}
	}
}

// isFromURL reports whether the field holds what the URL filled in for good, and the
// page says so.
func (f form) isFromURL(name string) bool {
	return slices.Contains(f.fromURL, name) && !f.wrong.Has(name)
}

// isLocked reports whether the payer can't change the field. What is wrong with
// it must be theirs to mend.
func (f form) isLocked(name string) bool { return name == notesField && f.isFromURL(name) }
