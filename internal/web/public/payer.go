package public

import (
	"net/http"
	"net/url"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/secret"
	"smartlinks/internal/web/payform"
)

// A payer's browser is known again by a cookie that holds a random number and
// nothing else. It is set when a payment starts, and by a recipient's own link;
// who only looks gets none.

// payerFor is how long a browser is known again.
const payerFor = 90 * 24 * time.Hour

func (p *Public) payerCookie() string {
	if p.secure() {
		return "__Host-payer"
	}
	return "payer"
}

// payerID is what the browser's cookie says, "" without one of ours.
func (p *Public) payerID(r *http.Request) string {
	c, err := r.Cookie(p.payerCookie())
	if err != nil || len(c.Value) != tokenLength || !plain(c.Value) {
		return ""
	}
	return c.Value
}

// payerKey is by what the browser's attempts are found, "" without a cookie. It is
// another for each business, so that nobody can follow a payer from one to the
// next, and a hash, so that no backup opens a receipt.
func payerKey(id string, b business.ID) string {
	if id == "" {
		return ""
	}
	return secret.Hash(string(b) + " " + id)
}

// keepPayer makes the browser known for another 90 days.
func (p *Public) keepPayer(w http.ResponseWriter, r *http.Request) (id string, err error) {
	if id = p.payerID(r); id == "" {
		if id, err = secret.Token(p.DB.Random()); err != nil {
			return "", err
		}
	}
	p.setPayer(w, id, int(payerFor/time.Second))
	return id, nil
}

func (p *Public) setPayer(w http.ResponseWriter, id string, maxAge int) {
	http.SetCookie(w, &http.Cookie{
		Name: p.payerCookie(), Value: id, Path: "/", MaxAge: maxAge,
		Secure: p.secure(), HttpOnly: true, SameSite: http.SameSiteLaxMode,
	})
}

// forgetField is the button "Not you?".
const forgetField = "forget"

// forget makes the browser a stranger's, and shows the page as strangers see it.
func (p *Public) forget(w http.ResponseWriter, r *http.Request, target string) error {
	p.setPayer(w, "", -1)
	http.SetCookie(w, &http.Cookie{Name: p.cookieName(target), Path: "/", MaxAge: -1, Secure: p.secure(), HttpOnly: true, SameSite: http.SameSiteLaxMode})
	query := url.Values{}
	for _, name := range append(payform.AttributionParameters(), linkParameter, switchField) {
		if value := r.URL.Query().Get(name); value != "" {
			query.Set(name, value)
		}
	}
	to := r.URL.EscapedPath()
	if len(query) > 0 {
		to += "?" + query.Encode()
	}
	w.Header().Set("Cache-Control", "no-store")
	http.Redirect(w, r, to, http.StatusSeeOther)
	return nil
}
