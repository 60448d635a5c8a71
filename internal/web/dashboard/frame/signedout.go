package frame

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// sendToSignIn asks somebody to sign in who is not, or no longer. Who wanted a page comes to
// it afterwards. Who sent a form keeps what they typed, on a page that sends it again.
func (d *Dashboard) sendToSignIn(w http.ResponseWriter, r *http.Request) {
	to := "/sign-in"
	if r.Method == http.MethodGet {
		to += "?next=" + url.QueryEscape(r.URL.RequestURI())
	}
	if asksForPart(r) {
		if isOfItsPage(r) {
			w.Header().Set("HX-Redirect", to)
		}
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	if form, kept := keepForm(w, r); kept {
		if err := Render(w, r, http.StatusUnauthorized, signedOutPage(form)); err != nil {
			d.Log.ErrorContext(r.Context(), "dashboard cannot keep a form", "error", err)
		}
		return
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
}

// isOfItsPage tells whether a part is asked of the address that the browser shows, as lists
// do, or leads to another page. Then the whole page may go. Other parts stand in forms, and
// with the page would go what is typed there.
func isOfItsPage(r *http.Request) bool {
	shown, err := url.Parse(r.Header.Get("HX-Current-URL"))
	return r.Method == http.MethodGet && (r.Header.Get("HX-Boosted") == "true" || err == nil && shown.Path == r.URL.Path)
}

// keptForm is what somebody sent who was not signed in any more.
type keptForm struct {
	Action string // where they sent it
	Fields []keptField
	Files  bool // there may have been some, which no page can keep
}

type keptField struct{ Name, Value string }

// maxKept bounds what is read, with files, of somebody who is not signed in.
const maxKept = 8 << 20

// keepForm reads a form of a business that was sent. Passwords are not kept: a page must not
// hold them.
func keepForm(w http.ResponseWriter, r *http.Request) (form keptForm, kept bool) {
	if r.Method != http.MethodPost || r.PathValue("handle") == "" {
		return form, false
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxKept)
	if _, err := ReadUploads(w, r, 0); err != nil {
		return form, false
	}
	form.Action = r.URL.RequestURI()
	form.Files = strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/form-data")
	for _, name := range slices.Sorted(maps.Keys(r.PostForm)) {
		if strings.Contains(name, "password") {
			continue
		}
		for _, value := range r.PostForm[name] {
			form.Fields = append(form.Fields, keptField{name, value})
		}
	}
	return form, len(form.Fields) > 0
}
