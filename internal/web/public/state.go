package public

import (
	"net/http"
	"strings"
	"unicode"

	"smartlinks/internal/address"
	"smartlinks/internal/business"
	"smartlinks/internal/calendar"
	"smartlinks/internal/fault"
	"smartlinks/internal/i18n"
	"smartlinks/internal/link"
)

// state is a page that tells one thing: what happened, whether money moved,
// what to do.
type state struct {
	Status             int
	Tone, Icon         string
	Title, Text, Prose string
	Given              bool // Text is the merchant's, in any language
	Well               *well
	Facts              []fact
	Steps              []step
	Actions            []action
	Note               string
	Mail               string   // an address in the note, to write to
	Forget             bool     // the visitor may say that it was not them
	Join               *joining // on a waiting list; nil without one
	Places             *places  // how many they wait for; nil where there is nothing to choose
	Leave              string   // a button by which the visitor leaves a list, "" for none
	Refresh            string   // the header of that name, "" for none
	Closed             bool     // nobody can pay yet, so that nothing is said of test money
}

// well names what the page is about.
type well struct {
	Title, Text, Sum, Tag string
	Good                  bool // what the tag says is good news
}

type fact struct {
	Label, Value string
	Figure       bool // written from left to right in every language
}

type step struct{ State, Icon, Title, Text string }

// The states of a step.
const (
	stepDone = "step-done"
	stepNow  = "step-now"
)

// action is something that the payer can do now. The first of a page is its
// main one.
type action struct{ Class, Icon, Label, Href string }

const secondaryClass = "second-button"

func primary(icon, label, href string) action   { return action{"pay-button", icon, label, href} }
func secondary(icon, label, href string) action { return action{secondaryClass, icon, label, href} }

// The tones of a state's icon.
const (
	good = "tone-good"
	wait = "tone-wait"
	bad  = "tone-bad"
	full = "tone-full"
	calm = "tone-calm"
)

// showState shows a state in the frame of the business, or of the platform.
func (p *Public) showState(w http.ResponseWriter, r *http.Request, b *business.Business, s state) error {
	return p.showStateIn(w, r, b, p.localizer(r, b), s)
}

func (p *Public) showStateIn(w http.ResponseWriter, r *http.Request, b *business.Business, t i18n.Localizer, s state) error {
	w.Header().Set("Cache-Control", "no-store")
	if (s.Status == http.StatusTooManyRequests || s.Status == http.StatusServiceUnavailable) && w.Header().Get("Retry-After") == "" {
		w.Header().Set("Retry-After", "60")
	}
	return render(w, r, s.Status, statePage(p.asked(p.frame(t, b, s.Title), r), s))
}

// closedState is an installation that compares its books after a restore.
func closedState(t i18n.Localizer) state {
	return state{Status: http.StatusServiceUnavailable, Tone: wait, Icon: "hourglass", Title: t.T("closed.title"), Text: t.T("closed.text")}
}

// limitState is a link that has all its payments.
func limitState(t i18n.Localizer, b business.Business, name string) state {
	s := state{
		Status: http.StatusGone, Tone: full, Icon: "ticket-x",
		Title: t.T("limit.title"), Text: t.T("limit.text", "Link", name),
		Well: &well{Title: name, Tag: t.T("limit.badge")},
	}
	return s.withContact(t, b)
}

// pausedState is a link that is switched off. It is not told apart from one
// whose product is off, or that was switched off while somebody paid.
func pausedState(t i18n.Localizer, b business.Business) state {
	s := state{
		Status: http.StatusNotFound, Tone: calm, Icon: "circle-pause",
		Title: t.T("paused.title"), Text: t.T("paused.text", "Business", b.Name),
	}
	return s.withContact(t, b)
}

// pageOffState is a payment page that is switched off.
func pageOffState(t i18n.Localizer, b business.Business) state {
	s := state{
		Status: http.StatusNotFound, Tone: calm, Icon: "circle-pause",
		Title: t.T("page_off.title"), Text: t.T("page_off.text", "Business", b.Name),
	}
	return s.withContact(t, b)
}

// earlyState and endedState are links outside their dates.
func earlyState(t i18n.Localizer, b business.Business, l link.Link) state {
	s := state{
		Status: http.StatusNotFound, Tone: wait, Icon: "calendar-clock",
		Title: t.T("early.title"), Text: t.T("early.text", "Link", l.Name, "When", calendar.DateTime(*l.StartsAt, b.Location(), t.Lang())),
		Note: t.T("early.zone", "Zone", b.TimeZone),
	}
	return s.withContact(t, b)
}

func endedState(t i18n.Localizer, b business.Business, l link.Link) state {
	s := state{
		Status: http.StatusNotFound, Tone: calm, Icon: "calendar-clock",
		Title: t.T("ended.title"), Text: t.T("ended.text", "Link", l.Name, "When", calendar.DateTime(*l.EndsAt, b.Location(), t.Lang())),
	}
	return s.withContact(t, b)
}

// unpayableState is a page that asks what the business's provider doesn't charge.
func unpayableState(t i18n.Localizer, o offer) state {
	s := state{
		Status: http.StatusUnprocessableEntity, Tone: calm, Icon: "circle-pause",
		Title: t.T("unpayable.title"), Text: t.T("unpayable.text", "Business", o.Business.Name), Well: &well{Title: o.Title},
	}
	if o.noWay() {
		s.Status, s.Title, s.Text = http.StatusServiceUnavailable, t.T("no_way.title"), t.T("no_way.text", "Business", o.Business.Name)
		s.Closed = true
	}
	if o.Fixed && o.Price != nil {
		s.Well.Sum = sum(t, *o.Price)
	}
	if o.Business.ContactEmail != "" {
		s.Actions = append(s.Actions, primary("mail", t.T("limit.ask", "Business", o.Business.Name), "mailto:"+o.Business.ContactEmail))
	}
	return s
}

// slotTakenState is the last place while somebody else pays for it.
func slotTakenState(t i18n.Localizer, o offer, again string) state {
	about := &well{Title: o.Title}
	if o.Fixed {
		about.Sum = o.Price.Format(t.Lang())
	}
	return state{
		Status: http.StatusConflict, Tone: full, Icon: "hourglass",
		Title: t.T("taken.title"), Text: t.T("taken.text"), Well: about,
		Actions: []action{primary("rotate-ccw", t.T("failed.again"), again)},
		Note:    t.T("taken.note"),
	}
}

// withContact adds where to go from a page on which nothing can be paid.
func (s state) withContact(t i18n.Localizer, b business.Business) state {
	if b.ContactEmail != "" {
		s.Actions = append(s.Actions, primary("mail", t.T("limit.ask", "Business", b.Name), "mailto:"+b.ContactEmail))
	}
	if b.Page.Enabled {
		s.Actions = append(s.Actions, secondary("", t.T("limit.more", "Business", b.Name), address.PaymentPage(b.Segment()).String()))
	}
	return s
}

// notFound is the page for what isn't there, in the platform's frame: the
// address may be anybody's.
func (p *Public) notFound(w http.ResponseWriter, r *http.Request, b *business.Business) error {
	t := p.localizer(r, b)
	s := state{
		Status: http.StatusNotFound, Tone: calm, Icon: "compass",
		Title: t.T("notfound.title"), Text: t.T("notfound.text"),
		Well: &well{Text: p.here(r) + clipped(r.URL.Path)}, Note: t.T("notfound.ask"),
	}
	if b != nil && b.Page.Enabled {
		s.Actions = []action{secondary("", t.T("notfound.go", "Business", b.Name), address.PaymentPage(b.Segment()).String())}
	}
	return p.showState(w, r, nil, s)
}

// maxShownPath bounds the address that a page repeats, in characters.
const maxShownPath = 120

// clipped is the address without what would garble the page, such as marks that
// turn the direction of what follows.
func clipped(path string) string {
	letters := []rune(strings.Map(func(c rune) rune {
		if !unicode.IsPrint(c) {
			return unicode.ReplacementChar
		}
		return c
	}, path))
	if len(letters) <= maxShownPath {
		return string(letters)
	}
	return string(letters[:maxShownPath]) + "…"
}

// troubleState says what to do when a page can't be shown.
func troubleState(t i18n.Localizer, code fault.Code) state {
	s := state{Tone: bad, Icon: "triangle-alert"}
	switch code {
	case fault.TooMany:
		s.Status, s.Title, s.Text = http.StatusTooManyRequests, t.T("many.title"), t.T("many.text")
		s.Tone, s.Icon = wait, "hourglass"
	case fault.Unavailable:
		s.Status, s.Title, s.Text = http.StatusServiceUnavailable, t.T("away.title"), t.T("away.text")
	case fault.TooLarge:
		s.Status, s.Title, s.Text = http.StatusRequestEntityTooLarge, t.T("unreadable.title"), t.T("unreadable.text")
	case fault.Malformed:
		s.Status, s.Title, s.Text = http.StatusBadRequest, t.T("unreadable.title"), t.T("unreadable.text")
	case fault.Forbidden:
		s.Status, s.Title, s.Text = http.StatusForbidden, t.T("foreign.title"), t.T("foreign.text")
	case fault.Conflict, fault.Stale:
		s.Status, s.Title, s.Text = http.StatusConflict, t.T("conflict.title"), t.T("conflict.text")
	case fault.Invalid:
		s.Status, s.Title, s.Text = http.StatusUnprocessableEntity, t.T("unreadable.title"), t.T("unreadable.text")
	default:
		s.Status, s.Title, s.Text = http.StatusInternalServerError, t.T("wrong.title"), t.T("wrong.text")
	}
	return s
}
