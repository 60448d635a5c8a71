package server

import (
	"net"
	"net/netip"
	"net/url"
	"strings"

	"golang.org/x/net/idna"

	"smartlinks/internal/address"
	"smartlinks/internal/cli"
)

// PublicAddress reads where payers come; without the flag it is the address that we
// listen on, for trying out.
func PublicAddress(flag, listening string) (address.Book, error) {
	u, err := publicURL(flag, listening)
	if err != nil {
		return address.Book{}, err
	}
	return address.New(u.String())
}

// publicURL is the flag, or where we listen, as a URL of a scheme and a host.
func publicURL(flag, listening string) (*url.URL, error) {
	text := strings.TrimSuffix(flag, "/")
	if text == "" {
		text = listening
	}
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" {
		return nil, cli.Misuse("--url must be a full address without a path, like https://pay.example.com.")
	}
	if bare := (url.URL{Scheme: u.Scheme, Host: u.Host}); bare.String() != u.String() {
		return nil, cli.Misuse("--url must end behind the name or port, like " + bare.String() + ": it takes no path, question mark, user or #.")
	}
	// A name in other letters travels as xn--… (RFC 5890).
	name, err := idna.Lookup.ToASCII(u.Hostname())
	if _, isAddress := netip.ParseAddr(u.Hostname()); isAddress == nil {
		return u, nil
	}
	if err != nil {
		return nil, cli.Misuse("--url names the host “" + u.Hostname() + "”, which can't be one. Check its spelling.")
	}
	if port := u.Port(); port != "" {
		name = net.JoinHostPort(name, port)
	}
	u.Host = name
	return u, nil
}

// LocalURL reaches a listener from this machine.
func LocalURL(listening net.Addr) string {
	address, err := netip.ParseAddrPort(listening.String())
	if err != nil || address.Addr().IsUnspecified() {
		_, port, _ := net.SplitHostPort(listening.String())
		return "http://localhost:" + port
	}
	return "http://" + address.String()
}

func parseProxies(texts []string) ([]netip.Prefix, error) {
	var proxies []netip.Prefix
	for _, text := range texts {
		p, err := netip.ParsePrefix(strings.TrimSpace(text))
		if err != nil {
			return nil, cli.Misuse("--trusted-proxies takes networks like 10.0.0.0/8, not “" + text + "”.")
		}
		proxies = append(proxies, p)
	}
	return proxies, nil
}
