package public

import (
	"context"
	"errors"
	"math"
	"net/http"
	"strconv"
	"strings"

	"smartlinks/internal/address"
	"smartlinks/internal/business"
	"smartlinks/internal/calendar"
	"smartlinks/internal/fault"
	"smartlinks/internal/i18n"
	"smartlinks/internal/link"
	"smartlinks/internal/waitinglist"
	"smartlinks/internal/web/public/frame"
)

// joining is the form that a page of this link has, nil where there is no list, or where no
// mail could tell that a place came free.
func (p *Public) joining(ctx context.Context, b business.Business, l link.Link, s frame.State) *frame.Joining {
	if !l.WaitingList || !l.Limit.Limited() || l.HasEnded(p.DB.Clock().Now()) || !p.mails(ctx, b) {
		return nil
	}
	return &frame.Joining{Or: len(s.Actions) > 0, Many: l.Most() > 1, Places: strconv.FormatInt(l.Least(), 10)}
}

// join puts who posted their address on the list of the link. It reports whether it
// answered; what is wrong with the address is told by the page that is shown then.
func (p *Public) join(w http.ResponseWriter, r *http.Request, b business.Business, l link.Link) (done bool, err error) {
	if r.Method != http.MethodPost || !l.WaitingList || !p.mails(r.Context(), b) {
		return false, nil
	}
	if err := r.ParseForm(); err != nil || !r.PostForm.Has(frame.WaitingField) {
		return false, nil
	}
	if err := p.checkPace(w, r); err != nil {
		return true, err
	}
	t := p.Localizer(r, &b)
	places := l.Least()
	if typed := strings.TrimSpace(r.PostForm.Get(frame.PlacesField)); typed != "" {
		places = l.Asks().ReadQuantity(typed, &fault.Fields{}) // what can't be read is 0, which is refused
	}
	email := r.PostForm.Get(frame.WaitingField)
	if wait := p.joinPace(r, l.ID, email); wait > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(int(math.Ceil(wait.Seconds()))))
		return true, p.joinRefused(w, r, b, l, http.StatusTooManyRequests, t.T("waiting.too_many"))
	}
	_, err = p.Waiting.Join(r.Context(), b, l.ID, email, t.Lang(), places) // the entry is for the mailbox alone
	switch {
	case errors.Is(err, waitinglist.ErrFree):
		w.Header().Set("Cache-Control", "no-store")
		http.Redirect(w, r, address.Link(b.Handle, l.Path).String(), http.StatusSeeOther)
		return true, nil
	case fault.Is(err, fault.Invalid):
		why := t.T("error.email")
		if fault.Fields(fault.Of(err).Fields).Has("quantity") {
			why = placesRefused(t, l)
		}
		return true, p.joinRefused(w, r, b, l, http.StatusUnprocessableEntity, why)
	case fault.Is(err, fault.NotFound): // it has no list now: its page says how it stands
		return false, nil
	case err != nil:
		return true, err
	}
	return true, p.ShowState(w, r, &b, p.onwardToo(r, t, b, l, joinedState(t, l, strings.TrimSpace(email))))
}

// joinRefused is the page of a full link, or of one that opens later, again, with what was typed and why it wasn't taken.
func (p *Public) joinRefused(w http.ResponseWriter, r *http.Request, b business.Business, l link.Link, status int, why string) error {
	t := p.Localizer(r, &b)
	full := limitState(t, b, l.Name)
	if l.State(p.DB.Clock().Now()) == link.Early {
		full = earlyState(t, b, l)
	}
	if _, err := p.toDestination(w, r, b, l, &full); err != nil {
		return err
	}
	if full.Join = p.joining(r.Context(), b, l, full); full.Join != nil {
		full.Join.Email, full.Join.Places, full.Join.Error = r.PostForm.Get(frame.WaitingField), r.PostForm.Get(frame.PlacesField), why
	}
	full.Status = status
	return p.ShowState(w, r, &b, full)
}

// joinedState is what everybody reads who left an address, on the list before or not: how
// it stands is told by the mail, since anybody can type any address.
func joinedState(t i18n.Localizer, l link.Link, email string) frame.State {
	return frame.State{
		Status: http.StatusOK, Tone: frame.ToneGood, Icon: "mail",
		Title: t.T("waiting.sent_title"), Text: t.T("waiting.sent_text", "Email", email), Well: &frame.Well{Title: l.Name},
		Note: t.N("waiting.holds", int(l.OfferHours)),
	}
}

// onwardToo is the page of a list with the way to what may be paid instead.
func (p *Public) onwardToo(r *http.Request, t i18n.Localizer, b business.Business, l link.Link, s frame.State) frame.State {
	if to, any := p.destinationOf(r.Context(), t, b, l, nil); any {
		s.Actions = []frame.Action{frame.Secondary("arrow-right", to.Label, to.Href)}
	}
	return s
}

// showWaiting tells somebody how they stand on a waiting list, by the token of their mail.
func (p *Public) showWaiting(w http.ResponseWriter, r *http.Request) error {
	e, b, err := p.waitingOf(r)
	if err != nil {
		return err
	}
	return p.showEntry(w, r, b, e)
}

// changeWaiting is how many places they want by now.
func (p *Public) changeWaiting(w http.ResponseWriter, r *http.Request) error {
	e, b, err := p.waitingOf(r)
	if err != nil {
		return err
	}
	typed := strings.TrimSpace(r.PostFormValue(frame.PlacesField))
	l, err := p.Links.Get(r.Context(), b, e.LinkID)
	if err == nil {
		_, err = p.Waiting.ChangeQuantity(r.Context(), e.Token, l.Asks().ReadQuantity(typed, &fault.Fields{}))
	}
	if fault.Is(err, fault.Invalid) {
		return p.showWaiter(w, r, b, e, l, &frame.Places{Typed: typed, Error: placesRefused(p.Localizer(r, &b), l)})
	}
	if err != nil && !fault.Is(err, fault.Conflict) && !fault.Is(err, fault.NotFound) { // how they stand says why
		return err
	}
	w.Header().Set("Cache-Control", "no-store")
	http.Redirect(w, r, address.Waiting(e.Token).String(), http.StatusSeeOther)
	return nil
}

// placesRefused says how many places can be waited for.
func placesRefused(t i18n.Localizer, l link.Link) string {
	return t.T("waiting.many_wrong", "Least", strconv.FormatInt(l.Least(), 10), "Most", strconv.FormatInt(min(l.Most(), waitinglist.MaxQuantity), 10))
}

// leaveWaiting is "I no longer want a place".
func (p *Public) leaveWaiting(w http.ResponseWriter, r *http.Request) error {
	e, b, err := p.waitingOf(r)
	if err != nil {
		return err
	}
	if e, err = p.Waiting.Leave(r.Context(), e.Token); err != nil {
		return err
	}
	return p.showEntry(w, r, b, e)
}

// waitingTokenLength is that of secret.Token, in characters.
const waitingTokenLength = frame.TokenLength

// waitingOf finds the entry of a token, with its business in the entry's mode.
func (p *Public) waitingOf(r *http.Request) (waitinglist.Entry, business.Business, error) {
	token := r.PathValue("token")
	if len(token) != waitingTokenLength || !frame.Plain(token) {
		return waitinglist.Entry{}, business.Business{}, fault.New(fault.NotFound, "There is no such page.")
	}
	e, err := p.Waiting.ByToken(r.Context(), token)
	if err != nil {
		return e, business.Business{}, err
	}
	b, err := p.Businesses.ByID(r.Context(), e.BusinessID)
	b.Mode = e.Mode
	return e, b, err
}

func (p *Public) showEntry(w http.ResponseWriter, r *http.Request, b business.Business, e waitinglist.Entry) error {
	t := p.Localizer(r, &b)
	l, err := p.Links.Get(r.Context(), b, e.LinkID)
	if fault.Is(err, fault.NotFound) {
		return p.ShowState(w, r, &b, pausedState(t, b))
	}
	if err != nil {
		return err
	}
	page := address.Link(b.Handle, l.Path)
	if e.Valid(p.DB.Clock().Now()) {
		w.Header().Set("Cache-Control", "no-store")
		http.Redirect(w, r, page.With(waitinglist.OfferParameter, e.Token).String(), http.StatusSeeOther)
		return nil
	}
	if l.HasEnded(p.DB.Clock().Now()) && (e.State == waitinglist.Waiting || e.State == waitinglist.Offered || e.State == waitinglist.Ended) {
		return p.ShowState(w, r, &b, endedState(t, b, l)) // nobody waits for its places any more
	}
	if e.State != waitinglist.Waiting {
		return p.ShowState(w, r, &b, overState(t, e, l, page))
	}
	return p.showWaiter(w, r, b, e, l, nil)
}

// showWaiter tells somebody that they wait, with what they typed of it that can't be.
func (p *Public) showWaiter(w http.ResponseWriter, r *http.Request, b business.Business, e waitinglist.Entry, l link.Link, refused *frame.Places) error {
	before, err := p.Waiting.Before(r.Context(), e)
	if err != nil {
		return err
	}
	t := p.Localizer(r, &b)
	s := waitingState(t, b, e, l, before)
	if l.Most() > l.Least() {
		s.Places = &frame.Places{Typed: strconv.FormatInt(e.Quantity, 10)}
	}
	if refused != nil {
		s.Places, s.Status = refused, http.StatusUnprocessableEntity
	}
	if s.Places != nil {
		s.Places.To = address.Waiting(e.Token).Below("quantity").String()
	}
	return p.ShowState(w, r, &b, p.onwardToo(r, t, b, l, s))
}

// waitingState is who waits for a place.
func waitingState(t i18n.Localizer, b business.Business, e waitinglist.Entry, l link.Link, before int64) frame.State {
	return frame.State{
		Status: http.StatusOK, Tone: frame.ToneGood, Icon: "list-checks",
		Title: t.T("waiting.title", "Number", strconv.FormatInt(before+1, 10)), Text: t.T("waiting.text", "Email", e.Email),
		Facts: []frame.Fact{
			{Label: t.T("waiting.who"), Value: l.Name}, {Label: t.T("waiting.many"), Value: strconv.FormatInt(e.Quantity, 10), Figure: true},
			{Label: t.T("waiting.before"), Value: strconv.FormatInt(before, 10), Figure: true}, {Label: t.T("waiting.joined"), Value: calendar.DateTime(e.CreatedAt, b.Location(), t.Lang())},
		},
		Note: t.N("waiting.holds", int(l.OfferHours)), Leave: t.T("waiting.leave"),
	}
}

// overState is who has no place on the list any more.
func overState(t i18n.Localizer, e waitinglist.Entry, l link.Link, page address.Path) frame.State {
	s := frame.State{Status: http.StatusOK, Tone: frame.ToneCalm, Icon: "circle-check", Well: &frame.Well{Title: l.Name}}
	switch e.State {
	case waitinglist.Declined:
		s.Title, s.Text = t.T("waiting.left_title"), t.T("waiting.left_text", "Link", l.Name)
	case waitinglist.Taken:
		s.Tone, s.Title, s.Text = frame.ToneGood, t.T("waiting.taken_title"), t.T("waiting.taken_text", "Link", l.Name)
		s.Actions = []frame.Action{frame.Secondary("", t.T("waiting.open"), page.String())}
		return s
	default:
		s.Icon, s.Title, s.Text = "hourglass", t.T("waiting.ended_title"), t.T("waiting.ended_text", "Link", l.Name)
	}
	label := t.T("waiting.open")
	if l.WaitingList {
		label = t.T("waiting.again")
	}
	s.Actions = []frame.Action{frame.Primary("arrow-right", label, page.String())}
	return s
}
