package frame

import "strings"

// TypedQuery is a query as databases take it: short, without what is no text.
func TypedQuery(q string) string {
	q = strings.ToValidUTF8(strings.ReplaceAll(q, "\x00", ""), "")
	if len(q) > MaxQuery {
		q = strings.ToValidUTF8(q[:MaxQuery], "")
	}
	return strings.TrimSpace(q)
}

// MaxQuery bounds what is searched for, in bytes.
const MaxQuery = 200
