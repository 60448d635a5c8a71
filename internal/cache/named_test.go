package cache_test

import (
	"errors"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"

	"smartlinks/internal/cache"
)

// thing has a name that may change; its id doesn't.
type thing struct {
	name    string
	version int64
}

var errGone = errors.New("there is no such thing")

func newThings() cache.Named[string, int, thing] {
	return cache.NewNamed[string, int](cache.NamedConfig[string, thing]{
		Size:    10,
		Matches: func(t *thing, name string) bool { return t.name == name },
		Stale:   func(err error) bool { return !errors.Is(err, errGone) },
	})
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
		if got, err := s.Find("a", reader(&asked, thing{"a", 1})); err != nil || got.version != 1 {
			t.Fatal(got, err)
		}
	}
	if asked != 1 {
		t.Errorf("read %d times", asked)
	}
	s.Invalidate(2) // another one
	if _, err := s.Find("a", reader(&asked, thing{"a", 2})); err != nil || asked != 1 {
		t.Errorf("a change elsewhere: read %d times, %v", asked, err)
	}
	s.Invalidate(1)
	if got, _ := s.Find("a", reader(&asked, thing{"a", 2})); got.version != 2 {
		t.Errorf("after its change: %+v", got)
	}
	s.InvalidateAll()
	if got, _ := s.Find("a", reader(&asked, thing{"a", 3})); got.version != 3 {
		t.Errorf("after all changed: %+v", got)
	}
}

func TestTheCachedThingIsShownWhileNothingCanBeRead(t *testing.T) {
	s, asked := newThings(), 0
	_, _ = s.Find("a", reader(&asked, thing{"a", 1}))
	s.InvalidateAll()
	away := func() (int, thing, bool, error) { return 0, thing{}, false, errors.New("no connection") }
	if got, err := s.Find("a", away); err != nil || got.version != 1 {
		t.Errorf("while the database is away: %+v, %v", got, err)
	}
	if _, err := s.Find("b", away); err == nil {
		t.Error("something was found that nobody knew")
	}
	deleted := func() (int, thing, bool, error) {
		return 0, thing{}, false, errGone
	}
	if _, err := s.Find("a", deleted); !errors.Is(err, errGone) {
		t.Errorf("what the database says is gone: %v", err)
	}
	if got, _ := s.Find("a", reader(&asked, thing{"a", 2})); got.version != 2 {
		t.Errorf("when it is back: %+v", got)
	}
	s.Invalidate(1)
	if _, err := s.Find("a", away); err == nil {
		t.Error("what has changed is shown as it was")
	}
}

// What the database says is gone is shown to nobody, also while another value is read
// again.
func TestWhatIsGoneIsShownToNobody(t *testing.T) {
	s, asked := newThings(), 0
	_, _ = s.Find("a", reader(&asked, thing{"a", 1}))
	_, _ = s.Find("b", func() (int, thing, bool, error) { return 2, thing{"b", 1}, true, nil })
	s.InvalidateAll()
	gone := func() (int, thing, bool, error) { return 0, thing{}, false, errGone }
	if _, err := s.Find("a", gone); !errors.Is(err, errGone) {
		t.Fatal(err)
	}
	_, _ = s.Find("b", func() (int, thing, bool, error) {
		if got, err := s.Find("a", gone); !errors.Is(err, errGone) {
			t.Errorf("%+v, %v", got, err)
		}
		return 2, thing{"b", 2}, true, nil
	})
}

func TestAThingIsNotFoundUnderItsOldName(t *testing.T) {
	s, asked := newThings(), 0
	_, _ = s.Find("old", reader(&asked, thing{"old", 1}))
	s.Invalidate(1)
	_, _ = s.Find("new", reader(&asked, thing{"new", 2}))
	gone := errors.New("gone")
	if got, err := s.Find("old", func() (int, thing, bool, error) { return 0, thing{}, false, gone }); !errors.Is(err, gone) {
		t.Errorf("%+v, %v", got, err)
	}
}

// What was read before a change may come back after it.
func TestWhatChangedWhileItWasReadIsNotKept(t *testing.T) {
	s, asked := newThings(), 0
	_, _ = s.Find("a", func() (int, thing, bool, error) {
		s.Invalidate(1)
		return 1, thing{"a", 1}, true, nil
	})
	if got, _ := s.Find("a", reader(&asked, thing{"a", 2})); got.version != 2 {
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
				got, _ := s.Find("a", func() (int, thing, bool, error) {
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
		s.Invalidate(1)
		told.Store(v)
	}
	close(done)
	readers.Wait()
}
