package dashboardtest

import (
	"context"
	"testing"

	"smartlinks/internal/business"
	"smartlinks/internal/link"
	"smartlinks/internal/payment"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/payment/history"
	"smartlinks/internal/payment/sandbox"
)

// Attempt lets somebody press Pay; an outcome other than "" settles it.
func (s *Site) Attempt(t testing.TB, b business.Business, l link.Link, name, email string, outcome sandbox.Outcome) history.View {
	t.Helper()
	ctx := context.Background()
	a, err := s.Payments.Start(ctx, payment.StartRequest{
		Business: b, Source: attempt.SourceLink, Link: &l, Version: l.Version, Amount: l.Price(), Title: l.Name,
		Payer: attempt.Payer{Name: name, Email: email, Language: "en"}, Attribution: attempt.Attribution{Channel: "qr"},
	})
	if err != nil {
		t.Fatal(err)
	}
	if outcome != "" {
		if _, err := s.Sandbox.Decide(ctx, a.ProviderRef, outcome, sandbox.Lost); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Payments.Sync(ctx, b.ID, a.ID, attempt.CauseReturn); err != nil {
			t.Fatal(err)
		}
	}
	v, err := s.Payments.Get(ctx, b.ID, a.ID)
	if err != nil {
		t.Fatal(err)
	}
	return v
}
