package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"
)

// writer runs transactions one after another on the one connection that writes
// to SQLite. Whatever waits while a commit runs is committed together next, so
// throughput grows with load while each caller still waits for its own commit.
type writer struct {
	d          *DB
	conn       *sql.Conn
	touch      func() // tells the server of what was committed; nil in the server
	statements statements
	queue      chan *write
	mu         sync.RWMutex
	closed     bool
	ended      chan struct{}
}

// write is one closure on its way through the queue.
type write struct {
	ctx      context.Context
	do       func(*Tx) error
	hooks    hooks
	err      error
	panicked any
	done     chan struct{}
}

const (
	// queueLength bounds how many transactions wait; more wait outside.
	queueLength = 1024
	// maxBatch bounds how many transactions share a commit, so that the first
	// doesn't wait for ever under a steady stream.
	maxBatch = 256
)

func newWriter(conn *sql.Conn, d *DB, touch func()) *writer {
	w := &writer{d: d, conn: conn, touch: touch, queue: make(chan *write, queueLength), ended: make(chan struct{})}
	go w.loop()
	return w
}

// run queues the closure and waits until its batch is committed.
func (w *writer) run(ctx context.Context, do func(*Tx) error) error {
	job := &write{ctx: ctx, do: do, hooks: newHooks(), done: make(chan struct{})}
	if err := w.enqueue(ctx, job); err != nil {
		return err
	}
	<-job.done
	if job.panicked != nil {
		panic(job.panicked)
	}
	if job.err != nil {
		return job.err
	}
	w.d.hub.publish(*job.hooks.notices)
	for _, f := range *job.hooks.after {
		f()
	}
	return nil
}

func (w *writer) enqueue(ctx context.Context, job *write) error {
	w.mu.RLock()
	defer w.mu.RUnlock()
	if w.closed {
		return errClosed
	}
	select {
	case w.queue <- job:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (w *writer) close() {
	w.mu.Lock()
	w.closed = true
	close(w.queue)
	w.mu.Unlock()
	<-w.ended
	w.statements.close()
	if err := w.conn.Close(); err != nil {
		w.d.log.Warn("close the writing connection", "error", err)
	}
}

func (w *writer) loop() {
	defer close(w.ended)
	for first := range w.queue {
		batch := w.commit(first)
		for _, job := range batch {
			close(job.done)
		}
	}
}

// commit runs first and whatever else waits, each in its savepoint, and commits
// them together. It returns them with their errors.
func (w *writer) commit(first *write) []*write {
	batch := []*write{first}
	tx, err := w.conn.BeginTx(context.Background(), nil)
	if err != nil {
		return w.refuse(batch, fmt.Errorf("begin: %w", err))
	}
	on := &sqliteTx{conn: w.conn, tx: tx, statements: &w.statements, observer: &w.d.observer}
	w.step(on, first)
	for len(batch) < maxBatch {
		next, waiting := w.waiting()
		if !waiting {
			break
		}
		batch = append(batch, next)
		w.step(on, next)
	}
	w.finish(on, batch)
	return batch
}

// refuse fails a transaction that could not begin, and whoever waited for it: each would
// wait as long by itself for the program that holds the file, one after another.
func (w *writer) refuse(batch []*write, err error) []*write {
	for next, waiting := w.waiting(); waiting; next, waiting = w.waiting() {
		batch = append(batch, next)
	}
	for _, job := range batch {
		job.err = err
	}
	return batch
}

// waiting takes a transaction that waits already.
func (w *writer) waiting() (*write, bool) {
	select {
	case job, open := <-w.queue:
		return job, open
	default:
		return nil, false
	}
}

// step runs one closure in a savepoint, and takes back only its own changes
// when it fails.
func (w *writer) step(on *sqliteTx, job *write) {
	ctx := context.Background()
	if job.err = job.ctx.Err(); job.err != nil {
		return
	}
	if _, job.err = on.exec(ctx, `SAVEPOINT step`); job.err != nil {
		return
	}
	w.call(on, job)
	if job.err == nil && job.panicked == nil {
		_, job.err = on.exec(ctx, `RELEASE step`)
		return
	}
	for _, undo := range []string{`ROLLBACK TO step`, `RELEASE step`} {
		if _, err := on.exec(ctx, undo); err != nil {
			w.d.log.Error("undo a failed transaction", "error", err)
		}
	}
}

// call runs the closure; a panic goes back to the caller's goroutine.
func (w *writer) call(on *sqliteTx, job *write) {
	defer func() {
		job.panicked = recover()
	}()
	job.err = job.do(w.d.newTx(on, job.hooks))
}

// finish commits the batch; when that fails, nobody's changes are kept.
func (w *writer) finish(on *sqliteTx, batch []*write) {
	marked, err := w.mark(on, batch)
	if err == nil {
		err = on.tx.Commit()
	}
	if err == nil && marked {
		w.touch()
	}
	if err != nil {
		if undo := on.tx.Rollback(); undo != nil && !errors.Is(undo, sql.ErrTxDone) {
			w.d.log.Error("roll back", "error", undo)
		}
	}
	for _, job := range batch {
		if err != nil && job.err == nil {
			job.err = fmt.Errorf("commit: %w", err)
		}
	}
}

// mark leaves a sign for the server beside this command, where there is something to
// tell.
func (w *writer) mark(on *sqliteTx, batch []*write) (marked bool, err error) {
	if w.touch == nil {
		return false, nil
	}
	for _, job := range batch {
		if job.err == nil && job.panicked == nil && len(*job.hooks.notices) > 0 {
			_, err := on.exec(context.Background(), `UPDATE installation SET notices = notices + 1`)
			return true, err
		}
	}
	return false, nil
}
