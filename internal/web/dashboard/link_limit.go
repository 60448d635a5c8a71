package dashboard

import (
	"smartlinks/internal/link"
	"smartlinks/internal/web/ui"
)

// limitView is the card "Payment limit". Max is 0 without a limit.
type limitView struct {
	Max, Used           int64
	Badge               ui.BadgeProps
	Percent, Text, Held string
}

// Label says the bar in words.
func (l limitView) Label() string {
	return count(l.Used) + " of " + counted(l.Max, "payment", "payments")
}

func limitViewOf(l link.Link) limitView {
	if l.Limit.Kind == link.Unlimited {
		return limitView{}
	}
	v := limitView{Max: l.Limit.Max, Used: l.Slots.Used, Percent: count(l.PercentUsed()) + "%", Badge: remainingBadge(l)}
	switch {
	case l.Slots.Used >= l.Limit.Max:
		v.Text = "The page is closed. Raise the limit to open it again."
	case l.Limit.Max == 1:
		v.Text = "The page closes after one payment."
	default:
		v.Text = "The page closes after payment " + count(l.Limit.Max) + "."
	}
	if l.Slots.Held > 0 {
		v.Held = counted(l.Slots.Held, "payer is", "payers are") + " paying right now."
	}
	return v
}

// remainingBadge is "15 left", or "Limit reached".
func remainingBadge(l link.Link) ui.BadgeProps {
	if l.Badge() == link.Red {
		return ui.BadgeProps{Label: "Limit reached", Tone: ui.Red, Icon: "ban"}
	}
	left := max(l.Limit.Max-l.Slots.Used, 0)
	return ui.BadgeProps{Label: count(left) + " left", Tone: limitTone(l.Badge())}
}

// statusBadge is what payers meet: an open page, a paused one, or a full one.
func statusBadge(l link.Link) ui.BadgeProps {
	switch l.Status() {
	case link.Inactive:
		return ui.BadgeProps{Label: "Paused", Tone: ui.Grey}
	case link.LimitReached:
		return ui.BadgeProps{Label: "Limit reached", Tone: ui.Red, Icon: "ban"}
	}
	return ui.BadgeProps{Label: "Active", Tone: ui.Green}
}
