package frame

import (
	"strings"
	"unicode/utf8"

	"smartlinks/internal/message"
)

// hidden stands for what is not shown. The word joiner behind it keeps an address in one
// line: what begins the next one looks like another.
const hidden = "…\u2060"

// Masked is an address that its owner knows again and nobody else can use.
func Masked(c message.Channel, address string) string {
	if c == message.BySMS {
		return hidden + address[max(0, len(address)-4):]
	}
	local, domain, found := strings.Cut(address, "@")
	if !found {
		return hidden
	}
	_, first := utf8.DecodeRuneInString(local)
	return local[:first] + hidden + "@" + domain
}
