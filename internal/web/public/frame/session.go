package frame

import (
	"net/http"
	"net/url"
	"slices"
	"time"

	"smartlinks/internal/secret"
	"smartlinks/internal/visit/source"
)

// Session is what a visit is remembered by: who came from where. It
// lives in a cookie for each thing that is sold, for two hours. What matters is
// copied into the attempt when a payment starts.
type Session struct {
	ID       string // can't be guessed: it finds the visit's own attempt
	Channel  source.Channel
	Detail   string
	Campaign string
	Token    string // of the message that led here, "" without one
	Referrer string // the site that led here, "" without one
}

// ViaParameter says by which of our own ways somebody came.
const ViaParameter = "via"

// sessionLength is how long a visit lasts.
const sessionLength = 2 * time.Hour

// cookieName is the cookie of what is sold: by the end of its id, because a
// visitor may look at several links.
func (p *Base) cookieName(target string) string {
	name := "visit-" + target[max(0, len(target)-8):]
	if p.secure() {
		return "__Host-" + name
	}
	return name
}

func (p *Base) secure() bool { return p.Addresses.Secure() }

// Session reads the visit's cookie; false when there is none.
func (p *Base) Session(r *http.Request, target string) (Session, bool) {
	c, err := r.Cookie(p.cookieName(target))
	if err != nil {
		return Session{}, false
	}
	values, err := url.ParseQuery(c.Value)
	s := Session{values.Get("v"), source.Channel(values.Get("c")), values.Get("d"), values.Get("u"), values.Get("r"), values.Get("f")}
	return s, err == nil && s.valid()
}

// valid refuses what we have not written: cookies come from strangers.
func (s Session) valid() bool {
	known := slices.Contains([]source.Channel{
		source.Direct, source.Email, source.SMS, source.Reminder, source.Recovery, source.QR, source.Social, source.Referral, source.CampaignLink,
	}, s.Channel)
	return known && len(s.ID) == TokenLength && Plain(s.Detail) && Plain(s.Campaign) && Plain(s.Referrer) && (s.Token == "" || len(s.Token) == secret.ShortLength && Plain(s.Token))
}

// Continued is the session of a visitor who opens the page again: the visit
// stays the same, and a new way here counts unless it is a mere reload.
func (p *Base) Continued(r *http.Request, target string, came source.Source, token string) (Session, error) {
	s, known := p.Session(r, target)
	if known && came.Channel == source.Direct {
		return s, nil
	}
	now := CameBy(came, token)
	now.ID = s.ID
	if known {
		return now, nil
	}
	id, err := secret.Token(p.DB.Random())
	now.ID = id
	return now, err
}

// CameBy is a session without a visit yet.
func CameBy(came source.Source, token string) Session {
	return Session{Channel: came.Channel, Detail: came.Detail, Campaign: came.Campaign.String(), Token: token, Referrer: came.ReferrerHost}
}

// Remember sends the cookie.
func (p *Base) Remember(w http.ResponseWriter, target string, s Session) {
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
