package source

import (
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	maxHeader   = 4096 // bytes of a Referer header that are read
	maxHost     = 253  // RFC 1035, 2.3.4, without the trailing dot
	maxReferrer = 300  // characters of a referrer that are kept
)

// origin is a Referer header in parts.
type origin struct {
	app  bool   // host is an Android package, from android-app://
	host string // in lower case, without port
	page string // without user, query and fragment
}

// parseReferrer reads a Referer header; the host is empty if it has none that
// can be used.
func parseReferrer(referrer string) origin {
	if referrer == "" || len(referrer) > maxHeader {
		return origin{}
	}
	u, err := url.Parse(referrer)
	if err != nil {
		return origin{}
	}
	host := hostname(u.Host)
	web := u.Scheme == "http" || u.Scheme == "https"
	app := u.Scheme == "android-app"
	if !web && !app || host == "" || len(host) > maxHost || bounded(host, maxHost) != host {
		return origin{}
	}
	page := u.Scheme + "://" + strings.ToLower(u.Host) + u.EscapedPath()
	return origin{app: app, host: host, page: bounded(page, maxReferrer)}
}

// hostname is a host in lower case without port and trailing dot.
func hostname(host string) string {
	name := (&url.URL{Host: host}).Hostname()
	return strings.ToLower(strings.TrimSuffix(name, "."))
}

func (o origin) shortHost() string { return strings.TrimPrefix(o.host, "www.") }

// site is a place that is more than a referral.
type site struct {
	channel Channel
	name    string
}

// site looks the host up, then its parent domains: l.instagram.com is
// instagram.com, while mail.google.com is listed itself.
func (o origin) site() (site, bool) {
	if o.app {
		s, found := apps[o.host]
		return s, found
	}
	for domain := o.host; domain != ""; _, domain, _ = strings.Cut(domain, ".") {
		if s, found := sites[domain]; found {
			return s, true
		}
	}
	// Mastodon has thousands of hosts; many are called after it.
	if strings.HasPrefix(o.host, "mastodon.") || strings.HasPrefix(o.host, "mstdn.") {
		return site{Social, "mastodon"}, true
	}
	// So do webmails of companies.
	if strings.HasPrefix(o.host, "webmail.") {
		return site{Email, "webmail"}, true
	}
	return site{}, false
}

// bounded is s without what can't be shown (control and formatting characters,
// bytes that are no UTF-8), at most that many characters long.
func bounded(s string, most int) string {
	clean := s
	if !utf8.ValidString(s) || strings.ContainsFunc(s, isHidden) {
		clean = strings.Map(func(c rune) rune {
			if isHidden(c) {
				return -1
			}
			return c
		}, strings.ToValidUTF8(s, ""))
	}
	clean = strings.TrimSpace(clean)
	if len(clean) <= most {
		return clean
	}
	count := 0
	for i := range clean {
		if count == most {
			return strings.TrimSpace(clean[:i])
		}
		count++
	}
	return clean
}

// isHidden also takes the marks that turn the direction of text, which can
// make one address look like another.
func isHidden(c rune) bool {
	return unicode.IsControl(c) || unicode.Is(unicode.Cf, c) || c == '\u2028' || c == '\u2029'
}

// SiteOf is the name of the site that a stored referrer is on: its host in lower
// case, without port and "www."; "" for none.
func SiteOf(page string) string {
	_, rest, found := strings.Cut(page, "://")
	if !found {
		return ""
	}
	host, _, _ := strings.Cut(rest, "/")
	return strings.TrimPrefix(hostname(host), "www.")
}
