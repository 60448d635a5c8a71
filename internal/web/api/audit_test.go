package api_test

import (
	"cmp"
	"slices"
	"testing"

	"smartlinks/internal/audit"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
)

func TestWhatProgramsDoIsKnown(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newSite(t, d)
		made := s.must(201, "POST", "/links", early, "Idempotency-Key", "k").at("id")
		s.must(201, "POST", "/links", early, "Idempotency-Key", "k") // answered from before
		s.must(422, "POST", "/links", `{}`)
		s.must(200, "GET", "/links", "")
		s.must(200, "PATCH", "/links/"+made, `{"name": "Late Bird"}`)
		s.must(200, "PATCH", "/links/"+made, `{"name": "Late Bird"}`) // as it is
		s.must(204, "DELETE", "/links/"+made, "")
		entries, _, err := audit.New(d).List(t.Context(), s.acme.ID, made, "")
		if err != nil || len(entries) != 3 {
			t.Fatalf("%d entries, %v", len(entries), err)
		}
		// The test's wall stands still: what is of one instant has no order.
		slices.SortFunc(entries, func(a, b audit.Entry) int { return cmp.Compare(a.What, b.What) })
		for i, want := range []string{"Change a link", "Create a link", "Delete a link"} {
			if a := entries[i]; a.What != want || a.Name != "test" || a.Actor[:4] != "tok_" {
				t.Errorf("entry %d is %+v, want %s", i, a, want)
			}
		}
	})
}

// Members who have it open are told which program saved it meanwhile.
func TestMembersAreToldWhichProgramSaved(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newSite(t, d)
		made := s.must(201, "POST", "/links", early).at("id")
		s.must(200, "PATCH", "/links/"+made, `{"name": "Late Bird"}`)
		if e, known, err := s.accounts.EditOf(t.Context(), s.acme.ID, made, 2); err != nil || !known || !e.Program || e.Name != "test" {
			t.Errorf("version 2 was saved by %+v (%v, %v)", e, known, err)
		}
		if e, known, err := s.accounts.EditOf(t.Context(), "biz_other", made, 2); err != nil || known {
			t.Errorf("another business is told of %+v, %v", e, err)
		}
	})
}
