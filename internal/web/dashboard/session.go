package dashboard

import (
	"encoding/json"
	"net/http"
	"net/netip"
	"net/url"
	"strings"

	"smartlinks/internal/account"
	"smartlinks/internal/fault"
	"smartlinks/internal/visit/source"
	"smartlinks/internal/web/ui"
)

// What a session holds.
const (
	sessionKey  = "session"  // the sign-in it belongs to
	pendingKey  = "pending"  // somebody who gave the password, not yet the code
	ceremonyKey = "ceremony" // what a browser was asked for a passkey
	toastKey    = "toast"
)

// user is who is signed in.
func (d *Dashboard) user(r *http.Request) (account.UserID, error) {
	return d.Accounts.SignedIn(r.Context(), d.session(r))
}

// session is the sign-in of this browser, "" for none.
func (d *Dashboard) session(r *http.Request) account.SessionID {
	return account.SessionID(d.sessions.GetString(r.Context(), sessionKey))
}

// enter signs somebody in who has proved who they are, under a new token, so
// that one planted in the browser before is worth nothing.
func (d *Dashboard) enter(w http.ResponseWriter, r *http.Request, u account.User, by account.Factor) error {
	if err := d.leave(r); err != nil {
		return err
	}
	if err := d.sessions.RenewToken(r.Context()); err != nil {
		return err
	}
	at := d.device(r)
	at.By = by
	id, err := d.Accounts.Open(r.Context(), u, at)
	if err != nil {
		return err
	}
	d.sessions.Put(r.Context(), sessionKey, string(id))
	return d.trust(w, r, u)
}

// trust gives the browser a token by which its wrong passwords are parted from those
// of strangers.
func (d *Dashboard) trust(w http.ResponseWriter, r *http.Request, u account.User) error {
	token, err := d.Accounts.Trust(r.Context(), u.ID, d.browser(r))
	if err != nil {
		return err
	}
	http.SetCookie(w, &http.Cookie{
		Name: d.browserCookie(), Value: token, Path: "/", MaxAge: int(account.TrustLife().Seconds()),
		HttpOnly: true, Secure: d.sessions.Cookie.Secure, SameSite: http.SameSiteLaxMode,
	})
	return nil
}

// browser is the token that this browser has, "" for none.
func (d *Dashboard) browser(r *http.Request) string {
	c, err := r.Cookie(d.browserCookie())
	if err != nil {
		return ""
	}
	return c.Value
}

func (d *Dashboard) browserCookie() string {
	if d.sessions.Cookie.Secure {
		return "__Host-browser"
	}
	return "browser"
}

// visitor is where somebody comes from who wants to sign in.
func (d *Dashboard) visitor(r *http.Request) account.Visitor {
	return account.Visitor{IP: d.ClientIP(r), Browser: d.browser(r)}
}

// leave ends the sign-in of this browser, if there is one.
func (d *Dashboard) leave(r *http.Request) error {
	user, err := d.user(r)
	if fault.Is(err, fault.Unauthenticated) {
		return nil
	}
	if err != nil {
		return err
	}
	return d.Accounts.EndSession(r.Context(), user, d.session(r))
}

// device is what a list of sessions shows of this browser.
func (d *Dashboard) device(r *http.Request) account.Device {
	agent := source.ParseAgent(r.UserAgent())
	name := agent.Browser
	switch {
	case name == "":
		name = "Unknown browser"
	case agent.OS != "":
		name += " on " + agent.OS
	}
	return account.Device{Agent: name, Address: d.maskedIP(r)}
}

// maskedIP is the address of a request as it may be kept, "" when it is unknown.
func (d *Dashboard) maskedIP(r *http.Request) string {
	address, err := netip.ParseAddr(d.ClientIP(r))
	if err != nil {
		return ""
	}
	return source.MaskIP(address)
}

// localPath returns next when it is a path of this site, else "". Browsers read
// "//host" and "/\host" as another site, and "/%2Fhost x" is written anew as one.
func localPath(next string) string {
	if !strings.HasPrefix(next, "/") || strings.HasPrefix(next, "//") || strings.ContainsAny(next, "\\\r\n\t") {
		return ""
	}
	u, err := url.Parse(next)
	if err != nil || u.Host != "" || u.Scheme != "" || strings.HasPrefix(u.Path, "//") {
		return ""
	}
	return u.RequestURI()
}

// say leaves a message for the next page.
func (d *Dashboard) say(r *http.Request, toast ui.ToastProps) {
	text, err := json.Marshal(toast)
	if err != nil {
		return // strings and booleans always encode
	}
	d.sessions.Put(r.Context(), toastKey, string(text))
}

// said takes the message that the page before left.
func (d *Dashboard) said(r *http.Request) []ui.ToastProps {
	text := d.sessions.PopString(r.Context(), toastKey)
	var toast ui.ToastProps
	if text == "" || json.Unmarshal([]byte(text), &toast) != nil {
		return nil
	}
	return []ui.ToastProps{toast}
}
