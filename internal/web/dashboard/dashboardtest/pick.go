package dashboardtest

import "testing"

func (s *Site) Rows(t *testing.T, query string) (n int) {
	t.Helper()
	if err := s.DB.Get(t.Context(), &n, query); err != nil {
		t.Fatal(err)
	}
	return n
}
