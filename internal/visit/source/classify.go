// Package source reads out of one HTTP request where a view came from and who
// made it: the masked address, browser and system, person or program, and the
// channel. It is pure and fast, because every opening of a link passes here.
package source

import (
	"net/http"
	"strings"
)

// Class says who opened a page. Only people count as views.
type Class string

// The classes.
const (
	Human   Class = "human"
	Bot     Class = "bot"
	Preview Class = "preview" // fetched by a messenger, mail system or browser before anybody saw it
	Own     Class = "own"     // a member of the business; requests alone don't tell
)

// The reasons that lie in the request; those that lie in the user agent are
// "crawler: Googlebot", "link preview: WhatsApp", and so on.
const (
	reasonPrefetch = "prefetch"
	reasonHead     = "HEAD request"
	reasonNoAgent  = "no user agent"
)

// Classify says who asked, and why it is not a person; the reason of a person
// is empty. Only what speaks for a program counts. What is missing (language,
// Sec-Fetch headers) never does, since privacy tools leave those out.
func Classify(method string, header http.Header, agent Agent) (Class, string) {
	switch {
	case agent.Class != Human:
		return agent.Class, agent.Reason
	case isPrefetch(header):
		return Preview, reasonPrefetch
	case method == http.MethodHead:
		return Bot, reasonHead
	}
	return Human, ""
}

// isPrefetch reports whether a browser fetches ahead: Chrome and Edge say
// Sec-Purpose, older ones Purpose, Firefox X-Moz, Safari's previews X-Purpose.
func isPrefetch(header http.Header) bool {
	for _, name := range [...]string{"Sec-Purpose", "Purpose", "X-Purpose", "X-Moz"} {
		values := header[name]
		if len(values) == 0 {
			continue
		}
		value := strings.ToLower(values[0])
		for _, word := range [...]string{"prefetch", "prerender", "preview"} {
			if strings.Contains(value, word) {
				return true
			}
		}
	}
	return false
}
