package frame

import (
	"net/http"
	"strings"
	"unicode"

	"smartlinks/internal/address"
	"smartlinks/internal/business"
	"smartlinks/internal/fault"
	"smartlinks/internal/i18n"
)

// State is a page that tells one thing: what happened, whether money moved,
// what to do.
type State struct {
	Status             int
	Tone, Icon         string
	Title, Text, Prose string
	Given              bool // Text is the merchant's, in any language
	Well               *Well
	Facts              []Fact
	Steps              []Step
	Actions            []Action
	Note               string
	Mail               string   // an address in the note, to write to
	Forget             bool     // the visitor may say that it was not them
	Join               *Joining // on a waiting list; nil without one
	Places             *Places  // how many they wait for; nil where there is nothing to choose
	Leave              string   // a button by which the visitor leaves a list, "" for none
	Refresh            string   // the header of that name, "" for none
	Closed             bool     // nobody can pay yet, so that nothing is said of test money
}

// Well names what the page is about.
type Well struct {
	Title, Text, Sum, Tag string
	Good                  bool // what the tag says is good news
}

// Fact is a line of what is known.
type Fact struct {
	Label, Value string
	Figure       bool // written from left to right in every language
}

// Step is something that has happened, happens now, or is to come.
type Step struct{ State, Icon, Title, Text string }

// The states of a step.
const (
	StepDone = "step-done"
	StepNow  = "step-now"
)

// Action is something that the payer can do now. The first of a page is its
// main one.
type Action struct{ Class, Icon, Label, Href string }

// SecondaryClass is the class of an action that is not the main one.
const SecondaryClass = "second-button"

// Primary is the main action of a page.
func Primary(icon, label, href string) Action { return Action{"pay-button", icon, label, href} }

// Secondary is any other action. An icon may be "".
func Secondary(icon, label, href string) Action { return Action{SecondaryClass, icon, label, href} }

// WaitingField is the address of who joins a waiting list.
const WaitingField = "waiting_email"

// PlacesField is how many places they want, where the link sells several.
const PlacesField = "waiting_quantity"

// Joining is the form of a page by which somebody joins a waiting list.
type Joining struct {
	Or     bool // something else stands above it
	Email  string
	Error  string
	Many   bool // they may want several places
	Places string
}

// Places is how many somebody waits for, to be changed.
type Places struct{ Typed, Error, To string }

// The tones of a state's icon.
const (
	ToneGood = "tone-good"
	ToneWait = "tone-wait"
	ToneBad  = "tone-bad"
	ToneFull = "tone-full"
	ToneCalm = "tone-calm"
)

// ShowState shows a state in the frame of the business, or of the platform.
func (p *Base) ShowState(w http.ResponseWriter, r *http.Request, b *business.Business, s State) error {
	return p.ShowStateIn(w, r, b, p.Localizer(r, b), s)
}

// ShowStateIn is ShowState in a language that is known.
func (p *Base) ShowStateIn(w http.ResponseWriter, r *http.Request, b *business.Business, t i18n.Localizer, s State) error {
	w.Header().Set("Cache-Control", "no-store")
	if (s.Status == http.StatusTooManyRequests || s.Status == http.StatusServiceUnavailable) && w.Header().Get("Retry-After") == "" {
		w.Header().Set("Retry-After", "60")
	}
	return Render(w, r, s.Status, statePage(p.KeepingQuery(p.Frame(t, b, s.Title), r), s))
}

// Forgettable offers "Not you?" on a page that tells of somebody's payment.
func (s State) Forgettable() State {
	s.Forget = true
	return s
}

// WithContact adds where to go from a page on which nothing can be paid.
func (s State) WithContact(t i18n.Localizer, b business.Business) State {
	if b.ContactEmail != "" {
		s.Actions = append(s.Actions, Primary("mail", t.T("limit.ask", "Business", b.Name), "mailto:"+b.ContactEmail))
	}
	if b.Page.Enabled {
		s.Actions = append(s.Actions, Secondary("", t.T("limit.more", "Business", b.Name), address.PaymentPage(b.Segment()).String()))
	}
	return s
}

// NotFound is the page for what isn't there, in the platform's frame: the
// address may be anybody's.
func (p *Base) NotFound(w http.ResponseWriter, r *http.Request, b *business.Business) error {
	t := p.Localizer(r, b)
	s := State{
		Status: http.StatusNotFound, Tone: ToneCalm, Icon: "compass",
		Title: t.T("notfound.title"), Text: t.T("notfound.text"),
		Well: &Well{Text: p.Here(r) + clipped(r.URL.Path)}, Note: t.T("notfound.ask"),
	}
	if b != nil && b.Page.Enabled {
		s.Actions = []Action{Secondary("", t.T("notfound.go", "Business", b.Name), address.PaymentPage(b.Segment()).String())}
	}
	return p.ShowState(w, r, nil, s)
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
func troubleState(t i18n.Localizer, code fault.Code) State {
	s := State{Tone: ToneBad, Icon: "triangle-alert"}
	switch code {
	case fault.TooMany:
		s.Status, s.Title, s.Text = http.StatusTooManyRequests, t.T("many.title"), t.T("many.text")
		s.Tone, s.Icon = ToneWait, "hourglass"
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
