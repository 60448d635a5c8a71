package move

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	_ "modernc.org/sqlite" // registers the driver
)

// sqlite is one connection: a move reads or fills one table at a time.
type sqlite struct{ file *sql.DB }

// openSQLite opens the file without checks of foreign keys: they are made once, when all
// is there.
func openSQLite(ctx context.Context, path string) (engine, error) {
	q := url.Values{"_txlock": {"immediate"}, "_pragma": {"busy_timeout(10000)", "journal_mode(WAL)", "synchronous(FULL)", "foreign_keys(0)"}}
	u := url.URL{Scheme: "file", OmitHost: true, Path: path, RawQuery: q.Encode()}
	file, err := sql.Open("sqlite", u.String())
	if err != nil {
		return nil, err
	}
	file.SetMaxOpenConns(1)
	return sqlite{file}, errors.Join(file.PingContext(ctx))
}

func (s sqlite) close() { s.file.Close() }

func (s sqlite) tables(ctx context.Context) (map[string]table, error) {
	rows, err := s.file.QueryContext(ctx, `
		SELECT t.name, c.name, c.pk FROM sqlite_master t JOIN pragma_table_info(t.name) c
		WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite\_%' ESCAPE '\' ORDER BY t.name, c.cid`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	tables, places := map[string]table{}, keyPlaces{}
	for rows.Next() {
		var name, column string
		var pk int
		if err := rows.Scan(&name, &column, &pk); err != nil {
			return nil, err
		}
		if slices.Contains(left, name) {
			continue
		}
		t := tables[name]
		t.name, t.columns = name, append(t.columns, column)
		tables[name] = t
		if pk > 0 {
			places.add(name, pk, column)
		}
	}
	places.into(tables)
	return tables, rows.Err()
}

func (s sqlite) count(ctx context.Context, t table) (n int64, err error) {
	err = s.file.QueryRowContext(ctx, `SELECT COUNT(*) FROM `+list([]string{t.name})).Scan(&n)
	return n, err
}

func (s sqlite) newestView(ctx context.Context) (id int64, err error) {
	err = s.file.QueryRowContext(ctx, `SELECT COALESCE(MAX(id), 0) FROM views`).Scan(&id)
	return id, err
}

func (s sqlite) read(ctx context.Context, t table, skip int64, each func(row []any) error) error {
	rows, err := s.file.QueryContext(ctx, `SELECT `+list(t.columns)+` FROM `+list([]string{t.name})+` ORDER BY `+list(t.key)+` LIMIT -1 OFFSET $1`, skip)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		row := make([]any, len(t.columns))
		into := make([]any, len(row))
		for i := range row {
			into[i] = &row[i]
		}
		if err := rows.Scan(into...); err != nil {
			return err
		}
		if err := errors.Join(t.fit(row)); err != nil {
			return err
		}
		if err := each(row); err != nil {
			return err
		}
	}
	return rows.Err()
}

func (s sqlite) prepare(ctx context.Context, tables []table, _ int64, m mark, beganAt int64) error {
	return s.inTx(ctx, func(tx *sql.Tx) error {
		for _, t := range tables {
			if _, err := tx.ExecContext(ctx, `DELETE FROM `+list([]string{t.name})); err != nil {
				return err
			}
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO moves (id, move, role, other, began_at) VALUES (1, $1, $2, $3, $4)`, m.Move, m.Role, m.Other, beganAt)
		return err
	})
}

func (s sqlite) copied(ctx context.Context, t table) (n int64, err error) {
	err = s.file.QueryRowContext(ctx, `SELECT copied FROM moved_tables WHERE name = $1`, t.name).Scan(&n)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return n, err
}

func (s sqlite) fill(ctx context.Context, t table, rows [][]any, copied int64) error {
	return s.inTx(ctx, func(tx *sql.Tx) error {
		places := make([]string, len(t.columns))
		for i := range places {
			places[i] = fmt.Sprintf("$%d", i+1)
		}
		insert, err := tx.PrepareContext(ctx, `INSERT INTO `+list([]string{t.name})+` (`+list(t.columns)+`) VALUES (`+strings.Join(places, ", ")+`)`)
		if err != nil {
			return err
		}
		defer insert.Close()
		for _, row := range rows {
			if _, err := insert.ExecContext(ctx, row...); err != nil {
				return err
			}
		}
		_, err = tx.ExecContext(ctx, noteCopied, t.name, copied)
		return err
	})
}

// complete finds rows whose parents are missing, as foreign keys would have.
func (s sqlite) complete(ctx context.Context) error {
	rows, err := s.file.QueryContext(ctx, `SELECT "table", parent FROM pragma_foreign_key_check LIMIT 1`)
	if err != nil {
		return err
	}
	defer rows.Close()
	if rows.Next() {
		var child, parent string
		if err := rows.Scan(&child, &parent); err != nil {
			return err
		}
		return fmt.Errorf("%w: %s has a row whose row in %s is missing", ErrDiffers, child, parent)
	}
	return rows.Err()
}

func (s sqlite) inTx(ctx context.Context, do func(*sql.Tx) error) error {
	tx, err := s.file.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if err := do(tx); err != nil {
		return errors.Join(err, tx.Rollback())
	}
	return tx.Commit()
}

// noteCopied keeps how many rows of a table are there.
const noteCopied = `INSERT INTO moved_tables (name, copied) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET copied = excluded.copied`
