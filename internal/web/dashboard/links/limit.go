package links

import (
	"smartlinks/internal/link"
	"smartlinks/internal/money"
	"smartlinks/internal/web/dashboard/frame"
	"smartlinks/internal/web/ui"
	"strconv"
)

// limitView is the card "Payment limit". Max is 0 without a limit.
type limitView struct {
	Max, Used           int64
	ByUnits             bool
	Badge               ui.BadgeProps
	Percent, Text, Held string
}

// Label says the bar in words.
func (l limitView) Label(reader frame.Reader) string {
	if l.ByUnits {
		return reader.T("{{.Used}} of {{.Max}}", "Used", reader.Number(l.Used), "Max", reader.N(l.Max, "{{.Count}} unit", "{{.Count}} units"))
	}
	return reader.T("{{.Used}} of {{.Max}}", "Used", reader.Number(l.Used), "Max", reader.N(l.Max, "{{.Count}} payment", "{{.Count}} payments"))
}

func limitViewOf(reader frame.Reader, l link.Link) limitView {
	if l.Limit.Kind == link.Unlimited {
		return limitView{}
	}
	v := limitView{Max: l.Limit.Max, Used: l.Counted().Used, ByUnits: l.Limit.ByUnits(), Percent: money.Percent(strconv.FormatInt(l.PercentUsed(), 10), reader.Lang()), Badge: remainingBadge(reader, l)}
	switch {
	case l.Full():
		v.Text = reader.T("The page is closed. Raise the limit to open it again.")
	case l.Limit.Max == 1:
		v.Text = reader.T("The page closes after one payment.")
	case l.Limit.ByUnits():
		v.Text = reader.N(l.Limit.Max, "The page closes once {{.Count}} unit is sold.", "The page closes once {{.Count}} units are sold.")
	default:
		v.Text = reader.T("The page closes after payment {{.Max}}.", "Max", reader.Number(l.Limit.Max))
	}
	// What is on offer to the waiting list is held too, and told by its own card.
	if paying := l.Slots.Held - l.Slots.Offered; paying > 0 {
		v.Held = reader.T("{{.Held}} paying right now.", "Held", reader.N(paying, "{{.Count}} payer is", "{{.Count}} payers are"))
	}
	return v
}

// remainingBadge is "15 left", or "Limit reached".
func remainingBadge(reader frame.Reader, l link.Link) ui.BadgeProps {
	if l.Badge() == link.Red {
		return ui.BadgeProps{Label: reader.T("Limit reached"), Tone: ui.Red, Icon: "ban"}
	}
	left := max(l.Limit.Max-l.Counted().Used, 0)
	return ui.BadgeProps{Label: reader.N(left, "{{.Count}} left", "{{.Count}} left"), Tone: limitTone(l.Badge())}
}
