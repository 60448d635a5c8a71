package frame

import (
	"context"
	"errors"
	"html"
	"net/http"
	"strings"

	"github.com/a-h/templ"

	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/i18n"
)

// OpenHandler answers a request, or returns why it can't; answer renders that.
type OpenHandler func(w http.ResponseWriter, r *http.Request) error

// MaxForm bounds the body of a member's form without a file: far above what its fields may
// hold, so that a form with too long a text is shown again with all that was typed.
const MaxForm = 1 << 20

// MaxOpenForm bounds that of people who are not signed in.
const MaxOpenForm = 64 << 10

// answer turns a handler's error into a page, so that no handler can forget a
// branch. Forms with wrong fields never come here: they are shown again by the
// handler that knows them.
func (d *Dashboard) answer(h OpenHandler) http.Handler {
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
	t := troubleFor(ReaderOf(r.Context()), f)
	page := plainTrouble(t.title, t.text, "/dashboard", i18n.T(r.Context(), "Go to your dashboard"))
	if scope := scopeOf(r.Context()); scope != nil && scope.InBusiness() {
		page = framedTrouble(d.Frame(r, scope, Titled(t.title)), t.title, t.text, scope.Base, i18n.T(r.Context(), "Go to the overview"))
	}
	if err := Render(w, r, t.status, page); err != nil {
		d.Log.ErrorContext(r.Context(), "dashboard cannot show an error", "error", err)
	}
}

type troubleText struct {
	status      int
	title, text string
}

func troubleFor(reader Reader, f *fault.Error) troubleText {
	switch f.Code {
	case fault.NotFound:
		return troubleText{http.StatusNotFound, reader.T("Page not found"), reader.T("There is nothing at this address, or it belongs to a business you are not a member of.")}
	case fault.Forbidden:
		return troubleText{http.StatusForbidden, reader.T("Not allowed"), reader.Sentence(f.Message)}
	case fault.Conflict, fault.Stale:
		return troubleText{http.StatusConflict, reader.T("That did not work"), reader.Sentence(f.Message)}
	case fault.TooMany:
		return troubleText{http.StatusTooManyRequests, reader.T("Too many attempts"), reader.Sentence(f.Message)}
	case fault.TooLarge:
		return troubleText{http.StatusRequestEntityTooLarge, reader.T("That is too large"), reader.Sentence(f.Message)}
	case fault.Malformed:
		return troubleText{http.StatusBadRequest, reader.T("That can’t be read"), reader.Sentence(f.Message)}
	case fault.Invalid:
		return troubleText{http.StatusUnprocessableEntity, reader.T("That did not work"), Sentences(reader, f)}
	case fault.Unavailable:
		return troubleText{http.StatusServiceUnavailable, reader.T("Not available right now"), reader.Sentence(f.Message)}
	}
	return troubleText{http.StatusInternalServerError, reader.T("Something went wrong"), reader.Sentence(f.Message)}
}

// Sentences are what is wrong with the fields, or the error's own sentence.
func Sentences(reader Reader, f *fault.Error) string {
	var all []string
	for _, field := range f.Fields {
		all = append(all, reader.Sentence(field.Message))
	}
	if len(all) == 0 {
		return reader.Sentence(f.Message)
	}
	return strings.Join(all, " ")
}

func Render(w http.ResponseWriter, r *http.Request, status int, c templ.Component) error {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	return c.Render(r.Context(), w)
}

func Redirect(w http.ResponseWriter, r *http.Request, to string) error {
	http.Redirect(w, r, to, http.StatusSeeOther)
	return nil
}

// ReadForm reads a posted form of at most limit bytes, without files.
func ReadForm(w http.ResponseWriter, r *http.Request, limit int64) error {
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

// ShowEnded tells that a link from a mail is worth nothing any more.
func ShowEnded(w http.ResponseWriter, r *http.Request, err error, href, action string) error {
	return Render(w, r, http.StatusNotFound, plainTrouble(i18n.T(r.Context(), "This link has expired"), ReaderOf(r.Context()).Sentence(fault.Of(err).Message), href, action))
}

// ShowMail answers with a message for a frame that shows it as its recipient will see it.
// Its links can be clicked, but the Tab key passes them: it is on its way to the buttons of
// the form beside it.
func ShowMail(w http.ResponseWriter, policy, page string) {
	w.Header().Set("Content-Security-Policy", policy)
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = w.Write([]byte(strings.ReplaceAll(page, "<a ", `<a tabindex="-1" `))) // the client went away; nobody is left to tell
}

// FrameText is plain text as a page of the frame, whose only style is its own.
func FrameText(text string) string {
	return `<!DOCTYPE html><html lang="en"><meta charset="utf-8"><meta name="color-scheme" content="light dark"><title>Preview</title>` +
		`<pre style="margin:1.5rem;font:0.875rem/1.6 ui-monospace,monospace;white-space:pre-wrap;overflow-wrap:anywhere">` + html.EscapeString(text) + `</pre></html>`
}
