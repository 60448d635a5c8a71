package public

import (
	"net/url"
	"slices"
	"strings"

	"smartlinks/internal/money"
)

// lockParameter names the fields that the URL fills in for good:
// ?notes=Seat+4&amount=25&lock=notes,amount. It spares payers mistakes and proves
// nothing, as everybody can write a URL; a price that must hold is a link's. Name and
// email stay the payer's to change: the receipt goes by them.
const lockParameter = "lock"

func lockedIn(query url.Values) []string {
	if query.Get(lockParameter) == "" {
		return nil
	}
	return strings.Split(query.Get(lockParameter), ",")
}

// locked is the offer with the amount that the URL asks and locks, where the
// payer could choose it.
func (o offer) locked(query url.Values) offer {
	if o.Fixed || !slices.Contains(lockedIn(query), amountField) {
		return o
	}
	amount, err := money.ParseTyped(query.Get(amountField), o.Currency)
	if err != nil || !o.takes(amount) {
		return o
	}
	o.Price, o.Fixed = &amount, true
	return o
}

// lock puts what the URL locks in the place of what was sent.
func (f *form) lock(query url.Values) {
	names := lockedIn(query)
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
