package source

import "strings"

// kind is what a program does; it is the first part of the reason.
type kind string

const (
	crawler   kind = "crawler"
	preview   kind = "link preview"
	scanner   kind = "mail scanner"
	assistant kind = "AI assistant"
	monitor   kind = "monitor"
	library   kind = "program"
	headless  kind = "headless browser"
)

// Headless reports whether the reason of a class is that the browser has no
// screen, as in automated tests.
func Headless(reason string) bool { return strings.HasPrefix(reason, string(headless)) }

// class of the views that such programs make. What a person's message caused
// is a preview, everything else a bot.
func (k kind) class() Class {
	if k == preview || k == scanner {
		return Preview
	}
	return Bot
}

// program is one that tells its name.
type program struct {
	token string // in lower case
	kind  kind
	name  string
}

// knownProgram finds the program behind a user agent in lower case.
func knownProgram(ua string) (program, bool) {
	// iMessage fetches as Safari that is Facebook and Twitter at once.
	if strings.Contains(ua, "facebookexternalhit/") && strings.Contains(ua, "twitterbot/") {
		return program{kind: preview, name: "iMessage"}, true
	}
	for _, p := range programsByStart {
		if strings.HasPrefix(ua, p.token) {
			return p, true
		}
	}
	for _, p := range programs {
		if strings.Contains(ua, p.token) {
			return p, true
		}
	}
	return program{}, false
}

// browserStarts begin the user agents of everything that people browse with.
var browserStarts = []string{
	"mozilla/", "opera/", "ucweb/", "nokia", "samsung", "blackberry", "instagram ", "lynx/", "links (", "elinks/", "w3m/", "dillo/",
}

// programWords name a trade, wherever they stand.
var programWords = []string{"crawler", "spider", "scraper", "fetcher", "archiver", "headless", "phantomjs", "http-client", "httpclient"}

// looksLikeProgram gives the reason why an unknown user agent, in lower case,
// is taken for a program, or "".
func looksLikeProgram(ua string) string {
	if namesBot(ua) {
		return "calls itself a bot"
	}
	for _, word := range programWords {
		if strings.Contains(ua, word) {
			return "calls itself a " + word
		}
	}
	if strings.Contains(ua, "http://") || strings.Contains(ua, "https://") {
		return "names a page about itself" // the custom of crawlers: RFC 9309 expects it
	}
	for _, start := range browserStarts {
		if strings.HasPrefix(ua, start) {
			return ""
		}
	}
	return "not a browser"
}

// namesBot reports whether a word ends in "bot". Cubot makes phones.
func namesBot(ua string) bool {
	for rest := ua; ; {
		before, after, found := strings.Cut(rest, "bot")
		if !found {
			return false
		}
		ends := after == "" || strings.IndexByte("/;,)-+: ", after[0]) >= 0
		if ends && !strings.HasSuffix(before, "cu") {
			return true
		}
		rest = after
	}
}
