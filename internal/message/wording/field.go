package wording

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// In blocks, subjects and messages of one's own a field is a name in braces, such as
// {amount}. Templates are stored with two, as they always were, so that nobody's mail
// changes its meaning; two are read too. Any other brace is just a brace.
var field = regexp.MustCompile(`\{\{\s*([a-z][a-z_]*)\s*\}\}|\{\s*([a-z][a-z_]*)\s*\}`)

// Shorter is what a field is called in messages, where mails have another name.
var shorter = map[string]string{"link": "link_url"}

// Fault says what is wrong with a part. Its text is a sentence for whoever wrote it.
type Fault string

// Error implements error.
func (f Fault) Error() string { return string(f) }

// Source turns words with {fields} into the language of templates. The error is a Fault.
func Source(words string, names []string) (string, error) {
	var b strings.Builder
	end := 0
	literal := func(text string, beforeField bool) error {
		if strings.Contains(text, "{{") || beforeField && strings.HasSuffix(text, "{") {
			return Fault("Two opening braces can’t be read here. Choose a field from the menu, or remove one of them.")
		}
		b.WriteString(text)
		return nil
	}
	for _, at := range field.FindAllStringSubmatchIndex(words, -1) {
		name := ""
		for group := 2; group < len(at); group += 2 {
			if at[group] >= 0 {
				name = words[at[group]:at[group+1]]
			}
		}
		if full := shorter[name]; !slices.Contains(names, name) && slices.Contains(names, full) {
			name = full
		}
		if !slices.Contains(names, name) || name == Summary || name == Divider || name == Picture {
			return "", Fault(fmt.Sprintf("There is no field %s. Choose one from the menu.", "{"+name+"}"))
		}
		if err := literal(words[end:at[0]], true); err != nil {
			return "", err
		}
		b.WriteString("{{" + name + "}}")
		end = at[1]
	}
	if err := literal(words[end:], false); err != nil {
		return "", err
	}
	return b.String(), nil
}

// Words turns a line in the language of templates into words with {fields}; false where
// it says what those can't, such as a condition.
func Words(source string, names []string) (string, bool) {
	t, err := Parse(source, names)
	if err != nil {
		return "", false
	}
	return wordsOf(t.nodes, names)
}

func wordsOf(nodes []node, names []string) (string, bool) {
	var words, want strings.Builder
	for _, n := range nodes {
		switch {
		case n.condition || n.picture != "" || n.name == Summary || n.name == Divider:
			return "", false
		case n.name != "":
			words.WriteString("{" + n.name + "}")
			want.WriteString("{{" + n.name + "}}")
		default:
			words.WriteString(n.text)
			want.WriteString(n.text)
		}
	}
	back, err := Source(words.String(), names)
	return words.String(), err == nil && back == want.String()
}

// Say is words with {fields} as people read them, each field as name says it.
func Say(words string, name func(field string) string) string {
	return field.ReplaceAllStringFunc(words, func(found string) string { return name(strings.Trim(found, "{} \t")) })
}
