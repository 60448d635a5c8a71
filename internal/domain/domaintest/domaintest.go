// Package domaintest is a DNS for tests.
package domaintest

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"strings"
	"sync"
)

// Zone answers what it was told. It is safe for concurrent use; the zero value knows no
// name.
type Zone struct {
	mu      sync.Mutex
	records map[string][]string // "TXT name" and so on
	away    bool
}

// Set replaces the records of a kind ("A", "CNAME" or "TXT") at a name; without values
// there are none.
func (z *Zone) Set(kind, name string, values ...string) {
	z.mu.Lock()
	defer z.mu.Unlock()
	if z.records == nil {
		z.records = map[string][]string{}
	}
	z.records[kind+" "+strings.TrimSuffix(name, ".")] = values
}

// Away makes the servers answer nothing.
func (z *Zone) Away(away bool) {
	z.mu.Lock()
	defer z.mu.Unlock()
	z.away = away
}

func (z *Zone) get(kind, name string) ([]string, error) {
	z.mu.Lock()
	defer z.mu.Unlock()
	if z.away {
		return nil, errors.New("domaintest: no server answers")
	}
	if !strings.HasSuffix(name, ".") {
		return nil, errors.New("domaintest: a name without its last dot may be completed by a search list")
	}
	return z.records[kind+" "+strings.TrimSuffix(name, ".")], nil
}

func missing(name string) error {
	return &net.DNSError{Err: "no such host", Name: name, IsNotFound: true}
}

// LookupTXT implements domain.Resolver.
func (z *Zone) LookupTXT(_ context.Context, name string) ([]string, error) {
	found, err := z.get("TXT", name)
	if err == nil && found == nil {
		err = missing(name)
	}
	return found, err
}

// LookupCNAME implements domain.Resolver.
func (z *Zone) LookupCNAME(_ context.Context, name string) (string, error) {
	for range 8 {
		next, err := z.get("CNAME", name)
		if err != nil {
			return "", err
		}
		if len(next) == 0 {
			break
		}
		name = strings.TrimSuffix(next[0], ".") + "."
	}
	return name, nil
}

// LookupNetIP implements domain.Resolver.
func (z *Zone) LookupNetIP(ctx context.Context, _, name string) (all []netip.Addr, err error) {
	canonical, err := z.LookupCNAME(ctx, name)
	if err != nil {
		return nil, err
	}
	found, err := z.get("A", canonical)
	if err != nil {
		return nil, err
	}
	for _, text := range found {
		all = append(all, netip.MustParseAddr(text))
	}
	if all == nil {
		return nil, missing(name)
	}
	return all, nil
}
