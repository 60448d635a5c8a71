package dashboard

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/a-h/templ"

	"smartlinks/internal/db"
	"smartlinks/internal/fault"
)

// handler answers a request, or returns why it can't; answer renders that.
type handler func(w http.ResponseWriter, r *http.Request) error

// maxForm bounds the body of a form without a file.
const maxForm = 64 << 10

// answer turns a handler's error into a page, so that no handler can forget a
// branch. Forms with wrong fields never come here: they are shown again by the
// handler that knows them.
func (d *Dashboard) answer(h handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		if err := h(w, r); err != nil {
			d.fail(w, r, err)
		}
	})
}

func (d *Dashboard) fail(w http.ResponseWriter, r *http.Request, err error) {
	if errors.Is(err, context.Canceled) && r.Context().Err() != nil {
		return // nobody is left to tell
	}
	f := fault.Of(err)
	switch {
	case f.Code == fault.Unauthenticated:
		d.sendToSignIn(w, r)
		return
	case f.Code == fault.Internal, errors.Is(err, db.ErrAway):
		d.Log.ErrorContext(r.Context(), "dashboard failed", "method", r.Method, "path", r.URL.Path, "error", err)
	}
	t := troubleFor(f)
	page := plainTrouble(t.title, t.text, "/dashboard", "Go to your dashboard")
	if at := roomOf(r.Context()); at != nil {
		page = framedTrouble(d.frame(r, at, frameTitle(t.title)), t.title, t.text, at.Base, "Go to the overview")
	}
	if err := render(w, r, t.status, page); err != nil {
		d.Log.ErrorContext(r.Context(), "dashboard cannot show an error", "error", err)
	}
}

// sendToSignIn asks to sign in and remembers what was wanted. An htmx request
// is told to move the whole page.
func (d *Dashboard) sendToSignIn(w http.ResponseWriter, r *http.Request) {
	to := "/sign-in"
	if r.Method == http.MethodGet {
		to += "?next=" + url.QueryEscape(r.URL.RequestURI())
	}
	if r.Header.Get("HX-Request") == "true" {
		w.Header().Set("HX-Redirect", to)
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
}

type troubleText struct {
	status      int
	title, text string
}

func troubleFor(f *fault.Error) troubleText {
	switch f.Code {
	case fault.NotFound:
		return troubleText{http.StatusNotFound, "Page not found", "Nothing is at this address, or it belongs to a business you are not a member of."}
	case fault.Forbidden:
		return troubleText{http.StatusForbidden, "Not allowed", f.Message}
	case fault.Conflict, fault.Stale:
		return troubleText{http.StatusConflict, "That did not work", f.Message}
	case fault.TooMany:
		return troubleText{http.StatusTooManyRequests, "Too many tries", f.Message}
	case fault.TooLarge:
		return troubleText{http.StatusRequestEntityTooLarge, "That is too large", f.Message}
	case fault.Malformed:
		return troubleText{http.StatusBadRequest, "That cannot be read", f.Message}
	case fault.Invalid:
		return troubleText{http.StatusUnprocessableEntity, "That did not work", sentences(f)}
	case fault.Unavailable:
		return troubleText{http.StatusServiceUnavailable, "Not available now", f.Message}
	}
	return troubleText{http.StatusInternalServerError, "Something went wrong", f.Message}
}

// sentences are what is wrong with the fields, or the error's own sentence.
func sentences(f *fault.Error) string {
	var all []string
	for _, field := range f.Fields {
		all = append(all, field.Message)
	}
	if len(all) == 0 {
		return f.Message
	}
	return strings.Join(all, " ")
}

func render(w http.ResponseWriter, r *http.Request, status int, c templ.Component) error {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	return c.Render(r.Context(), w)
}

func redirect(w http.ResponseWriter, r *http.Request, to string) error {
	http.Redirect(w, r, to, http.StatusSeeOther)
	return nil
}

// readForm reads a posted form of at most limit bytes, without files.
func readForm(w http.ResponseWriter, r *http.Request, limit int64) error {
	r.Body = http.MaxBytesReader(w, r.Body, limit)
	err := r.ParseForm()
	if err == nil && strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/form-data") {
		err = r.ParseMultipartForm(limit)
	}
	if err != nil {
		return unreadable(err)
	}
	return nil
}
