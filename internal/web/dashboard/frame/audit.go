package frame

import (
	"net/http"
	"strings"

	"smartlinks/internal/audit"
)

// audited does what h does together with its entry in the audit log.
func (d *Dashboard) audited(what string, h Handler) Handler {
	return func(w http.ResponseWriter, r *http.Request, scope *Scope) error {
		if r.Method == http.MethodHead {
			return h(w, r, scope)
		}
		ctx, done := d.Audit.Begin(r.Context(), scope.Business.ID, audit.Entry{
			Actor: string(scope.Member.ID), Name: scope.Member.Name, What: what, Object: r.PathValue("id"), Address: d.MaskedIP(r),
		})
		done.Creates = !strings.HasSuffix(r.URL.Path, "/bulk")
		out := &statusWriter{ResponseWriter: w}
		r = r.WithContext(ctx)
		err := h(out, r, scope)
		if err != nil || out.status >= http.StatusBadRequest || AddsTag(r) {
			return err
		}
		if err := done.End(ctx); err != nil {
			d.Log.ErrorContext(ctx, "the audit log lacks an entry", "what", what, "object", done.Object, "member", done.Actor, "error", err)
		}
		return nil
	}
}

// statusWriter remembers how a request was answered.
type statusWriter struct {
	http.ResponseWriter
	status int
}

// WriteHeader implements http.ResponseWriter.
func (w *statusWriter) WriteHeader(status int) {
	if w.status == 0 {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

// Unwrap lets http.ResponseController reach what is below.
func (w *statusWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
