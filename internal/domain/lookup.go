package domain

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"slices"
	"strings"
	"time"
)

// lookupTimeout bounds all questions about one name.
const lookupTimeout = 10 * time.Second

// answer is what DNS says of a host at one moment.
type answer struct {
	txts  []string
	here  bool         // every address is ours, or its canonical name is
	other []netip.Addr // addresses that are not ours
	away  bool         // some server did not answer, so that nothing is known
}

// has reports whether the TXT record with the token is there. Some forms keep the quotes
// that people copy.
func (s answer) has(token string) bool {
	return slices.ContainsFunc(s.txts, func(t string) bool { return strings.Trim(strings.TrimSpace(t), `"`) == prefix+token })
}

// lookUp asks DNS about the host. Names are asked for with their last dot: no search list
// of this machine is tried.
func (s *Domains) lookUp(ctx context.Context, host string) (found answer) {
	ctx, cancel := context.WithTimeout(ctx, lookupTimeout)
	defer cancel()
	var err error
	if found.txts, err = s.Resolver.LookupTXT(ctx, TXTName(host)+"."); unanswered(err) {
		return answer{away: true}
	}
	theirs, err := s.Resolver.LookupNetIP(ctx, "ip", host+".")
	if unanswered(err) {
		return answer{away: true}
	}
	ours, err := s.ours(ctx)
	if unanswered(err) {
		return answer{away: true}
	}
	for _, at := range theirs {
		if at = at.Unmap(); !slices.Contains(ours, at) {
			found.other = append(found.other, at)
		}
	}
	found.here = len(theirs) > 0 && len(found.other) == 0
	if len(found.other) > 0 && s.sameName(ctx, host) {
		// Both names are one: a public host with many addresses answers with some of them.
		found.here, found.other = true, nil
	}
	return found
}

// ours are the addresses of our public host.
func (s *Domains) ours(ctx context.Context) ([]netip.Addr, error) {
	name := s.Addresses.Hostname()
	if at, err := netip.ParseAddr(name); err == nil {
		return []netip.Addr{at.Unmap()}, nil
	}
	list, err := s.Resolver.LookupNetIP(ctx, "ip", name+".")
	for i := range list {
		list[i] = list[i].Unmap()
	}
	return list, err
}

// sameName reports whether the host is another name of our public one (CNAME).
func (s *Domains) sameName(ctx context.Context, host string) bool {
	theirs, err := s.Resolver.LookupCNAME(ctx, host+".")
	if err != nil {
		return false
	}
	if strings.EqualFold(theirs, target(s.Addresses)) {
		return true
	}
	ours, err := s.Resolver.LookupCNAME(ctx, target(s.Addresses))
	return err == nil && strings.EqualFold(ours, theirs)
}

// unanswered tells an answer that is missing from one that says that there is nothing.
func unanswered(err error) bool {
	var said *net.DNSError
	return err != nil && !(errors.As(err, &said) && said.IsNotFound)
}

// NewResolver asks the DNS server at the address, like 127.0.0.1:8053; "" is the
// system's resolver.
func NewResolver(server string) *net.Resolver {
	if server == "" {
		return net.DefaultResolver
	}
	return &net.Resolver{PreferGo: true, StrictErrors: true, Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, network, server)
	}}
}
