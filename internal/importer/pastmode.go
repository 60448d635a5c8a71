package importer

import (
	"slices"

	"smartlinks/internal/business"
	"smartlinks/internal/fault"
)

// modeFields are the fields by which a line says whether its money was real: one by a word,
// one by yes for what was, as Stripe's livemode, and one by yes for what was not, as the
// columns of many shops. Each is a field of its own, so that no yes is read the wrong way.
var modeFields = []string{"mode", "live", "test"}

// What programs call money that moved, and money that was only played with.
var (
	pastLive = []string{"live", "livemode", "production"}
	pastTest = []string{"test", "testmode", "sandbox"}
)

// ofMode tells whether all that a line says of its mode is the business's, and notes what is
// not: play money is no revenue, and what was really paid would be lost among play money.
// Where two columns contradict each other, the line does not count.
func ofMode(v values, ours business.Mode, unread *fault.Fields) bool {
	of := true
	for _, field := range modeFields {
		if v[field] == "" {
			continue
		}
		switch mode := modeSaid(field, v[field]); {
		case mode == ours:
			continue
		case mode == business.Test:
			unread.Add(field, "", "This payment was only a test, so it does not count.")
		case mode == business.Live:
			unread.Add(field, "", "This payment is a live one, and you are in test mode. Import it once you are live.")
		case field == "mode":
			unread.Add(field, "", "Write live or test, or leave the column out if it says something else.")
		default:
			unread.Add(field, "", "Write yes or no.")
		}
		of = false
	}
	return of
}

// modeSaid is the mode that a cell of a mode field says, "" when it says none.
func modeSaid(field, said string) business.Mode {
	word := bare(said)
	switch yes, ok := switchOf(said); {
	case slices.Contains(pastLive, word):
		return business.Live
	case slices.Contains(pastTest, word):
		return business.Test
	case !ok || field == "mode":
		return ""
	case yes == (field == "live"):
		return business.Live
	}
	return business.Test
}
