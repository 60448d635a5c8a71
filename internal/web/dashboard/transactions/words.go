package transactions

import (
	"cmp"
	"strings"

	"smartlinks/internal/payment"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/payment/banktransfer"
	"smartlinks/internal/payment/history"
	"smartlinks/internal/payment/provider"
	"smartlinks/internal/web/dashboard/frame"
	"smartlinks/internal/web/ui"
)

// TransactionBadge is the colour and the word of a status.
func TransactionBadge(reader frame.Reader, s history.Status) ui.BadgeProps {
	switch s {
	case history.StatusOpen:
		return ui.BadgeProps{Label: reader.T("Not paid yet"), Tone: ui.Blue}
	case history.StatusPending:
		return ui.BadgeProps{Label: reader.T("Pending"), Tone: ui.Orange}
	case history.StatusPaid:
		return ui.BadgeProps{Label: reader.T("Paid"), Tone: ui.Green}
	case history.StatusFailed:
		return ui.BadgeProps{Label: reader.T("Failed"), Tone: ui.Red}
	case history.StatusCanceled:
		return ui.BadgeProps{Label: reader.T("Cancelled"), Tone: ui.Grey}
	case history.StatusExpired:
		return ui.BadgeProps{Label: reader.T("Expired"), Tone: ui.Grey}
	case history.StatusReview:
		return ui.BadgeProps{Label: reader.T("To check|a status"), Tone: ui.Orange}
	}
	return frame.PaymentBadge(reader, string(s))
}

// transactionMarks are what a status does not tell.
func transactionMarks(reader frame.Reader, p history.View) (marks []ui.BadgeProps) {
	if p.PaidTwice() {
		marks = append(marks, ui.BadgeProps{Label: reader.T("Paid twice?"), Tone: ui.Orange})
	}
	if p.Late() {
		marks = append(marks, ui.BadgeProps{Label: reader.T("Late"), Tone: ui.Orange})
	}
	switch {
	case overTransfer(p):
		if p.Refunded().Minor == 0 {
			marks = append(marks, ui.BadgeProps{Label: reader.T("To be sent back"), Tone: ui.Orange})
		}
	case p.RefundFailed():
		marks = append(marks, ui.BadgeProps{Label: reader.T("Refund failed"), Tone: ui.Red})
	case p.RefundOnItsWay().Minor > 0 && p.Status() != history.StatusOverflow:
		marks = append(marks, ui.BadgeProps{Label: reader.T("Refund on its way"), Tone: ui.Orange})
	}
	if p.Dispute() != "" {
		marks = append(marks, disputeBadge(reader, p.Dispute()))
	}
	return marks
}

// overTransfer reports whether it is a bank transfer for which no place was free: nobody but
// the merchant can send that money back.
func overTransfer(p history.View) bool {
	return p.Provider == banktransfer.Name && p.Status() == history.StatusOverflow
}

// refundLabel is what giving money back is called: what was recorded is reversed.
func (v transactionView) refundLabel(reader frame.Reader) string {
	if v.Recorded != nil {
		return reader.T("Reverse")
	}
	if v.Free {
		return reader.T("Cancel payment")
	}
	return reader.T("Refund")
}

// refundLeave leaves it: two buttons that both say cancel would say nothing.
func (v transactionView) refundLeave(reader frame.Reader) string {
	if v.Free {
		return reader.T("Keep payment")
	}
	return reader.T("Cancel")
}

// refundBusy is its label while it is under way.
func (v transactionView) refundBusy(reader frame.Reader) string {
	if v.Free {
		return reader.T("Canceling")
	}
	return reader.T("Refunding")
}

// refundTitle heads the dialog of it.
func (v transactionView) refundTitle(reader frame.Reader) string {
	if v.Recorded != nil {
		return reader.T("Reverse the payment by {{.Payer}}", "Payer", v.Row.Payer)
	}
	if v.Free {
		return reader.T("Cancel the payment of {{.Payer}}", "Payer", v.Row.Payer)
	}
	return reader.T("Refund {{.Payer}}", "Payer", v.Row.Payer)
}

// methodWords is how money came that was recorded by hand.
func methodWords(reader frame.Reader, method string) string {
	switch payment.HandMethod(method) {
	case payment.HandCash:
		return reader.T("Cash")
	case payment.HandTransfer:
		return reader.T("Transfer")
	}
	return reader.T("Other")
}

// explanation says what happened, and whether money moved.
type explanation struct {
	Tone ui.Tone
	Text string
}

func whatHappened(reader frame.Reader, p history.View) explanation {
	amount, back := reader.Money(p.Amount), reader.Money(p.Refunded())
	switch {
	case p.Dispute() == provider.DisputeOpen && p.Refunded().Minor > 0:
		return explanation{ui.Orange, reader.T("The payer’s bank asks for this money back, and {{.Amount}} was refunded already. Answer the dispute at {{.Provider}} with proof of the refund; there is a deadline. We show how it ends.", "Amount", back, "Provider", reader.ProviderName(p.Provider))}
	case p.Dispute() == provider.DisputeLost && p.Kept().Minor < 0:
		return explanation{ui.Red, reader.T("The payer’s bank took back {{.Lost}} of this payment, and {{.Amount}} was refunded too: more than was paid. Ask {{.Provider}} what can be done, and show them the refund.", "Lost", reader.Money(p.Lost()), "Amount", back, "Provider", reader.ProviderName(p.Provider))}
	case p.Dispute() == provider.DisputeOpen:
		return explanation{ui.Orange, reader.T("The payer’s bank asks for this money back. Answer the dispute at {{.Provider}} with proof of delivery; there is a deadline. We show how it ends.", "Provider", reader.ProviderName(p.Provider))}
	case p.Dispute() == provider.DisputeLost:
		return explanation{ui.Red, reader.T("The payer’s bank took back {{.Lost}} of this payment. {{.Kept}} remains yours.", "Lost", reader.Money(p.Lost()), "Kept", reader.Money(p.Kept()))}
	case overTransfer(p) && p.Refunded().Minor > 0:
		return explanation{ui.Orange, reader.T("The money arrived when no place was free, and you sent it back. There is no receipt, and it does not count.")}
	case overTransfer(p):
		return explanation{ui.Orange, reader.T("The money arrived when no place was free, so it does not count and there is no receipt. Send {{.Amount}} back from your bank.", "Amount", amount)}
	case p.RefundFailed() && p.Receipt != "":
		return explanation{ui.Red, reader.T("A refund failed; what is known is below. Try it again, or refund the customer another way. Then mark it as checked.")}
	case p.RefundFailed():
		return explanation{ui.Red, reader.T("We must refund {{.Amount}} to the payer, and the provider refused. We keep trying. If that does not help, refund it at {{.Provider}} yourself: often the balance there is too low.", "Amount", amount, "Provider", reader.ProviderName(p.Provider))}
	case p.Status() == history.StatusOverflow && p.Refunded().Minor > 0:
		return explanation{ui.Orange, reader.T("The money arrived after the last place was taken, so all of it was refunded automatically. There is no receipt, and it does not count.")}
	case p.Status() == history.StatusOverflow:
		return explanation{ui.Orange, reader.T("The money arrived after the last place was taken, so {{.Amount}} is being refunded automatically. There is no receipt.", "Amount", amount)}
	case p.Status() == history.StatusReview && p.Provider == banktransfer.Name:
		return explanation{ui.Orange, reader.T("Another amount than {{.Amount}} came, so nothing was counted yet. Say below what it is.", "Amount", amount)}
	case p.Status() == history.StatusReview:
		return explanation{ui.Orange, reader.T("We could not tell whether this was paid: {{.Or}}. Compare it with {{.Provider}} by the reference in the details, and refund there what arrived. Then mark it as checked.", "Or", cmp.Or(reader.Sentence(p.Reason), reader.T("the provider’s answer does not fit")), "Provider", reader.ProviderName(p.Provider))}
	case p.Status() == history.StatusRefunded && p.Free():
		return explanation{ui.Blue, reader.T("Nothing was to be paid, and the payment was canceled.")}
	case p.Status() == history.StatusRefunded:
		return explanation{ui.Blue, reader.T("All of {{.Amount}} was refunded.", "Amount", amount)}
	case p.Status() == history.StatusPartiallyRefunded:
		return explanation{ui.Blue, reader.T("Of {{.Amount}} paid, {{.Back}} was refunded.", "Amount", amount, "Back", back)}
	case p.Status() == history.StatusPaid && p.RefundOnItsWay().Minor > 0:
		return explanation{ui.Blue, reader.T("Of {{.Amount}} paid, {{.RefundOnItsWay}} is being refunded.", "Amount", amount, "RefundOnItsWay", reader.Money(p.RefundOnItsWay()))}
	case p.PaidTwice():
		return explanation{ui.Orange, reader.T("{{.Amount}} arrived after the payer had begun to pay for the same another way, and both payments count. If they paid twice by accident, refund one of the two. Then mark it as checked.", "Amount", amount)}
	case p.Status() == history.StatusPaid && p.Late():
		return explanation{ui.Green, reader.T("Late payment of {{.Amount}}: a place was still free, so it counts like every other payment.", "Amount", amount)}
	}
	return quietExplanation(reader, p, amount)
}

// quietExplanation is whatHappened where nobody needs to do anything.
func quietExplanation(reader frame.Reader, p history.View, amount string) explanation {
	switch p.Status() {
	case history.StatusPaid:
		if p.Provider == payment.Manual {
			return explanation{ui.Green, reader.T("{{.Amount}} was recorded by hand. It can be reversed, not changed.", "Amount", amount)}
		}
		return explanation{ui.Green, reader.T("{{.Amount}} was paid.", "Amount", amount)}
	case history.StatusPending:
		if p.Provider == banktransfer.Name {
			return explanation{ui.Blue, reader.T("The payer chose to pay {{.Amount}} by bank transfer. It has not arrived yet.", "Amount", amount)}
		}
		return explanation{ui.Blue, reader.T("The provider says that {{.Amount}} is on its way, which can take days with some methods. Nothing has arrived yet; we keep checking.", "Amount", amount)}
	case history.StatusFailed:
		return explanation{ui.Grey, reader.T("The payment failed. No money moved.")}
	case history.StatusCanceled:
		if p.Reason == banktransfer.Dropped {
			return explanation{ui.Grey, reader.T("You said that the money was a mistake or was sent back. It does not count, and the place is free.")}
		}
		return explanation{ui.Grey, reader.T("The payer cancelled. No money moved.")}
	case history.StatusExpired:
		return explanation{ui.Grey, reader.T("The payer did not pay in time. No money moved.")}
	}
	return explanation{ui.Blue, reader.T("The payer has been sent to {{.Provider}} and has not paid yet. No money has moved.", "Provider", reader.ProviderName(p.Provider))}
}

// stateWords is a line of the timeline: what the attempt became.
func stateWords(reader frame.Reader, s attempt.State, detail string) string {
	if s == attempt.Paid && detail != "" {
		switch attempt.MoneyStatus(detail) {
		case attempt.Refunded:
			return reader.T("Refunded")
		case attempt.PartiallyRefunded:
			return reader.T("Partly refunded")
		case attempt.RefundPending:
			return reader.T("Refund requested")
		case attempt.RefundFailed:
			return reader.T("The provider refused the refund")
		case attempt.AcceptedLate:
			return reader.T("Paid, but late")
		case attempt.Overflow:
			return reader.T("Paid when no place was left")
		}
		switch payment.MovementKind(detail) {
		case payment.DisputeOpened:
			return reader.T("The payer’s bank asks for the money back")
		case payment.DisputeClosed:
			return reader.T("The dispute was won: the money stays")
		case payment.DisputeTaken:
			return reader.T("The dispute was lost: the money is gone")
		case payment.DisputeReversed:
			return reader.T("The bank returned the money to you")
		}
	}
	if strings.HasPrefix(detail, payment.AgreedDetail) {
		return reader.T("You took another amount as the payment")
	}
	if detail == payment.ResolvedDetail {
		return reader.T("Marked as checked")
	}
	switch s {
	case attempt.Creating:
		return reader.T("The payer pressed Pay")
	case attempt.Open:
		return reader.T("Checkout opened at the provider")
	case attempt.Pending:
		return reader.T("Money is on its way")
	case attempt.Closing:
		return reader.T("The provider was asked to end the checkout")
	case attempt.Paid:
		return reader.T("Paid")
	case attempt.Failed:
		return reader.T("Failed")
	case attempt.Canceled:
		return reader.T("Cancelled")
	case attempt.Expired:
		return reader.T("Expired")
	case attempt.Released:
		return reader.T("Can no longer be paid; the place is free again")
	case attempt.Review:
		return reader.T("Waiting for you to check")
	}
	return string(s)
}

// transferWords is a line of the timeline of a bank transfer where it differs: no provider
// knows of money before the bank tells of it. "" where it does not differ.
func transferWords(reader frame.Reader, provider string, s attempt.State, detail string) string {
	switch {
	case provider != banktransfer.Name:
	case s == attempt.Paid && attempt.MoneyStatus(detail) == attempt.RefundFailed:
		return reader.T("Waiting for you to send it back")
	case s == attempt.Pending:
		return reader.T("Waiting for the transfer")
	case s == attempt.Closing:
		return reader.T("The transfer is no longer waited for")
	}
	return ""
}

// causeWords says how it became known.
func causeWords(reader frame.Reader, c attempt.Cause) string {
	switch c {
	case attempt.CausePayer:
		return reader.T("by the payer")
	case attempt.CauseWebhook:
		return reader.T("reported by the provider’s webhook")
	case attempt.CauseReturn:
		return reader.T("seen when the payer came back")
	case attempt.CausePoller:
		return reader.T("seen by our own checks")
	case attempt.CauseMerchant:
		return reader.T("asked for by you")
	}
	return string(c)
}

// detailWords is what the timeline adds, unless its first words say it already.
func detailWords(reader frame.Reader, s attempt.State, detail string) string {
	if stateWords(reader, s, detail) != stateWords(reader, s, "") || attempt.MoneyStatus(detail) == attempt.Accepted {
		return ""
	}
	return detail
}

// modeBadge tells test payments from live ones.
func modeBadge(reader frame.Reader, test bool) ui.BadgeProps {
	if test {
		return ui.BadgeProps{Label: reader.T("Test"), Tone: ui.Outline}
	}
	return ui.BadgeProps{Label: reader.T("Live"), Tone: ui.Outline}
}
