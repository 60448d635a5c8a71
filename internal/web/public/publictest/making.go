package publictest

import (
	"context"
	"net/url"

	"smartlinks/internal/business"
	"smartlinks/internal/checkout"
	"smartlinks/internal/coupon"
	"smartlinks/internal/db"
	"smartlinks/internal/domain"
	"smartlinks/internal/link"
	"smartlinks/internal/money"
	"smartlinks/internal/payment/banktransfer"
)

// Conference asks much of its payers.
func (s *Site) Conference() link.Link {
	s.T.Helper()
	return s.MustLink(link.Fields{Name: "Conference", Path: "conference", Amount: EUR(4900), Checkout: checkout.Rules{
		Quantity: &checkout.Quantity{Min: 1, Max: 10},
		Questions: []checkout.Question{
			{Key: "lunch", Label: "Lunch", Type: checkout.Choice, Required: true, Options: []string{"Vegetarian", "Vegan", "With meat"}},
			{Key: "badges", Label: "Names for the badges", Type: checkout.LongText, Help: "One a line."},
		},
		Collect:   checkout.Collect{Phone: checkout.Optional, Company: checkout.Optional, Address: checkout.Optional},
		Consent:   &checkout.Consent{Text: "I accept the [house rules](https://example.com/rules).", Required: true},
		Marketing: &checkout.Marketing{Text: "Write to me about the next one."},
		Tip:       &checkout.Tip{Percent: []int64{5, 10}, Own: true}, CoverFee: &checkout.CoverFee{Percent: "1.5", Fixed: 25},
		Metadata: []checkout.Pair{{Name: "event", Value: "c26"}},
	}})
}

// MustCode makes a coupon with one code.
func (s *Site) MustCode(code string, percent int64, f coupon.CodeFields, of coupon.Fields) {
	s.T.Helper()
	of.Name = code
	c, err := s.Coupons.Create(s.T.Context(), s.Business.ID, percent, money.Amount{}, of)
	if err == nil {
		_, err = s.Coupons.CreateCode(s.T.Context(), s.Business.ID, c.ID, code, f)
	}
	if err != nil {
		s.T.Fatal(err)
	}
}

// Own makes the name a live domain of the business.
func (s *Site) Own(b business.Business, name string) domain.Domain {
	s.T.Helper()
	d, err := s.Domains.Claim(s.T.Context(), b.ID, name)
	if err != nil {
		s.T.Fatal(err)
	}
	s.DNS.Set("A", name, "127.0.0.1")
	s.DNS.Set("TXT", "_smartlinks."+name, "sl-verify="+d.Token)
	if d, err = s.Domains.Check(s.T.Context(), b.ID, d.ID); err != nil || d.Status() != domain.Live {
		s.T.Fatalf("%s is %s, %v", name, d.Status(), err)
	}
	return d
}

// Origin is how pages at an own domain are asked for.
// Origin is where pages at a host are asked for.
func (s *Site) Origin(name string) string {
	u, _ := url.Parse(s.URL)
	return "http://" + name + ":" + u.Port()
}

// Bank makes the business take transfers.
func (s *Site) Bank() {
	s.T.Helper()
	account := banktransfer.Account{Name: "Acme B.V.", IBAN: "NL91ABNA0417164300", HoldDays: 7}
	if err := s.transfers.Save(s.T.Context(), s.Business, account, "Marit", func(context.Context, *db.Tx, banktransfer.Account) error { return nil }); err != nil {
		s.T.Fatal(err)
	}
}

// Tickets are for €49.00 each, 1 to 10 at once, and so many together.
func (s *Site) Tickets(most int64) link.Link {
	s.T.Helper()
	return s.MustLink(link.Fields{
		Name: "Conference", Path: "conference", Amount: EUR(4900),
		Limit: link.Limit{Kind: link.Multiple, Max: most, Counts: link.Units}, Checkout: checkout.Rules{Quantity: &checkout.Quantity{Min: 1, Max: 10}},
	})
}

// Units are rules that let payers choose how many they buy.
func Units(least, most int64) checkout.Rules {
	return checkout.Rules{Quantity: &checkout.Quantity{Min: least, Max: most}}
}

// OwnHost is an own domain.
const OwnHost = "pay.acme.example"
