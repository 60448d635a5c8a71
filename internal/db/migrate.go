package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"slices"
	"time"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"

	"smartlinks/internal/db/migrations"
	"smartlinks/internal/filelock"
)

// Migrate brings the schema to this version's. Of
// several processes that start at once one does it and the others wait. A step
// and the note that it was made are one transaction: who is killed leaves whole
// steps only, and the next goes on after the last of them. A database with steps
// that this version doesn't know is left as it is: ErrNewer.
func (d *DB) Migrate(ctx context.Context) error {
	if err := d.refuseForeign(ctx); err != nil {
		return err
	}
	if err := d.engine.migrate(ctx); err != nil {
		return fmt.Errorf("migrate the database: %w", d.classify(err))
	}
	return nil
}

// ErrForeign says that another program's tables stand where ours would.
var ErrForeign = errors.New("db: another program's tables are in it")

// refuseForeign says ErrForeign of a database that has no table of ours that every
// version has, and one that could not be made or was made by somebody else.
func (d *DB) refuseForeign(ctx context.Context) error {
	ours, err := d.hasTable(ctx, "installation")
	if err != nil || ours {
		return err
	}
	for _, name := range []string{"businesses", "users", "links", "payments"} {
		if theirs, err := d.hasTable(ctx, name); err != nil || theirs {
			return errors.Join(err, fmt.Errorf("%w: %s", ErrForeign, name))
		}
	}
	schema, err := d.Schema(ctx)
	if err == nil && schema > 0 {
		err = fmt.Errorf("%w: goose_db_version is at %d", ErrForeign, schema)
	}
	return err
}

func (d *DB) hasTable(ctx context.Context, name string) (bool, error) {
	there := `SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = $1`
	if d.kind == PostgreSQL {
		there = `SELECT COUNT(to_regclass($1))`
	}
	var tables int64
	err := d.Get(ctx, &tables, there, name)
	return tables > 0, err
}

// Schema is the number of the newest step that was made, 0 before the first.
func (d *DB) Schema(ctx context.Context) (version int64, err error) {
	if there, err := d.hasTable(ctx, "goose_db_version"); err != nil || !there {
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
	steps, err := s.provider()
	if err != nil {
		return err
	}
	if err := up(ctx, s.steps, steps, sqliteSteps); err != nil {
		return err
	}
	return keepStatistics(ctx, s.steps)
}

// provider makes the migrations on SQLite.
func (s *sqlite) provider() (*goose.Provider, error) {
	return goose.NewProvider(goose.DialectSQLite3, s.steps, migrations.Files, quietly(), inAnyOrder(), goose.WithGoMigrations(migrations.SQLite()...))
}

func (p *postgres) migrate(ctx context.Context) error {
	pool := p.forSteps()
	defer pool.Close()
	steps, err := p.provider(pool)
	if err != nil {
		return err
	}
	if !p.sessions() {
		unlock, err := p.lockSteps(ctx)
		if err != nil {
			return err
		}
		defer unlock()
	}
	return up(ctx, pool, steps, postgresSteps)
}

// provider makes the migrations on PostgreSQL. The lock is held by the
// connection that makes them, so whoever loses one has lost the other too.
func (p *postgres) provider(pool *sql.DB) (*goose.Provider, error) {
	options := []goose.ProviderOption{quietly(), inAnyOrder(), goose.WithGoMigrations(migrations.PostgreSQL()...)}
	if p.sessions() {
		options = append(options, goose.WithSessionLocker(sessionLock{}))
	}
	return goose.NewProvider(goose.DialectPostgres, pool, migrations.Files, options...)
}

func quietly() goose.ProviderOption { return goose.WithSlog(slog.New(slog.DiscardHandler)) }

// inAnyOrder makes a step that has a lower number than those that were made, as when
// two features were built side by side and the one with the higher number came first.
// Steps don't build on others of their time, so the schema is the same in the end.
func inAnyOrder() goose.ProviderOption { return goose.WithAllowOutofOrder(true) }

// stepTable is how an engine speaks of the table of the steps that were made.
type stepTable struct {
	count  string // 0 before anybody has migrated
	lock   string // lets one transaction at a time change it
	before before
}

var (
	sqliteSteps = stepTable{
		count: `SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = 'goose_db_version'`,
		lock:  `UPDATE goose_db_version SET is_applied = is_applied WHERE version_id = 0`, before: sqliteBefore,
	}
	postgresSteps = stepTable{
		count: `SELECT COUNT(to_regclass('goose_db_version'))`,
		lock:  `LOCK TABLE goose_db_version IN ACCESS EXCLUSIVE MODE`, before: postgresBefore,
	}
)

// up makes the steps that are missing. When steps were made that this version doesn't know
// it says ErrNewer: it would go on beside a schema of which it knows nothing. Then it makes
// nothing, not even the table of steps, because it asks before it is this process's turn.
func up(ctx context.Context, pool *sql.DB, steps *goose.Provider, at stepTable) error {
	var tables int
	if err := pool.QueryRowContext(ctx, at.count).Scan(&tables); err != nil {
		return err
	}
	if tables > 0 {
		made, err := stepsMade(ctx, pool)
		if err != nil {
			return err
		}
		if err := refuseUnknown(made, steps); err != nil {
			return err
		}
		if err := takeOver(ctx, pool, at.before, at.lock); err != nil {
			return err
		}
	}
	_, err := steps.Up(ctx)
	return err
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
		if !known[step] && !isBefore(step) {
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
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	err = untilMine(ctx, func() (bool, error) { return filelock.Try(f) })
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
