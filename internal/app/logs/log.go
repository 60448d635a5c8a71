// Package logs makes what every line of the program is logged by. No line holds an id that
// opens something: in its place stands its kind with the first eight digits of its SHA-256,
// by which an operator who has the id still finds its lines. One trouble is logged a few
// times a minute, however often it comes.
package logs

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"log/slog"
	"regexp"
)

// opening are ids that open something for whoever knows them: an attempt or payment, a
// checkout of the sandbox, an API token. They may stand in a path, an error or by
// themselves.
var opening = regexp.MustCompile(`\b(pay|sbx)_[0-9a-hjkmnp-tv-z]{26}\b|\bsl_[A-Za-z0-9_-]{16,}`)

// Text returns a log of text lines.
func Text(to io.Writer, level slog.Level) *slog.Logger {
	return slog.New(limited(slog.NewTextHandler(to, logOptions(level))))
}

// JSON returns a log whose lines are JSON objects.
func JSON(to io.Writer, level slog.Level) *slog.Logger {
	return slog.New(limited(slog.NewJSONHandler(to, logOptions(level))))
}

func logOptions(level slog.Level) *slog.HandlerOptions {
	return &slog.HandlerOptions{Level: level, ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
		if a.Value.Kind() != slog.KindString && a.Value.Kind() != slog.KindAny {
			return a
		}
		if text := a.Value.String(); opening.MatchString(text) {
			a.Value = slog.StringValue(opening.ReplaceAllStringFunc(text, shortened))
		}
		return a
	}}
}

func shortened(id string) string {
	hash := sha256.Sum256([]byte(id))
	kind := "sl"
	if id[2] != '_' {
		kind = id[:3]
	}
	return kind + "#" + hex.EncodeToString(hash[:4])
}
