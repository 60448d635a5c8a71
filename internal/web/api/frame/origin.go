package frame

import (
	"net/http"

	"github.com/rs/cors"
)

// ForOrigins lets pages of the chosen origins read answers (Fetch Standard, CORS
// protocol). No cookie is ever accepted here, so that a token is all that a page
// can show.
func ForOrigins(origins []string, next http.Handler) http.Handler {
	if len(origins) == 0 {
		return next
	}
	return cors.New(cors.Options{
		AllowedOrigins: origins,
		AllowedMethods: []string{http.MethodGet, http.MethodPost, http.MethodPatch, http.MethodDelete},
		AllowedHeaders: []string{"Authorization", "Content-Type", "Idempotency-Key", "If-Match"},
		ExposedHeaders: []string{"ETag", "Link", "Location", "Idempotent-Replayed", "Retry-After", "RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset"},
		MaxAge:         600,
	}).Handler(next)
}
