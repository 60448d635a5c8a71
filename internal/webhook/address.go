package webhook

import (
	"net/url"

	"smartlinks/internal/outbound"
)

const maxURL = 2000

// CheckURL says why an endpoint may not be saved, "" where it may: https to a
// name or a public address. Where private addresses are allowed, plain http is
// allowed too. A name that leads to a private address is refused later, when it
// is dialled.
func CheckURL(text string, allowPrivate bool) string {
	parsed, err := url.Parse(text)
	switch {
	case err != nil, len(text) > maxURL, parsed.Hostname() == "", parsed.User != nil, parsed.Fragment != "":
		return "Enter a whole address such as https://example.com/webhooks, without a password in it."
	case parsed.Scheme != "https" && (!allowPrivate || parsed.Scheme != "http"):
		return "Enter an address that starts with https://."
	case !allowPrivate && outbound.PrivateHost(parsed.Hostname()):
		return "Enter an address that can be reached from the internet; this one is private."
	}
	return ""
}
