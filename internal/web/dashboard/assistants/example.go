package assistants

import (
	"strconv"

	"smartlinks/internal/i18n"
)

// examples are what somebody who has no assistant yet may ask one for.
func examples() []string {
	return []string{
		i18n.Mark("“Make a link for the workshop on 12 May, 45 euros, 20 places.”"),
		i18n.Mark("“What came in last week, and which link sold best?”"),
		i18n.Mark("“Who has not paid the deposit yet? Write me a friendly reminder.”"),
	}
}

func count(n int) string { return strconv.Itoa(n) }
