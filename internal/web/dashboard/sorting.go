package dashboard

import (
	"slices"

	"github.com/a-h/templ"
)

// sorting is a head of a table that sorts its list: by a key, "-" before it for
// the other direction.
type sorting struct {
	Label, Key string
	Now        string // of the list
	Default    string // what no order stands for; pressing it leads back there
	Href       func(sort string) string
}

// oneOf is the value if it is among those known, else "".
func oneOf(value string, known ...string) string {
	if slices.Contains(known, value) {
		return value
	}
	return ""
}

// shown is the order of the list, the usual one by its name.
func (s sorting) shown() string { return firstOf(s.Now, s.Default) }

// Attrs tell screen readers the order.
func (s sorting) Attrs() templ.Attributes {
	switch s.shown() {
	case s.Key:
		return templ.Attributes{"aria-sort": "ascending"}
	case "-" + s.Key:
		return templ.Attributes{"aria-sort": "descending"}
	}
	return nil
}

// Icon shows the order.
func (s sorting) Icon() string {
	switch s.shown() {
	case s.Key:
		return "arrow-up"
	case "-" + s.Key:
		return "arrow-down"
	}
	return ""
}

// To is where pressing the head leads: names from A, all else the most first;
// again turns it round.
func (s sorting) To() string {
	first, second := "-"+s.Key, s.Key
	if s.Key == "name" {
		first, second = second, first
	}
	to := first
	if s.shown() == first {
		to = second
	}
	if to == s.Default {
		to = ""
	}
	return s.Href(to)
}
