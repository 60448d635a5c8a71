// Package migrations holds the schema's history, in the order of the files'
// numbers: written once for both engines, but for what each says in its own way.
package migrations

import (
	"context"
	"database/sql"
	"embed"

	"github.com/pressly/goose/v3"
)

// Files are the migrations of both engines, and each engine's own in a folder.
//
//go:embed *.sql postgresql/*.sql sqlite/*.sql
var Files embed.FS

// PostgreSQL are the migrations that PostgreSQL needs to be written in its own way.
func PostgreSQL() []*goose.Migration {
	return []*goose.Migration{
		goose.NewGoMigration(165, only("postgresql/00165_views.sql"), nil),
		goose.NewGoMigration(183, only("postgresql/00183_refunds_of_nothing.sql"), nil),
	}
}

// SQLite are the migrations that SQLite needs to be written in its own way.
func SQLite() []*goose.Migration {
	return []*goose.Migration{
		goose.NewGoMigration(165, only("sqlite/00165_views.sql"), nil),
		goose.NewGoMigration(183, only("sqlite/00183_refunds_of_nothing.sql"), nil),
	}
}

// only runs a file of statements in one transaction.
func only(file string) *goose.GoFunc {
	return &goose.GoFunc{RunTx: func(ctx context.Context, tx *sql.Tx) error {
		statements, err := Files.ReadFile(file)
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, string(statements))
		return err
	}}
}
