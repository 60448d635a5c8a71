package visit

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"smartlinks/internal/db"
)

const (
	// patience is how long a page waits for its view to be stored. After that
	// the page wins: the view stays queued, and the delay is counted.
	patience = 2 * time.Second
	// maxPending bounds the views in memory while the database is away, about
	// 30 MB. More are counted as lost.
	maxPending = 50_000
	// maxStored bounds one transaction, so that other writers get their turn.
	maxStored = 1024
	// retryAfter is the wait after a failed transaction.
	retryAfter = 100 * time.Millisecond
)

// ErrLate says that the view was not stored in time. It is still queued, but
// would be lost if the process were killed now.
var ErrLate = errors.New("visit: the view is not stored yet")

// ErrLost says that the view could not be taken.
var ErrLost = errors.New("visit: too many views wait")

// Recorder stores views in natural batches: whatever arrived while the last
// transaction ran is stored by the next. So an idle server answers at once,
// and a busy one stores thousands of views with one commit.
type Recorder struct {
	d       *db.DB
	log     *slog.Logger
	number  *numberer
	mu      sync.Mutex
	batch   *batch
	wake    chan struct{}
	closing chan struct{}
	ended   chan struct{}
	salts   salts
	writing sync.Mutex // of whoever writes, and the spread with it
	spread  spread
	late    atomic.Int64
	lost    atomic.Int64
}

// batch is the views that will be stored together.
type batch struct {
	views  []View
	stored chan struct{}
}

func newBatch() *batch { return &batch{stored: make(chan struct{})} }

// NewRecorder starts a recorder. Close it to store what waits.
func NewRecorder(ctx context.Context, d *db.DB, log *slog.Logger) (*Recorder, error) {
	number, err := newNumberer(ctx, d)
	if err != nil {
		return nil, err
	}
	r := &Recorder{
		d: d, log: log, number: number, batch: newBatch(),
		wake: make(chan struct{}, 1), closing: make(chan struct{}), ended: make(chan struct{}),
	}
	go r.loop()
	return r, nil
}

// Record stores the view and returns when it is committed, with its totals and
// rollups. ErrLate and ErrLost are no reason to withhold the page.
func (r *Recorder) Record(ctx context.Context, v View) error {
	v.ID, v.Day = r.number.next(v.At), v.day()
	stored, ok := r.add(v)
	if !ok {
		r.lost.Add(1)
		return ErrLost
	}
	select {
	case r.wake <- struct{}{}:
	default:
	}
	timeout := time.NewTimer(patience)
	defer timeout.Stop()
	select {
	case <-stored:
		return nil
	case <-timeout.C:
		r.late.Add(1)
		return ErrLate
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Late counts the pages that did not wait for their view any longer.
func (r *Recorder) Late() int64 { return r.late.Load() }

// Lost counts the views that could not be taken.
func (r *Recorder) Lost() int64 { return r.lost.Load() }

// Close stores what waits and ends. Record must not be called any more.
func (r *Recorder) Close() {
	close(r.closing)
	<-r.ended
}

func (r *Recorder) add(v View) (stored chan struct{}, ok bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.batch.views) >= maxPending {
		return nil, false
	}
	r.batch.views = append(r.batch.views, v)
	return r.batch.stored, true
}

// take swaps the batch under the lock; nil when nothing waits.
func (r *Recorder) take() *batch {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.batch.views) == 0 {
		return nil
	}
	full := r.batch
	r.batch = newBatch()
	return full
}

func (r *Recorder) loop() {
	defer close(r.ended)
	for {
		select {
		case <-r.wake:
			r.storeAll(false)
		case <-r.closing:
			r.storeAll(true)
			return
		}
	}
}

// storeAll stores until nothing waits.
func (r *Recorder) storeAll(last bool) {
	for b := r.take(); b != nil; b = r.take() {
		for part := range slices.Chunk(b.views, maxStored) {
			r.store(part, last)
		}
		close(b.stored)
	}
}

// store stores the views, however often it takes; the last call of all gives
// up after one try.
func (r *Recorder) store(views []View, last bool) {
	ctx := context.Background()
	err := r.write(ctx, views)
	for err != nil {
		r.log.Error("store views", "views", len(views), "error", err)
		if last || !r.rest() {
			r.lost.Add(int64(len(views)))
			return
		}
		if views, err = unstored(ctx, r.d, views); err == nil {
			err = r.write(ctx, views)
		}
	}
}

// rest waits before the next try; false when the recorder closes meanwhile.
func (r *Recorder) rest() bool {
	t := time.NewTimer(retryAfter)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-r.closing:
		return false
	}
}
