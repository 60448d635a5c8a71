package job

import (
	"context"
	"sync"
	"time"

	"smartlinks/internal/db"
)

const (
	// soon is when a queue looks again at rows that are due and that it could not
	// claim: another transaction held them.
	soon = 250 * time.Millisecond
	// helpEvery is how often a process that has more to do than it can asks the others.
	helpEvery = time.Second
	// firstRetry doubles with every claim in vain, up to Look.
	firstRetry = time.Second
)

// work is a kind of work in this process, whatever its pieces are.
type work struct {
	queue        *Queue
	name         string
	rows         Rows
	atOnce, each int
	// claimed runs a statement that claims rows until lease. It returns what to do of
	// them, and how many there were.
	claimed func(ctx context.Context, lease db.Time, query string, args []any) (tasks []*task, n int, err error)

	claiming sync.Mutex // one claim of a kind at a time

	mu       sync.Mutex
	underWay int
	groups   map[string]int
	idle     chan struct{} // closed when nothing is under way any more
	woken    bool          // something may be due
	next     time.Time     // when something falls due, by its clock; zero: nobody knows of any
	unasked  bool          // next was forgotten, and the rows were not asked since
	// crowded says that more was due than could be taken: who ends makes room.
	crowded bool
	cursor  string // the group behind which the next turn begins
	helpAt  time.Time
	failed  int // claims in a row
}

func newWork(q *Queue, name string, rows Rows, atOnce, each int) *work {
	return &work{queue: q, name: name, rows: rows, atOnce: atOnce, each: each, groups: map[string]int{}, idle: make(chan struct{})}
}

// now is the present of the clock that due times are told by.
func (w *work) now() time.Time {
	if w.rows.ByWall {
		return w.queue.d.Clock().Wall()
	}
	return w.queue.d.Clock().Now()
}

// wake says that something may be due. Once is enough for any number of rows.
func (w *work) wake() {
	w.mu.Lock()
	w.woken = true
	help := w.crowded && w.mayAskForHelp()
	w.mu.Unlock()
	if help {
		w.queue.d.NotifyOthers(topic, w.name)
	}
	w.queue.wakeLoop()
}

// mayAskForHelp bounds how often others are asked. The caller holds the lock.
func (w *work) mayAskForHelp() bool {
	wall := w.queue.d.Clock().Wall()
	if wall.Before(w.helpAt) {
		return false
	}
	w.helpAt = wall.Add(helpEvery)
	return true
}

// dueAt says that something falls due then.
func (w *work) dueAt(at time.Time) {
	if w.learn(at) {
		w.queue.wakeLoop()
	}
}

// learn keeps when something falls due, unless something does sooner; zero: nothing does.
func (w *work) learn(at time.Time) (sooner bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if sooner = !at.IsZero() && (w.next.IsZero() || at.Before(w.next)); sooner {
		w.next = at
	}
	return sooner
}

// forget comes before the rows are asked, so that what is told meanwhile stays known.
func (w *work) forget() (known time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	known, w.next = w.next, time.Time{}
	return known
}

// nextDue is when to claim again without being told; zero: when told.
func (w *work) nextDue() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.crowded && w.underWay > 0 {
		return time.Time{} // who ends says so
	}
	return w.next
}

// isDue reports whether to claim now, because somebody said so or because it is time.
func (w *work) isDue() (woken, timed bool) {
	now := w.now()
	w.mu.Lock()
	defer w.mu.Unlock()
	woken, w.woken = w.woken, false
	timed = !w.next.IsZero() && !w.next.After(now)
	return woken, timed
}

// turn begins what is due, and finds out when it is its turn again.
func (w *work) turn(ctx context.Context, timed bool) {
	if timed {
		w.forget()
	}
	w.mu.Lock()
	w.unasked = w.unasked || timed
	ask := w.unasked
	w.mu.Unlock()
	_, more, err := w.begin(ctx, nil)
	if err == nil && ask && !more {
		if err = w.findNext(ctx); err == nil {
			w.mu.Lock()
			w.unasked = false
			w.mu.Unlock()
		}
	}
	if err == nil {
		w.mu.Lock()
		w.failed = 0
		w.mu.Unlock()
		return
	}
	if ctx.Err() != nil {
		return
	}
	w.queue.log.Warn("background work waits", "kind", w.name, "error", err)
	w.mu.Lock()
	pause := min(firstRetry<<min(w.failed, 5), RecheckEvery)
	w.failed++
	w.mu.Unlock()
	w.dueAt(w.now().Add(pause))
}

// findNext asks when the next row falls due.
func (w *work) findNext(ctx context.Context) error {
	var next struct{ Due db.Time }
	if err := w.queue.d.Get(ctx, &next, w.earliest()); err != nil || next.Due.IsZero() {
		return err
	}
	at := next.Due.Time
	if now := w.now(); !at.After(now) { // somebody holds it, or it fell due this moment
		at = now.Add(soon)
	}
	w.dueAt(at)
	return nil
}

// begin claims what is due, as far as there is room, and begins to do it. more says that
// there was not room for all. failed hears of those that fail.
func (w *work) begin(ctx context.Context, failed func(error)) (begun int, more bool, err error) {
	w.claiming.Lock()
	defer w.claiming.Unlock()
	for {
		n, again, err := w.claim(ctx, failed)
		begun += n
		if err != nil || !again {
			w.mu.Lock()
			more = w.crowded
			w.mu.Unlock()
			return begun, more, err
		}
	}
}

// take counts a task, when there is room for it.
func (w *work) take(t *task) bool {
	stopped := w.queue.isStopped()
	w.mu.Lock()
	defer w.mu.Unlock()
	if stopped || w.underWay >= w.atOnce || w.groups[t.group] >= w.each {
		return false
	}
	w.underWay++
	w.groups[t.group]++
	return true
}

// over says that a task ended.
func (w *work) over(t *task) {
	w.mu.Lock()
	w.underWay--
	if w.groups[t.group]--; w.groups[t.group] == 0 {
		delete(w.groups, t.group)
	}
	if w.underWay == 0 {
		close(w.idle)
		w.idle = make(chan struct{})
	}
	crowded := w.crowded
	if crowded {
		w.woken = true
	}
	w.mu.Unlock()
	if crowded {
		w.queue.wakeLoop()
	}
}

// settled waits until nothing is under way, or ctx ends.
func (w *work) settled(ctx context.Context) error {
	for {
		w.mu.Lock()
		left, idle := w.underWay, w.idle
		w.mu.Unlock()
		if left == 0 {
			return nil
		}
		select {
		case <-idle:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
