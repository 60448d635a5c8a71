package public

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
	"smartlinks/internal/payment"
	"smartlinks/internal/payment/banktransfer"
	"smartlinks/internal/receipt"
)

// paymentPageView is how a payment stands, with what its page needs to say.
type paymentPageView struct {
	payment.View
	Business business.Business
	Link     *link.Link // nil when it is gone, or there was none
	Back     string     // the page to try again on
	Mine     bool       // its payer looks; all others see neither who that is nor the receipt
	Key      string     // the receipt's token, when that is how they came
	// ReceiptTo is where the receipt was mailed to, "" when it was not.
	ReceiptTo string
}

// paymentState is the page of a payment. Every one says whether money moved.
func paymentState(t i18n.Localizer, s paymentPageView) state {
	switch s.Status() {
	case payment.StatusPaid, payment.StatusPartiallyRefunded:
		return s.paid(t)
	case payment.StatusRefunded:
		return s.refunded(t)
	case payment.StatusOverflow:
		return s.overflow(t)
	case payment.StatusReview:
		return s.review(t)
	case payment.StatusPending:
		return s.pending(t)
	case payment.StatusFailed:
		return s.unpaid(t, bad, "credit-card", t.T("failed.title"), t.T("failed.text"))
	case payment.StatusCanceled:
		return s.unpaid(t, calm, "circle-x", t.T("canceled.title"), t.T("failed.cancelled"))
	case payment.StatusExpired:
		if s.Provider == banktransfer.Name {
			return s.notArrived(t)
		}
		return s.unpaid(t, calm, "hourglass", t.T("expired.title"), t.T("expired.text"))
	}
	return s.checking(t)
}

func (s paymentPageView) paid(t i18n.Localizer) state {
	text := t.T("paid.text_plain", "Business", s.Business.Name)
	if s.ReceiptTo != "" {
		text = t.T("paid.text", "Business", s.Business.Name, "Email", s.receiptTo())
	}
	if s.Status() == payment.StatusPartiallyRefunded {
		text += " " + t.T("refunded.part", "Amount", sum(t, s.Refunded()))
	}
	paid := state{
		Status: http.StatusOK, Tone: good, Icon: "check",
		Title: t.T("paid.title_plain"), Text: text, Prose: s.thanks(),
		Facts: s.facts(t), Note: t.T("paid.elsewhere"),
	}
	if s.Mine {
		if name := firstName(s.Payer.Name); name != "" {
			paid.Title = t.T("paid.title", "Name", name)
		}
		paid.Actions, paid.Note = []action{primary("receipt", t.T("paid.download"), s.receipt())}, ""
		if s.Key == "" {
			paid.Note = t.T("paid.keep")
		}
	}
	return paid
}

// thanks are the link's own words, else the payment page's.
func (s paymentPageView) thanks() string {
	if s.Link != nil && s.Link.Thanks != "" {
		return s.Link.Thanks
	}
	return s.Business.Page.Success
}

// receiptTo is where the receipt was mailed to, as far as this visitor may know.
func (s paymentPageView) receiptTo() string {
	if s.Mine {
		return s.ReceiptTo
	}
	return masked(message.ByEmail, s.ReceiptTo)
}

// receipt is the address of the receipt.
func (s paymentPageView) receipt() string {
	return address.Receipt(s.ID, s.Key).String()
}

func (s paymentPageView) refunded(t i18n.Localizer) state {
	if s.Free() {
		return state{
			Status: http.StatusOK, Tone: calm, Icon: "undo-2",
			Title: t.T("refunded.free_title", "Business", s.Business.Name), Text: t.T("refunded.free_text"), Facts: s.facts(t),
		}
	}
	return state{
		Status: http.StatusOK, Tone: calm, Icon: "undo-2",
		Title: t.T("refunded.title"), Text: t.T("refunded.text", "Amount", sum(t, s.Amount), "Business", s.Business.Name),
		Facts: s.facts(t),
	}
}

// overflow is money that came when no place was left.
func (s paymentPageView) overflow(t i18n.Localizer) state {
	return state{
		Status: http.StatusOK, Tone: full, Icon: "ticket-x",
		Title: t.T("overflow.title"), Text: t.T("overflow.text", "Amount", sum(t, s.Amount)),
		Well: s.well(t), Note: s.help(t), Mail: s.Business.ContactEmail,
	}
}

func (s paymentPageView) review(t i18n.Localizer) state {
	return state{
		Status: http.StatusOK, Tone: wait, Icon: "search",
		Title: t.T("review.title"), Text: t.T("review.text", "Business", s.Business.Name),
		Well: s.well(t), Note: s.help(t), Mail: s.Business.ContactEmail,
	}
}

func (s paymentPageView) pending(t i18n.Localizer) state {
	if s.Provider == banktransfer.Name {
		return s.transferring(t)
	}
	return state{
		Status: http.StatusOK, Tone: wait, Icon: "hourglass",
		Title: t.T("pending.title"), Text: t.T("pending.text", "Amount", sum(t, s.Amount), "Business", s.Business.Name),
		Steps: []step{
			{stepDone, "check", t.T("pending.started"), s.when(t, s.CreatedAt)},
			{stepNow, "", t.T("pending.waiting"), t.T("pending.updates")},
			{"", "receipt", t.T("pending.done"), t.T("pending.done_text")},
		},
		Actions: []action{secondary("refresh-cw", t.T("pending.check"), s.own())},
		Note:    t.T("pending.keep"),
	}
}

// transferring is what the page of a waiting transfer says to whoever is not its payer, or
// is at another device: it takes days, so nobody need look again and again.
func (s paymentPageView) transferring(t i18n.Localizer) state {
	return state{
		Status: http.StatusOK, Tone: wait, Icon: "landmark",
		Title: t.T("transfer.awaited"), Text: t.T("transfer.days", "Amount", sum(t, s.Amount), "Business", s.Business.Name),
		Well: s.well(t), Note: s.help(t), Mail: s.Business.ContactEmail,
	}
}

// notArrived is a transfer that is awaited no more. It may be on its way all the same,
// so paying again comes second.
func (s paymentPageView) notArrived(t i18n.Localizer) state {
	n := s.unpaid(t, calm, "hourglass", t.T("transfer.missing"), t.T("transfer.nothing_to_do", "Business", s.Business.Name))
	n.Actions = []action{secondary("rotate-ccw", t.T("transfer.anew"), s.Back)}
	return n
}

// checking is a payment of which the provider has told nothing final. It is
// never a second form: that could be paid twice.
func (s paymentPageView) checking(t i18n.Localizer) state {
	c := state{
		Status: http.StatusOK, Tone: wait, Icon: "hourglass",
		Title: t.T("checking.title"), Text: t.T("checking.text"),
		Well: s.well(t), Note: t.T("checking.note"),
	}
	if s.CheckoutURL != "" {
		c.Actions = append(c.Actions, primary("", t.T("checking.continue"), s.CheckoutURL))
	}
	c.Actions = append(c.Actions, secondary("refresh-cw", t.T("pending.check"), s.own()))
	return c
}

// unpaid is a payment that came to nothing.
func (s paymentPageView) unpaid(t i18n.Localizer, tone, icon, title, text string) state {
	return state{
		Status: http.StatusOK, Tone: tone, Icon: icon, Title: title, Text: text,
		Well: s.well(t), Actions: []action{primary("rotate-ccw", t.T("failed.again"), s.Back)}, Note: s.help(t), Mail: s.Business.ContactEmail,
	}
}

// facts are the receipt.
func (s paymentPageView) facts(t i18n.Localizer) []fact {
	facts := append(partsOf(t, s.Attempt), fact{t.T("pay.amount"), s.Amount.Format(t.Lang()), false}, fact{t.T("paid.for"), s.Title, false})
	if s.Receipt != "" {
		facts = append(facts, fact{t.T("paid.receipt"), s.Receipt, true})
	}
	if s.Reference != "" {
		facts = append(facts, fact{t.T("paid.reference"), s.Reference, true})
	}
	if !s.PaidAt.IsZero() {
		facts = append(facts, fact{t.T("paid.when"), s.when(t, s.PaidAt), false})
	}
	if s.Method != "" {
		facts = append(facts, fact{t.T("paid.method"), receipt.MethodName(t.T, s.Method), false})
	}
	return append(facts, fact{t.T("receipt.code"), s.ID.Code(), true})
}

func (s paymentPageView) well(t i18n.Localizer) *well {
	w := &well{Title: s.Title, Sum: s.Amount.Format(t.Lang())}
	if s.Link != nil && s.Link.Limit.Limited() && s.Link.ShowRemaining {
		w.Text = leftText(t, *s.Link)
	}
	return w
}

// help says whom to ask, where the business gives an address, and the code by
// which the payment is found.
func (s paymentPageView) help(t i18n.Localizer) string {
	if s.Business.ContactEmail == "" {
		return t.T("failed.code", "Code", s.ID.Code())
	}
	return t.T("failed.help", "Email", s.Business.ContactEmail, "Reference", s.ID.Code())
}

// own is the address of this page.
func (s paymentPageView) own() string { return address.Payment(s.ID).String() }

func (s paymentPageView) when(t i18n.Localizer, at time.Time) string {
	return calendar.DateTime(at, s.Business.Location(), t.Lang())
}

// firstName is what to call somebody by: the first word of what they typed.
func firstName(name string) string {
	first, _, _ := strings.Cut(name, " ")
	return first
}
