package db

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"time"

	"github.com/georgysavva/scany/v2/pgxscan"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"smartlinks/internal/batch"
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
	joined  *batch.Queue[shared, *joining]
	pooled  bool            // a pooler stands between, and keeps no sessions
	direct  *pgx.ConnConfig // where sessions are kept; nil where the pool's address does, or nothing
	server  bool
	origin  string
	mu      sync.Mutex
	pending map[notice]struct{}
	wake    chan struct{}
	// using holds the lock on the use of the database until a server listens on this
	// connection; nil otherwise.
	using *pgx.Conn
}

func openPostgres(ctx context.Context, c Config, d *DB) (*postgres, error) {
	config, err := pgxpool.ParseConfig(c.URL)
	if err != nil {
		return nil, fmt.Errorf("open the database: %w", err)
	}
	var direct *pgx.ConnConfig
	if c.DirectURL != "" {
		if direct, err = pgx.ParseConfig(c.DirectURL); err != nil {
			return nil, fmt.Errorf("open the database by its direct address: %w", err)
		}
		keepNothing(direct)
	}
	config.ConnConfig.Tracer = &d.observer
	pool, pooled, err := reachPool(ctx, config)
	if err != nil {
		return nil, err
	}
	var origin [8]byte
	if _, err := d.random.Read(origin[:]); err != nil {
		return nil, fmt.Errorf("read randomness: %w", err)
	}
	p := &postgres{
		d: d, pool: pool, pooled: pooled, direct: direct, server: c.Server, origin: fmt.Sprintf("%x", origin),
		pending: map[notice]struct{}{}, wake: make(chan struct{}, 1),
	}
	p.joined = batch.New(mostTogether, p.commitTogether)
	if c.Server || c.Alone {
		if p.using, err = p.use(ctx, c.Alone); err != nil {
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
	conn, err := p.pool.Acquire(ctx)
	if err != nil {
		return err
	}
	defer conn.Release()
	later, tx := newHooks(), &pgTx{conn: conn.Conn()}
	if err = do(p.d.newTx(tx, later)); err == nil {
		err = tx.commit(ctx)
	}
	if err != nil {
		tx.undo(ctx)
		return err
	}
	conn.Release()
	p.committed(later)
	return nil
}

// committed does what a transaction left for after its commit.
func (p *postgres) committed(later hooks) {
	p.d.hub.publish(*later.notices)
	p.queueNotices(*later.notices)
	for _, f := range *later.after {
		f()
	}
}

func (p *postgres) returning(ctx context.Context, dst any, query string, args ...any) (err error) {
	for try := range maxTries {
		if try > 0 && !pause(ctx, time.Duration(try*try)*5*time.Millisecond) {
			return ctx.Err()
		}
		if err = p.Select(ctx, dst, query, args...); !mayRetry(err) {
			return err
		}
	}
	return err
}

func (p *postgres) notifyOthers(n notice) { p.queueNotices([]notice{n}) }

func (p *postgres) batch(ctx context.Context, statements []*Statement) error {
	return sendAll(ctx, p.pool, statements)
}

func (p *postgres) away(err error) bool { return postgresAway(err) }

func (p *postgres) full(err error) bool { return postgresFull(err) }

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
	if p.server && !p.sessions() {
		if err := p.absent(ctx); err != nil {
			p.d.log.Warn("leave the list of processes", "error", err)
		}
	}
	p.pool.Close()
}

// queueNotices queues notices for the other processes.
func (p *postgres) queueNotices(notices []notice) {
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
	var boxes pgx.Batch
	boxes.Queue(`SELECT pg_notify($1, $2)`, channel, string(payload))
	boxes.Queue(leave, p.origin, string(payload))
	if err := p.pool.SendBatch(ctx, &boxes).Close(); err != nil {
		p.queueNotices(m.Notices)
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
		hear := p.listen
		if !p.sessions() {
			hear = p.poll
		}
		if err := hear(ctx); err != nil && ctx.Err() == nil {
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
		if conn, err = p.use(ctx, false); err != nil {
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
		if err := p.received(n.Payload); err != nil {
			return err
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
