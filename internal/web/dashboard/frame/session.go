package frame

import (
	"encoding/json"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"smartlinks/internal/account"
	"smartlinks/internal/fault"
	"smartlinks/internal/visit/source"
	"smartlinks/internal/web/ui"
)

// What a session holds.
const (
	sessionKey  = "session"  // the sign-in it belongs to
	PendingKey  = "pending"  // somebody who gave the password, not yet the code
	CeremonyKey = "ceremony" // what a browser was asked for a passkey
	toastKey    = "toast"
	onceKey     = "once" // what is shown once, sealed
)

// User is who is signed in.
func (d *Dashboard) User(r *http.Request) (account.UserID, error) {
	return d.Accounts.SignedIn(r.Context(), d.Session(r))
}

// Session is the sign-in of this browser, "" for none.
func (d *Dashboard) Session(r *http.Request) account.SessionID {
	return account.SessionID(d.Sessions.GetString(r.Context(), sessionKey))
}

// StartSession signs somebody in who has proved who they are, under a new token, so
// that one planted in the browser before is worth nothing.
func (d *Dashboard) StartSession(w http.ResponseWriter, r *http.Request, u account.User, by account.Factor) error {
	if err := d.EndSession(r); err != nil {
		return err
	}
	if err := d.Sessions.RenewToken(r.Context()); err != nil {
		return err
	}
	at := d.device(r)
	at.By = by
	id, err := d.Accounts.Open(r.Context(), u, at)
	if err != nil {
		return err
	}
	d.Sessions.Put(r.Context(), sessionKey, string(id))
	return d.rememberBrowser(w, r, u)
}

// rememberBrowser gives the browser a token by which its wrong passwords are parted from those
// of strangers.
func (d *Dashboard) rememberBrowser(w http.ResponseWriter, r *http.Request, u account.User) error {
	token, err := d.Accounts.Trust(r.Context(), u.ID, d.browser(r))
	if err != nil {
		return err
	}
	http.SetCookie(w, &http.Cookie{
		Name: d.browserCookie(), Value: token, Path: "/", MaxAge: int(account.TrustLife().Seconds()),
		HttpOnly: true, Secure: d.Sessions.Cookie.Secure, SameSite: http.SameSiteLaxMode,
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
	if d.Sessions.Cookie.Secure {
		return "__Host-browser"
	}
	return "browser"
}

// Visitor is where somebody comes from who wants to sign in.
func (d *Dashboard) Visitor(r *http.Request) account.Visitor {
	return account.Visitor{IP: d.ClientIP(r), Browser: d.browser(r)}
}

// EndSession ends the sign-in of this browser, if there is one.
func (d *Dashboard) EndSession(r *http.Request) error {
	user, err := d.User(r)
	if fault.Is(err, fault.Unauthenticated) {
		return nil
	}
	if err != nil {
		return err
	}
	return d.Accounts.EndSession(r.Context(), user, d.Session(r))
}

// unknownBrowser is how a browser is kept that does not say what it is.
const unknownBrowser = "Unknown browser"

// BrowserName is the kept name of a browser and its system in the reader's words.
func BrowserName(reader Reader, kept string) string {
	if kept == unknownBrowser {
		return reader.T("Unknown browser")
	}
	if browser, system, both := strings.Cut(kept, " on "); both {
		return reader.T("{{.Browser}} on {{.System}}", "Browser", browser, "System", system)
	}
	return kept
}

// device is what a list of sessions shows of this browser.
func (d *Dashboard) device(r *http.Request) account.Device {
	agent := source.ParseAgent(r.UserAgent())
	name := agent.Browser
	switch {
	case name == "":
		name = unknownBrowser
	case agent.OS != "":
		name += " on " + agent.OS
	}
	return account.Device{Agent: name, Address: d.MaskedIP(r)}
}

// MaskedIP is the address of a request as it may be kept, "" when it is unknown.
func (d *Dashboard) MaskedIP(r *http.Request) string {
	address, err := netip.ParseAddr(d.ClientIP(r))
	if err != nil {
		return ""
	}
	return source.MaskIP(address)
}

// LocalPath returns next when it is a path of this site, else "". Browsers read
// "//host" and "/\host" as another site, and "/%2Fhost x" is written anew as one.
func LocalPath(next string) string {
	if !strings.HasPrefix(next, "/") || strings.HasPrefix(next, "//") || strings.ContainsAny(next, "\\\r\n\t") {
		return ""
	}
	u, err := url.Parse(next)
	if err != nil || u.Host != "" || u.Scheme != "" || strings.HasPrefix(u.Path, "//") {
		return ""
	}
	return u.RequestURI()
}

// Toast leaves a message for the next page.
func (d *Dashboard) Toast(r *http.Request, toast ui.ToastProps) {
	text, err := json.Marshal(toast)
	if err != nil {
		return // strings and booleans always encode
	}
	d.Sessions.Put(r.Context(), toastKey, string(text))
}

// TakeToasts takes the message that the page before left.
func (d *Dashboard) TakeToasts(r *http.Request) []ui.ToastProps {
	text := d.Sessions.PopString(r.Context(), toastKey)
	var toast ui.ToastProps
	if text == "" || json.Unmarshal([]byte(text), &toast) != nil {
		return nil
	}
	return []ui.ToastProps{toast}
}

// Once is what was made just now and is shown this once: a secret in plain.
type Once struct {
	Text string
	Said string // more about it, for its reader
}

// onceLife bounds how long it waits for its page.
const onceLife = 10 * time.Minute

// keptOnce is what the session keeps of it.
type keptOnce struct {
	Once
	For   string
	Until time.Time // by the wall
}

// ShowOnce leaves what the next page of this name shows, sealed: the request that made it is
// answered by a redirect, so that loading the page anew makes no second one.
func (d *Dashboard) ShowOnce(r *http.Request, name string, o Once) error {
	text, err := json.Marshal(keptOnce{o, name, d.DB.Clock().Wall().Add(onceLife)})
	if err != nil {
		return err
	}
	sealed, err := d.Sealer.Seal(text, d.onceContext(r))
	if err == nil {
		d.Sessions.Put(r.Context(), onceKey, sealed)
	}
	return err
}

// TakeOnce takes what is shown once on the page of this name; it is empty when there is
// nothing. The page is kept by no cache.
func (d *Dashboard) TakeOnce(w http.ResponseWriter, r *http.Request, name string) Once {
	sealed := d.Sessions.GetString(r.Context(), onceKey)
	if sealed == "" {
		return Once{}
	}
	var kept keptOnce
	text, err := d.Sealer.Open(sealed, d.onceContext(r))
	if err == nil {
		err = json.Unmarshal(text, &kept)
	}
	late := err != nil || d.DB.Clock().Wall().After(kept.Until)
	if !late && kept.For != name {
		return Once{} // another page's
	}
	d.Sessions.Remove(r.Context(), onceKey)
	if late {
		return Once{}
	}
	w.Header().Set("Cache-Control", "no-store")
	return kept.Once
}

// onceContext names where it is kept, for the sealer.
func (d *Dashboard) onceContext(r *http.Request) string { return "once/" + string(d.Session(r)) }
