package db

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"sync"
	"time"

	"github.com/georgysavva/scany/v2/pgxscan"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

const (
	// maxTries bounds how often a transaction runs again after a conflict.
	maxTries = 6
	// channel carries notices between processes.
	channel = "smartlinks"
	// coalesce is how long notices are gathered into one NOTIFY, because each
	// one serialises the commits of the whole cluster.
	coalesce = 20 * time.Millisecond
	// maxNotices bounds one NOTIFY, whose payload must stay below 8,000 bytes.
	maxNotices = 80
)

// postgres is a pool, and one connection of its own for notices.
type postgres struct {
	d       *DB
	pool    *pgxpool.Pool
	origin  string
	mu      sync.Mutex
	pending map[notice]struct{}
	wake    chan struct{}
	// using holds the lock on the use of the database until a server listens on this
	// connection; nil otherwise.
	using *pgx.Conn
}

func openPostgres(ctx context.Context, c Config, d *DB) (*postgres, error) {
	pool, err := pgxpool.New(ctx, c.URL)
	if err != nil {
		return nil, fmt.Errorf("open the database: %w", err)
	}
	if err := pool.Ping(ctx); err != nil {
		pool.Close()
		return nil, fmt.Errorf("reach the database: %w", err)
	}
	var origin [8]byte
	if _, err := d.random.Read(origin[:]); err != nil {
		return nil, fmt.Errorf("read randomness: %w", err)
	}
	p := &postgres{d: d, pool: pool, origin: fmt.Sprintf("%x", origin), pending: map[notice]struct{}{}, wake: make(chan struct{}, 1)}
	if c.Server || c.Alone {
		if p.using, err = use(ctx, pool.Config().ConnConfig, c.Alone); err != nil {
			pool.Close()
			return nil, fmt.Errorf("lock the database: %w", err)
		}
	}
	return p, nil
}

func (p *postgres) Get(ctx context.Context, dst any, query string, args ...any) error {
	return pgQuerier{p.pool}.Get(ctx, dst, query, args...)
}

func (p *postgres) Select(ctx context.Context, dst any, query string, args ...any) error {
	return pgQuerier{p.pool}.Select(ctx, dst, query, args...)
}

func (p *postgres) inTx(ctx context.Context, do func(*Tx) error) error {
	var err error
	for try := range maxTries {
		if try > 0 && !pause(ctx, time.Duration(try*try)*5*time.Millisecond) {
			return ctx.Err()
		}
		if err = p.once(ctx, do); !mayRetry(err) {
			return err
		}
	}
	return err
}

func (p *postgres) once(ctx context.Context, do func(*Tx) error) error {
	later := newHooks()
	err := pgx.BeginFunc(ctx, p.pool, func(tx pgx.Tx) error {
		return do(p.d.newTx(pgTx{pgQuerier{tx}, tx}, later))
	})
	if err != nil {
		return err
	}
	p.d.hub.publish(*later.notices)
	p.tell(*later.notices)
	for _, f := range *later.after {
		f()
	}
	return nil
}

func (p *postgres) away(err error) bool { return postgresAway(err) }

func (p *postgres) ping(ctx context.Context) error { return p.pool.Ping(ctx) }

func (p *postgres) close() {
	// What a command changed must reach the servers before it ends.
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	if err := p.send(ctx); err != nil {
		p.d.log.Warn("notify other processes", "error", err)
	}
	if p.using != nil {
		_ = p.using.Close(ctx)
	}
	p.pool.Close()
}

// tell queues notices for the other processes.
func (p *postgres) tell(notices []notice) {
	if len(notices) == 0 {
		return
	}
	p.mu.Lock()
	for _, n := range notices {
		p.pending[n] = struct{}{}
	}
	p.mu.Unlock()
	select {
	case p.wake <- struct{}{}:
	default:
	}
}

// message is the payload of a NOTIFY.
type message struct {
	Origin  string   `json:"o"`
	Notices []notice `json:"n"`
}

// send notifies what is pending; on failure it stays pending.
func (p *postgres) send(ctx context.Context) error {
	p.mu.Lock()
	pending := p.pending
	p.pending = map[notice]struct{}{}
	p.mu.Unlock()
	if len(pending) == 0 {
		return nil
	}
	m := message{Origin: p.origin}
	for n := range pending {
		m.Notices = append(m.Notices, n)
	}
	if len(m.Notices) > maxNotices {
		m.Notices = []notice{everything}
	}
	payload, err := json.Marshal(m)
	if err != nil {
		return err
	}
	if _, err := p.pool.Exec(ctx, `SELECT pg_notify($1, $2)`, channel, string(payload)); err != nil {
		p.tell(m.Notices)
		return err
	}
	return nil
}

// watch listens on a connection of its own and sends what is pending. After a
// lost connection everything may have changed.
func (p *postgres) watch(ctx context.Context) {
	sending := make(chan struct{})
	go func() {
		defer close(sending)
		p.sendLoop(ctx)
	}()
	for first := true; ctx.Err() == nil; first = false {
		if !first {
			p.d.hub.publish([]notice{everything})
			if !pause(ctx, time.Second) {
				break
			}
		}
		if err := p.listen(ctx); err != nil && ctx.Err() == nil {
			p.d.log.Warn("listen for changes", "error", err)
		}
	}
	<-sending
}

func (p *postgres) sendLoop(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-p.wake:
		}
		if !pause(ctx, coalesce) {
			return
		}
		if err := p.send(ctx); err != nil && ctx.Err() == nil {
			p.d.log.Warn("notify other processes", "error", err)
			pause(ctx, time.Second)
		}
	}
}

func (p *postgres) listen(ctx context.Context) error {
	conn := p.using
	p.using = nil
	if conn == nil {
		var err error
		if conn, err = use(ctx, p.pool.Config().ConnConfig, false); err != nil {
			return err
		}
	}
	defer conn.Close(context.WithoutCancel(ctx))
	if _, err := conn.Exec(ctx, `LISTEN `+channel); err != nil {
		return err
	}
	// What changed between the last connection and this one went unheard.
	p.d.hub.publish([]notice{everything})
	for {
		n, err := conn.WaitForNotification(ctx)
		if err != nil {
			return err
		}
		var m message
		if err := json.Unmarshal([]byte(n.Payload), &m); err != nil {
			return err
		}
		if m.Origin != p.origin {
			p.d.hub.publish(m.Notices)
		}
	}
}

// pgRunner is what a pool and a transaction have in common.
type pgRunner interface {
	Query(ctx context.Context, query string, args ...any) (pgx.Rows, error)
}

type pgQuerier struct{ on pgRunner }

func (q pgQuerier) Get(ctx context.Context, dst any, query string, args ...any) error {
	rows, err := q.on.Query(ctx, query, storable(args)...)
	if err != nil {
		return err
	}
	return scanOne(dst, pgxscan.NewRowsAdapter(rows))
}

func (q pgQuerier) Select(ctx context.Context, dst any, query string, args ...any) error {
	rows, err := q.on.Query(ctx, query, storable(args)...)
	if err != nil {
		return err
	}
	return scanAll(dst, pgxscan.NewRowsAdapter(rows))
}

type pgTx struct {
	pgQuerier
	tx pgx.Tx
}

func (q pgTx) exec(ctx context.Context, query string, args ...any) (int64, error) {
	tag, err := q.tx.Exec(ctx, query, args...)
	return tag.RowsAffected(), err
}

func (q pgTx) execAll(ctx context.Context, all []Statement) error {
	var batch pgx.Batch
	for _, s := range all {
		batch.Queue(s.Query, s.Arguments...)
	}
	return q.tx.SendBatch(ctx, &batch).Close()
}

// lock takes an advisory lock on the hash of key; two keys with one hash only
// wait for each other without need.
func (q pgTx) lock(ctx context.Context, key string) error {
	h := fnv.New64a()
	h.Write([]byte(key))
	_, err := q.tx.Exec(ctx, `SELECT pg_advisory_xact_lock($1)`, int64(h.Sum64()))
	return err
}

func (q pgTx) pgxTx() pgx.Tx  { return q.tx }
func (q pgTx) sqlTx() *sql.Tx { return nil }
