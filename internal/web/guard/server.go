package guard

import (
	"log/slog"
	"net/http"
	"time"
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
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelDebug), // mostly clients that hang up
	}
}
