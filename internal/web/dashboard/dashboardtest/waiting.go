package dashboardtest

import (
	"testing"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/link"
	"smartlinks/internal/payment"
	"smartlinks/internal/waitinglist"
)

// Full is a link with a waiting list whose only place is taken.
func (s *Site) Full(t testing.TB, b business.Business, name string) link.Link {
	t.Helper()
	l := s.Link(t, b, link.Fields{Name: name, Limit: link.Limit{Kind: link.Multiple, Max: 1}, WaitingList: true})
	_, err := s.Payments.Record(t.Context(), payment.RecordRequest{
		Business: b, LinkID: l.ID, Amount: l.Price(), Method: payment.HandCash, PaidOn: s.DB.Clock().Now().Format(time.DateOnly), By: "Test",
	})
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// Waits puts an address on the waiting list of a full link.
func (s *Site) Waits(t testing.TB, b business.Business, l link.Link, email string) waitinglist.Entry {
	t.Helper()
	e, err := s.Waiting.Join(t.Context(), b, l.ID, email, "en", 1)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// Places sets how many a limited link has.
func (s *Site) Places(t testing.TB, b business.Business, l link.Link, most int64) {
	t.Helper()
	if _, err := s.Links.Edit(t.Context(), b, l.ID, 0, func(f *link.Fields) { f.Limit.Max = most }); err != nil {
		t.Fatal(err)
	}
}
