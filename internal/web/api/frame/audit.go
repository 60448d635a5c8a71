package frame

import (
	"context"
	"net/http"
	"path"
	"strconv"
	"strings"

	"smartlinks/internal/account"
	"smartlinks/internal/audit"
	"smartlinks/internal/web/guard"
)

type auditKey struct{}

// RecordAudit does what a program asks for together with its entry in the audit log. What
// the request is gets known in admit. What is answered from before was done before.
func (a *API) RecordAudit(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet {
			next.ServeHTTP(w, r)
			return
		}
		who := CallerOf(r.Context())
		ctx, done := a.Audit.Begin(r.Context(), who.Business.ID, audit.Entry{Actor: who.ID, Name: who.Name, Address: guard.MaskedIP(r)})
		out := &statusWriter{ResponseWriter: w}
		next.ServeHTTP(out, r.WithContext(context.WithValue(ctx, auditKey{}, done)))
		if out.status < http.StatusOK || out.status >= http.StatusMultipleChoices {
			return
		}
		object := done.Object
		if made := w.Header().Get("Location"); object == "" && made != "" {
			object = path.Base(made)
		}
		a.recordEdit(ctx, who, object, w.Header().Get("ETag"))
		if err := done.End(ctx); err != nil {
			a.Log.ErrorContext(ctx, "the audit log lacks an entry", "what", done.What, "object", object, "token", who.ID, "error", err)
		}
	})
}

// Audited is the entry of the audit log that a request makes; nil when it makes none.
func Audited(ctx context.Context) *audit.Request {
	done, _ := ctx.Value(auditKey{}).(*audit.Request)
	return done
}

// auditAs tells the audit log what a request is.
func auditAs(ctx context.Context, o Operation, object string) {
	if done := Audited(ctx); done != nil {
		done.What, done.Object, done.Creates = o.Summary, object, !strings.HasSuffix(o.Path, "/bulk")
	}
}

// recordEdit remembers which program saved a version, for members who have the object
// open in a form. Whatever is saved is answered with its version. To know it is a
// courtesy, so the request does not fail without.
func (a *API) recordEdit(ctx context.Context, who Caller, object, tag string) {
	version, err := strconv.ParseInt(strings.Trim(tag, `"`), 10, 64)
	if err != nil || object == "" {
		return // nothing with versions
	}
	if err := a.Accounts.RecordProgramEdit(ctx, who.Business.ID, account.TokenID(who.ID), object, version); err != nil {
		a.Log.WarnContext(ctx, "cannot note who saved", "object", object, "error", err)
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
