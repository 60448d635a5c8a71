package frame

import (
	"time"

	"smartlinks/internal/link"
	"smartlinks/internal/web/ui"
)

// PaymentBadge is the colour and the word of a payment's status.
func PaymentBadge(reader Reader, status string) ui.BadgeProps {
	switch status {
	case "refunded":
		return ui.BadgeProps{Label: reader.T("Refunded"), Tone: ui.Grey}
	case "partially_refunded":
		return ui.BadgeProps{Label: reader.T("Partly refunded"), Tone: ui.Grey}
	case "refund_pending":
		return ui.BadgeProps{Label: reader.T("Refund pending"), Tone: ui.Orange}
	case "refund_failed":
		return ui.BadgeProps{Label: reader.T("Refund failed"), Tone: ui.Red}
	case "overflow":
		return ui.BadgeProps{Label: reader.T("Over the limit"), Tone: ui.Red}
	case "accepted_late":
		return ui.BadgeProps{Label: reader.T("Paid late"), Tone: ui.Green}
	}
	return ui.BadgeProps{Label: reader.T("Paid"), Tone: ui.Green}
}

// StatusBadge is what payers meet: an open page, a paused one, a full one, one outside of its
// dates, or one whose product is not for sale.
func StatusBadge(reader Reader, l link.Link, now time.Time) ui.BadgeProps {
	if l.Active && l.OffSale() {
		return ui.BadgeProps{Label: reader.T("Can’t be paid"), Tone: ui.Orange, Icon: "triangle-alert"}
	}
	switch l.State(now) {
	case link.Inactive:
		return ui.BadgeProps{Label: reader.T("Paused"), Tone: ui.Grey}
	case link.LimitReached:
		return ui.BadgeProps{Label: reader.T("Limit reached"), Tone: ui.Red, Icon: "ban"}
	case link.Early:
		return ui.BadgeProps{Label: reader.T("Not open yet"), Tone: ui.Outline}
	case link.Ended:
		return ui.BadgeProps{Label: reader.T("Closed"), Tone: ui.Grey}
	}
	return ui.BadgeProps{Label: reader.T("Active"), Tone: ui.Green}
}
