// Package job does the work behind the answers to requests. Work is rows of a table
// that fall due: a kind of work says where its rows are and what to do with one, and the
// queue claims those that are due, for a lease that it renews, and does them. Every
// process has one queue; of several, one does each row, and what a killed process had
// claimed is taken up by another when the lease ends.
//
// Nothing is polled for. A queue sleeps until its own process commits work, another
// process says that it needs help, or the next row falls due. Once in a look (Look) it
// asks for the next due time of all kinds by one statement, which finds what a process
// left behind that was killed before it could say so.
package job

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"time"

	"smartlinks/internal/db"
)

const (
	// Lease is how long a claimed row is left to the process that claimed it. Work
	// that takes longer renews it.
	Lease = 20 * time.Second
	// renewAfter is when it does so: there is time for a second try.
	renewAfter = 7 * time.Second
	// RecheckEvery is how often the next due times are asked for. What falls due later than
	// that needs to be told to nobody.
	RecheckEvery = 20 * time.Second
	// topic is under which processes ask each other for help, by the kind's name.
	topic = "job"
)

// Queue is the background work of one process. It is safe for concurrent use.
type Queue struct {
	d    *db.DB
	log  *slog.Logger
	wake chan struct{} // something changed that the loop must look at
	life context.Context
	end  context.CancelFunc

	mu          sync.Mutex
	kinds       []*work
	checkAt     time.Time // by the wall
	started     bool
	stopped     bool
	stopping    chan struct{}
	loop        sync.WaitGroup
	unsubscribe func()

	stored stored
	// renewAfter is when work renews its lease.
	renewAfter time.Duration
}

// New returns the queue of a database. Kinds are added to it before Start.
func New(d *db.DB, log *slog.Logger) *Queue {
	q := &Queue{d: d, log: log, wake: make(chan struct{}, 1), stopping: make(chan struct{}), renewAfter: renewAfter}
	q.life, q.end = context.WithCancel(context.Background())
	q.addStored()
	return q
}

// Start does work as it falls due, until Stop.
func (q *Queue) Start(ctx context.Context) error {
	if err := q.addPeriodic(ctx); err != nil {
		return err
	}
	q.mu.Lock()
	q.started = true
	q.unsubscribe = q.d.Subscribe(q.onNotice)
	q.mu.Unlock()
	q.loop.Go(q.run)
	return nil
}

// Stop claims nothing more and lets what is under way finish, until ctx ends; then it is
// cancelled, and due again when its lease ends.
func (q *Queue) Stop(ctx context.Context) error {
	q.mu.Lock()
	if q.stopped {
		q.mu.Unlock()
		return nil
	}
	q.stopped = true
	started, unsubscribe := q.started, q.unsubscribe
	q.mu.Unlock()
	close(q.stopping)
	cut := context.AfterFunc(ctx, q.end) // a claim may wait for a database that doesn't answer
	q.loop.Wait()
	cut()
	if started {
		unsubscribe()
	}
	err := q.Settled(ctx)
	q.end()
	if err != nil {
		// Work ends with its context.
		err = q.Settled(context.WithoutCancel(ctx))
	}
	if started {
		q.d.NotifyOthers(topic, "") // what waits here is theirs now
	}
	return err
}

// Settled waits until nothing is under way in this process, or ctx ends.
func (q *Queue) Settled(ctx context.Context) error {
	for _, w := range q.kinds {
		if err := w.settled(ctx); err != nil {
			return err
		}
	}
	return nil
}

// Recheck asks for the next due times soon: because others may have written, or the test
// clock has moved.
func (q *Queue) Recheck() {
	q.mu.Lock()
	q.checkAt = time.Time{}
	q.mu.Unlock()
	q.wakeLoop()
}

// onNotice is what other processes tell. "*" means that notices may have been lost.
func (q *Queue) onNotice(about, key string) {
	switch {
	case about == "*", about == topic && key == "":
		q.Recheck()
	case about == topic:
		for _, w := range q.kinds {
			if w.name == key {
				w.wake()
			}
		}
	}
}

// Statements are what the queue runs to find work and to claim it, for a test that looks
// at their plans: none may read more the more rows there are that are not due.
func (q *Queue) Statements() (all []string) {
	for _, w := range q.kinds {
		fair, _ := w.fair(2, []string{"a", "b"}, []string{"c"})
		all = append(all, w.earliest(), w.plain(), w.groupsDue(), fair)
	}
	return all
}

func (q *Queue) wakeLoop() {
	select {
	case q.wake <- struct{}{}:
	default:
	}
}

// run is the loop of a started queue.
func (q *Queue) run() {
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-q.stopping:
			return
		case <-q.wake:
		case <-timer.C:
		}
		q.checkDue()
		var turns sync.WaitGroup
		for _, w := range q.kinds {
			if woken, timed := w.isDue(); woken || timed {
				turns.Go(func() { w.turn(q.life, timed) })
			}
		}
		turns.Wait()
		timer.Reset(q.untilNext())
	}
}

// untilNext is how long nothing falls due that the queue knows of.
func (q *Queue) untilNext() time.Duration {
	q.mu.Lock()
	wait := q.checkAt.Sub(q.d.Clock().Wall())
	q.mu.Unlock()
	for _, w := range q.kinds {
		if at := w.nextDue(); !at.IsZero() {
			wait = min(wait, at.Sub(w.now()))
		}
	}
	return max(wait, 0)
}

// checkDue asks for the next due time of every kind, when it is time to.
func (q *Queue) checkDue() {
	wall := q.d.Clock().Wall()
	q.mu.Lock()
	due := !wall.Before(q.checkAt)
	if due {
		q.checkAt = wall.Add(RecheckEvery)
	}
	q.mu.Unlock()
	if !due || len(q.kinds) == 0 {
		return
	}
	each := make([]string, len(q.kinds))
	for i, w := range q.kinds {
		each[i] = fmt.Sprintf(`SELECT %d AS kind, (%s) AS due`, i, w.earliest())
	}
	var next []struct {
		Kind int
		Due  db.Time
	}
	known := make([]time.Time, len(q.kinds))
	for i, w := range q.kinds {
		known[i] = w.forget()
	}
	if err := q.d.Select(q.life, &next, strings.Join(each, ` UNION ALL `)); err != nil {
		for i, w := range q.kinds {
			w.learn(known[i])
		}
		if q.life.Err() == nil {
			q.log.Warn("what falls due can't be read now", "error", err)
		}
		return
	}
	for _, n := range next {
		q.kinds[n.Kind].learn(n.Due.Time)
	}
}
