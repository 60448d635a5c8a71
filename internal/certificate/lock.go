package certificate

import (
	"context"
	"errors"
	"time"

	"smartlinks/internal/db"
	"smartlinks/internal/secret"
)

const (
	// leaseFor is how long a lock outlives a process that was killed.
	leaseFor = time.Minute
	// renewEvery is how often who holds one says so: twice may fail.
	renewEvery = 20 * time.Second
	// tryEvery is how often who waits for one looks.
	tryEvery = 300 * time.Millisecond
)

// lease is a lock that this process holds.
type lease struct {
	holder string
	stop   context.CancelFunc
	over   chan struct{} // closed when nothing renews it any more
}

// Lock implements certmagic.Locker: by a row that is the holder's until a time, which the
// holder moves on.
func (s *Storage) Lock(ctx context.Context, name string) error {
	holder, err := secret.Token(s.d.Random())
	if err != nil {
		return err
	}
	for {
		taken, err := s.take(ctx, name, holder)
		if err != nil {
			return err
		}
		if taken {
			s.keep(name, holder)
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(tryEvery):
		}
	}
}

// take takes the lock if nobody has it, or whoever had it is gone; or renews the holder's.
func (s *Storage) take(ctx context.Context, name, holder string) (taken bool, err error) {
	wall := s.d.Clock().Wall()
	err = s.d.InTx(ctx, func(tx *db.Tx) error {
		n, err := tx.Exec(ctx, `INSERT INTO certificate_locks (name, holder, expires_at) VALUES ($1, $2, $3)
			ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, expires_at = excluded.expires_at
			WHERE certificate_locks.expires_at <= $4 OR certificate_locks.holder = excluded.holder`, name, holder, db.At(wall.Add(leaseFor)), db.At(wall))
		taken = n == 1
		return err
	})
	return taken, err
}

// keep renews the lock until Unlock.
func (s *Storage) keep(name, holder string) {
	ctx, stop := context.WithCancel(context.Background())
	l := &lease{holder: holder, stop: stop, over: make(chan struct{})}
	s.mu.Lock()
	s.held[name] = l
	s.mu.Unlock()
	go func() {
		defer close(l.over)
		for {
			select {
			case <-ctx.Done():
				return
			case <-time.After(renewEvery):
				_, _ = s.take(ctx, name, holder) // tried again; certmagic bears a lock that is lost
			}
		}
	}()
}

// errNotHeld says that a lock is given back that this process does not hold.
var errNotHeld = errors.New("certificate: this lock is not held here")

// Unlock implements certmagic.Locker.
func (s *Storage) Unlock(ctx context.Context, name string) error {
	s.mu.Lock()
	l := s.held[name]
	delete(s.held, name)
	s.mu.Unlock()
	if l == nil {
		return errNotHeld
	}
	l.stop()
	<-l.over
	return s.d.InTx(context.WithoutCancel(ctx), func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `DELETE FROM certificate_locks WHERE name = $1 AND holder = $2`, name, l.holder)
		return err
	})
}
