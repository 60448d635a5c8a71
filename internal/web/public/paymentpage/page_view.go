package paymentpage

import (
	"net/http"
	"strings"
	"time"

	"smartlinks/internal/address"
	"smartlinks/internal/business"
	"smartlinks/internal/calendar"
	"smartlinks/internal/i18n"
	"smartlinks/internal/link"
	"smartlinks/internal/message"
	"smartlinks/internal/payment/banktransfer"
	"smartlinks/internal/payment/history"
	"smartlinks/internal/receipt"
	"smartlinks/internal/web/public/frame"
	"smartlinks/internal/web/public/offer"
)

// PageView is how a payment stands, with what its page needs to say.
type PageView struct {
	history.View
	Business business.Business
	Link     *link.Link // nil when it is gone, or there was none
	Back     string     // the page to try again on
	Mine     bool       // its payer looks; all others see neither who that is nor the receipt
	Key      string     // the receipt's token, when that is how they came
	// ReceiptTo is where the receipt was mailed to, "" when it was not.
	ReceiptTo string
}

// State is the page of a payment. Every one says whether money moved.
func State(t i18n.Localizer, s PageView) frame.State {
	switch s.Status() {
	case history.StatusPaid, history.StatusPartiallyRefunded:
		return s.paid(t)
	case history.StatusRefunded:
		return s.refunded(t)
	case history.StatusOverflow:
		return s.overflow(t)
	case history.StatusReview:
		return s.review(t)
	case history.StatusPending:
		return s.pending(t)
	case history.StatusFailed:
		return s.unpaid(t, frame.ToneBad, "credit-card", t.T("failed.title"), t.T("failed.text"))
	case history.StatusCanceled:
		return s.unpaid(t, frame.ToneCalm, "circle-x", t.T("canceled.title"), t.T("failed.cancelled"))
	case history.StatusExpired:
		if s.Provider == banktransfer.Name {
			return s.notArrived(t)
		}
		return s.unpaid(t, frame.ToneCalm, "hourglass", t.T("expired.title"), t.T("expired.text"))
	}
	return s.checking(t)
}

func (s PageView) paid(t i18n.Localizer) frame.State {
	text := t.T("paid.text_plain", "Business", s.Business.Name)
	if s.ReceiptTo != "" {
		text = t.T("paid.text", "Business", s.Business.Name, "Email", s.receiptTo())
	}
	if s.Status() == history.StatusPartiallyRefunded {
		text += " " + t.T("refunded.part", "Amount", frame.Sum(t, s.Refunded()))
	}
	paid := frame.State{
		Status: http.StatusOK, Tone: frame.ToneGood, Icon: "check",
		Title: t.T("paid.title_plain"), Text: text, Prose: s.thanks(),
		Facts: s.facts(t), Note: t.T("paid.elsewhere"),
	}
	if s.Mine {
		if name := firstName(s.Payer.Name); name != "" {
			paid.Title = t.T("paid.title", "Name", name)
		}
		paid.Actions, paid.Note = []frame.Action{frame.Primary("receipt", t.T("paid.download"), s.receipt())}, ""
		if s.Key == "" {
			paid.Note = t.T("paid.keep")
		}
	}
	return paid
}

// thanks are the link's own words, else the payment page's.
func (s PageView) thanks() string {
	if s.Link != nil && s.Link.Thanks != "" {
		return s.Link.Thanks
	}
	return s.Business.Page.Success
}

// receiptTo is where the receipt was mailed to, as far as this visitor may know.
func (s PageView) receiptTo() string {
	if s.Mine {
		return s.ReceiptTo
	}
	return frame.Masked(message.ByEmail, s.ReceiptTo)
}

// receipt is the address of the receipt.
func (s PageView) receipt() string {
	return address.Receipt(s.ID, s.Key).String()
}

func (s PageView) refunded(t i18n.Localizer) frame.State {
	if s.Free() {
		return frame.State{
			Status: http.StatusOK, Tone: frame.ToneCalm, Icon: "undo-2",
			Title: t.T("refunded.free_title", "Business", s.Business.Name), Text: t.T("refunded.free_text"), Facts: s.facts(t),
		}
	}
	return frame.State{
		Status: http.StatusOK, Tone: frame.ToneCalm, Icon: "undo-2",
		Title: t.T("refunded.title"), Text: t.T("refunded.text", "Amount", frame.Sum(t, s.Amount), "Business", s.Business.Name),
		Facts: s.facts(t),
	}
}

// overflow is money that came when no place was left.
func (s PageView) overflow(t i18n.Localizer) frame.State {
	return frame.State{
		Status: http.StatusOK, Tone: frame.ToneFull, Icon: "ticket-x",
		Title: t.T("overflow.title"), Text: t.T("overflow.text", "Amount", frame.Sum(t, s.Amount)),
		Well: s.well(t), Note: s.help(t), Mail: s.Business.ContactEmail,
	}
}

func (s PageView) review(t i18n.Localizer) frame.State {
	return frame.State{
		Status: http.StatusOK, Tone: frame.ToneWait, Icon: "search",
		Title: t.T("review.title"), Text: t.T("review.text", "Business", s.Business.Name),
		Well: s.well(t), Note: s.help(t), Mail: s.Business.ContactEmail,
	}
}

func (s PageView) pending(t i18n.Localizer) frame.State {
	if s.Provider == banktransfer.Name {
		return s.transferring(t)
	}
	return frame.State{
		Status: http.StatusOK, Tone: frame.ToneWait, Icon: "hourglass",
		Title: t.T("pending.title"), Text: t.T("pending.text", "Amount", frame.Sum(t, s.Amount), "Business", s.Business.Name),
		Steps: []frame.Step{
			{State: frame.StepDone, Icon: "check", Title: t.T("pending.started"), Text: s.when(t, s.CreatedAt)},
			{State: frame.StepNow, Title: t.T("pending.waiting"), Text: t.T("pending.updates")},
			{Icon: "receipt", Title: t.T("pending.done"), Text: t.T("pending.done_text")},
		},
		Actions: []frame.Action{frame.Secondary("refresh-cw", t.T("pending.check"), s.Own())},
		Note:    t.T("pending.keep"),
	}
}

// transferring is what the page of a waiting transfer says to whoever is not its payer, or
// is at another device: it takes days, so nobody need look again and again.
func (s PageView) transferring(t i18n.Localizer) frame.State {
	return frame.State{
		Status: http.StatusOK, Tone: frame.ToneWait, Icon: "landmark",
		Title: t.T("transfer.awaited"), Text: t.T("transfer.days", "Amount", frame.Sum(t, s.Amount), "Business", s.Business.Name),
		Well: s.well(t), Note: s.help(t), Mail: s.Business.ContactEmail,
	}
}

// notArrived is a transfer that is awaited no more. It may be on its way all the same,
// so paying again comes second.
func (s PageView) notArrived(t i18n.Localizer) frame.State {
	n := s.unpaid(t, frame.ToneCalm, "hourglass", t.T("transfer.missing"), t.T("transfer.nothing_to_do", "Business", s.Business.Name))
	n.Actions = []frame.Action{frame.Secondary("rotate-ccw", t.T("transfer.anew"), s.Back)}
	return n
}

// checking is a payment of which the provider has told nothing final. It is
// never a second form: that could be paid twice.
func (s PageView) checking(t i18n.Localizer) frame.State {
	c := frame.State{
		Status: http.StatusOK, Tone: frame.ToneWait, Icon: "hourglass",
		Title: t.T("checking.title"), Text: t.T("checking.text"),
		Well: s.well(t), Note: t.T("checking.note"),
	}
	if s.CheckoutURL != "" {
		c.Actions = append(c.Actions, frame.Primary("", t.T("checking.continue"), s.CheckoutURL))
	}
	c.Actions = append(c.Actions, frame.Secondary("refresh-cw", t.T("pending.check"), s.Own()))
	return c
}

// unpaid is a payment that came to nothing.
func (s PageView) unpaid(t i18n.Localizer, tone, icon, title, text string) frame.State {
	return frame.State{
		Status: http.StatusOK, Tone: tone, Icon: icon, Title: title, Text: text,
		Well: s.well(t), Actions: []frame.Action{frame.Primary("rotate-ccw", t.T("failed.again"), s.Back)}, Note: s.help(t), Mail: s.Business.ContactEmail,
	}
}

// facts are the receipt.
func (s PageView) facts(t i18n.Localizer) []frame.Fact {
	facts := append(partsOf(t, s.Attempt), frame.Fact{Label: t.T("pay.amount"), Value: s.Amount.Format(t.Lang())}, frame.Fact{Label: t.T("paid.for"), Value: s.Title})
	if s.Receipt != "" {
		facts = append(facts, frame.Fact{Label: t.T("paid.receipt"), Value: s.Receipt, Figure: true})
	}
	if s.Reference != "" {
		facts = append(facts, frame.Fact{Label: t.T("paid.reference"), Value: s.Reference, Figure: true})
	}
	if !s.PaidAt.IsZero() {
		facts = append(facts, frame.Fact{Label: t.T("paid.when"), Value: s.when(t, s.PaidAt)})
	}
	if s.Method != "" {
		facts = append(facts, frame.Fact{Label: t.T("paid.method"), Value: receipt.MethodName(t.T, s.Method)})
	}
	return append(facts, frame.Fact{Label: t.T("receipt.code"), Value: s.ID.Code(), Figure: true})
}

func (s PageView) well(t i18n.Localizer) *frame.Well {
	w := &frame.Well{Title: s.Title, Sum: s.Amount.Format(t.Lang())}
	if s.Link != nil && s.Link.Limit.Limited() && s.Link.ShowRemaining {
		w.Text = offer.LeftText(t, *s.Link)
	}
	return w
}

// help says whom to ask, where the business gives an address, and the code by
// which the payment is found.
func (s PageView) help(t i18n.Localizer) string {
	if s.Business.ContactEmail == "" {
		return t.T("failed.code", "Code", s.ID.Code())
	}
	return t.T("failed.help", "Email", s.Business.ContactEmail, "Reference", s.ID.Code())
}

// Own is the address of this page.
func (s PageView) Own() string { return address.Payment(s.ID).String() }

func (s PageView) when(t i18n.Localizer, at time.Time) string {
	return calendar.DateTime(at, s.Business.Location(), t.Lang())
}

// firstName is what to call somebody by: the first word of what they typed.
func firstName(name string) string {
	first, _, _ := strings.Cut(name, " ")
	return first
}
