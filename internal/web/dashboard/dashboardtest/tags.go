package dashboardtest

import (
	"testing"

	"smartlinks/internal/business"
	"smartlinks/internal/tag"
)

func (s *Site) Tag(t testing.TB, b business.Business, kind tag.Kind, name string) tag.Tag {
	t.Helper()
	made, err := s.Tags.Create(t.Context(), b.ID, kind, tag.Fields{Name: name, Color: "teal"})
	if err != nil {
		t.Fatal(err)
	}
	return made
}
