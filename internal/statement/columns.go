package statement

import (
	"context"
	"encoding/json"
	"errors"
	"strings"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/statement/bankfile"
)

// columnsFor are the columns of a CSV file with this header: those that were chosen now,
// or once before.
func (s *Statements) columnsFor(ctx context.Context, id business.ID, header []string, chosen *bankfile.Columns) (*bankfile.Columns, error) {
	if chosen != nil {
		chosen.Header = header
		return chosen, nil
	}
	var kept string
	err := s.DB.Get(ctx, &kept, `SELECT columns FROM statement_columns WHERE business_id = $1 AND header = $2`, id, headerHash(header))
	if errors.Is(err, db.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	c := new(bankfile.Columns)
	return c, json.Unmarshal([]byte(kept), c)
}

// remember keeps the columns for the next file of the same header.
func remember(ctx context.Context, tx *db.Tx, id business.ID, c bankfile.Columns) error {
	if len(c.Header) == 0 {
		return nil // the file was no CSV
	}
	kept, err := json.Marshal(c)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO statement_columns (business_id, header, columns) VALUES ($1, $2, $3)
		ON CONFLICT (business_id, header) DO UPDATE SET columns = excluded.columns`, id, headerHash(c.Header), string(kept))
	return err
}

func headerHash(header []string) string { return hashOf(strings.Join(header, "\x00")) }

// forgetColumns asks anew what the columns of CSV files are.
func forgetColumns(ctx context.Context, tx *db.Tx, id business.ID) error {
	_, err := tx.Exec(ctx, `DELETE FROM statement_columns WHERE business_id = $1`, id)
	return err
}
