package frame

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"smartlinks/internal/fault"
	"smartlinks/internal/secret"
)

// maxPlain bounds what is taken from a stranger to look something up, in
// characters.
const maxPlain = 320

// Plain reports whether a text can be looked up and kept: PostgreSQL takes
// neither NUL nor invalid UTF-8, and nothing of ours has control characters.
func Plain(s string) bool {
	return utf8.ValidString(s) && utf8.RuneCountInString(s) <= maxPlain && !strings.ContainsFunc(s, unicode.IsControl)
}

// TokenLength is that of secret.Token, in characters.
const TokenLength = 43

// LikeToken reports whether a text can be a token of /r/ or /s/.
func LikeToken(token string) bool { return len(token) == secret.ShortLength && Plain(token) }

// ErrNoSuchLink is the answer to a token that nobody has.
var ErrNoSuchLink = fault.New(fault.NotFound, "There is no such link.")
