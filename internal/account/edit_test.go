package account_test

import (
	"testing"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
)

func TestTheLastEditOfAVersionIsKnown(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b, u := owner(t, d, "acme")
		a := accounts(d)
		ctx := t.Context()
		wantEdit := func(of business.ID, version int64, name string) {
			t.Helper()
			got, known, err := a.EditOf(ctx, of, "lnk_1", version)
			if err != nil || known != (name != "") || got.Name != name {
				t.Errorf("version %d was saved by %q (%v, %v), want %q", version, got.Name, known, err, name)
			}
		}
		wantEdit(b.ID, 2, "")
		for _, version := range []int64{2, 3} {
			if err := a.RecordEdit(ctx, b.ID, u.ID, "lnk_1", version); err != nil {
				t.Fatal(err)
			}
		}
		wantEdit(b.ID, 2, "")
		wantEdit(b.ID, 3, u.Name)
		wantEdit(b.ID, 4, "") // saved by a program
		wantEdit("biz_other", 3, "")
	})
}
