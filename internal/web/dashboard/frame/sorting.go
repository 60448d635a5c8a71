package frame

import (
	"cmp"
	"slices"

	"github.com/a-h/templ"
)

// Sorting is a head of a table that sorts its list: by a key, "-" before it for
// the other direction.
type Sorting struct {
	Label, Key string
	Now        string // of the list
	Default    string // what no order stands for; pressing it leads back there
	Href       func(sort string) string
}

// OneOf is the value if it is among those known, else "".
func OneOf(value string, known ...string) string {
	if slices.Contains(known, value) {
		return value
	}
	return ""
}

// shown is the order of the list, the usual one by its name.
func (s Sorting) shown() string { return cmp.Or(s.Now, s.Default) }

// Attrs tell screen readers the order.
func (s Sorting) Attrs() templ.Attributes {
	switch s.shown() {
	case s.Key:
		return templ.Attributes{"aria-sort": "ascending"}
	case "-" + s.Key:
		return templ.Attributes{"aria-sort": "descending"}
	}
	return nil
}

// Icon shows the order.
func (s Sorting) Icon() string {
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
func (s Sorting) To() string {
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
