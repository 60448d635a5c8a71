package public

import (
	"net/http"
	"time"

	"smartlinks/internal/address"
	"smartlinks/internal/business"
	"smartlinks/internal/calendar"
	"smartlinks/internal/i18n"
	"smartlinks/internal/payment"
)

// forgettable offers "Not you?" on a page that tells of somebody's payment.
func (s state) forgettable() state {
	s.Forget = true
	return s
}

func dayOf(t i18n.Localizer, b business.Business, at time.Time) string {
	return calendar.Date(at, b.Location(), t.Lang())
}

// ownPaidState is for the browser that paid: the receipt, and paying once more as
// a second step.
func ownPaidState(t i18n.Localizer, o offer, v payment.View, onceMore string) state {
	p := paymentPageView{Business: o.Business, View: v, Link: o.Link, Mine: true}
	text := t.T("own.paid_text", "Business", o.Business.Name)
	if v.Status() == payment.StatusPartiallyRefunded {
		text += " " + t.T("refunded.part", "Amount", sum(t, v.Refunded()))
	}
	s := state{
		Status: http.StatusOK, Tone: good, Icon: "check", Forget: true,
		Title: t.T("own.paid_title", "Amount", sum(t, v.Amount), "Date", dayOf(t, o.Business, v.PaidAt)), Text: text,
		Facts: p.facts(t), Note: t.T("own.only_here"),
		Actions: []action{primary("receipt", t.T("paid.download"), p.own()+"/receipt")},
	}
	if o.Closed != nil {
		s.Well = &well{Title: o.Title, Tag: o.Closed.Title}
		return s
	}
	s.Actions = append(s.Actions, secondary("plus", t.T("own.once_more"), onceMore))
	return s
}

// holdState is the last place while this payer holds it. back tells whether the
// way to the checkout is theirs to know.
func holdState(t i18n.Localizer, o offer, v payment.View, back bool, again string) state {
	until := calendar.Time(v.HoldUntil, o.Business.Location(), t.Lang())
	s := state{
		Status: http.StatusOK, Tone: full, Icon: "ticket", Forget: true,
		Title: t.T("own.hold_title"), Text: t.T("own.hold_text", "Time", until), Note: t.T("own.hold_note", "Time", until),
		Well: &well{Title: v.Title, Text: calendar.DateTime(v.CreatedAt, o.Business.Location(), t.Lang()), Sum: v.Amount.Format(t.Lang())},
	}
	if !back {
		s.Text, s.Well = t.T("own.hold_elsewhere", "Time", until), nil
		return s
	}
	s.Actions = []action{
		primary("lock", t.T("own.back"), v.CheckoutURL),
		secondary("rotate-ccw", t.T("own.start_again"), again),
	}
	return s
}

// requestPaidState is for whoever has a request that was paid in another browser:
// they may be anybody, so it says when and nothing else.
func requestPaidState(t i18n.Localizer, o offer, v payment.View) state {
	note := t.T("own.request_note")
	if o.Business.ContactEmail != "" {
		note += " " + t.T("own.request_wrong", "Email", o.Business.ContactEmail)
	}
	s := state{
		Status: http.StatusOK, Tone: calm, Icon: "check", Forget: true,
		Title: t.T("own.request_title", "Date", dayOf(t, o.Business, v.PaidAt)), Text: t.T("own.request_text"),
		Well: &well{Title: o.Title, Text: t.T("own.request_by", "Business", o.Business.Name), Tag: t.T("own.paid_tag"), Good: true},
		Note: note, Mail: o.Business.ContactEmail,
	}
	if o.Business.Page.Enabled {
		s.Actions = []action{secondary("", t.T("limit.more", "Business", o.Business.Name), address.PaymentPage(o.Business.Segment()).String())}
	}
	return s
}

// requestPendingState is the same while the money is on its way.
func requestPendingState(t i18n.Localizer, o offer, v payment.View) state {
	return state{
		Status: http.StatusOK, Tone: wait, Icon: "hourglass", Forget: true,
		Title: t.T("own.request_pending_title"),
		Text:  t.T("own.request_pending_text", "When", calendar.DateTime(v.CreatedAt, o.Business.Location(), t.Lang())),
		Well:  &well{Title: o.Title, Text: t.T("own.request_by", "Business", o.Business.Name)},
	}
}
