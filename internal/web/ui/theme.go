package ui

import (
	"context"
	"net/http"
)

// Theme is the look that somebody chose for this browser; "" follows the
// system.
type Theme string

// The themes.
const (
	SystemTheme Theme = ""
	LightTheme  Theme = "light"
	DarkTheme   Theme = "dark"
)

// themeCookie holds the choice. It is no secret and tells nobody apart.
const themeCookie = "theme"

// keepTheme is how long a browser remembers, in seconds: the 400 days that
// browsers allow at most.
const keepTheme = 400 * 24 * 60 * 60

// SystemChoice is what forms call SystemTheme.
const SystemChoice = "system"

// ParseTheme reads what a form sends: "light", "dark" or SystemChoice.
func ParseTheme(choice string) (t Theme, ok bool) {
	switch choice {
	case SystemChoice:
		return SystemTheme, true
	case string(LightTheme), string(DarkTheme):
		return Theme(choice), true
	}
	return SystemTheme, false
}

// Choice is the theme as forms send it.
func (t Theme) Choice() string {
	if t == SystemTheme {
		return SystemChoice
	}
	return string(t)
}

// Keep makes the browser remember the theme; secure is whether it is reached by
// https.
func (t Theme) Keep(w http.ResponseWriter, secure bool) {
	c := http.Cookie{Name: themeCookie, Value: string(t), Path: "/", MaxAge: keepTheme, HttpOnly: true, Secure: secure, SameSite: http.SameSiteLaxMode}
	if t == SystemTheme {
		c.MaxAge = -1 // forgets
	}
	http.SetCookie(w, &c)
}

type themeKey struct{}

// Themed lets every page that h draws be in the theme that its reader chose.
func Themed(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if c, err := r.Cookie(themeCookie); err == nil {
			if t, ok := ParseTheme(c.Value); ok {
				r = r.WithContext(context.WithValue(r.Context(), themeKey{}, t))
			}
		}
		h.ServeHTTP(w, r)
	})
}

// ThemeOf is the theme of a request that went through Themed.
func ThemeOf(ctx context.Context) Theme {
	t, _ := ctx.Value(themeKey{}).(Theme)
	return t
}
