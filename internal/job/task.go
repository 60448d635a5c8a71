package job

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"sync"
	"time"

	"smartlinks/internal/db"
)

// errLost is why a task's context ends whose row was claimed by another process.
var errLost = errors.New("job: the lease was lost to another process")

// task is a row that this process has claimed.
type task struct {
	work  *work
	key   []any
	group string
	pause time.Duration
	do    func(ctx context.Context) error

	mu    sync.Mutex
	lease db.Time // what its due column says
	ended bool
	timer *time.Timer
}

// run does the task, and renews its lease meanwhile. failed, where it is set, hears of a
// failure before the task counts as over.
func (t *task) run(life context.Context, failed func(error)) {
	defer t.work.over(t)
	if err := t.doKept(life); err != nil && failed != nil {
		failed(err)
	}
}

// doKept does the task under a lease that is kept.
func (t *task) doKept(life context.Context) error {
	ctx, cancel := context.WithCancelCause(life)
	defer cancel(nil)
	t.keepLease(ctx, cancel, t.work.queue.renewAfter)
	err := t.try(ctx)
	lease := t.endLease()
	if err == nil || ctx.Err() != nil {
		return nil // due again when the lease ends, if it was cut
	}
	t.work.queue.log.Warn("background work failed", "kind", t.work.name, "key", t.key, "error", err)
	at := t.work.now().Add(t.pause)
	putOff := t.work.queue.d.InTx(context.WithoutCancel(ctx), func(tx *db.Tx) error {
		_, err := t.move(ctx, tx, lease, db.At(at))
		tx.AfterCommit(func() { t.work.dueAt(at) })
		return err
	})
	if putOff != nil { // the lease ends and it is due again
		t.work.queue.log.Warn("background work was not put off", "kind", t.work.name, "key", t.key, "error", putOff)
	}
	return fmt.Errorf("%s: %w", t.work.name, err)
}

// giveBack makes the row of a task that was not begun due at once. Where that fails it is
// due when the lease ends.
func (t *task) giveBack(ctx context.Context) {
	err := t.work.queue.d.InTx(ctx, func(tx *db.Tx) error {
		_, err := t.move(ctx, tx, t.lease, db.At(t.work.now()))
		tx.AfterCommit(t.work.wake)
		return err
	})
	if err != nil && ctx.Err() == nil {
		t.work.queue.log.Warn("background work was not given back", "kind", t.work.name, "key", t.key, "error", err)
	}
}

// try does the task once. A panic is a failure of this row alone: the process goes on, and
// whoever takes the row up next would end by it too.
func (t *task) try(ctx context.Context) (err error) {
	defer func() {
		if cause := recover(); cause != nil {
			err = fmt.Errorf("panic: %v\n%s", cause, debug.Stack())
		}
	}()
	return t.do(ctx)
}

// keepLease renews the lease after a while, and so on.
func (t *task) keepLease(ctx context.Context, cancel context.CancelCauseFunc, after time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if !t.ended {
		t.timer = time.AfterFunc(after, func() { t.renew(ctx, cancel) })
	}
}

func (t *task) endLease() db.Time {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.ended = true
	t.timer.Stop()
	return t.lease
}

// renew moves the end of the lease. When the row says something else, either the task
// has just ended or another process has taken it over.
func (t *task) renew(ctx context.Context, cancel context.CancelCauseFunc) {
	t.mu.Lock()
	was := t.lease
	t.mu.Unlock()
	is := db.At(t.work.now().Add(Lease))
	var n int64
	err := t.work.queue.d.InTx(ctx, func(tx *db.Tx) (err error) {
		n, err = t.move(ctx, tx, was, is)
		return err
	})
	switch {
	case ctx.Err() != nil:
	case err != nil:
		t.keepLease(ctx, cancel, time.Second)
	case n == 0:
		cancel(errLost)
	default:
		t.mu.Lock()
		t.lease = is
		t.mu.Unlock()
		t.keepLease(ctx, cancel, t.work.queue.renewAfter)
	}
}

// move changes the due column from what this process wrote there, and reports whether
// that was still there.
func (t *task) move(ctx context.Context, tx *db.Tx, was, is db.Time) (int64, error) {
	r := t.work.rows
	where := ``
	args := []any{is, was}
	for i, column := range r.Key {
		where += fmt.Sprintf(` AND %s = $%d`, column, i+3)
		args = append(args, t.key[i])
	}
	return tx.Exec(ctx, `UPDATE `+r.Table+` SET `+r.Due+` = $1 WHERE `+r.Due+` = $2`+where, args...)
}
