package domain

import (
	"strings"
	"time"
)

// Problem is why a domain is not live, as a code.
type Problem string

// The problems.
const (
	NoAddress Problem = "no_address" // the name leads nowhere
	Elsewhere Problem = "elsewhere"  // it leads to others, or to others too
	NoTXT     Problem = "no_txt"     // there is no TXT record
	OtherTXT  Problem = "other_txt"  // there is one, which says something else
	DNSAway   Problem = "dns_away"   // DNS did not answer
	Taken     Problem = "taken"      // another business has the name, and its record is there
	Reserved  Problem = "reserved"   // another business removed it lately
	Lost      Problem = "lost"       // another business has proven it since
)

// Sentence says in English what is wrong and what to do; "" when nothing is.
func (s *Domains) Sentence(d Domain) string {
	switch d.Problem {
	case NoAddress:
		return d.Host + " leads nowhere. Add the " + s.Records(d)[0].Type + " record."
	case Elsewhere:
		return d.Host + " leads to " + d.Leads() + ", not to us. Change its record; it must lead to us alone."
	case NoTXT:
		return "The TXT record is missing: there is none under " + TXTName(d.Host) + ". Add it."
	case OtherTXT:
		return "The TXT record under " + TXTName(d.Host) + " has another value. Add ours beside it, or in its place."
	case DNSAway:
		return "DNS gave no answer about " + d.Host + ". It is asked again."
	case Taken:
		return "Another business uses " + d.Host + ", and its TXT record is still there. Take that record away if the name is yours."
	case Reserved:
		return "Another business removed " + d.Host + " lately. It can be proven from " + d.reserved.UTC().Format(time.DateOnly) + "."
	case Lost:
		return "Another business has proven " + d.Host + " since, when your TXT record was gone."
	}
	if d.CertificateProblem != "" && d.Status() != Live {
		return "There is no new certificate yet: " + d.CertificateProblem
	}
	return ""
}

// Leads are the addresses that are not ours, for people.
func (d Domain) Leads() string {
	var list []string
	for _, at := range d.LeadsTo {
		list = append(list, at.String())
	}
	return strings.Join(list, ", ")
}
