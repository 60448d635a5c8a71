package job

import (
	"context"
	"errors"
	"sync"
	"time"

	"smartlinks/internal/db"
)

// Rows says where work is kept: a row for each piece, which is there for as long as
// anything refers to it.
type Rows struct {
	Table string
	Key   []string // columns of the primary key
	// Due is the column of when the row is due, NULL when nothing is left to do; "" is
	// due_at. A claim moves it to the end of the lease. An index on it, for rows where it
	// is not NULL, is needed.
	Due string
	// ByWall says that Due is wall time and not the application's, which test mode moves.
	ByWall bool
	// Group is the column that tells apart who waits for whom: those of one group, like a
	// business or an endpoint, take turns with all others. An index on it and Due is needed.
	Group string
	// Set is what a claim changes beside Due: "tries = tries + 1".
	Set string
	// Returning is what a piece of work is scanned from.
	Returning string
}

// Kind is one kind of work.
type Kind[T any] struct {
	Name string // for people who read the log, and between processes
	Rows Rows
	// AtOnce bounds how much of it a process does at the same time, and AtOnceEach how
	// much of one group; 0: as much as AtOnce.
	AtOnce, AtOnceEach int
	// Key is a piece's primary key, in the order of Rows.Key, and Group its group.
	KeyOf   func(T) []any
	GroupOf func(T) string
	// Accept, where it is set, ends the transaction that claims. What it doesn't return
	// is not done: it has said itself what becomes of that.
	Accept func(ctx context.Context, tx *db.Tx, claimed []T) ([]T, error)
	// Do does a piece, and says in its row what follows: when it is due again, or that it
	// is over. When it fails without having said so, the row waits for Pause. A context
	// that ends means that the process must stop or that the row was lost to another one;
	// the row is due again then when the lease ends. It may run a second time for the
	// same row, as after a kill.
	Do func(ctx context.Context, piece T) error
	// Pause is how long a piece waits that failed; nil: half a minute.
	Pause func(T) time.Duration
}

// usualPause is how long a piece waits that failed.
const usualPause = 30 * time.Second

// Work is a kind of work in a queue. It is an interface, because the methods of a generic
// struct are compiled anew in every package that reaches it through a field: that were
// forty packages, and a tenth of a build.
type Work[T any] interface {
	// Due says that the transaction wrote work that is due. It is begun once that is
	// committed: here, or by the servers when this process is none.
	Due(tx *db.Tx)
	// DueAt says that the transaction wrote work that falls due at an instant, by the clock
	// of the kind. Only what falls due before the next look needs to be told.
	DueAt(tx *db.Tx, at time.Time)
	// LeaseUntil is what to write into the due column of a row that its transaction claims
	// for Now.
	LeaseUntil() db.Time
	// Now begins a piece whose row the caller has claimed until lease. What it returns is
	// closed when the piece is over. It is false when there is no room, or the process is
	// about to stop: then the row is due when the lease ends.
	Now(piece T, lease db.Time) (over <-chan struct{}, begun bool)
	// Room reports whether this process would begin so many pieces of a group at this moment,
	// and nothing that is due waits for room.
	Room(group string, pieces int) bool
	// Hand is Now for a piece that the caller has just written and nobody waits for. Where
	// there is no room any more it is due at once.
	Hand(piece T, lease db.Time)
	// Drain does what is due and returns when nothing is left, neither here nor under way in
	// this process, and how many pieces it did. It is for whoever must know, such as the
	// test clock; the queue need not be started.
	Drain(ctx context.Context) (n int, err error)
}

// typed is the work whose pieces are of a type.
type typed[T any] struct {
	*work
	task func(T, db.Time) *task
}

// Add adds a kind of work to the queue, before its Start.
func Add[T any](q *Queue, k Kind[T]) Work[T] {
	if k.Rows.Due == "" {
		k.Rows.Due = "due_at"
	}
	if k.AtOnceEach == 0 {
		k.AtOnceEach = k.AtOnce
	}
	w := newWork(q, k.Name, k.Rows, k.AtOnce, k.AtOnceEach)
	added := &typed[T]{work: w}
	added.task = func(piece T, lease db.Time) *task {
		t := &task{work: w, key: k.KeyOf(piece), group: k.GroupOf(piece), lease: lease, pause: usualPause}
		if k.Pause != nil {
			t.pause = k.Pause(piece)
		}
		t.do = func(ctx context.Context) error { return k.Do(ctx, piece) }
		return t
	}
	w.claimed = func(ctx context.Context, lease db.Time, query string, args []any) (tasks []*task, n int, err error) {
		var pieces []T
		if k.Accept == nil {
			err = q.d.Returning(ctx, &pieces, query, args...)
			n = len(pieces)
		} else {
			err = q.d.InTx(ctx, func(tx *db.Tx) (err error) {
				pieces = nil
				if err := tx.Select(ctx, &pieces, query, args...); err != nil {
					return err
				}
				n = len(pieces)
				pieces, err = k.Accept(ctx, tx, pieces)
				return err
			})
		}
		if err != nil {
			return nil, 0, err
		}
		for _, piece := range pieces {
			tasks = append(tasks, added.task(piece, lease))
		}
		return tasks, n, nil
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	q.kinds = append(q.kinds, w)
	return added
}

func (w *work) Due(tx *db.Tx) { w.DueAt(tx, time.Time{}) }

func (w *work) DueAt(tx *db.Tx, at time.Time) {
	if !w.queue.isStarted() {
		tx.Notify(topic, w.name)
		return
	}
	switch {
	case at.IsZero():
		tx.AfterCommit(w.wake)
	case at.Sub(w.now()) <= RecheckEvery:
		tx.AfterCommit(func() { w.dueAt(at) })
	}
}

func (w *work) LeaseUntil() db.Time { return db.At(w.now().Add(Lease)) }

func (w *typed[T]) Now(piece T, lease db.Time) (over <-chan struct{}, begun bool) {
	t := w.task(piece, lease)
	if !w.take(t) {
		return nil, false
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		t.run(w.queue.life, nil)
	}()
	return done, true
}

func (w *typed[T]) Hand(piece T, lease db.Time) {
	if _, begun := w.Now(piece, lease); !begun {
		go w.task(piece, lease).giveBack(w.queue.life)
	}
}

func (w *work) Room(group string, pieces int) bool {
	if !w.queue.isStarted() {
		return false
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	return !w.crowded && w.underWay+pieces <= w.atOnce && w.groups[group]+pieces <= w.each
}

func (w *work) Drain(ctx context.Context) (n int, err error) {
	var mu sync.Mutex // pieces fail side by side
	var failed []error
	for ctx.Err() == nil && !w.queue.isStopped() {
		begun, more, err := w.begin(ctx, func(err error) {
			mu.Lock()
			defer mu.Unlock()
			failed = append(failed, err)
		})
		n += begun
		if err != nil {
			return n, errors.Join(append(failed, err)...)
		}
		if err := w.settled(ctx); err != nil {
			return n, err
		}
		if begun == 0 && !more {
			return n, errors.Join(failed...)
		}
	}
	if err := ctx.Err(); err != nil {
		return n, err
	}
	return n, errors.Join(append(failed, errStopped)...)
}

// errStopped is why not all that is due was done.
var errStopped = errors.New("job: the process is about to stop")

func (q *Queue) isStopped() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.stopped
}

func (q *Queue) isStarted() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.started && !q.stopped
}
