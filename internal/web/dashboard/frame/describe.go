package frame

// DescribedBy is the id of the text that explains a field that always has a
// hint: its error while there is one.
func DescribedBy(field string, errors map[string]string) string {
	if errors[field] != "" {
		return field + "-error"
	}
	return field + "-hint"
}
