package db

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3/lock"
)

// A pooler such as PgBouncer in transaction mode gives a connection of PostgreSQL away
// with each commit. So nothing may be left on one: no prepared statement, no lock, no
// LISTEN. What needs a session goes to the direct address; without one, notices are
// fetched from the database, and locks are held by transactions.

const (
	// pollEvery is how often a process without a session asks for notices.
	pollEvery = time.Second
	// seenEvery is how many of these rounds pass until it says again that it is there.
	seenEvery = 5
	// dbNow is the database's clock in seconds: those of servers may differ.
	dbNow = `CAST(EXTRACT(EPOCH FROM now()) AS BIGINT)`
)

// Route is how PostgreSQL is reached.
type Route struct {
	// Pooled says that a pooler stands between.
	Pooled bool
	// Direct says that an address for sessions was given, and DirectPooled that a pooler
	// is there as well, which must keep them.
	Direct, DirectPooled bool
}

// Route tells how the database is reached: the zero Route for SQLite.
func (d *DB) Route(ctx context.Context) (Route, error) {
	p, ok := d.engine.(*postgres)
	if !ok {
		return Route{}, nil
	}
	r := Route{Pooled: p.pooled, Direct: p.direct != nil}
	if !r.Direct {
		return r, nil
	}
	conn, err := p.connect(ctx)
	if err != nil {
		return r, d.classify(err)
	}
	defer conn.Close(context.WithoutCancel(ctx))
	if err := p.compareDirect(ctx, conn); err != nil {
		return r, err
	}
	r.DirectPooled, err = behindPooler(ctx, conn)
	return r, err
}

// reachPool opens the pool and finds out whether a pooler stands between.
func reachPool(ctx context.Context, config *pgxpool.Config) (pool *pgxpool.Pool, pooled bool, err error) {
	pool, err = pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, false, fmt.Errorf("open the database: %w", err)
	}
	if config.ConnConfig.DefaultQueryExecMode != pgx.QueryExecModeCacheStatement {
		// Whoever says so in the address knows of a pooler that can't be seen.
		if err := pool.Ping(ctx); err != nil {
			pool.Close()
			return nil, false, fmt.Errorf("reach the database: %w", err)
		}
		return pool, true, nil
	}
	err = pool.AcquireFunc(ctx, func(conn *pgxpool.Conn) error {
		pooled, err = behindPooler(ctx, conn.Conn())
		return err
	})
	if err == nil && !pooled {
		return pool, false, nil
	}
	pool.Close()
	if err != nil {
		return nil, false, fmt.Errorf("reach the database: %w", err)
	}
	keepNothing(config.ConnConfig)
	pool, err = pgxpool.NewWithConfig(ctx, config)
	return pool, true, err
}

// keepNothing has statements parsed anew each time, by no name. What they take and
// return is asked once.
func keepNothing(c *pgx.ConnConfig) {
	if c.DefaultQueryExecMode == pgx.QueryExecModeCacheStatement {
		c.DefaultQueryExecMode = pgx.QueryExecModeCacheDescribe
	}
}

// behindPooler reports whether a pooler answers: it makes up the number of the process
// that PostgreSQL tells at the beginning of a connection.
func behindPooler(ctx context.Context, conn *pgx.Conn) (bool, error) {
	var process uint32
	err := conn.QueryRow(ctx, `SELECT CAST(pg_backend_pid() AS BIGINT)`, pgx.QueryExecModeSimpleProtocol).Scan(&process)
	return process != conn.PgConn().PID(), err
}

// ConnectPostgres makes one connection, also through a pooler.
func ConnectPostgres(ctx context.Context, url string) (*pgx.Conn, error) {
	c, err := pgx.ParseConfig(url)
	if err != nil {
		return nil, err
	}
	keepNothing(c)
	return pgx.ConnectConfig(ctx, c)
}

// sessions reports whether what is on a connection stays there.
func (p *postgres) sessions() bool { return !p.pooled || p.direct != nil }

// connect makes a connection of its own, which keeps its session if there are any.
func (p *postgres) connect(ctx context.Context) (*pgx.Conn, error) {
	c := p.direct
	if c == nil {
		c = p.pool.Config().ConnConfig
	}
	return pgx.ConnectConfig(ctx, c.Copy())
}

// ErrElsewhere says that the direct address leads to another database.
var ErrElsewhere = errors.New("db: the direct address leads to another database")

// compareDirect says ErrElsewhere unless both addresses lead to one database. The
// instant at which a server began is its own.
func (p *postgres) compareDirect(ctx context.Context, direct *pgx.Conn) error {
	const which = `SELECT current_database() || ' since ' || CAST(pg_postmaster_start_time() AS TEXT)`
	var here, there string
	err := p.pool.QueryRow(ctx, which, pgx.QueryExecModeSimpleProtocol).Scan(&here)
	if err == nil {
		err = direct.QueryRow(ctx, which, pgx.QueryExecModeSimpleProtocol).Scan(&there)
	}
	if err == nil && here != there {
		err = fmt.Errorf("%w: %s, and not %s", ErrElsewhere, there, here)
	}
	return err
}

// forSteps are connections on which the schema's steps are made.
func (p *postgres) forSteps() *sql.DB {
	if p.direct != nil {
		return stdlib.OpenDB(*p.direct.Copy())
	}
	return stdlib.OpenDBFromPool(p.pool)
}

// lockSteps lets one process at a time make steps where no session holds the lock: a
// transaction on a connection of its own does.
func (p *postgres) lockSteps(ctx context.Context) (unlock func(), err error) {
	conn, err := p.connect(ctx)
	if err != nil {
		return nil, err
	}
	unlock = func() { conn.Close(context.WithoutCancel(ctx)) }
	if _, err = conn.Exec(ctx, begin); err == nil {
		err = untilMine(ctx, func() (mine bool, err error) {
			err = conn.QueryRow(ctx, `SELECT pg_try_advisory_xact_lock($1)`, int64(lock.DefaultLockID)).Scan(&mine)
			return mine, err
		})
	}
	if err != nil {
		unlock()
	}
	return unlock, err
}

// hasProcesses asks for the table, which an empty database or one of an older version lacks.
const hasProcesses = `SELECT to_regclass('processes') IS NOT NULL`

// present says that this server uses the database: ErrInUse beside a command that needs
// it for itself. Others that have not been seen for long are taken off. It reports false
// for a schema in which that can't be said yet.
func (p *postgres) present(ctx context.Context) (there bool, err error) {
	err = pgx.BeginFunc(ctx, p.pool, func(tx pgx.Tx) error {
		var mine bool
		if err := tx.QueryRow(ctx, `SELECT pg_try_advisory_xact_lock_shared($1)`, int64(useLock)).Scan(&mine); err != nil {
			return err
		}
		if !mine {
			return ErrInUse
		}
		if err := tx.QueryRow(ctx, hasProcesses).Scan(&there); err != nil || !there {
			return err
		}
		for _, sweep := range []string{
			`DELETE FROM processes WHERE seen_at < ` + dbNow + ` - 60`,
			`DELETE FROM process_notices n WHERE NOT EXISTS (SELECT 1 FROM processes p WHERE p.id = n.process_id)`,
		} {
			if _, err := tx.Exec(ctx, sweep); err != nil {
				return err
			}
		}
		_, err := tx.Exec(ctx, `INSERT INTO processes (id, seen_at) VALUES ($1, `+dbNow+`) ON CONFLICT (id) DO UPDATE SET seen_at = excluded.seen_at`, p.origin)
		return err
	})
	return there, err
}

// livePolling counts the servers that were seen lately and hold no lock.
func livePolling(ctx context.Context, conn *pgx.Conn) (n int64, err error) {
	var there bool
	if err := conn.QueryRow(ctx, hasProcesses).Scan(&there); err != nil || !there {
		return 0, err
	}
	err = conn.QueryRow(ctx, `SELECT COUNT(*) FROM processes WHERE seen_at > `+dbNow+` - 15`).Scan(&n)
	return n, err
}

// absent takes this server off when it ends, so that nobody waits for it.
func (p *postgres) absent(ctx context.Context) error {
	_, err := p.pool.Exec(ctx, `DELETE FROM processes WHERE id = $1`, p.origin)
	var pg *pgconn.PgError
	if errors.As(err, &pg) && pg.Code == undefinedTable {
		return nil // it was never brought to this version
	}
	return err
}

// leave puts a notice into the box of each process that polls.
const leave = `INSERT INTO process_notices (process_id, payload)
	SELECT id, $2 FROM processes WHERE id <> $1 AND seen_at > ` + dbNow + ` - 15`

// poll fetches what others notified, until ctx ends or the database is away.
func (p *postgres) poll(ctx context.Context) error {
	for {
		there, err := p.present(ctx)
		if err != nil {
			return err
		}
		if there {
			break
		}
		if !pause(ctx, pollEvery) { // until the schema is this version's
			return ctx.Err()
		}
	}
	// What changed before went unheard.
	p.d.hub.publish([]notice{everything})
	for round := 1; pause(ctx, pollEvery); round++ {
		if round%seenEvery == 0 {
			tag, err := p.pool.Exec(ctx, `UPDATE processes SET seen_at = `+dbNow+` WHERE id = $1 AND seen_at > `+dbNow+` - 15`, p.origin)
			if err != nil {
				return err
			}
			if tag.RowsAffected() == 0 { // others left nothing for it meanwhile
				return errors.New("this process was not heard of for too long")
			}
		}
		rows, err := p.pool.Query(ctx, `DELETE FROM process_notices WHERE process_id = $1 RETURNING payload`, p.origin)
		if err != nil {
			return err
		}
		payloads, err := pgx.CollectRows(rows, pgx.RowTo[string])
		if err != nil {
			return err
		}
		for _, payload := range payloads {
			if err := p.received(payload); err != nil {
				return err
			}
		}
	}
	return ctx.Err()
}

// received hands on what another process notified.
func (p *postgres) received(payload string) error {
	var m message
	if err := json.Unmarshal([]byte(payload), &m); err != nil {
		return err
	}
	if m.Origin != p.origin {
		p.d.hub.publish(m.Notices)
	}
	return nil
}
