package dashboard

import (
	"smartlinks/internal/payment"
	"smartlinks/internal/web/ui"
)

// transactionBadge is the colour and the word of a status.
func transactionBadge(s payment.Status) ui.BadgeProps {
	switch s {
	case payment.StatusOpen:
		return ui.BadgeProps{Label: "Not paid yet", Tone: ui.Blue}
	case payment.StatusPending:
		return ui.BadgeProps{Label: "Pending", Tone: ui.Orange}
	case payment.StatusPaid:
		return ui.BadgeProps{Label: "Paid", Tone: ui.Green}
	case payment.StatusFailed:
		return ui.BadgeProps{Label: "Failed", Tone: ui.Red}
	case payment.StatusCanceled:
		return ui.BadgeProps{Label: "Canceled", Tone: ui.Grey}
	case payment.StatusExpired:
		return ui.BadgeProps{Label: "Expired", Tone: ui.Grey}
	case payment.StatusReview:
		return ui.BadgeProps{Label: "Needs a look", Tone: ui.Orange}
	}
	return paymentBadge(string(s))
}

// transactionMarks are what a status does not tell.
func transactionMarks(p payment.View) (marks []ui.BadgeProps) {
	if p.Late() {
		marks = append(marks, ui.BadgeProps{Label: "Late", Tone: ui.Orange})
	}
	switch {
	case p.RefundFailed():
		marks = append(marks, ui.BadgeProps{Label: "Refund failed", Tone: ui.Red})
	case p.RefundOnItsWay().Minor > 0 && p.Status() != payment.StatusOverflow:
		marks = append(marks, ui.BadgeProps{Label: "Refund on its way", Tone: ui.Orange})
	}
	if p.Dispute() != "" {
		marks = append(marks, disputeBadge(p.Dispute()))
	}
	return marks
}

// story says what happened, and whether money moved.
type story struct {
	Tone ui.Tone
	Text string
}

func whatHappened(p payment.View) story {
	amount, back := asMoney(p.Amount), asMoney(p.Refunded())
	switch {
	case p.Dispute() == payment.DisputeOpen:
		return story{ui.Orange, "The payer's bank asks for this money back. Answer the dispute at " + providerName(p.Provider) + ", with what proves that you delivered; there is a deadline. We show how it ends."}
	case p.Dispute() == payment.DisputeLost:
		return story{ui.Red, "The payer's bank took " + asMoney(p.Lost()) + " of this payment back. You kept " + asMoney(p.Kept()) + "."}
	case p.RefundFailed() && p.Receipt != "":
		return story{ui.Red, "A refund did not go through; what is known is below. Try it again, or pay the customer back another way. Then take it off the list."}
	case p.RefundFailed():
		return story{ui.Red, amount + " must go back to the payer, and the provider did not take the refund. We keep trying. If it stays so, refund it at " + providerName(p.Provider) + " yourself: often the balance there is too low."}
	case p.Status() == payment.StatusOverflow && p.Refunded().Minor > 0:
		return story{ui.Orange, "The money came after the last place was taken. All of it was given back to the payer by itself. There is no receipt, and it counts nowhere."}
	case p.Status() == payment.StatusOverflow:
		return story{ui.Orange, "The money came after the last place was taken. " + amount + " is on its way back to the payer by itself. There is no receipt."}
	case p.Status() == payment.StatusReview:
		return story{ui.Orange, "We could not decide whether this was paid: " + firstOf(p.Reason, "the provider's answer does not fit") + ". Compare it with " + providerName(p.Provider) + " by its reference in the details; money that arrived there is to be given back there. Then take it off the list."}
	case p.Status() == payment.StatusRefunded:
		return story{ui.Blue, amount + " was paid, and all of it was given back."}
	case p.Status() == payment.StatusPartiallyRefunded:
		return story{ui.Blue, amount + " was paid, and " + back + " of it was given back."}
	case p.Status() == payment.StatusPaid && p.RefundOnItsWay().Minor > 0:
		return story{ui.Blue, amount + " was paid. " + asMoney(p.RefundOnItsWay()) + " of it is on its way back to the payer."}
	case p.Status() == payment.StatusPaid && p.Late():
		return story{ui.Green, amount + " was paid after its time was up. A place was still free, so it counts like every other payment."}
	}
	return quietStory(p, amount)
}

// quietStory is whatHappened where nobody needs to do anything.
func quietStory(p payment.View, amount string) story {
	switch p.Status() {
	case payment.StatusPaid:
		return story{ui.Green, amount + " was paid."}
	case payment.StatusPending:
		return story{ui.Blue, "The provider says that " + amount + " is on its way. Some ways to pay take days. Nothing has arrived yet; we keep checking."}
	case payment.StatusFailed:
		return story{ui.Grey, "The payment did not succeed. No money moved."}
	case payment.StatusCanceled:
		return story{ui.Grey, "The payer went back without paying. No money moved."}
	case payment.StatusExpired:
		return story{ui.Grey, "The payer did not pay in time. No money moved."}
	}
	return story{ui.Blue, "The payer has been sent to " + providerName(p.Provider) + " and has not paid yet. No money has moved."}
}

// stateWords is a line of the timeline: what the attempt became.
func stateWords(s payment.State, detail string) string {
	if s == payment.Paid && detail != "" {
		switch payment.MoneyStatus(detail) {
		case payment.Refunded:
			return "Refunded"
		case payment.PartiallyRefunded:
			return "Partly refunded"
		case payment.RefundPending:
			return "Refund asked for"
		case payment.RefundFailed:
			return "The provider did not take the refund"
		case payment.AcceptedLate:
			return "Paid, after its time was up"
		case payment.Overflow:
			return "Paid when no place was left"
		}
		switch payment.MovementKind(detail) {
		case payment.DisputeOpened:
			return "The payer's bank asks for the money back"
		case payment.DisputeClosed:
			return "The dispute was won; the money stays"
		case payment.DisputeTaken:
			return "The dispute was lost; the money is gone"
		case payment.DisputeReversed:
			return "The bank gave the money back to you"
		}
	}
	if detail == payment.LookedAtDetail {
		return "Looked at and taken off the list"
	}
	switch s {
	case payment.Creating:
		return "The payer pressed Pay"
	case payment.Open:
		return "The provider's checkout opened"
	case payment.Pending:
		return "Money is on its way"
	case payment.Closing:
		return "The provider was asked to end the checkout"
	case payment.Paid:
		return "Paid"
	case payment.Failed:
		return "Failed"
	case payment.Canceled:
		return "Canceled"
	case payment.Expired:
		return "Expired"
	case payment.Released:
		return "Can't be paid any more; the place is free again"
	case payment.Review:
		return "Put aside for you to look at"
	}
	return string(s)
}

// causeWords says how it became known.
func causeWords(c payment.Cause) string {
	switch c {
	case payment.CausePayer:
		return "by the payer"
	case payment.CauseWebhook:
		return "told by the provider's webhook"
	case payment.CauseReturn:
		return "seen when the payer came back"
	case payment.CausePoller:
		return "seen by our own checks"
	case payment.CauseMerchant:
		return "asked for by you"
	}
	return string(c)
}

// detailWords is what the timeline adds, unless its first words say it already.
func detailWords(s payment.State, detail string) string {
	if stateWords(s, detail) != stateWords(s, "") || payment.MoneyStatus(detail) == payment.Accepted {
		return ""
	}
	return detail
}

// modeBadge tells test payments from live ones.
func modeBadge(test bool) ui.BadgeProps {
	if test {
		return ui.BadgeProps{Label: "Test", Tone: ui.Outline}
	}
	return ui.BadgeProps{Label: "Live", Tone: ui.Outline}
}
