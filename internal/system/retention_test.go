package system_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/system"
	"smartlinks/internal/system/systemtest"
)

// Whoever adds a table says how long its rows are kept, here and in the docs.
func TestEveryTableIsSweptOrKeptForAReason(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		swept := systemtest.New(t, d).Swept()
		there := tables(t, d)
		if len(there) < 40 {
			t.Fatalf("only the tables %q", there)
		}
		for _, table := range there {
			why, kept := system.KeptForGood[table]
			_, isSwept := swept[table]
			switch {
			case kept && isSwept:
				t.Errorf("%s is swept and kept for good", table)
			case !kept && !isSwept:
				t.Errorf("nothing says how long the rows of %s are kept: sweep them, or say in retention.go why not", table)
			case kept && why == "":
				t.Errorf("%s is kept for good without a reason", table)
			}
		}
		for table := range system.KeptForGood {
			swept[table] = ""
		}
		for table := range swept {
			if !slices.Contains(there, table) {
				t.Errorf("%s is listed and does not exist", table)
			}
		}
	})
}

// tables are those of ours: PostgreSQL keeps the views in parts, and alone has the list of
// processes, which each of them sweeps when it comes.
func tables(t *testing.T, d *db.DB) (names []string) {
	t.Helper()
	list := `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'`
	if d.Engine() == db.PostgreSQL {
		list = `SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'`
	}
	if err := d.Select(t.Context(), &names, list); err != nil {
		t.Fatal(err)
	}
	return slices.DeleteFunc(names, func(name string) bool {
		return strings.HasPrefix(name, "river_") || strings.HasPrefix(name, "process") || strings.HasPrefix(name, "views_")
	})
}

// What waited long, after a stop of weeks, is more than a chunk.
func TestSweepsTakeAllInChunks(t *testing.T) {
	const many = 1203 // more than two chunks of each
	for name, c := range map[string]struct {
		insert string // $1 numbers the row, $2 is its time
		count  string // what has not been swept
		days   int    // until it is
		keeps  int    // however old
	}{
		"keys": {`INSERT INTO idempotency_keys (business_id, key, request, created_at) VALUES ('biz', $1, '', $2)`,
			`SELECT COUNT(*) FROM idempotency_keys`, 1, 0},
		"audit_log": {`INSERT INTO audit_log (id, business_id, at, actor, name, what, object, address) SELECT $1, id, $2, '', '', '', '', '' FROM businesses`,
			`SELECT COUNT(*) FROM audit_log`, 400, 0},
		"mails": {`INSERT INTO mails (id, business_id, kind, key, recipient, recipient_name, language, facts, state, reason, created_at, updated_at)
			VALUES ($1, '', 'x', $1, 'ann@example.com', 'Ann', 'en', 'x', 'failed', 'no ann@example.com here', $2, $2)`,
			`SELECT COUNT(*) FROM mails WHERE recipient || recipient_name || facts || reason <> ''`, 90, 0},
		"texts": {`INSERT INTO texts (id, business_id, key, recipient, body, segments, report_token, state, created_at, updated_at)
			SELECT $1, id, $1, '+31612345678', 'x', 1, '', 'delivered', $2, $2 FROM businesses`,
			`SELECT COUNT(*) FROM texts WHERE recipient || body <> ''`, 90, 0},
		"reports": {`INSERT INTO webhook_inbox (id, business_id, provider, event, object, body, received_at, processed_at) SELECT $1, id, 'stripe', $1, 'o', 'x', $2, $2 FROM businesses`,
			`SELECT COUNT(*) FROM webhook_inbox WHERE LENGTH(body) > 0`, 90, 0},
		"lines": {`INSERT INTO import_rows (business_id, import_id, line, state, cells, problems, fingerprint, object_id)
			SELECT business_id, id, CAST(CAST($1 AS TEXT) AS BIGINT), 'failed', 'x', 'x', '', '' FROM imports WHERE created_at <= $2`,
			`SELECT COUNT(*) FROM import_rows`, 30, 0},
		"mailbox": {`INSERT INTO mailbox (id, channel, at, sender, recipient, plain) VALUES ($1, 'email', $2, '', '', '')`,
			`SELECT COUNT(*) FROM mailbox`, 0, 1000},
	} {
		t.Run(name, func(t *testing.T) {
			dbtest.Each(t, func(t *testing.T, d *db.DB) {
				s := systemtest.New(t, d)
				if _, err := s.Businesses.Create(t.Context(), business.Draft{Name: "Acme", Handle: "acme"}); err != nil {
					t.Fatal(err)
				}
				at := db.At(d.Clock().Wall().Add(-time.Duration(c.days)*24*time.Hour - time.Minute))
				err := d.InTx(t.Context(), func(tx *db.Tx) error {
					if _, err := tx.Exec(t.Context(), `INSERT INTO imports (id, business_id, kind, name, state, header, fields, update_known, repeat, user_id, created_at)
						SELECT 'imp', id, 'links', '', 'done', '', '', FALSE, FALSE, '', $1 FROM businesses`, at); err != nil {
						return err
					}
					for i := range many {
						if _, err := tx.Exec(t.Context(), c.insert, fmt.Sprint(i), at); err != nil {
							return err
						}
					}
					return nil
				})
				if err != nil {
					t.Fatal(err)
				}
				left := func() (n int) {
					t.Helper()
					if err := d.Get(t.Context(), &n, c.count); err != nil {
						t.Fatal(err)
					}
					return n
				}
				if n := left(); n != many {
					t.Fatalf("%d rows to begin with", n)
				}
				if err := s.Sweep(t.Context()); err != nil {
					t.Fatal(err)
				}
				if n := left(); n != c.keeps {
					t.Errorf("%d rows are left, want %d", n, c.keeps)
				}
			})
		})
	}
}
