package system_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"smartlinks/internal/business/businesstest"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/link"
	"smartlinks/internal/message/mailbox"
	"smartlinks/internal/money"
	"smartlinks/internal/payment"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/payment/banktransfer"
	"smartlinks/internal/system/systemtest"
)

// The day until which we wait for a transfer is no later due date, so the mail has both.
func TestTheMailAboutATransferSaysWhenItIsDue(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s, ctx := systemtest.New(t, d), t.Context()
		b := businesstest.Make(t, d, "acme")
		account := banktransfer.Account{Name: "Acme B.V.", IBAN: "NL91ABNA0417164300", HoldDays: 7}
		if err := s.Transfers.Save(ctx, b, account, "Marit", func(context.Context, *db.Tx, banktransfer.Account) error { return nil }); err != nil {
			t.Fatal(err)
		}
		b, err := s.Businesses.ByID(ctx, b.ID)
		if err != nil {
			t.Fatal(err)
		}
		for email, due := range map[string]string{"ann@example.com": "2026-02-20", "ben@example.com": ""} {
			l, err := s.Links.Create(ctx, b, link.Fields{Name: "Workshop", Active: true, Type: link.Amount, Amount: &money.Amount{Minor: 8900, Currency: "EUR"}, DueOn: due})
			if err != nil {
				t.Fatal(err)
			}
			if _, err := s.Payments.Start(ctx, payment.StartRequest{
				Business: b, Source: attempt.SourceLink, Link: &l, Version: l.Version, Amount: l.Price(), Title: l.Name, Provider: banktransfer.Name,
				Payer: attempt.Payer{Name: "Ann", Email: email, Language: "en"}, Attribution: attempt.Attribution{Channel: "direct", VisitID: email},
			}); err != nil {
				t.Fatal(err)
			}
			if err := s.Messages.SendDue(ctx); err != nil {
				t.Fatal(err)
			}
			sent, err := s.Mailbox.List(ctx, mailbox.Filter{Limit: 9})
			sent = slices.DeleteFunc(sent, func(m mailbox.Message) bool { return m.To != email })
			if err != nil || len(sent) != 1 || !strings.Contains(sent[0].Text, "RF") || strings.Contains(sent[0].Text, "Due: 20 Feb 2026") != (due != "") {
				t.Errorf("due on %q: %+v, %v", due, sent, err)
			}
		}
	})
}
