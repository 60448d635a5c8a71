package visit

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"smartlinks/internal/db"
)

const (
	// patience is how long a page waits for its view to be stored in the
	// database. After that it goes to the spool.
	patience = 250 * time.Millisecond
	// longPatience is the same where there is no spool.
	longPatience = 2 * time.Second
	// maxPending bounds the views in memory while the database is slow, about
	// 30 MB. More go to the spool at once.
	maxPending = 50_000
	// maxStored bounds one transaction, so that other writers get their turn.
	maxStored = 1024
	// retryAfter is the wait after a failed transaction.
	retryAfter = 100 * time.Millisecond
)

// ErrLost says that the view could be stored neither in the database nor in the
// spool in time. It may still be, unless the process is killed.
var ErrLost = errors.New("visit: the view is not stored")

// Recorder stores views in natural batches: whatever arrived while the last
// transaction ran is stored by the next. So an idle server answers at once,
// and a busy one stores thousands of views with one commit. While the database
// is away or slow, views go to a spool on the disk and are stored afterwards,
// none twice.
type Recorder struct {
	d         *db.DB
	log       *slog.Logger
	number    *numberer
	mu        sync.Mutex
	batch     *batch
	wake      chan struct{}
	closing   chan struct{}
	ended     chan struct{}
	salts     salts
	writing   sync.Mutex // of whoever writes, and the top values with it
	topValues valueBound
	spool     *spool      // nil without a folder for it
	waiting   []*os.File  // of the spool, to be replayed; the loop's own
	away      atomic.Bool // the last transaction failed
	patience  time.Duration
	stored    atomic.Int64
	batches   atomic.Int64
	late      atomic.Int64
	lost      atomic.Int64
}

// batch is the views that will be stored together.
type batch struct {
	views  []View
	stored chan struct{}
}

func newBatch() *batch { return &batch{stored: make(chan struct{})} }

// NewRecorder starts a recorder, which keeps views in the folder while the
// database is away; "" for no folder. Close it to store what waits.
func NewRecorder(ctx context.Context, d *db.DB, folder string, log *slog.Logger) (*Recorder, error) {
	number, err := newNumberer(ctx, d)
	if err != nil {
		return nil, err
	}
	r := &Recorder{
		d: d, log: log, number: number, batch: newBatch(), patience: longPatience,
		wake: make(chan struct{}, 1), closing: make(chan struct{}), ended: make(chan struct{}),
	}
	if folder != "" {
		r.spool, r.patience = &spool{dir: folder}, patience
	}
	r.inherit()
	go r.loop()
	return r, nil
}

// Record stores the view and returns when it is committed, with its totals and
// rollups, or safe in the spool. ErrLost is no reason to withhold the page.
func (r *Recorder) Record(ctx context.Context, v View) error {
	v.ID, v.Day = r.number.next(v.At), v.day()
	if r.away.Load() && r.spool != nil {
		return r.keep(v)
	}
	stored, ok := r.add(v)
	if !ok {
		return r.keep(v)
	}
	select {
	case r.wake <- struct{}{}:
	default:
	}
	timeout := time.NewTimer(r.patience)
	defer timeout.Stop()
	select {
	case <-stored:
		return nil
	case <-timeout.C:
		return r.keep(v)
	case <-ctx.Done():
		return ctx.Err()
	}
}

// keep puts the view into the spool.
func (r *Recorder) keep(v View) error {
	if r.spool == nil {
		r.lost.Add(1)
		return ErrLost
	}
	if err := r.spool.add(v); err != nil {
		r.lost.Add(1)
		return errors.Join(ErrLost, err)
	}
	r.late.Add(1)
	return nil
}

// Stored counts the views that transactions of this process stored.
func (r *Recorder) Stored() int64 { return r.stored.Load() }

// Batches counts those transactions.
func (r *Recorder) Batches() int64 { return r.batches.Load() }

// Late counts the views that went to the spool.
func (r *Recorder) Late() int64 { return r.late.Load() }

// Lost counts the views that were not stored when their page was answered.
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
	r.replay()
	for {
		select {
		case <-r.wake:
			r.storeAll(false)
			r.replay()
		case <-r.closing:
			r.storeAll(true)
			r.replay()
			return
		}
	}
}

// A commit costs about the same for one view as for fifty. After a batch of many,
// the recorder draws breath, so that the next is larger: the time is won again
// by all who share it. A single visitor never waits.
const (
	many   = 8
	breath = 1500 * time.Microsecond
)

// storeAll stores until nothing waits.
func (r *Recorder) storeAll(last bool) {
	for b := r.take(); b != nil; b = r.take() {
		for part := range slices.Chunk(b.views, maxStored) {
			r.store(part, last)
		}
		close(b.stored)
		if len(b.views) >= many && !last {
			time.Sleep(breath)
		}
	}
}

// store stores the views, however often it takes; the last call of all tries
// once, and leaves them to the spool.
func (r *Recorder) store(views []View, last bool) {
	ctx := context.Background()
	err := r.write(ctx, views)
	for err != nil {
		r.away.Store(true)
		r.log.Error("store views", "views", len(views), "error", err)
		if last || !r.rest() {
			for _, v := range views {
				if err := r.keep(v); err != nil {
					r.log.Error("keep a view", "error", err)
				}
			}
			return
		}
		var rest []View
		if rest, err = unstored(ctx, r.d, views); err == nil {
			views = rest
			err = r.write(ctx, views)
		}
	}
	r.away.Store(false)
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
