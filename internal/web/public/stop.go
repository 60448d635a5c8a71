package public

import (
	"net/http"
	"strings"
	"unicode/utf8"

	"smartlinks/internal/delivery"
	"smartlinks/internal/fault"
	"smartlinks/internal/message"
	"smartlinks/internal/web/ui/i18n"
)

// stopView is the page on which the reader of a message opts out, or back in.
type stopView struct {
	frame
	Title, Text, Button, Note string
	Done                      bool   // opted out
	Again                     string // where the button of a Done page takes it back; "" for none
}

// showStop asks whether the reader means it. Programs follow every link of a
// mail, so a GET changes nothing, SPEC [D7].
func (p *Public) showStop(w http.ResponseWriter, r *http.Request) error {
	found, err := p.byStopToken(r)
	if err != nil {
		return err
	}
	out, err := p.Deliveries.HasOptedOut(r.Context(), found)
	if err != nil {
		return err
	}
	return p.showStopPage(w, r, found, out)
}

// stopMessages opts out. It is what mail programs post for their own button (RFC 8058),
// so it needs neither cookie nor referrer, and it never redirects.
func (p *Public) stopMessages(w http.ResponseWriter, r *http.Request) error {
	found, err := p.byStopToken(r)
	if err != nil {
		return err
	}
	if err := p.Deliveries.OptOutByToken(r.Context(), r.PathValue("token")); err != nil {
		return err
	}
	return p.showStopPage(w, r, found, true)
}

// wantMessages takes an opting out back. That is a consent, so it takes the button of
// the page itself: a browser's word that the form came from there, not the mere absence
// of a word against it.
func (p *Public) wantMessages(w http.ResponseWriter, r *http.Request) error {
	found, err := p.byStopToken(r)
	if err != nil {
		return err
	}
	if !p.fromOurPage(r) {
		return fault.New(fault.Forbidden, "Open the page of your message and press the button there.")
	}
	if err := p.Deliveries.OptInByToken(r.Context(), r.PathValue("token")); err != nil {
		return err
	}
	return p.showStopPage(w, r, found, false)
}

// fromOurPage reports whether a browser says that a request comes from a page of ours.
func (p *Public) fromOurPage(r *http.Request) bool {
	if site := r.Header.Get("Sec-Fetch-Site"); site != "" {
		return site == "same-origin"
	}
	return r.Header.Get("Origin") == p.PublicURL.Scheme+"://"+p.PublicURL.Host
}

// byStopToken finds whose token the path holds, without asking the database for what
// can be none.
func (p *Public) byStopToken(r *http.Request) (delivery.Found, error) {
	token := r.PathValue("token")
	if !likeToken(token) {
		return delivery.Found{}, errNoSuchLink
	}
	return p.Deliveries.ByStopToken(r.Context(), token)
}

func (p *Public) showStopPage(w http.ResponseWriter, r *http.Request, found delivery.Found, out bool) error {
	b, err := p.Businesses.ByID(r.Context(), found.BusinessID)
	if err != nil {
		return err
	}
	token := r.PathValue("token")
	can, err := p.Deliveries.CanOptIn(r.Context(), token)
	if err != nil {
		return err
	}
	t := p.texts(r, &b)
	v := stopViewOf(t, found, b.Name, out)
	v.frame = p.frame(t, &b, v.Title)
	if out && can {
		v.Again = "/s/" + token + "/again"
	}
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Robots-Tag", "noindex")
	return render(w, r, http.StatusOK, stopPage(v))
}

func stopViewOf(t i18n.Texts, found delivery.Found, name string, out bool) stopView {
	address := masked(found.Channel, found.Address)
	sms := found.Channel == message.BySMS
	switch {
	case out && sms:
		return stopView{Title: t.T("stop.done_sms", "Business", name), Text: t.T("stop.done_text", "Address", address), Button: t.T("stop.again"), Done: true}
	case out:
		return stopView{Title: t.T("stop.done_email", "Business", name), Text: t.T("stop.done_text", "Address", address), Button: t.T("stop.again"), Done: true}
	case sms:
		return stopView{Title: t.T("stop.title_sms", "Business", name), Text: t.T("stop.text", "Address", address), Button: t.T("stop.button"), Note: t.T("stop.note")}
	}
	return stopView{Title: t.T("stop.title_email", "Business", name), Text: t.T("stop.text", "Address", address), Button: t.T("stop.button"), Note: t.T("stop.note")}
}

// masked is an address that its owner knows again and nobody else can use.
func masked(c message.Channel, address string) string {
	if c == message.BySMS {
		return "…" + address[max(0, len(address)-4):]
	}
	local, domain, found := strings.Cut(address, "@")
	if !found {
		return "…"
	}
	_, first := utf8.DecodeRuneInString(local)
	return local[:first] + "…@" + domain
}
