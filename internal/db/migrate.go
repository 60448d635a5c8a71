package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

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
// several processes that start at once one does it and the others wait. A step
// and the note that it was made are one transaction: who is killed leaves whole
// steps only, and the next goes on after the last of them. A database with steps
// that this version doesn't know is left as it is: ErrNewer.
func (d *DB) Migrate(ctx context.Context) error {
	if err := d.engine.migrate(ctx); err != nil {
		return fmt.Errorf("migrate the database: %w", err)
	}
	return nil
}

// Schema is the number of the newest step that was made, 0 before the first.
func (d *DB) Schema(ctx context.Context) (version int64, err error) {
	there := `SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = 'goose_db_version'`
	if d.kind == PostgreSQL {
		there = `SELECT COUNT(to_regclass('goose_db_version'))`
	}
	var tables int64
	if err := d.Get(ctx, &tables, there); err != nil || tables == 0 {
		return 0, err
	}
	err = d.Get(ctx, &version, `SELECT COALESCE(MAX(version_id), 0) FROM goose_db_version`)
	return version, err
}

func (s *sqlite) migrate(ctx context.Context) error {
	unlock, err := lockFile(ctx, s.path+".migrate")
	if err != nil {
		return err
	}
	defer unlock()
	steps, err := s.steps(s.queuePool)
	if err != nil {
		return err
	}
	queue := riversqlite.New(s.queuePool)
	if err := errors.Join(refuseNewer(ctx, s.queuePool, steps), refuseNewerQueue(ctx, queue)); err != nil {
		return err
	}
	if _, err := steps.Up(ctx); err != nil {
		return err
	}
	return upQueue(ctx, queue)
}

// steps are the product's own migrations on SQLite.
func (s *sqlite) steps(pool *sql.DB) (*goose.Provider, error) {
	return goose.NewProvider(goose.DialectSQLite3, pool, migrations.Files, quietly(), inAnyOrder())
}

func (p *postgres) migrate(ctx context.Context) error {
	pool := stdlib.OpenDBFromPool(p.pool)
	defer pool.Close()
	steps, err := p.steps(pool)
	if err != nil {
		return err
	}
	queue := riverpgxv5.New(p.pool)
	if err := errors.Join(refuseNewer(ctx, pool, steps), refuseNewerQueue(ctx, queue)); err != nil {
		return err
	}
	if _, err := steps.Up(ctx); err != nil {
		return err
	}
	conn, err := pool.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	if err := (sessionLock{}).SessionLock(ctx, conn); err != nil {
		return err
	}
	defer sessionLock{}.SessionUnlock(context.WithoutCancel(ctx), conn)
	return upQueue(ctx, queue)
}

// steps are the product's own migrations on PostgreSQL. The lock is held by the
// connection that makes them, so whoever loses one has lost the other too.
func (p *postgres) steps(pool *sql.DB) (*goose.Provider, error) {
	return goose.NewProvider(goose.DialectPostgres, pool, migrations.Files, quietly(), inAnyOrder(),
		goose.WithSessionLocker(sessionLock{}), goose.WithGoMigrations(migrations.PostgreSQL()...))
}

func quietly() goose.ProviderOption { return goose.WithSlog(slog.New(slog.DiscardHandler)) }

// inAnyOrder makes a step that has a lower number than those that were made, as when
// two features were built side by side and the one with the higher number came first.
// Steps don't build on others of their time, so the schema is the same in the end.
func inAnyOrder() goose.ProviderOption { return goose.WithAllowOutofOrder(true) }

// queueSteps are the job queue's migrations.
func queueSteps[T any](driver riverdriver.Driver[T]) (*rivermigrate.Migrator[T], error) {
	return rivermigrate.New(driver, &rivermigrate.Config{Logger: slog.New(slog.DiscardHandler)})
}

// upQueue makes them.
func upQueue[T any](ctx context.Context, driver riverdriver.Driver[T]) error {
	queue, err := queueSteps(driver)
	if err != nil {
		return err
	}
	_, err = queue.Migrate(ctx, rivermigrate.DirectionUp, nil)
	return err
}

// refuseNewer says ErrNewer when steps were made that this version doesn't know:
// it would go on beside a schema of which it knows nothing.
func refuseNewer(ctx context.Context, pool *sql.DB, steps *goose.Provider) error {
	if _, _, err := steps.GetVersions(ctx); err != nil { // makes the table of steps where there is none
		return err
	}
	made, err := stepsMade(ctx, pool)
	if err != nil {
		return err
	}
	return refuseUnknown(made, steps)
}

// refuseUnknown says ErrNewer of steps that this version doesn't know.
func refuseUnknown(made []int64, steps *goose.Provider) error {
	known := map[int64]bool{0: true}
	newest := int64(0)
	for _, s := range steps.ListSources() {
		known[s.Version] = true
		newest = max(newest, s.Version)
	}
	for _, step := range made {
		if !known[step] {
			return fmt.Errorf("%w: its schema is %d with a step %d, and this program's is %d", ErrNewer, slices.Max(made), step, newest)
		}
	}
	return nil
}

func stepsMade(ctx context.Context, pool *sql.DB) (made []int64, err error) {
	rows, err := pool.QueryContext(ctx, `SELECT version_id FROM goose_db_version`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var step int64
		if err := rows.Scan(&step); err != nil {
			return nil, err
		}
		made = append(made, step)
	}
	return made, rows.Err()
}

// refuseNewerQueue is refuseNewer for the job queue's tables.
func refuseNewerQueue[T any](ctx context.Context, driver riverdriver.Driver[T]) error {
	queue, err := queueSteps(driver)
	if err != nil {
		return err
	}
	there, err := driver.GetExecutor().TableExists(ctx, &riverdriver.TableExistsParams{Table: "river_migration"})
	if err != nil || !there {
		return err
	}
	made, err := driver.GetExecutor().MigrationGetAllAssumingMain(ctx, &riverdriver.MigrationGetAllAssumingMainParams{})
	if err != nil {
		return err
	}
	all := queue.AllVersions()
	for _, step := range made {
		if !slices.ContainsFunc(all, func(m rivermigrate.Migration) bool { return m.Version == step.Version }) {
			return fmt.Errorf("%w: its job queue has a step %d", ErrNewer, step.Version)
		}
	}
	return nil
}

// lockPoll is how often a process looks whether it is its turn to migrate. It
// asks rather than waits inside the database, because a statement that waits
// would hold up a step that builds an index CONCURRENTLY.
const lockPoll = 100 * time.Millisecond

// sessionLock lets one process at a time migrate a PostgreSQL. It ends with the
// connection, however its process ends.
type sessionLock struct{}

// SessionLock waits until nobody else migrates, or ctx ends.
func (sessionLock) SessionLock(ctx context.Context, conn *sql.Conn) error {
	return untilMine(ctx, func() (mine bool, err error) {
		err = conn.QueryRowContext(ctx, `SELECT pg_try_advisory_lock($1)`, lock.DefaultLockID).Scan(&mine)
		return mine, err
	})
}

// SessionUnlock lets the next one.
func (sessionLock) SessionUnlock(ctx context.Context, conn *sql.Conn) error {
	_, err := conn.ExecContext(ctx, `SELECT pg_advisory_unlock($1)`, lock.DefaultLockID)
	return err
}

// lockFile holds an exclusive lock on a file beside the database, because
// SQLite has none that lasts over several transactions. It ends with the process.
func lockFile(ctx context.Context, path string) (unlock func(), err error) {
	f, err := openLock(path)
	if err != nil {
		return nil, err
	}
	err = untilMine(ctx, func() (bool, error) { return tryLock(f) })
	if err != nil {
		f.Close()
		return nil, err
	}
	return func() { f.Close() }, nil
}

// untilMine tries to take a lock until it succeeds, fails, or ctx ends.
func untilMine(ctx context.Context, try func() (mine bool, err error)) error {
	for {
		if mine, err := try(); mine || err != nil {
			return err
		}
		if !pause(ctx, lockPoll) {
			return ctx.Err()
		}
	}
}
