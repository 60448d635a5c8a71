package db

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"smartlinks/internal/filelock"
)

// ErrInUse says that another process uses what this one needs for itself.
var ErrInUse = errors.New("db: another process uses it")

// LockFile takes a lock that one process at a time can hold, on a file that is made
// where there is none. It ends with release, or with the process, however that ends.
// Where somebody else holds it: ErrInUse.
func LockFile(path string) (release func(), err error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	mine, err := filelock.Try(f)
	if err == nil && !mine {
		err = ErrInUse
	}
	if err != nil {
		f.Close()
		return nil, err
	}
	return func() { f.Close() }, nil
}

// useLock is the advisory lock of a PostgreSQL that servers share and a command that
// needs them to be stopped has for itself: "smartlnk" in ASCII. It is held for as long
// as its connection lasts.
const useLock = 0x736d6172746c6e6b

// use connects and takes the lock, shared by servers: ErrInUse. Where nothing but a
// transaction holds a lock, a command takes it by one, and servers say in a table that they
// are there: an open transaction would keep a pooler from being paused.
func (p *postgres) use(ctx context.Context, alone bool) (*pgx.Conn, error) {
	if !alone && !p.sessions() {
		_, err := p.present(ctx)
		return nil, err
	}
	conn, err := p.connect(ctx)
	if err != nil {
		return nil, err
	}
	if err := p.take(ctx, conn, alone); err != nil {
		return nil, errors.Join(err, conn.Close(context.WithoutCancel(ctx)))
	}
	return conn, nil
}

// take takes the lock on a connection: ErrInUse.
func (p *postgres) take(ctx context.Context, conn *pgx.Conn, alone bool) (err error) {
	try := `SELECT pg_try_advisory_lock_shared($1)`
	if alone {
		try = `SELECT pg_try_advisory_lock($1)`
	}
	if p.direct != nil {
		err = p.compareDirect(ctx, conn)
	} else if p.pooled {
		try = `SELECT pg_try_advisory_xact_lock($1)`
		_, err = conn.Exec(ctx, begin)
	}
	if err != nil {
		return err
	}
	var mine bool
	if err := conn.QueryRow(ctx, try, int64(useLock)).Scan(&mine); err != nil {
		return err
	}
	if !mine {
		return ErrInUse
	}
	if !alone {
		return nil
	}
	polling, err := livePolling(ctx, conn)
	if err == nil && polling > 0 {
		err = ErrInUse
	}
	return err
}

// Where tells people which database this is: the file, or the server and the name,
// without a password.
func (d *DB) Where() string {
	switch e := d.engine.(type) {
	case *postgres:
		return whereOf(e.pool)
	case *sqlite:
		if whole, err := filepath.Abs(e.path); err == nil {
			return whole
		}
		return e.path
	}
	return ""
}

func whereOf(pool *pgxpool.Pool) string {
	c := pool.Config().ConnConfig
	return fmt.Sprintf("%s on %s:%d", c.Database, c.Host, c.Port)
}
