package visit

import (
	"context"
	"fmt"
	"time"

	"smartlinks/internal/db"
)

// monthsAhead is how many months PostgreSQL has a partition for before they
// begin: more than a process runs without its hourly work.
const monthsAhead = 3

// PreparePartitions makes the partitions of this month and the next ones, where
// PostgreSQL keeps the views by months: new views then touch small indexes only,
// however many there are of old. SQLite has none. Of several processes one does
// it and the others wait.
func PreparePartitions(ctx context.Context, d *db.DB) error {
	if d.Engine() != db.PostgreSQL {
		return nil
	}
	now := d.Clock().Wall().UTC()
	return d.InTx(ctx, func(tx *db.Tx) error {
		if err := tx.Lock(ctx, "partitions of views"); err != nil {
			return err
		}
		var from int64
		if err := tx.Get(ctx, &from, lastBound); err != nil {
			return fmt.Errorf("read the partitions of views: %w", err)
		}
		for i := range monthsAhead + 1 {
			month := time.Date(now.Year(), now.Month()+time.Month(i), 1, 0, 0, 0, 0, time.UTC)
			to := IDAt(month.AddDate(0, 1, 0))
			if to <= from {
				continue
			}
			if err := addPartition(ctx, tx, month, from, to); err != nil {
				return fmt.Errorf("add a partition of views: %w", err)
			}
			from = to
		}
		return nil
	})
}

// lastBound is where the last partition ends: no view has that id yet, unless
// it waits among the rest.
const lastBound = `SELECT MAX(CAST(SUBSTRING(pg_get_expr(c.relpartbound, c.oid) FROM 'TO \(''?(\d+)''?\)') AS BIGINT))
	FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = CAST('views' AS regclass)`

// addPartition makes the partition of ids from ≤ id < to. Views that came before
// it, such as those of a test clock that was ahead, move into it.
func addPartition(ctx context.Context, tx *db.Tx, month time.Time, from, to int64) error {
	name := "views_" + month.Format("2006_01")
	for _, statement := range []string{
		`CREATE TABLE ` + name + ` (LIKE views INCLUDING ALL)`,
		fmt.Sprintf(`WITH moved AS (DELETE FROM views_rest WHERE id >= %d AND id < %d RETURNING *) INSERT INTO %s SELECT * FROM moved`, from, to, name),
		fmt.Sprintf(`ALTER TABLE views ATTACH PARTITION %s FOR VALUES FROM (%d) TO (%d)`, name, from, to),
	} {
		if _, err := tx.Exec(ctx, statement); err != nil {
			return err
		}
	}
	return nil
}
