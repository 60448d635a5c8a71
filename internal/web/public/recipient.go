package public

import (
	"net/http"
	"net/url"

	"smartlinks/internal/delivery"
	"smartlinks/internal/fault"
	"smartlinks/internal/message"
	"smartlinks/internal/secret"
	"smartlinks/internal/visit/source"
)

// recipientParameter carries a recipient's token from /r/ to the link's page, so
// that nothing hangs on a cookie.
const recipientParameter = "r"

// shortLink is /r/{token}: the way to the link that a message carries. It
// changes and counts nothing; the page that it leads to does.
func (p *Public) shortLink(w http.ResponseWriter, r *http.Request) error {
	found, err := p.byToken(r, r.PathValue("token"))
	if err == nil && found.Deleted {
		err = errNoSuchLink
	}
	if err != nil {
		return err
	}
	query := url.Values{recipientParameter: {r.PathValue("token")}}
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Robots-Tag", "noindex")
	http.Redirect(w, r, path(found.Handle, found.Path)+"?"+query.Encode(), http.StatusFound)
	return nil
}

var errNoSuchLink = fault.New(fault.NotFound, "There is no such link.")

// byToken finds whose token it is, without asking the database for what can be
// none.
func (p *Public) byToken(r *http.Request, token string) (delivery.Found, error) {
	if !likeToken(token) {
		return delivery.Found{}, errNoSuchLink
	}
	return p.Deliveries.ByToken(r.Context(), token)
}

// likeToken reports whether a text can be a token of /r/ or /s/.
func likeToken(token string) bool { return len(token) == secret.ShortLength && plain(token) }

// came is how the visitor came to the offer, and by whose message: a token
// counts at the link that was sent alone.
func (p *Public) came(r *http.Request, referrer string, o offer) (source.Source, string, error) {
	came := source.ChannelOf(r.URL.Query(), referrer, p.PublicURL.Host)
	token := r.URL.Query().Get(recipientParameter)
	if token == "" || o.Link == nil {
		return came, "", nil
	}
	found, err := p.byToken(r, token)
	if fault.Is(err, fault.NotFound) || err == nil && found.LinkID != o.Link.ID {
		return came, "", nil
	}
	if err != nil { // the database is away: the page wins
		p.Log.WarnContext(r.Context(), "whose link it is cannot be read", "error", err)
		return came, "", nil
	}
	came.Channel, came.Detail = channelOf(found)
	return came, token, nil
}

// channelOf is a reminder's own channel, which says in its detail by which way
// it went.
func channelOf(f delivery.Found) (source.Channel, string) {
	switch {
	case f.Kind == delivery.KindReminder:
		return source.Reminder, string(f.Channel)
	case f.Channel == message.BySMS:
		return source.SMS, ""
	}
	return source.Email, ""
}
