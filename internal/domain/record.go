package domain

import (
	"context"
	"net/netip"

	"smartlinks/internal/address"
)

// Record is a line that must be in the DNS of a domain.
type Record struct {
	Type  string // CNAME, A or TXT
	Name  string // whole, without a dot at the end
	Value string
	Found bool // at the last look
}

// prefix begins the value of the TXT record.
const prefix = "sl-verify="

// Records are what the domain needs in DNS: where it leads, and whose it is.
func (s *Domains) Records(d Domain) []Record {
	where := Record{Type: "CNAME", Name: d.Host, Value: target(s.Addresses), Found: d.AddressFound}
	if at, err := netip.ParseAddr(s.Addresses.Hostname()); err == nil {
		where.Type, where.Value = kindOf(at), at.String()
	}
	return []Record{where, {Type: "TXT", Name: TXTName(d.Host), Value: prefix + d.Token, Found: d.TXTFound}}
}

// target is what a CNAME names: our public host, with the dot that ends a whole name.
func target(addresses address.Book) string { return addresses.Hostname() + "." }

func kindOf(at netip.Addr) string {
	if at.Is4() {
		return "A"
	}
	return "AAAA"
}

// TXTName is the name of the record that proves a host.
func TXTName(host string) string { return txtLabel + host }

// Instead are the records that do in place of the CNAME, with our addresses; none when DNS
// does not answer.
func (s *Domains) Instead(ctx context.Context) (all []Record) {
	ours, err := s.ours(ctx)
	if err != nil {
		return nil
	}
	for _, at := range ours {
		all = append(all, Record{Type: kindOf(at), Value: at.String()})
	}
	return all
}
