package job_test

import (
	"context"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"smartlinks/internal/db"
	"smartlinks/internal/job"
)

func nothing(context.Context, piece) error { return nil }

// Of several processes one does each piece, however they claim.
func TestEachPieceIsDoneOnce(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		for i := range int64(60) {
			w.add(nil, "group"+string(rune('a'+i%7)), 0, i)
		}
		var both sync.WaitGroup
		var n atomic.Int64
		for range 3 {
			work := w.work(newQueue(w), 5, 2, nothing)
			both.Go(func() {
				did, err := work.Drain(t.Context())
				if err != nil {
					t.Error(err)
				}
				n.Add(int64(did))
			})
		}
		both.Wait()
		if pieces, most := w.done(); pieces != 60 || most != 1 || n.Load() != 60 {
			t.Errorf("%d are done, %d times at most; the processes say %d", pieces, most, n.Load())
		}
	})
}

// What a killed process had begun is taken up when its lease ends, and that is soon.
func TestWorkOfAKilledProcessIsTakenUpWhenItsLeaseEnds(t *testing.T) {
	if job.Lease > 25*time.Second || job.RecheckEvery > 25*time.Second {
		t.Errorf("a lease of %s, looked for every %s", job.Lease, job.RecheckEvery)
	}
	each(t, func(t *testing.T, w world) {
		began := make(chan piece, 1)
		dying := newQueue(w)
		work := w.work(dying, 4, 2, func(ctx context.Context, p piece) error {
			began <- p
			<-ctx.Done()
			return ctx.Err()
		})
		start(t, dying)
		w.add(work, "a", 0, 1)
		expect(t, began, "it is not begun")
		if err := dying.Stop(killed(t)); err != nil {
			t.Fatal(err)
		}
		next := w.work(newQueue(w), 4, 2, nothing)
		w.move(job.Lease - time.Microsecond)
		if n, err := next.Drain(t.Context()); n != 0 || err != nil {
			t.Errorf("%d were taken while the other might still be at it, %v", n, err)
		}
		w.move(time.Microsecond)
		if n, err := next.Drain(t.Context()); n != 1 || err != nil {
			t.Errorf("%d were taken up, %v", n, err)
		}
	})
}

// A process that lives keeps what it does, however long that takes.
func TestLongWorkIsNotTakenFromALivingProcess(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		began, let := make(chan piece, 1), make(chan struct{})
		q := newQueue(w)
		q.RenewAfter(10 * time.Millisecond)
		work := w.work(q, 4, 2, func(ctx context.Context, p piece) error {
			began <- p
			select {
			case <-let:
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
		})
		start(t, q)
		w.add(work, "a", 0, 1)
		expect(t, began, "it is not begun")
		other := w.work(newQueue(w), 4, 2, nothing)
		for range 5 {
			w.move(job.Lease / 2)
			w.renewed()
			if n, err := other.Drain(t.Context()); n != 0 || err != nil {
				t.Fatalf("%d were taken away, %v", n, err)
			}
		}
		close(let)
		if err := q.Stop(t.Context()); err != nil {
			t.Fatal(err)
		}
		if pieces, most := w.done(); pieces != 1 || most != 1 {
			t.Errorf("%d are done, %d times at most", pieces, most)
		}
	})
}

// renewed waits until the lease of the only piece is as long as one can be.
func (w world) renewed() {
	w.t.Helper()
	for end := time.After(patience); ; {
		var row struct{ DueAt db.Time }
		if err := w.Get(w.t.Context(), &row, `SELECT due_at FROM pieces`); err != nil {
			w.t.Fatal(err)
		}
		if row.DueAt.Sub(w.Clock().Wall()) >= job.Lease {
			return
		}
		select {
		case <-end:
			w.t.Fatal("the lease is not renewed")
		case <-time.After(5 * time.Millisecond):
		}
	}
}

// A group with thousands of pieces waits for its own, and nobody waits for it.
func TestGroupsTakeTurns(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		began := make(chan piece, 300)
		q := newQueue(w)
		work := w.work(q, 8, 4, func(ctx context.Context, p piece) error {
			began <- p
			if p.Group == "flood" {
				<-ctx.Done()
				return ctx.Err()
			}
			return nil
		})
		var flood []int64
		for i := range int64(200) {
			flood = append(flood, i)
		}
		w.add(work, "flood", 0, flood...)
		w.move(time.Millisecond)
		start(t, q)
		for range 4 {
			if p := expect(t, began, "the flood is not begun"); p.Group != "flood" {
				t.Errorf("group %s came first", p.Group)
			}
		}
		w.add(work, "early", 0, 1000)
		w.add(work, "small", 0, 1001, 1002, 1003)
		w.add(work, "zebra", 0, 1004)
		for range 5 {
			if p := expect(t, began, "the other groups wait for the flood"); p.Group == "flood" {
				t.Errorf("piece %d of the flood is begun beside four others", p.ID)
			}
		}
		if err := q.Stop(killed(t)); err != nil {
			t.Fatal(err)
		}
	})
}

// Nobody is told of a piece that falls due later: the queue's timer is set to it.
func TestWhatFallsDueIsDoneThen(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		did := make(chan piece, 2)
		q := newQueue(w)
		work := w.work(q, 4, 2, func(_ context.Context, p piece) error { did <- p; return nil })
		w.add(nil, "a", time.Hour, 1) // written before the start, and told to nobody
		start(t, q)
		w.move(time.Hour)
		q.Recheck()
		expect(t, did, "what was there before the start is not done")
		w.add(work, "a", 30*time.Millisecond, 2)
		time.AfterFunc(30*time.Millisecond, func() { w.move(30 * time.Millisecond) })
		expect(t, did, "what fell due in a moment is not done")
	})
}

// What fails waits, and is done then.
func TestWhatFailsIsTriedAgain(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		q := newQueue(w)
		tries := 0
		work := w.work(q, 4, 2, func(context.Context, piece) error {
			if tries++; tries == 1 {
				return errAway
			}
			return nil
		})
		w.add(work, "a", 0, 1)
		if _, err := work.Drain(t.Context()); err == nil {
			t.Error("it says that nothing failed")
		}
		w.move(time.Minute)
		if n, err := work.Drain(t.Context()); n != 1 || err != nil || tries != 2 {
			t.Errorf("%d done after %d tries, %v", n, tries, err)
		}
	})
}

// Who drains hears of each piece that failed, however many fail at once.
func TestEachFailureIsTold(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		work := w.work(newQueue(w), 8, 8, func(context.Context, piece) error { return errAway })
		w.add(work, "a", 0, 1, 2, 3, 4, 5, 6, 7, 8)
		_, err := work.Drain(t.Context())
		if told, several := err.(interface{ Unwrap() []error }); !several || len(told.Unwrap()) != 8 {
			t.Errorf("it tells %v", err)
		}
	})
}

// A row that makes its work panic waits like one that fails, and the others are done.
func TestAPanicIsAFailureOfItsPieceAlone(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		tries := 0
		work := w.work(newQueue(w), 4, 4, func(_ context.Context, p piece) error {
			if p.ID == 1 {
				if tries++; tries == 1 {
					panic("of the first")
				}
			}
			return nil
		})
		w.add(work, "a", 0, 1, 2)
		if n, err := work.Drain(t.Context()); n != 2 || err == nil || !strings.Contains(err.Error(), "of the first") {
			t.Errorf("%d begun, %v", n, err)
		}
		w.move(time.Minute)
		if n, err := work.Drain(t.Context()); n != 1 || err != nil || tries != 2 {
			t.Errorf("%d done after %d tries, %v", n, tries, err)
		}
	})
}

// A process that is about to stop claims nothing more: that would wait for its lease.
func TestAStoppedProcessLeavesWhatIsDue(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		stopped := newQueue(w)
		work := w.work(stopped, 4, 2, nothing)
		w.add(nil, "a", 0, 1, 2, 3, 4, 5, 6, 7, 8)
		if err := stopped.Stop(t.Context()); err != nil {
			t.Fatal(err)
		}
		if n, err := work.Drain(t.Context()); n != 0 || err == nil {
			t.Errorf("it began %d, %v", n, err)
		}
		if n, err := w.work(newQueue(w), 4, 4, nothing).Drain(t.Context()); n != 8 || err != nil {
			t.Errorf("it left %d to others, %v", n, err)
		}
	})
}

// Who writes a piece can hand it over without a claim, as far as there is room; what was
// handed over beyond that is done in its turn, and nothing overtakes what waits for room.
func TestWhatIsHandedOverIsDoneOnce(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		q := newQueue(w)
		begun, release := make(chan piece, 10), make(chan struct{})
		work := w.work(q, 3, 2, func(_ context.Context, p piece) error {
			begun <- p
			<-release
			return nil
		})
		if work.Room("a", 1) {
			t.Error("a queue that is not started has room")
		}
		start(t, q)
		if !work.Room("a", 2) || work.Room("a", 3) {
			t.Error("there is not room for two of a group")
		}
		for id := range int64(4) {
			lease := work.LeaseUntil()
			w.add(nil, "a", lease.Sub(w.Clock().Wall()), id)
			work.Hand(piece{ID: id, Group: "a"}, lease)
		}
		for range 2 {
			expect(t, begun, "what is handed over is not begun")
		}
		if work.Room("a", 1) {
			t.Error("a group has room for a third")
		}
		close(release)
		for range 2 {
			expect(t, begun, "what had no room is not begun when there is some")
		}
		if err := q.Settled(t.Context()); err != nil {
			t.Fatal(err)
		}
		if n, most := w.done(); n != 4 || most != 1 {
			t.Errorf("%d of 4 are done, one of them %d times", n, most)
		}
	})
}

// What is told while the queue asks what falls due stays known.
func TestWhatIsToldDuringALookStaysKnown(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		did := make(chan piece, 1)
		q := newQueue(w)
		work := w.work(q, 4, 2, func(_ context.Context, p piece) error { did <- p; return nil })
		told := make(chan struct{})
		var once sync.Once
		var stop func()
		stop = w.Observe(func(statements []string) {
			if strings.Contains(statements[0], ` AS kind, `) {
				once.Do(func() {
					stop()
					w.tell(work, time.Second)
					close(told)
				})
			}
		})
		start(t, q)
		expect(t, told, "it does not look")
		w.add(nil, "a", time.Second, 1)
		w.move(time.Second)
		expect(t, did, "it is not done when it is due")
	})
}

// tell says that something falls due after a while.
func (w world) tell(work job.Work[piece], after time.Duration) {
	if err := w.InTx(w.t.Context(), func(tx *db.Tx) error {
		work.DueAt(tx, w.Clock().Wall().Add(after))
		return nil
	}); err != nil {
		w.t.Error(err)
	}
}

// A process that is none of the servers leaves its work to those.
func TestACommandsWorkIsDoneByTheServers(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		did := make(chan piece, 1)
		server, command := newQueue(w), newQueue(w)
		w.work(server, 4, 2, func(_ context.Context, p piece) error { did <- p; return nil })
		start(t, server)
		w.add(w.work(command, 4, 2, nothing), "a", 0, 1)
		expect(t, did, "nobody does it")
	})
}
