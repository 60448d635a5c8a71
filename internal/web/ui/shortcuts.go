package ui

import "net/http"

// shortcutsCookie says that single keys rest in this browser. It is no secret
// and tells nobody apart.
const shortcutsCookie = "shortcuts"

const shortcutsRest = "off"

// ShortcutsOff tells whether the browser of the request wants no single keys.
func ShortcutsOff(r *http.Request) bool {
	c, err := r.Cookie(shortcutsCookie)
	return err == nil && c.Value == shortcutsRest
}

// KeepShortcuts makes the browser remember whether single keys work; secure is
// whether it is reached by https.
func KeepShortcuts(w http.ResponseWriter, on, secure bool) {
	c := http.Cookie{Name: shortcutsCookie, Value: shortcutsRest, Path: "/", MaxAge: keepTheme, HttpOnly: true, Secure: secure, SameSite: http.SameSiteLaxMode}
	if on {
		c.MaxAge = -1 // forgets
	}
	http.SetCookie(w, &c)
}
