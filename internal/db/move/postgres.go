package move

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"smartlinks/internal/db"
)

// postgres is one connection.
type postgres struct{ conn *pgx.Conn }

func openPostgres(ctx context.Context, url string) (engine, error) {
	conn, err := db.ConnectPostgres(ctx, url)
	if err != nil {
		return nil, fmt.Errorf("reach the database: %w", err)
	}
	return postgres{conn}, nil
}

func (p postgres) close() { p.conn.Close(context.Background()) }

// tables leaves out the partitions: their rows are read and filled by the table itself.
func (p postgres) tables(ctx context.Context) (map[string]table, error) {
	rows, err := p.conn.Query(ctx, `
		SELECT c.relname, a.attname, t.typname, COALESCE(array_position(CAST(i.indkey AS int2[]), a.attnum), -1)
		FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
			JOIN pg_type t ON t.oid = a.atttypid LEFT JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary
		WHERE c.relnamespace = CAST(current_schema() AS regnamespace) AND c.relkind IN ('r', 'p') AND NOT c.relispartition
		ORDER BY c.relname, a.attnum`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	tables, places := map[string]table{}, keyPlaces{}
	for rows.Next() {
		var name, column, typ string
		var place int
		if err := rows.Scan(&name, &column, &typ, &place); err != nil {
			return nil, err
		}
		if slices.Contains(left, name) {
			continue
		}
		k, known := kinds[typ]
		if !known {
			return nil, fmt.Errorf("the column %s of %s has the type %s, which can't be moved", column, name, typ)
		}
		t := tables[name]
		t.name, t.columns, t.kinds = name, append(t.columns, column), append(t.kinds, k)
		tables[name] = t
		if place >= 0 {
			places.add(name, place, column)
		}
	}
	places.into(tables)
	return tables, rows.Err()
}

func (p postgres) count(ctx context.Context, t table) (n int64, err error) {
	err = p.conn.QueryRow(ctx, `SELECT COUNT(*) FROM `+list([]string{t.name})).Scan(&n)
	return n, err
}

func (p postgres) newestView(ctx context.Context) (id int64, err error) {
	err = p.conn.QueryRow(ctx, `SELECT COALESCE(MAX(id), 0) FROM views`).Scan(&id)
	return id, err
}

// read orders texts by their bytes, as SQLite does.
func (p postgres) read(ctx context.Context, t table, skip int64, each func(row []any) error) error {
	order := make([]string, len(t.key))
	for i, column := range t.key {
		order[i] = list([]string{column})
		if t.kinds[slices.Index(t.columns, column)] == text {
			order[i] += ` COLLATE "C"`
		}
	}
	rows, err := p.conn.Query(ctx, `SELECT `+list(t.columns)+` FROM `+list([]string{t.name})+` ORDER BY `+strings.Join(order, ", ")+` OFFSET $1`, skip)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		row, err := rows.Values()
		if err == nil {
			err = t.fit(row)
		}
		if err == nil {
			err = each(row)
		}
		if err != nil {
			return err
		}
	}
	return rows.Err()
}

// prepare takes the foreign keys off, because tables come in no order that they allow,
// and lets the first partition of the views take all that come.
func (p postgres) prepare(ctx context.Context, tables []table, newestView int64, m mark, beganAt int64) error {
	return pgx.BeginFunc(ctx, p.conn, func(tx pgx.Tx) error {
		names := make([]string, len(tables))
		for i, t := range tables {
			names[i] = t.name
		}
		if _, err := tx.Exec(ctx, `TRUNCATE `+list(names)); err != nil {
			return err
		}
		later, err := takeKeysOff(ctx, tx)
		if err != nil {
			return err
		}
		if err := widenFirstPartition(ctx, tx, newestView); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `INSERT INTO moves (id, move, role, other, began_at, postponed) VALUES (1, $1, $2, $3, $4, $5)`,
			m.Move, string(m.Role), m.Other, beganAt, later)
		return err
	})
}

// takeKeysOff drops the foreign keys and returns the statements that make them again.
func takeKeysOff(ctx context.Context, tx pgx.Tx) (later string, err error) {
	rows, err := tx.Query(ctx, `
		SELECT CAST(conrelid AS regclass)::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
		WHERE contype = 'f' AND connamespace = CAST(current_schema() AS regnamespace) AND conparentid = 0 ORDER BY 1, 2`)
	if err != nil {
		return "", err
	}
	type key struct{ Table, Name, Definition string }
	all, err := pgx.CollectRows(rows, pgx.RowToStructByPos[key])
	if err != nil {
		return "", err
	}
	var again strings.Builder
	for _, k := range all {
		name := pgx.Identifier{k.Name}.Sanitize()
		if _, err := tx.Exec(ctx, `ALTER TABLE `+k.Table+` DROP CONSTRAINT `+name); err != nil {
			return "", err
		}
		fmt.Fprintf(&again, "ALTER TABLE %s ADD CONSTRAINT %s %s;\n", k.Table, name, k.Definition)
	}
	return again.String(), nil
}

// widenFirstPartition gives the partition of the time before months were kept apart all
// views that exist. Where a server has made months already, each view finds its own.
func widenFirstPartition(ctx context.Context, tx pgx.Tx, newest int64) error {
	var partitions int
	err := tx.QueryRow(ctx, `SELECT COUNT(*) FROM pg_inherits WHERE inhparent = CAST('views' AS regclass)`).Scan(&partitions)
	if err != nil || partitions > 2 {
		return err
	}
	if _, err := tx.Exec(ctx, `ALTER TABLE views DETACH PARTITION views_before`); err != nil {
		return err
	}
	_, err = tx.Exec(ctx, fmt.Sprintf(`ALTER TABLE views ATTACH PARTITION views_before FOR VALUES FROM (MINVALUE) TO (%d)`, newest+1))
	return err
}

func (p postgres) copied(ctx context.Context, t table) (n int64, err error) {
	err = p.conn.QueryRow(ctx, `SELECT copied FROM moved_tables WHERE name = $1`, t.name).Scan(&n)
	if errors.Is(err, pgx.ErrNoRows) {
		err = nil
	}
	return n, err
}

func (p postgres) fill(ctx context.Context, t table, rows [][]any, copied int64) error {
	return pgx.BeginFunc(ctx, p.conn, func(tx pgx.Tx) error {
		if _, err := tx.CopyFrom(ctx, pgx.Identifier{t.name}, t.columns, pgx.CopyFromRows(rows)); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, noteCopied, t.name, copied)
		return err
	})
}

// complete makes the foreign keys again, which finds rows whose parents are missing.
func (p postgres) complete(ctx context.Context) error {
	err := pgx.BeginFunc(ctx, p.conn, func(tx pgx.Tx) error {
		var later string
		if err := tx.QueryRow(ctx, `SELECT postponed FROM moves`).Scan(&later); err != nil || later == "" {
			return err
		}
		if _, err := tx.Exec(ctx, later, pgx.QueryExecModeSimpleProtocol); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `UPDATE moves SET postponed = ''`)
		return err
	})
	if err != nil {
		return err
	}
	_, err = p.conn.Exec(ctx, `ANALYZE`)
	return err
}
