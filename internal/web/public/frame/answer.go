package frame

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"strconv"

	"github.com/a-h/templ"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
)

// Handler answers a request, or returns why it can't; answer shows that.
type Handler func(w http.ResponseWriter, r *http.Request) error

// Answer turns a handler's error into a page, so that no handler can forget a
// branch.
func (p *Base) Answer(h Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := h(w, r); err != nil {
			p.Trouble(w, r, nil, err)
		}
	})
}

// Trouble shows an error, in the business's frame when there is one.
func (p *Base) Trouble(w http.ResponseWriter, r *http.Request, b *business.Business, err error) {
	if errors.Is(err, context.Canceled) && r.Context().Err() != nil {
		return // nobody is left to tell
	}
	f := fault.Of(err)
	away := errors.Is(err, db.ErrAway)
	if f.Code == fault.Internal || away {
		p.Log.ErrorContext(r.Context(), "payer's page failed", "method", r.Method, "error", err)
	}
	switch {
	case f.Code == fault.NotFound:
		err = p.NotFound(w, r, b)
	case away:
		// Not the provider is away: who comes back from it may have paid.
		s := troubleState(p.Localizer(r, b), fault.Internal)
		s.Status = http.StatusServiceUnavailable
		err = p.ShowState(w, r, b, s)
	default:
		err = p.ShowState(w, r, b, troubleState(p.Localizer(r, b), f.Code))
	}
	if err != nil {
		p.Log.ErrorContext(r.Context(), "payer's page can't show an error", "error", err)
	}
}

// Refuse answers a form that was sent from another site.
func (p *Base) Refuse(w http.ResponseWriter, r *http.Request) {
	p.Trouble(w, r, nil, fault.New(fault.Forbidden, "This form was sent from another site."))
}

// Fail answers for a handler that panicked, which is in the log by now.
func (p *Base) Fail(w http.ResponseWriter, r *http.Request) {
	if err := p.ShowState(w, r, nil, troubleState(p.Localizer(r, nil), fault.Internal)); err != nil {
		p.Log.ErrorContext(r.Context(), "payer's page can't show an error", "error", err)
	}
}

// Render makes the whole page before it sends anything, so that an error while
// it is drawn is still an error page.
func Render(w http.ResponseWriter, r *http.Request, status int, page templ.Component) error {
	var body bytes.Buffer
	if err := page.Render(r.Context(), &body); err != nil {
		return err
	}
	send(w, r, status, body.Bytes())
	return nil
}

// send writes a page. What a payer typed, and how a payment stands, is for
// their eyes only; everything else is asked anew too, because each opening is
// recorded.
func send(w http.ResponseWriter, r *http.Request, status int, body []byte) {
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Length", strconv.Itoa(len(body)))
	if h.Get("Cache-Control") == "" {
		h.Set("Cache-Control", "private, no-cache")
	}
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(body) // the client went away; nobody is left to tell
	}
}
