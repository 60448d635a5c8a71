package audit_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"smartlinks/internal/audit"
	"smartlinks/internal/business"
	"smartlinks/internal/business/businesstest"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
)

// name changes something under ctx.
func name(ctx context.Context, d *db.DB, b business.ID, name string) error {
	return d.InTx(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE businesses SET name = $1 WHERE id = $2`, name, b)
		return err
	})
}

func TestWhatIsDoneAndItsEntryAreOneTransaction(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		acme, log := businesstest.Make(t, d, "acme"), audit.New(d)
		begin := func(b business.ID) (context.Context, *audit.Request) {
			return log.Begin(t.Context(), b, audit.Entry{Actor: "usr_1", Name: "Marit", What: "Changed the business"})
		}
		entries := func() []audit.Entry {
			t.Helper()
			all, _, err := log.List(t.Context(), acme.ID, "", "")
			if err != nil {
				t.Fatal(err)
			}
			return all
		}

		// Undone is unsaid.
		ctx, _ := begin(acme.ID)
		undone := errors.New("undone")
		if err := d.InTx(ctx, func(*db.Tx) error { return undone }); !errors.Is(err, undone) || len(entries()) != 0 {
			t.Errorf("undone: %v, %v", err, entries())
		}
		// Aside is unsaid, and what was said is said once, by whatever transaction is first.
		if err := name(audit.Aside(ctx), d, acme.ID, "Aside"); err != nil || len(entries()) != 0 {
			t.Errorf("aside: %v, %v", err, entries())
		}
		ctx, done := begin(acme.ID)
		for range 2 {
			if err := name(ctx, d, acme.ID, "Twice"); err != nil || len(entries()) != 1 {
				t.Errorf("done: %v, %v", err, entries())
			}
		}
		if err := done.End(ctx); err != nil || len(entries()) != 1 {
			t.Errorf("ended: %v, %v", err, entries())
		}
		// Without a transaction it is said at the end.
		if _, done = begin(acme.ID); done.End(t.Context()) != nil || len(entries()) != 2 {
			t.Errorf("without a transaction: %v", entries())
		}
		// Unsaid is undone.
		ctx, _ = begin("biz_nobody")
		if err := name(ctx, d, acme.ID, "Unsaid"); err == nil {
			t.Error("done without an entry")
		}
		var now string
		if err := d.Get(t.Context(), &now, `SELECT name FROM businesses WHERE id = $1`, acme.ID); err != nil || now != "Twice" {
			t.Errorf("the name is %q, %v", now, err)
		}
	})
}

// What a request makes is its object, whatever else it makes.
func TestTheObjectIsWhatIsMade(t *testing.T) {
	d := dbtest.SQLite(t)
	acme, log := businesstest.Make(t, d, "acme"), audit.New(d)
	ctx, done := log.Begin(t.Context(), acme.ID, audit.Entry{What: "Created a link"})
	done.Creates = true
	err := d.InTx(ctx, func(tx *db.Tx) error {
		for _, kind := range []string{"cus", "lnk", "snd"} {
			if _, err := tx.NewID(kind); err != nil {
				return err
			}
		}
		return nil
	})
	all, _, listed := log.List(t.Context(), acme.ID, "", "")
	if err != nil || listed != nil || len(all) != 1 || !strings.HasPrefix(all[0].Object, "lnk_") {
		t.Errorf("%v, %v, %v", all, err, listed)
	}
}
