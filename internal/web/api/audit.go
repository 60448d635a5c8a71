package api

import (
	"context"
	"net/http"
	"path"
	"strconv"
	"strings"

	"smartlinks/internal/account"
	"smartlinks/internal/web/guard"
)

// noted is what the audit log is told of a request, by admit.
type noted struct {
	operation operation
	object    string
}

type notedKey struct{}

// audit adds what a program did to the audit log of its business, when it was done.
// What is answered from before was done before.
func (a *rooms) audit(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet {
			next.ServeHTTP(w, r)
			return
		}
		n, out := &noted{}, &statusWriter{ResponseWriter: w}
		next.ServeHTTP(out, r.WithContext(context.WithValue(r.Context(), notedKey{}, n)))
		if out.status < http.StatusOK || out.status >= http.StatusMultipleChoices {
			return
		}
		if n.object == "" {
			if made := w.Header().Get("Location"); made != "" {
				n.object = path.Base(made)
			}
		}
		who := callerOf(r.Context())
		a.noteEdit(r.Context(), who, n.object, w.Header().Get("ETag"))
		err := a.Accounts.NoteAct(r.Context(), who.business.ID, account.Act{
			Actor: string(who.token), Name: who.name, What: n.operation.summary, Object: n.object, Address: guard.MaskedIP(r),
		})
		if err != nil {
			a.Log.ErrorContext(r.Context(), "the audit log lacks an act", "what", n.operation.summary, "object", n.object, "token", who.token, "error", err)
		}
	})
}

// noteEdit remembers which program saved a version, for members who have the object
// open in a form. Whatever is saved is answered with its version. To know it is a
// courtesy, so the request does not fail without.
func (a *rooms) noteEdit(ctx context.Context, who caller, object, tag string) {
	version, err := strconv.ParseInt(strings.Trim(tag, `"`), 10, 64)
	if err != nil || object == "" {
		return // nothing with versions
	}
	if err := a.Accounts.NoteProgramEdit(ctx, who.business.ID, who.token, object, version); err != nil {
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
