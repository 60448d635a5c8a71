package db

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
)

// SQLite chooses an index by what it knows of the rows. Where it knows nothing it takes ten
// rows for whatever an index begins with, and a business has ten thousand: asked for eleven
// rows of it by their keys it read all rows of the business instead. ANALYZE counts what is
// there, which is nothing in a new database, and choices would change under way. So the
// figures are written here, by one rule and the same everywhere, as SQLite lets a program do
// (https://www.sqlite.org/lang_analyze.html, https://www.sqlite.org/fileformat2.html#stat1tab).

// What the rule takes for true.
const (
	rowsOfTable   = 1_000_000
	rowsOfPartial = 10_000 // an index on what isn't finished
	// Into how many parts a column divides rows: by business, by link or customer, by
	// state, by anything else.
	partsByOwner, partsByParent, partsByState, partsByOther = 100, 100, 3, 1_000
)

// partsBy is into how many parts a column divides the rows of a table.
func partsBy(column string) int {
	switch {
	case column == "business_id":
		return partsByOwner
	case strings.HasSuffix(column, "_id"):
		return partsByParent
	case column == "mode", column == "state", column == "status", column == "kind", column == "type", column == "channel", column == "facet":
		return partsByState
	}
	return partsByOther
}

// keepStatistics writes the statistics where an index has none: it is new, or who made it was
// killed before this.
func keepStatistics(ctx context.Context, pool *sql.DB) error {
	var there, missing bool
	err := pool.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE name = 'sqlite_stat1')`).Scan(&there)
	if err == nil && there {
		err = pool.QueryRowContext(ctx, `
			SELECT EXISTS (SELECT 1 FROM sqlite_schema i WHERE i.type = 'index'
				AND NOT EXISTS (SELECT 1 FROM sqlite_stat1 s WHERE s.tbl = i.tbl_name AND s.idx = i.name))`).Scan(&missing)
	}
	if err != nil || there && !missing {
		return err
	}
	return writeStatistics(ctx, pool)
}

// writeStatistics writes what SQLite is to think of each index. Connections that are open
// take notice, because the schema changes with it.
func writeStatistics(ctx context.Context, pool *sql.DB) error {
	tx, err := pool.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }()
	for _, statement := range []string{`ANALYZE sqlite_schema`, `DELETE FROM sqlite_stat1`} {
		if _, err := tx.ExecContext(ctx, statement); err != nil {
			return err
		}
	}
	indexes, err := indexesOf(ctx, tx)
	if err != nil {
		return err
	}
	for _, i := range indexes {
		if _, err := tx.ExecContext(ctx, `INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ($1, $2, $3)`, i.table, i.name, i.stat()); err != nil {
			return err
		}
	}
	for _, statement := range []string{`CREATE TABLE statistics_changed (id INTEGER)`, `DROP TABLE statistics_changed`} {
		if _, err := tx.ExecContext(ctx, statement); err != nil {
			return err
		}
	}
	return tx.Commit()
}

// index is an index of SQLite's, with its columns in order; an expression has no name.
type index struct {
	table, name     string
	unique, partial bool
	columns         []string
}

// stat is what sqlite_stat1 says of it: its rows, and how many of them have the same values
// in its first column, its first two, and so on.
func (i index) stat() string {
	rows := rowsOfTable
	if i.partial {
		rows = rowsOfPartial
	}
	said := fmt.Sprint(rows)
	for at, column := range i.columns {
		rows = max(rows/partsBy(column), 2)
		if i.unique && at == len(i.columns)-1 {
			rows = 1
		}
		said += fmt.Sprintf(" %d", rows)
	}
	return said
}

func indexesOf(ctx context.Context, tx *sql.Tx) (all []index, err error) {
	rows, err := tx.QueryContext(ctx, `
		SELECT t.name, i.name, i."unique", i.partial, COALESCE(c.name, '')
		FROM sqlite_schema t, pragma_index_list(t.name) i, pragma_index_info(i.name) c
		WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%' ORDER BY t.name, i.name, c.seqno`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var one index
		var column string
		if err := rows.Scan(&one.table, &one.name, &one.unique, &one.partial, &column); err != nil {
			return nil, err
		}
		if n := len(all); n == 0 || all[n-1].name != one.name {
			all = append(all, one)
		}
		last := &all[len(all)-1]
		last.columns = append(last.columns, column)
	}
	return all, rows.Err()
}
