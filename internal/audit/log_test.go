package audit_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"smartlinks/internal/audit"
	"smartlinks/internal/business"
	"smartlinks/internal/business/businesstest"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
)

// The log of a business is read page by page, the newest first, whole or of one object or of
// some actors, and goes back 400 days.
func TestTheLogIsReadByPageObjectAndActor(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		acme, other, log := businesstest.Make(t, d, "acme"), businesstest.Make(t, d, "other"), audit.New(d)
		record := func(of business.ID, e audit.Entry) {
			t.Helper()
			if err := d.InTx(t.Context(), func(tx *db.Tx) error { return log.Record(t.Context(), tx, of, e) }); err != nil {
				t.Fatal(err)
			}
		}
		record(other.ID, audit.Entry{Actor: "usr_1", Name: "Marit", What: "Elsewhere", Object: "lnk_1"})
		for i := range 51 {
			record(acme.ID, audit.Entry{Actor: fmt.Sprintf("usr_%d", i%3), Name: "Marit", What: fmt.Sprint(i), Object: fmt.Sprintf("lnk_%d", i%2), Address: "192.168.1.xxx"})
		}
		first, next, err := log.List(t.Context(), acme.ID, "", "")
		if err != nil || len(first) != 50 || next != first[49].ID {
			t.Fatalf("%d, %q, %v", len(first), next, err)
		}
		rest, end, err := log.List(t.Context(), acme.ID, "", next)
		if err != nil || len(rest) != 1 || end != "" || slices.Contains(first, rest[0]) {
			t.Errorf("%+v, %q, %v", rest, end, err)
		}
		if e := rest[0]; e.Actor == "" || e.Name != "Marit" || e.What == "" || e.Object == "" || e.Address != "192.168.1.xxx" || !e.At.Equal(d.Clock().Wall()) {
			t.Errorf("an entry is %+v", e)
		}
		if again, _, err := log.List(t.Context(), acme.ID, "", "nonsense"); err != nil || !slices.Equal(again, first) {
			t.Errorf("by a cursor of somebody else: %d, %v", len(again), err)
		}
		if of, _, err := log.List(t.Context(), acme.ID, "lnk_1", ""); err != nil || len(of) != 25 || slices.ContainsFunc(of, func(e audit.Entry) bool { return e.Object != "lnk_1" }) {
			t.Errorf("of one object: %d, %v", len(of), err)
		}
		if by, err := log.By(t.Context(), acme.ID, []string{"usr_1", "usr_2"}, 20); err != nil || len(by) != 20 || slices.ContainsFunc(by, func(e audit.Entry) bool { return e.Actor == "usr_0" || e.What == "Elsewhere" }) {
			t.Errorf("by two actors: %d, %v", len(by), err)
		}
		if by, err := log.By(t.Context(), acme.ID, nil, 20); err != nil || len(by) != 0 {
			t.Errorf("by nobody: %d, %v", len(by), err)
		}
		if err := log.RecordCommand(t.Context(), acme.ID, "Made a token", "tok_1"); err != nil {
			t.Fatal(err)
		}
		if err := d.InTx(t.Context(), func(tx *db.Tx) error { return log.RecordCommandEverywhere(t.Context(), tx, "Changed the key") }); err != nil {
			t.Fatal(err)
		}
		for of, want := range map[business.ID]int{acme.ID: 2, other.ID: 1} {
			if by, err := log.By(t.Context(), of, []string{audit.CommandLine}, 20); err != nil || len(by) != want || by[0].Name != audit.CommandLineName {
				t.Errorf("by commands: %+v, %v", by, err)
			}
		}
	})
}

func TestTheLogGoesBackFourHundredDays(t *testing.T) {
	d := dbtest.SQLite(t)
	acme, log := businesstest.Make(t, d, "acme"), audit.New(d)
	for _, days := range []int{-401, -399} {
		if err := d.InTx(t.Context(), func(tx *db.Tx) error {
			_, err := tx.Exec(t.Context(), `INSERT INTO audit_log (id, business_id, at, actor, name, what, object, address) VALUES ($1, $2, $3, '', '', $1, '', '')`,
				fmt.Sprint("act_", days), acme.ID, db.At(d.Clock().Wall().Add(time.Duration(days)*24*time.Hour)))
			return err
		}); err != nil {
			t.Fatal(err)
		}
	}
	if err := log.DeleteOld(t.Context()); err != nil {
		t.Fatal(err)
	}
	if all, _, err := log.List(t.Context(), acme.ID, "", ""); err != nil || len(all) != 1 || all[0].What != "act_-399" {
		t.Errorf("left are %+v, %v", all, err)
	}
}
