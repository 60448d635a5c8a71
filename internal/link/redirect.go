package link

import (
	"net/url"
	"slices"
	"strings"
)

// RedirectMembers are the names that a redirect after payment adds to the
// merchant's address, in their order. The last signs the others.
func RedirectMembers() []string {
	return []string{"payment", "link", "amount", "currency", "status", "at", "signature"}
}

// OwnQuery are the parts of a query that a redirect keeps, as they are written:
// all but those that have the name of one of ours, or of more.
func OwnQuery(raw string, more ...string) (parts []string) {
	for part := range strings.SplitSeq(raw, "&") {
		if part != "" && !slices.Contains(RedirectMembers(), nameOf(part)) && !slices.Contains(more, nameOf(part)) {
			parts = append(parts, part)
		}
	}
	return parts
}

// Replaced are the parameters of an address that a redirect replaces by its own.
func Replaced(address string) (names []string) {
	u, err := url.Parse(address)
	if err != nil {
		return nil
	}
	for part := range strings.SplitSeq(u.RawQuery, "&") {
		if name := nameOf(part); slices.Contains(RedirectMembers(), name) && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

// nameOf is the name of a part of a query, "" when it can't be read.
func nameOf(part string) string {
	name, _, _ := strings.Cut(part, "=")
	name, _ = url.QueryUnescape(name)
	return name
}
