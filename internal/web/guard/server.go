package guard

import (
	"context"
	"log/slog"
	"net/http"
	"net/netip"
	"regexp"
	"time"

	"smartlinks/internal/visit/source"
)

// Server returns an HTTP server that slow clients can't wear out. A handler
// that writes for longer than a minute moves its deadline by
// http.ResponseController.
func Server(handler http.Handler, log *slog.Logger) *http.Server {
	return &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       time.Minute, // a picture over a slow line
		WriteTimeout:      time.Minute,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    32 << 10,
		ErrorLog:          slog.NewLogLogger(maskedHandler{log.Handler()}, slog.LevelDebug), // mostly clients that hang up
	}
}

// maskedHandler writes what net/http says without the addresses of clients, as
// in "http: TLS handshake error from 203.0.113.7:4711: EOF".
type maskedHandler struct{ slog.Handler }

var addressAndPort = regexp.MustCompile(`\[[0-9a-fA-F:.%a-z]+\]:\d+|\b\d+\.\d+\.\d+\.\d+(:\d+)?`)

// Handle masks the message, which is all that there is.
func (h maskedHandler) Handle(ctx context.Context, r slog.Record) error {
	r.Message = addressAndPort.ReplaceAllStringFunc(r.Message, func(text string) string {
		if at, err := netip.ParseAddrPort(text); err == nil {
			return source.MaskIP(at.Addr())
		}
		at, err := netip.ParseAddr(text)
		if err != nil {
			return text
		}
		return source.MaskIP(at)
	})
	return h.Handler.Handle(ctx, r)
}
