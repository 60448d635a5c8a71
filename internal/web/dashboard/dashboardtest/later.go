package dashboardtest

import (
	"testing"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/customer"
	"smartlinks/internal/delivery"
	"smartlinks/internal/link"
	"smartlinks/internal/message"
)

// scheduled is a message that goes to the customer tomorrow.
func (s *Site) scheduled(t testing.TB, b business.Business, l link.Link, c customer.Customer) string {
	t.Helper()
	at := s.DB.Clock().Now().Add(24 * time.Hour)
	started, err := s.Deliveries.Start(t.Context(), b, l.ID, delivery.Request{Customers: []customer.ID{c.ID}, Channels: []message.Channel{message.ByEmail}, At: &at})
	if err != nil {
		t.Fatal(err)
	}
	return started.Later[0].Deliveries[0].ID
}
