// Package address makes every web address of ours: what there is under which path, and at
// which host a business's pages are.
package address

import (
	"fmt"
	"net"
	"net/url"
	"slices"
	"strings"
)

// Book makes the absolute addresses of one installation. It is a value that is handed to
// whoever writes addresses; the zero value has none.
type Book struct {
	root  *url.URL
	hosts Hosts
}

// Hosts knows the own domains of businesses that lead here.
type Hosts interface {
	// HostOf is the one of the business at which its addresses are, "" for none: wanted,
	// if that is live, else the one for whatever chose none.
	HostOf(businessID, wanted string) string
}

// With is the book that knows own domains.
func (b Book) With(hosts Hosts) Book { return Book{b.root, hosts} }

// New returns the book of the installation at the public address, such as
// https://pay.example.com. A path, or another scheme than http and https, is an error.
func New(public string) (Book, error) {
	u, err := url.Parse(strings.TrimSuffix(public, "/"))
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.Path != "" || u.RawQuery != "" || u.Fragment != "" || u.User != nil {
		return Book{}, fmt.Errorf("address: the public address must be like https://pay.example.com, not %q", public)
	}
	return Book{root: u}, nil
}

// Origin is the installation's own, as browsers send it: "https://pay.example.com".
func (b Book) Origin() string { return b.root.Scheme + "://" + b.root.Host }

// Host is the installation's, with its port: "pay.example.com:8443".
func (b Book) Host() string { return b.root.Host }

// Hostname is Host without the port.
func (b Book) Hostname() string { return b.root.Hostname() }

// Secure reports whether the installation is reached by https.
func (b Book) Secure() bool { return b.root.Scheme == "https" }

// Set reports whether the book has an address. It is false for the zero value.
func (b Book) Set() bool { return b.root != nil }

// Of is the address of a page that payers or customers of the business open.
func (b Book) Of(businessID string, p Path) string { return b.OfLink(businessID, "", p) }

// OfLink is Of for what belongs to a link that chose an own domain; "" for none.
func (b Book) OfLink(businessID, domain string, p Path) string {
	return b.OnHost(b.HostOf(businessID, domain), p)
}

// HostOf is the own domain at which addresses of the business are that chose domain, or
// none with ""; "" while they are at the installation's.
func (b Book) HostOf(businessID, domain string) string {
	if b.hosts == nil {
		return ""
	}
	return b.hosts.HostOf(businessID, domain)
}

// OnHost is the address of the path at an own domain, which is reached as the installation
// is; at the installation's with "", and for what own domains don't have.
func (b Book) OnHost(host string, p Path) string {
	if host == "" {
		return b.Own(p)
	}
	short, can := p.OnDomain()
	if !can {
		return b.Own(p)
	}
	return At(b.OriginOf(host), short)
}

// OriginOf is the origin of an own domain, the installation's with "".
func (b Book) OriginOf(host string) string {
	if host == "" {
		return b.Origin()
	}
	if port := b.root.Port(); port != "" {
		host = net.JoinHostPort(host, port)
	}
	return b.root.Scheme + "://" + host
}

// Own is the address of what is the installation's: the dashboard, the API, hooks.
func (b Book) Own(p Path) string { return At(b.Origin(), p) }

// At is the address of the path at another origin that reaches us.
func At(origin string, p Path) string { return strings.TrimSuffix(origin, "/") + p.String() }

// Shown is an address as people read it: without the scheme.
func Shown(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	return u.Host + u.EscapedPath()
}

// Path is what follows the host. Each kind has a function that makes it.
type Path struct {
	path, query string
	under       int // bytes of path that are the handle with its slash
}

// String is the path with its query, escaped. It begins with one slash, so it never leads
// to another site.
func (p Path) String() string {
	path := "/" + strings.TrimLeft(p.path, "/")
	if p.query == "" {
		return path
	}
	return path + "?" + p.query
}

// OnDomain is the path at an own domain, which needs no handle. It is false for what has no
// address there, because its first segment is one of ours.
func (p Path) OnDomain() (Path, bool) {
	rest := p.path[p.under:]
	first, _, _ := strings.Cut(strings.TrimPrefix(rest, "/"), "/")
	if p.under > 0 && Fixed(first) {
		return p, false
	}
	return Path{path: rest, query: p.query}, true
}

// fixed are the first segments that the program itself has, at own domains too. They win
// over links of that name.
var fixed = []string{
	"api", "brand", "create", "dashboard", "healthz", "hooks", "images", "mailbox", "mcp", "metrics", "oauth", "pay", "r", "readyz", "s",
	"sandbox", "setup", "sign-in", "sign-out", "static", "v1", "waiting", ".well-known",
}

// Fixed reports whether a first segment is the program's own.
func Fixed(segment string) bool { return slices.Contains(fixed, segment) }

// Below is the path with further segments behind it and without a query.
func (p Path) Below(segments ...string) Path {
	var b strings.Builder
	b.WriteString(p.path)
	for _, s := range segments {
		b.WriteByte('/')
		b.WriteString(url.PathEscape(s))
	}
	return Path{path: b.String(), under: p.under}
}

// With is the path with the parameters, in alphabetical order: name, value, name, value.
func (p Path) With(parameters ...string) Path {
	query := url.Values{}
	for i := 0; i+1 < len(parameters); i += 2 {
		query.Set(parameters[i], parameters[i+1])
	}
	return p.WithQuery(query.Encode())
}

// WithQuery is the path with an encoded query, "" for none.
func (p Path) WithQuery(query string) Path {
	p.query = query
	return p
}

func path(segments ...string) Path { return Path{}.Below(segments...) }

// under is what a business has under its handle; "" is for pages at its own domain.
func under(handle string, segments ...string) Path {
	if handle == "" {
		return path(segments...)
	}
	p := path(handle)
	p.under = len(p.path)
	return p.Below(segments...)
}
