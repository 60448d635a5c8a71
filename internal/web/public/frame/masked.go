package frame

import (
	"strings"
	"unicode/utf8"

	"smartlinks/internal/message"
)

// Masked is an address that its owner knows again and nobody else can use.
func Masked(c message.Channel, address string) string {
	if c == message.BySMS {
		return "…" + address[max(0, len(address)-4):]
	}
	local, domain, found := strings.Cut(address, "@")
	if !found {
		return "…"
	}
	_, first := utf8.DecodeRuneInString(local)
	return local[:first] + "…@" + domain
}
