package public

import (
	"net/http"
	"net/url"
	"slices"
	"time"

	"smartlinks/internal/secret"
	"smartlinks/internal/visit/source"
)

// session is what a visit is remembered by: who came from where. It
// lives in a cookie for each thing that is sold, for two hours. What matters is
// copied into the attempt when a payment starts.
type session struct {
	ID       string // can't be guessed: it finds the visit's own attempt
	Channel  source.Channel
	Detail   string
	Campaign string
	Token    string // of the message that led here, "" without one
	Referrer string // the site that led here, "" without one
}

// sessionLength is how long a visit lasts.
const sessionLength = 2 * time.Hour

// cookieName is the cookie of what is sold: by the end of its id, because a
// visitor may look at several links.
func (p *Public) cookieName(target string) string {
	name := "visit-" + target[max(0, len(target)-8):]
	if p.secure() {
		return "__Host-" + name
	}
	return name
}

func (p *Public) secure() bool { return p.Addresses.Secure() }

// session reads the visit's cookie; false when there is none.
func (p *Public) session(r *http.Request, target string) (session, bool) {
	c, err := r.Cookie(p.cookieName(target))
	if err != nil {
		return session{}, false
	}
	values, err := url.ParseQuery(c.Value)
	s := session{values.Get("v"), source.Channel(values.Get("c")), values.Get("d"), values.Get("u"), values.Get("r"), values.Get("f")}
	return s, err == nil && s.valid()
}

// tokenLength is that of secret.Token, in characters.
const tokenLength = 43

// valid refuses what we have not written: cookies come from strangers.
func (s session) valid() bool {
	known := slices.Contains([]source.Channel{
		source.Direct, source.Email, source.SMS, source.Reminder, source.Recovery, source.QR, source.Social, source.Referral, source.CampaignLink,
	}, s.Channel)
	return known && len(s.ID) == tokenLength && plain(s.Detail) && plain(s.Campaign) && plain(s.Referrer) && (s.Token == "" || len(s.Token) == secret.ShortLength && plain(s.Token))
}

// continued is the session of a visitor who opens the page again: the visit
// stays the same, and a new way here counts unless it is a mere reload.
func (p *Public) continued(r *http.Request, target string, came source.Source, token string) (session, error) {
	s, known := p.session(r, target)
	if known && came.Channel == source.Direct {
		return s, nil
	}
	now := cameBy(came, token)
	now.ID = s.ID
	if known {
		return now, nil
	}
	id, err := secret.Token(p.DB.Random())
	now.ID = id
	return now, err
}

// cameBy is a session without a visit yet.
func cameBy(came source.Source, token string) session {
	return session{Channel: came.Channel, Detail: came.Detail, Campaign: came.Campaign.String(), Token: token, Referrer: came.ReferrerHost}
}

// remember sends the cookie.
func (p *Public) remember(w http.ResponseWriter, target string, s session) {
	value := "v=" + url.QueryEscape(s.ID) + "&c=" + url.QueryEscape(string(s.Channel))
	for _, more := range [...]struct{ name, value string }{{"d", s.Detail}, {"u", s.Campaign}, {"r", s.Token}, {"f", s.Referrer}} {
		if more.value != "" {
			value += "&" + more.name + "=" + url.QueryEscape(more.value)
		}
	}
	http.SetCookie(w, &http.Cookie{
		Name: p.cookieName(target), Value: value, Path: "/", MaxAge: int(sessionLength / time.Second),
		Secure: p.secure(), HttpOnly: true, SameSite: http.SameSiteLaxMode,
	})
}
