package frame

import "net/url"

// CopyParams copies the named parameters that are set.
func CopyParams(to, from url.Values, names ...string) {
	for _, name := range names {
		if value := from.Get(name); value != "" {
			to.Set(name, value)
		}
	}
}

// Distinct returns the values that are not empty, each once, in their order.
func Distinct(values []string) []string {
	var kept []string
	seen := map[string]bool{"": true}
	for _, v := range values {
		if !seen[v] {
			seen[v] = true
			kept = append(kept, v)
		}
	}
	return kept
}

// Choice is one choice of a filter or a form.
type Choice struct {
	Value, Label, Color, Count string
	Checked                    bool
}

// FilterCount is what a filter's button shows: how much of it is set.
func FilterCount(reader Reader, n int) string {
	if n == 0 {
		return ""
	}
	return reader.Number(int64(n))
}
