package dashboardtest

import (
	"log/slog"
	"testing"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/link"
	"smartlinks/internal/money"
	"smartlinks/internal/payment"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/visit"
)

// Opened records that people opened the link, by the way that a server does.
func (s *Site) Opened(t testing.TB, b business.Business, l link.Link, views ...visit.View) {
	t.Helper()
	r, err := visit.NewRecorder(t.Context(), s.DB, "", slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	for _, v := range views {
		v.BusinessID, v.TargetID, v.Mode = string(b.ID), string(l.ID), string(b.Mode)
		v.Day = visit.DayOf(v.At.In(b.Location()))
		if v.Class == "" {
			v.Class = visit.Human
		}
		if err := r.Record(t.Context(), v); err != nil {
			t.Fatal(err)
		}
	}
}

// Counted counts a payment of €49.00 that came from Instagram.
func (s *Site) Counted(t testing.TB, b business.Business, l link.Link) {
	t.Helper()
	a := attempt.Attempt{BusinessID: b.ID, LinkID: l.ID, Mode: b.Mode, CreatedAt: s.DB.Clock().Now(), Attribution: attempt.Attribution{
		Channel: "social", Detail: "instagram", Referrer: "instagram.com", Browser: "Safari", OS: "iOS", Language: "nl",
	}}
	err := s.DB.InTx(t.Context(), func(tx *db.Tx) error {
		visit.CountAttempts(tx, b.Location(), a)
		p := payment.Payment{Attempt: a, Captured: money.Amount{Minor: 4900, Currency: "EUR"}, PaidAt: a.CreatedAt}
		return visit.CountPayments(t.Context(), tx, payment.Settlement{Zone: b.Location(), Payments: []payment.Payment{p}})
	})
	if err != nil {
		t.Fatal(err)
	}
}
