package frame

import (
	"cmp"
	"time"

	"smartlinks/internal/customer"
)

// IsoTime is an instant for machines.
func IsoTime(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// DaysBetween counts midnights, so that a day of 23 or 25 hours is one day.
func DaysBetween(from, to time.Time) int {
	a := time.Date(from.Year(), from.Month(), from.Day(), 0, 0, 0, 0, time.UTC)
	b := time.Date(to.Year(), to.Month(), to.Day(), 0, 0, 0, 0, time.UTC)
	return int(b.Sub(a) / (24 * time.Hour))
}

// LabelOfCustomer names a customer in a field.
func LabelOfCustomer(c customer.Customer) string {
	label := cmp.Or(c.Name, c.Email)
	if c.Email != "" && c.Email != label {
		label += " – " + c.Email
	}
	return label
}
