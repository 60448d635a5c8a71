package public

import (
	"errors"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"

	"smartlinks/internal/fault"
)

// thing has a name that may change; its id doesn't.
type thing struct {
	name    string
	version int64
}

func newThings() *shelf[string, int, thing] {
	return newShelf[string, int](10, func(t thing, name string) bool { return t.name == name })
}

// reader counts how often it is asked for the thing.
func reader(asked *int, t thing) func() (int, thing, bool, error) {
	return func() (int, thing, bool, error) {
		*asked++
		return 1, t, true, nil
	}
}

func TestAThingIsReadOnceUntilItChanges(t *testing.T) {
	s, asked := newThings(), 0
	for range 3 {
		if got, err := s.find("a", reader(&asked, thing{"a", 1})); err != nil || got.version != 1 {
			t.Fatal(got, err)
		}
	}
	if asked != 1 {
		t.Errorf("read %d times", asked)
	}
	s.forget(2) // another one
	if _, err := s.find("a", reader(&asked, thing{"a", 2})); err != nil || asked != 1 {
		t.Errorf("a change elsewhere: read %d times, %v", asked, err)
	}
	s.forget(1)
	if got, _ := s.find("a", reader(&asked, thing{"a", 2})); got.version != 2 {
		t.Errorf("after its change: %+v", got)
	}
	s.forgetAll()
	if got, _ := s.find("a", reader(&asked, thing{"a", 3})); got.version != 3 {
		t.Errorf("after all changed: %+v", got)
	}
}

func TestTheLastKnownThingIsShownWhileNothingCanBeRead(t *testing.T) {
	s, asked := newThings(), 0
	_, _ = s.find("a", reader(&asked, thing{"a", 1}))
	s.forgetAll()
	away := func() (int, thing, bool, error) { return 0, thing{}, false, errors.New("no connection") }
	if got, err := s.find("a", away); err != nil || got.version != 1 {
		t.Errorf("while the database is away: %+v, %v", got, err)
	}
	if _, err := s.find("b", away); err == nil {
		t.Error("something was found that nobody knew")
	}
	deleted := func() (int, thing, bool, error) {
		return 0, thing{}, false, fault.New(fault.NotFound, "There is no such thing.")
	}
	if _, err := s.find("a", deleted); !fault.Is(err, fault.NotFound) {
		t.Errorf("what the database says is gone: %v", err)
	}
	if got, _ := s.find("a", reader(&asked, thing{"a", 2})); got.version != 2 {
		t.Errorf("when it is back: %+v", got)
	}
	s.forget(1)
	if _, err := s.find("a", away); err == nil {
		t.Error("what has changed is shown as it was")
	}
}

func TestAThingIsNotFoundUnderItsOldName(t *testing.T) {
	s, asked := newThings(), 0
	_, _ = s.find("old", reader(&asked, thing{"old", 1}))
	s.forget(1)
	_, _ = s.find("new", reader(&asked, thing{"new", 2}))
	gone := errors.New("gone")
	if got, err := s.find("old", func() (int, thing, bool, error) { return 0, thing{}, false, gone }); !errors.Is(err, gone) {
		t.Errorf("%+v, %v", got, err)
	}
}

// What was read before a change may come back after it.
func TestWhatChangedWhileItWasReadIsNotKept(t *testing.T) {
	s, asked := newThings(), 0
	_, _ = s.find("a", func() (int, thing, bool, error) {
		s.forget(1)
		return 1, thing{"a", 1}, true, nil
	})
	if got, _ := s.find("a", reader(&asked, thing{"a", 2})); got.version != 2 {
		t.Errorf("kept what was there before: %+v", got)
	}
}

// However readers and a writer meet: once the writer was told that its change
// is known, nobody reads what was there before.
func TestNobodyReadsWhatWasBeforeAChange(t *testing.T) {
	s := newThings()
	var stored, told atomic.Int64
	done := make(chan struct{})
	var readers sync.WaitGroup
	for range 4 {
		readers.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
				}
				before := told.Load()
				got, _ := s.find("a", func() (int, thing, bool, error) {
					read := thing{"a", stored.Load()}
					runtime.Gosched() // the answer is on its way
					return 1, read, true, nil
				})
				if got.version < before {
					t.Errorf("read %d after %d was told", got.version, before)
					return
				}
			}
		})
	}
	for v := range int64(3_000) {
		stored.Store(v)
		s.forget(1)
		told.Store(v)
	}
	close(done)
	readers.Wait()
}
