package frame

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

func (p *Base) payerCookie() string {
	if p.secure() {
		return "__Host-payer"
	}
	return "payer"
}

// PayerID is what the browser's cookie says, "" without one of ours.
func (p *Base) PayerID(r *http.Request) string {
	c, err := r.Cookie(p.payerCookie())
	if err != nil || len(c.Value) != TokenLength || !Plain(c.Value) {
		return ""
	}
	return c.Value
}

// PayerKey is by what the browser's attempts are found, "" without a cookie. It is
// another for each business, so that nobody can follow a payer from one to the
// next, and a hash, so that no backup opens a receipt.
func PayerKey(id string, b business.ID) string {
	if id == "" {
		return ""
	}
	return secret.Hash(string(b) + " " + id)
}

// KeepPayer makes the browser known for another 90 days.
func (p *Base) KeepPayer(w http.ResponseWriter, r *http.Request) (id string, err error) {
	if id = p.PayerID(r); id == "" {
		if id, err = secret.Token(p.DB.Random()); err != nil {
			return "", err
		}
	}
	p.setPayer(w, id, int(payerFor/time.Second))
	return id, nil
}

func (p *Base) setPayer(w http.ResponseWriter, id string, maxAge int) {
	http.SetCookie(w, &http.Cookie{
		Name: p.payerCookie(), Value: id, Path: "/", MaxAge: maxAge,
		Secure: p.secure(), HttpOnly: true, SameSite: http.SameSiteLaxMode,
	})
}

// ForgetField is the button "Not you?".
const ForgetField = "forget"

// LinkParameter carries a product link to the product's page.
const LinkParameter = "link"

// Forget makes the browser a stranger's, and shows the page as strangers see it.
func (p *Base) Forget(w http.ResponseWriter, r *http.Request, target string) error {
	p.setPayer(w, "", -1)
	http.SetCookie(w, &http.Cookie{Name: p.cookieName(target), Path: "/", MaxAge: -1, Secure: p.secure(), HttpOnly: true, SameSite: http.SameSiteLaxMode})
	query := url.Values{}
	for _, name := range append(payform.AttributionParameters(), LinkParameter, SwitchField) {
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
