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

// PostgreSQL are the migrations that only PostgreSQL needs.
func PostgreSQL() []*goose.Migration {
	return []*goose.Migration{
		goose.NewGoMigration(19, only("postgresql/00019_partitions.sql"), nil),
		goose.NewGoMigration(66, only("postgresql/00066_river.sql"), nil),
		goose.NewGoMigration(155, only("postgresql/00155_processes.sql"), nil),
		goose.NewGoMigration(122, only("postgresql/00122_free.sql"), nil),
	}
}

// SQLite are the migrations that SQLite needs to be written in its own way.
func SQLite() []*goose.Migration {
	return []*goose.Migration{
		goose.NewGoMigration(122, only("sqlite/00122_free.sql"), nil),
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
