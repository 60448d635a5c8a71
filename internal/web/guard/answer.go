package guard

import (
	"log/slog"
	"net/http"
	"runtime/debug"
	"time"

	"smartlinks/internal/address"
)

// answer notes what was sent. http.ResponseController reaches the connection
// through Unwrap.
type answer struct {
	http.ResponseWriter
	status int
	bytes  int64
}

// Unwrap returns the writer below.
func (a *answer) Unwrap() http.ResponseWriter { return a.ResponseWriter }

// WriteHeader notes the final status; informational ones come before it.
func (a *answer) WriteHeader(status int) {
	if a.status == 0 && status >= http.StatusOK {
		a.status = status
	}
	a.ResponseWriter.WriteHeader(status)
}

func (a *answer) Write(b []byte) (int, error) {
	if a.status == 0 {
		a.status = http.StatusOK
	}
	n, err := a.ResponseWriter.Write(b)
	a.bytes += int64(n)
	return n, err
}

// rescue answers for a handler that panicked. http.ErrAbortHandler is a
// handler's own wish to cut the connection.
func (g *Guard) rescue(a Area, out *answer, r *http.Request) {
	cause := recover()
	if cause == nil {
		return
	}
	if cause == http.ErrAbortHandler {
		panic(cause)
	}
	g.Log.ErrorContext(r.Context(), "handler panicked", "area", a.Name, "method", r.Method, "path", address.Loggable(r.URL.Path),
		"cause", cause, "stack", string(debug.Stack()))
	if out.status != 0 {
		panic(http.ErrAbortHandler) // half an answer must not look whole
	}
	a.Fail(out, r)
}

// log writes a line for each request, without its query, which may hold a
// payer's name and address. Pages that were merely read are told at the level
// Debug: there are many, and views are recorded elsewhere.
func (g *Guard) log(a Area, out *answer, r *http.Request, began time.Time) {
	level := slog.LevelInfo
	switch {
	case out.status >= http.StatusInternalServerError:
		level = slog.LevelWarn
	case out.status < http.StatusBadRequest && (r.Method == http.MethodGet || r.Method == http.MethodHead):
		level = slog.LevelDebug
	}
	if !g.Log.Enabled(r.Context(), level) {
		return
	}
	g.Log.LogAttrs(r.Context(), level, "request",
		slog.String("area", a.Name), slog.String("method", r.Method), slog.String("path", address.Loggable(r.URL.Path)),
		slog.Int("status", out.status), slog.Int64("bytes", out.bytes),
		slog.Duration("took", g.Clock.Wall().Sub(began)), slog.String("ip", MaskedIP(r)))
}
