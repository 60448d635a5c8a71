package system_test

import (
	"context"
	"strings"
	"testing"

	"smartlinks/internal/business"
	"smartlinks/internal/business/businesstest"
	"smartlinks/internal/customer"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/delivery"
	"smartlinks/internal/domain"
	"smartlinks/internal/domain/domaintest"
	"smartlinks/internal/link"
	"smartlinks/internal/message"
	"smartlinks/internal/message/mailbox"
	"smartlinks/internal/money"
	"smartlinks/internal/payment"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/payment/banktransfer"
	"smartlinks/internal/payment/sandbox"
	"smartlinks/internal/system"
	"smartlinks/internal/system/systemtest"
)

const elsewhere = "tickets.acme.example"

// mustOwn makes the name a live domain of the business.
func mustOwn(t *testing.T, s *system.System, zone *domaintest.Zone, b business.Business, name string) {
	t.Helper()
	d, err := s.Domains.Claim(t.Context(), b.ID, name)
	if err != nil {
		t.Fatal(err)
	}
	zone.Set("A", "pay.example", "192.0.2.7")
	zone.Set("A", name, "192.0.2.7")
	zone.Set("TXT", "_smartlinks."+name, "sl-verify="+d.Token)
	if d, err = s.Domains.Check(t.Context(), b.ID, d.ID); err != nil || d.Status() != domain.Live {
		t.Fatalf("%s is %+v, %v", name, d, err)
	}
}

// Whatever payers are written about a link leads to the domain that the link chose, and not
// to the one of new links.
func TestMailsLeadToTheDomainOfTheLink(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		zone, ctx := &domaintest.Zone{}, t.Context()
		s := systemtest.New(t, d, func(o *system.Options) { o.Resolver = zone })
		b := businesstest.Make(t, d, "acme")
		mustOwn(t, s, zone, b, "pay.acme.example")
		mustOwn(t, s, zone, b, elsewhere)
		must := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		must(s.Transfers.Save(ctx, b, banktransfer.Account{Name: "Acme B.V.", IBAN: "NL91ABNA0417164300", HoldDays: 7}, "Marit", func(context.Context, *db.Tx, banktransfer.Account) error { return nil }))
		b, err := s.Businesses.ByID(ctx, b.ID)
		must(err)
		b.Host = elsewhere
		l, err := s.Links.Create(ctx, b, link.Fields{
			Name: "Workshop", Active: true, Type: link.Amount, Amount: &money.Amount{Minor: 8900, Currency: "EUR"}, Domain: elsewhere, WaitingList: true,
			Limit: link.Limit{Kind: link.Multiple, Max: 2},
		})
		must(err)
		start := func(provider, email string) attempt.Attempt {
			a, err := s.Payments.Start(ctx, payment.StartRequest{
				Business: b, Source: attempt.SourceLink, Link: &l, Version: l.Version, Amount: l.Price(), Title: l.Name, Provider: provider,
				Payer: attempt.Payer{Name: "Ann", Email: email, Language: "en"}, Attribution: attempt.Attribution{Channel: "direct", VisitID: email},
			})
			must(err)
			return a
		}
		c, err := s.Customers.Create(ctx, b, customer.Fields{Name: "Ann", Email: "ann@example.com"})
		must(err)
		_, err = s.Deliveries.Start(ctx, b, l.ID, delivery.Request{Customers: []customer.ID{c.ID}, Channels: []message.Channel{message.ByEmail}})
		must(err)
		start(banktransfer.Name, "ben@example.com")
		paid := start("", "cem@example.com")
		_, err = s.Sandbox.Decide(ctx, paid.ProviderRef, sandbox.Paid, sandbox.Lost)
		must(err)
		_, err = s.Payments.Sync(ctx, b.ID, paid.ID, attempt.CauseReturn)
		must(err)
		_, err = s.Waiting.Join(ctx, b, l.ID, "dee@example.com", "en", 1)
		must(err)
		_, err = s.Payments.Refund(ctx, b.ID, paid.ID, payment.RefundRequest{ReturnSlot: true})
		must(err)
		must(s.Messages.SendDue(ctx))
		sent, err := s.Mailbox.List(ctx, mailbox.Filter{Limit: 20})
		must(err)
		subjects := map[string]bool{}
		for _, m := range sent {
			subjects[m.Subject] = true
			for _, to := range m.Links() {
				if strings.HasPrefix(to, "http") && !strings.HasPrefix(to, "https://"+elsewhere+"/") && !strings.Contains(to, "/dashboard/") {
					t.Errorf("%q leads to %s", m.Subject, to)
				}
			}
		}
		if len(subjects) < 6 {
			t.Errorf("the mails are %v", subjects)
		}
	})
}
