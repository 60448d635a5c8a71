package paymentpage

import (
	"net/http"
	"time"

	"smartlinks/internal/address"
	"smartlinks/internal/business"
	"smartlinks/internal/calendar"
	"smartlinks/internal/i18n"
	"smartlinks/internal/payment/history"
	"smartlinks/internal/web/public/frame"
	"smartlinks/internal/web/public/offer"
)

// DayOf is the day of a moment, where the business is.
func DayOf(t i18n.Localizer, b business.Business, at time.Time) string {
	return calendar.Date(at, b.Location(), t.Lang())
}

// OwnPaidState is for the browser that paid: the receipt, and paying once more as
// a second step.
func OwnPaidState(t i18n.Localizer, o offer.Offer, v history.View, onceMore string) frame.State {
	p := PageView{Business: o.Business, View: v, Link: o.Link, Mine: true}
	text := t.T("own.paid_text", "Business", o.Business.Name)
	if v.Status() == history.StatusPartiallyRefunded {
		text += " " + t.T("refunded.part", "Amount", frame.Sum(t, v.Refunded()))
	}
	s := frame.State{
		Status: http.StatusOK, Tone: frame.ToneGood, Icon: "check", Forget: true,
		Title: t.T("own.paid_title", "Amount", frame.Sum(t, v.Amount), "Date", DayOf(t, o.Business, v.PaidAt)), Text: text,
		Facts: p.facts(t), Note: t.T("own.only_here"),
		Actions: []frame.Action{frame.Primary("receipt", t.T("paid.download"), p.Own()+"/receipt")},
	}
	if o.Closed != nil {
		s.Well = &frame.Well{Title: o.Title, Tag: o.Closed.Title}
		return s
	}
	s.Actions = append(s.Actions, frame.Secondary("plus", t.T("own.once_more"), onceMore))
	return s
}

// HoldState is the last place while this payer holds it. back tells whether the
// way to the checkout is theirs to know.
func HoldState(t i18n.Localizer, o offer.Offer, v history.View, back bool, again string) frame.State {
	until := calendar.Time(v.HoldUntil, o.Business.Location(), t.Lang())
	s := frame.State{
		Status: http.StatusOK, Tone: frame.ToneFull, Icon: "ticket", Forget: true,
		Title: t.T("own.hold_title"), Text: t.T("own.hold_text", "Time", until), Note: t.T("own.hold_note", "Time", until),
		Well: &frame.Well{Title: v.Title, Text: calendar.DateTime(v.CreatedAt, o.Business.Location(), t.Lang()), Sum: v.Amount.Format(t.Lang())},
	}
	if !back {
		s.Text, s.Well = t.T("own.hold_elsewhere", "Time", until), nil
		return s
	}
	s.Actions = []frame.Action{
		frame.Primary("lock", t.T("own.back"), v.CheckoutURL),
		frame.Secondary("rotate-ccw", t.T("own.start_again"), again),
	}
	return s
}

// RequestPaidState is for whoever has a request that was paid in another browser:
// they may be anybody, so it says when and nothing else.
func RequestPaidState(t i18n.Localizer, o offer.Offer, v history.View) frame.State {
	note := t.T("own.request_note")
	if o.Business.ContactEmail != "" {
		note += " " + t.T("own.request_wrong", "Email", o.Business.ContactEmail)
	}
	s := frame.State{
		Status: http.StatusOK, Tone: frame.ToneCalm, Icon: "check", Forget: true,
		Title: t.T("own.request_title", "Date", DayOf(t, o.Business, v.PaidAt)), Text: t.T("own.request_text"),
		Well: &frame.Well{Title: o.Title, Text: t.T("own.request_by", "Business", o.Business.Name), Tag: t.T("own.paid_tag"), Good: true},
		Note: note, Mail: o.Business.ContactEmail,
	}
	if o.Business.Page.Enabled {
		s.Actions = []frame.Action{frame.Secondary("", t.T("limit.more", "Business", o.Business.Name), address.PaymentPage(o.Business.Segment()).String())}
	}
	return s
}

// RequestPendingState is the same while the money is on its way.
func RequestPendingState(t i18n.Localizer, o offer.Offer, v history.View) frame.State {
	return frame.State{
		Status: http.StatusOK, Tone: frame.ToneWait, Icon: "hourglass", Forget: true,
		Title: t.T("own.request_pending_title"),
		Text:  t.T("own.request_pending_text", "When", calendar.DateTime(v.CreatedAt, o.Business.Location(), t.Lang())),
		Well:  &frame.Well{Title: o.Title, Text: t.T("own.request_by", "Business", o.Business.Name)},
	}
}
