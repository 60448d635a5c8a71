package guard

import (
	"net/http"
	"strings"
)

// PayerPolicy is the Content-Security-Policy of pages that payers see. There is
// no form-action in it: Chromium applies it to where a form's answer redirects,
// which is the payment provider.
const PayerPolicy = "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; base-uri 'none'; frame-ancestors 'none'"

// DashboardPolicy is the Content-Security-Policy of the merchant's pages.
const DashboardPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// PolicyLeadingTo is DashboardPolicy for a page whose form's answer leads elsewhere, because
// Chromium applies form-action to it. source is a scheme, or a scheme with a host.
func PolicyLeadingTo(source string) string {
	return strings.Replace(DashboardPolicy, "form-action 'self'", "form-action 'self' "+source, 1)
}

// FramingPolicy is DashboardPolicy for pages that show a letter in a frame.
const FramingPolicy = DashboardPolicy + "; frame-src 'self'"

// MailPolicy is the Content-Security-Policy of an e-mail's own HTML, shown in
// a frame of ours: it has its styles and may open links elsewhere, and can do
// nothing else, whatever it holds.
const MailPolicy = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox"

// OwnMailPolicy is MailPolicy for the preview of a mail whose merchant writes it, which
// is made of their words by our layout: it is of our origin, so that the page around it
// knows how high it is, and pictures of whole pages show it. No script runs.
const OwnMailPolicy = MailPolicy + " allow-same-origin"

// PreviewPolicy is the Content-Security-Policy of a payer's page that its
// merchant looks at in a frame: it looks as it does to payers and does nothing. It
// is of our origin, as its styles and pictures go to nobody else; no script runs.
const PreviewPolicy = "default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; sandbox allow-same-origin"

// DataPolicy is the Content-Security-Policy of answers that are no pages.
const DataPolicy = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// Headers that never change are shared by all answers; nobody appends to them.
var (
	noSniff     = []string{"nosniff"}
	referrer    = []string{"strict-origin-when-cross-origin"}
	sameOrigin  = []string{"same-origin"}
	permissions = []string{"camera=(), geolocation=(), microphone=()"}
	twoYears    = []string{"max-age=63072000"}
)

// SetHeaders gives headers to every answer of the installation, also to those that
// no room gives, such as a router's redirect. Rooms replace what they know
// better.
func (g *Guard) SetHeaders(next http.Handler) http.Handler {
	policy := []string{DataPolicy}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		g.setHeaders(w.Header(), policy)
		next.ServeHTTP(w, r)
	})
}

// setHeaders sets what a handler may still replace, such as the policy of a QR
// code that other sites embed. Referrer-Policy must not be no-referrer: then
// browsers send "Origin: null" with our own forms.
func (g *Guard) setHeaders(h http.Header, policy []string) {
	h["Content-Security-Policy"] = policy
	h["X-Content-Type-Options"] = noSniff
	h["Referrer-Policy"] = referrer
	h["Permissions-Policy"] = permissions
	h["Cross-Origin-Resource-Policy"] = sameOrigin
	if g.Addresses.Secure() {
		h["Strict-Transport-Security"] = twoYears
	}
}
