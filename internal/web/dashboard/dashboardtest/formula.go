package dashboardtest

import (
	"testing"

	"smartlinks/internal/business"
	"smartlinks/internal/importer"
)

// FailedImport reads a file whose lines fail, up to its end.
func (s *Site) FailedImport(t *testing.T, b business.Business, file string) string {
	t.Helper()
	i, err := s.Imports.Read(t.Context(), b, importer.Customers, "list.csv", []byte(file), string(s.UserID(t, "marit@example.com")))
	if err == nil {
		err = s.Imports.Choose(t.Context(), b.ID, i.ID, []string{"name", "email"}, importer.Options{})
	}
	if err == nil {
		err = s.Imports.Start(t.Context(), b.ID, i.ID)
	}
	if err == nil {
		err = s.Imports.ContinueDue(t.Context())
	}
	if err != nil {
		t.Fatal(err)
	}
	return string(i.ID)
}
