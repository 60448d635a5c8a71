package delivery

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"smartlinks/internal/fault"
	"smartlinks/internal/text"
)

// Variables are what a merchant's own message may hold in braces.
func Variables() []string {
	return []string{"link", "customer_name", "first_name", "amount", "link_name", "business_name"}
}

// MaxMessage bounds a message of one's own in characters.
const MaxMessage = 1000

var messageRule = text.Rule{Most: MaxMessage, Lines: true}

// Words are a merchant's own message that was understood. The zero value is
// none, so that ours are used.
type Words struct{ text string }

// A variable is a word in braces; any other brace is just a brace.
var variable = regexp.MustCompile(`\{\s*([a-z][a-z_]*)\s*\}`)

// ParseWords reads a message of one's own. What is wrong is an Invalid fault at
// "message".
func ParseWords(message string) (Words, error) {
	var wrong fault.Fields
	clean := messageRule.Clean("message", message, wrong.Add)
	for _, found := range variable.FindAllStringSubmatch(clean, -1) {
		if !slices.Contains(Variables(), found[1]) && !wrong.Has("message") {
			wrong.Add("message", "message.variable", fmt.Sprintf("There is no %s. You can use %s.", "{"+found[1]+"}", "{"+strings.Join(Variables(), "}, {")+"}"))
		}
	}
	return Words{clean}, wrong.Err()
}

// None reports whether there is no message.
func (w Words) None() bool { return w.text == "" }

// HasLink reports whether the message says where the link goes.
func (w Words) HasLink() bool {
	return slices.ContainsFunc(variable.FindAllStringSubmatch(w.text, -1), func(found []string) bool { return found[1] == "link" })
}

// Fill puts the values in. A value is never read for variables.
func (w Words) Fill(values map[string]string) string {
	return variable.ReplaceAllStringFunc(w.text, func(found string) string {
		return values[variable.FindStringSubmatch(found)[1]]
	})
}
