package dashboardtest

import (
	"testing"

	"smartlinks/internal/business"
	"smartlinks/internal/requests"
)

// requested is a file of requests that was not sent yet.
func (s *Site) requested(t *testing.T, b business.Business) requests.ID {
	t.Helper()
	id, err := s.Requests.Keep(t.Context(), b, "Membership of "+b.Handle, "members.csv", []requests.Row{
		{State: requests.Waiting, Name: "Row of " + b.Handle, Email: "row@" + b.Handle + ".example", Amount: *Euros(9000), Reference: "M-1"},
		{State: requests.Waiting, Name: "Nobody of " + b.Handle, Amount: *Euros(4500), Reference: "M-2"},
	})
	if err != nil {
		t.Fatal(err)
	}
	return id
}
