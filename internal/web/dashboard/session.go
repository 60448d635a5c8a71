package dashboard

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"

	"smartlinks/internal/web/ui"
)

// What a session holds.
const (
	userKey  = "user"
	toastKey = "toast"
)

// localPath returns next when it is a path of this site, else "". Browsers read
// "//host" and "/\host" as another site.
func localPath(next string) string {
	if !strings.HasPrefix(next, "/") || strings.HasPrefix(next, "//") || strings.ContainsAny(next, "\\\r\n\t") {
		return ""
	}
	u, err := url.Parse(next)
	if err != nil || u.Host != "" || u.Scheme != "" {
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
