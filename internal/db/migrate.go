package db

import (
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"os"
	"syscall"

	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivermigrate"

	"smartlinks/internal/db/migrations"
)

// Migrate brings the schema to this version's, the job queue's included. Of
// several processes that start at once one does it and the others wait.
func (d *DB) Migrate(ctx context.Context) error {
	if err := d.engine.migrate(ctx); err != nil {
		return fmt.Errorf("migrate the database: %w", err)
	}
	return nil
}

func (s *sqlite) migrate(ctx context.Context) error {
	unlock, err := lockFile(s.path + ".migrate")
	if err != nil {
		return err
	}
	defer unlock()
	if err := up(ctx, goose.DialectSQLite3, s.queuePool); err != nil {
		return err
	}
	return upQueue(ctx, riversqlite.New(s.queuePool))
}

func (p *postgres) migrate(ctx context.Context) error {
	locker, err := lock.NewPostgresSessionLocker()
	if err != nil {
		return err
	}
	pool := stdlib.OpenDBFromPool(p.pool)
	defer pool.Close()
	if err := up(ctx, goose.DialectPostgres, pool, goose.WithSessionLocker(locker), goose.WithGoMigrations(migrations.PostgreSQL()...)); err != nil {
		return err
	}
	conn, err := pool.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	if err := locker.SessionLock(ctx, conn); err != nil {
		return err
	}
	defer locker.SessionUnlock(context.WithoutCancel(ctx), conn)
	return upQueue(ctx, riverpgxv5.New(p.pool))
}

// up applies the product's own migrations.
func up(ctx context.Context, dialect goose.Dialect, pool *sql.DB, options ...goose.ProviderOption) error {
	provider, err := goose.NewProvider(dialect, pool, migrations.Files, append(options, goose.WithSlog(slog.New(slog.DiscardHandler)))...)
	if err != nil {
		return err
	}
	_, err = provider.Up(ctx)
	return err
}

// upQueue applies the job queue's migrations.
func upQueue[T any](ctx context.Context, driver riverdriver.Driver[T]) error {
	migrator, err := rivermigrate.New(driver, &rivermigrate.Config{Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		return err
	}
	_, err = migrator.Migrate(ctx, rivermigrate.DirectionUp, nil)
	return err
}

// lockFile holds an exclusive lock on a file beside the database, because
// SQLite has none that lasts over several transactions.
func lockFile(path string) (unlock func(), err error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX); err != nil {
		f.Close()
		return nil, err
	}
	return func() { f.Close() }, nil
}
