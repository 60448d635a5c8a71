package public

import (
	"net/http"

	"smartlinks/internal/business"
	"smartlinks/internal/calendar"
	"smartlinks/internal/i18n"
	"smartlinks/internal/link"
	"smartlinks/internal/payment/banktransfer"
	"smartlinks/internal/web/public/frame"
	"smartlinks/internal/web/public/offer"
)

// closedState is an installation that compares its books after a restore.
func closedState(t i18n.Localizer) frame.State {
	return frame.State{Status: http.StatusServiceUnavailable, Tone: frame.ToneWait, Icon: "hourglass", Title: t.T("closed.title"), Text: t.T("closed.text")}
}

// limitState is a link that has all its payments.
func limitState(t i18n.Localizer, b business.Business, name string) frame.State {
	s := frame.State{
		Status: http.StatusGone, Tone: frame.ToneFull, Icon: "ticket-x",
		Title: t.T("limit.title"), Text: t.T("limit.text", "Link", name),
		Well: &frame.Well{Title: name, Tag: t.T("limit.badge")},
	}
	return s.WithContact(t, b)
}

// pausedState is a link that is switched off. It is not told apart from one
// whose product is off, or that was switched off while somebody paid.
func pausedState(t i18n.Localizer, b business.Business) frame.State {
	s := frame.State{
		Status: http.StatusNotFound, Tone: frame.ToneCalm, Icon: "circle-pause",
		Title: t.T("paused.title"), Text: t.T("paused.text", "Business", b.Name),
	}
	return s.WithContact(t, b)
}

// pageOffState is a payment page that is switched off.
func pageOffState(t i18n.Localizer, b business.Business) frame.State {
	s := frame.State{
		Status: http.StatusNotFound, Tone: frame.ToneCalm, Icon: "circle-pause",
		Title: t.T("page_off.title"), Text: t.T("page_off.text", "Business", b.Name),
	}
	return s.WithContact(t, b)
}

// earlyState and endedState are links outside their dates.
func earlyState(t i18n.Localizer, b business.Business, l link.Link) frame.State {
	s := frame.State{
		Status: http.StatusNotFound, Tone: frame.ToneWait, Icon: "calendar-clock",
		Title: t.T("early.title"), Text: t.T("early.text", "Link", l.Name, "When", calendar.DateTime(*l.StartsAt, b.Location(), t.Lang())),
		Note: t.T("early.zone", "Zone", b.TimeZone),
	}
	return s.WithContact(t, b)
}

func endedState(t i18n.Localizer, b business.Business, l link.Link) frame.State {
	s := frame.State{
		Status: http.StatusNotFound, Tone: frame.ToneCalm, Icon: "calendar-clock",
		Title: t.T("ended.title"), Text: t.T("ended.text", "Link", l.Name, "When", calendar.DateTime(*l.EndsAt, b.Location(), t.Lang())),
	}
	return s.WithContact(t, b)
}

// unpayableState is a page that asks what the business's provider doesn't charge.
func unpayableState(t i18n.Localizer, o offer.Offer) frame.State {
	s := frame.State{
		Status: http.StatusUnprocessableEntity, Tone: frame.ToneCalm, Icon: "circle-pause",
		Title: t.T("unpayable.title"), Text: t.T("unpayable.text", "Business", o.Business.Name), Well: &frame.Well{Title: o.Title},
	}
	if o.NoWay() {
		s.Status, s.Title, s.Text = http.StatusServiceUnavailable, t.T("no_way.title"), t.T("no_way.text", "Business", o.Business.Name)
		s.Closed = true
	}
	if o.Fixed && o.Price != nil {
		s.Well.Sum = frame.Sum(t, *o.Price)
	}
	if o.Business.ContactEmail != "" {
		s.Actions = append(s.Actions, frame.Primary("mail", t.T("limit.ask", "Business", o.Business.Name), "mailto:"+o.Business.ContactEmail))
	}
	return s
}

// slotTakenState is the last place while somebody else pays for it.
func slotTakenState(t i18n.Localizer, o offer.Offer, again string) frame.State {
	about := &frame.Well{Title: o.Title}
	if o.Fixed {
		about.Sum = o.Price.Format(t.Lang())
	}
	note := t.T("taken.note")
	if o.ByTransfer() || o.OffersTransfer(o.Currency) { // a transfer keeps its place for days
		note = t.T("taken.note_transfer")
	}
	return frame.State{
		Status: http.StatusConflict, Tone: frame.ToneFull, Icon: "hourglass",
		Title: t.T("taken.title"), Text: t.T("taken.text"), Well: about,
		Actions: []frame.Action{frame.Primary("rotate-ccw", t.T("failed.again"), again)},
		Note:    note,
	}
}

// unawaitedState is a transfer that can't be waited for, and why. Where the business takes
// nothing but transfers, it is to be asked.
func unawaitedState(t i18n.Localizer, o offer.Offer, status int, why, again string) frame.State {
	s := frame.State{
		Status: status, Tone: frame.ToneCalm, Icon: "landmark",
		Title: t.T("unawaited.title"), Text: t.T(why), Well: &frame.Well{Title: o.Title},
	}
	if !o.ByProvider() || o.Business.Provider == "" || o.Business.Provider == banktransfer.Name {
		return s.WithContact(t, o.Business)
	}
	s.Actions = []frame.Action{frame.Primary("rotate-ccw", t.T("failed.other"), again)}
	return s
}
