package dashboardtest

import (
	"net/url"
	"testing"

	"smartlinks/internal/business"
	"smartlinks/internal/customer"
)

func (s *Site) Customer(t testing.TB, b business.Business, d customer.Fields) customer.Customer {
	t.Helper()
	c, err := s.Customers.Create(t.Context(), b, d)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func GoodCustomer() url.Values {
	return url.Values{
		"version": {"1"}, "name": {"Sanne Visser"}, "email": {"sanne@example.com"}, "phone": {"+31 6 12345678"}, "language": {"nl"},
		"tags": {"VIP, New"}, "notes": {"Prefers the phone."},
	}
}
