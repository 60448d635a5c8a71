package dashboardtest

import (
	"context"
	"testing"

	"smartlinks/internal/business"
	"smartlinks/internal/link"
	"smartlinks/internal/payment"
	"smartlinks/internal/payment/sandbox"
)

// Attempt lets somebody press Pay; an outcome other than "" settles it.
func (s *Site) Attempt(t testing.TB, b business.Business, l link.Link, name, email string, outcome sandbox.Outcome) payment.View {
	t.Helper()
	ctx := context.Background()
	a, err := s.Payments.Start(ctx, payment.StartRequest{
		Business: b, Source: payment.SourceLink, Link: &l, Version: l.Version, Amount: l.Price(), Title: l.Name,
		Payer: payment.Payer{Name: name, Email: email, Language: "en"}, Attribution: payment.Attribution{Channel: "qr"},
	})
	if err != nil {
		t.Fatal(err)
	}
	if outcome != "" {
		if _, err := s.Sandbox.Decide(ctx, a.ProviderRef, outcome, sandbox.Lost); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Payments.Sync(ctx, b.ID, a.ID, payment.CauseReturn); err != nil {
			t.Fatal(err)
		}
	}
	v, err := s.Payments.Get(ctx, b.ID, a.ID)
	if err != nil {
		t.Fatal(err)
	}
	return v
}
