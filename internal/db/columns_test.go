package db_test

import (
	"testing"
	"time"

	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
)

type counterBounds struct{ Max int64 }

type counterFields struct {
	Name  string
	Bound counterBounds
	Owner string `db:"owner_id,null"`
	Ends  *time.Time
	Words []string `db:"-"`
}

type counter struct {
	ID int64 `db:"id,once"`
	counterFields
	Folded  string    `db:"name_folded,write"`
	Version int64     `db:"version,read"`
	Made    time.Time `db:"made,once"`
}

var counterColumns = db.ColumnsOf[counter]()

// A row is written and read by its fields, each of which is named once.
func TestColumnsAreThoseOfTheFields(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		exec(t, d, `CREATE TABLE played (id BIGINT PRIMARY KEY, name TEXT NOT NULL, bound_max BIGINT NOT NULL, owner_id TEXT, ends BIGINT,
			name_folded TEXT NOT NULL, version BIGINT NOT NULL DEFAULT 1, made BIGINT NOT NULL)`)
		at := time.Date(2026, 3, 4, 5, 6, 7, 8000, time.UTC)
		first := counter{ID: 1, counterFields: counterFields{Name: "A", Bound: counterBounds{5}, Ends: &at}, Folded: "a", Made: at}
		into, arguments := counterColumns.Insert(first)
		exec(t, d, `INSERT INTO played `+into, arguments...)

		changed := first
		changed.ID, changed.Name, changed.Owner, changed.Ends, changed.Made = 2, "B", "x", nil, at.Add(time.Hour)
		set, arguments := counterColumns.Set(changed, 1)
		exec(t, d, `UPDATE played SET `+set+`, version = version + 1 WHERE id = $1`, arguments...)

		var one counter
		if err := d.Get(t.Context(), &one, `SELECT `+counterColumns.List("p")+` FROM played p`); err != nil {
			t.Fatal(err)
		}
		if one.ID != 1 || one.Name != "B" || one.Bound.Max != 5 || one.Owner != "x" || one.Ends != nil || one.Version != 2 || !one.Made.Equal(at) {
			t.Errorf("read %+v", one)
		}

		changed.Owner, changed.Ends = "", &at
		set, arguments = counterColumns.Set(changed, 1)
		var noOwner bool
		err := d.InTx(t.Context(), func(tx *db.Tx) error {
			if err := tx.Get(t.Context(), &one, `UPDATE played SET `+set+` WHERE id = $1 RETURNING `+counterColumns.List(""), arguments...); err != nil {
				return err
			}
			return tx.Get(t.Context(), &noOwner, `SELECT owner_id IS NULL FROM played`)
		})
		if err != nil || one.Owner != "" || !one.Ends.Equal(at) || !noOwner {
			t.Errorf("read %+v, owner is NULL: %t, %v", one, noOwner, err)
		}
	})
}

// What a row can't say is refused when the program starts.
func TestColumnsRefuseWhatNoColumnHolds(t *testing.T) {
	for name, of := range map[string]func(){
		"an unknown option": func() {
			db.ColumnsOf[struct {
				ID string `db:"id,nul"`
			}]()
		},
		"an empty bool": func() {
			db.ColumnsOf[struct {
				On bool `db:"on,null"`
			}]()
		},
		"a pointer to structs": func() { db.ColumnsOf[struct{ Bound *counterBounds }]() },
		"a name twice": func() {
			db.ColumnsOf[struct {
				counterFields
				Name string
			}]()
		},
	} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if recover() == nil {
					t.Error("it was taken")
				}
			}()
			of()
		})
	}
}
