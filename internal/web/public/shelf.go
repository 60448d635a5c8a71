package public

import (
	"errors"
	"sync"
	"sync/atomic"

	"github.com/maypok86/otter/v2"

	"smartlinks/internal/db"
	"smartlinks/internal/fault"
)

// shelf keeps things that are found by a name and change under an id. Names
// are only hints: what a name leads to says itself whether it is meant, so a
// thing that got another name or another owner is never found under the old.
//
// When all may have changed, because the line to the database was cut, things
// stay and are read again one by one. While that fails, the last known one is
// better than none: nothing is sold by it, because payments read the database.
type shelf[Name, ID comparable, Thing any] struct {
	ids    *otter.Cache[Name, ID]
	things *otter.Cache[ID, kept[Thing]]
	round  atomic.Uint64 // counts how often all may have changed
	asking atomic.Bool   // somebody reads again what may have changed
	named  func(Thing, Name) bool

	mu      sync.Mutex
	changes uint64
}

// kept is a thing that was read in a round.
type kept[Thing any] struct {
	thing Thing
	round uint64
}

// newShelf keeps up to size things.
func newShelf[Name, ID comparable, Thing any](size int, named func(Thing, Name) bool) *shelf[Name, ID, Thing] {
	return &shelf[Name, ID, Thing]{
		ids:    otter.Must(&otter.Options[Name, ID]{MaximumSize: size}),
		things: otter.Must(&otter.Options[ID, kept[Thing]]{MaximumSize: size}),
		named:  named,
	}
}

// find returns the thing of the name, from the shelf or else by read, which
// tells its id too. What read returns with keep false is not put on the shelf.
func (s *shelf[Name, ID, Thing]) find(name Name, read func() (id ID, t Thing, keep bool, err error)) (Thing, error) {
	known, there := s.known(name)
	if there && (known.round == s.round.Load() || !s.asking.CompareAndSwap(false, true)) {
		return known.thing, nil
	}
	if there {
		defer s.asking.Store(false)
	}
	began := s.seen()
	id, t, keep, err := read()
	if err == nil && keep {
		s.put(began, name, id, t)
	}
	var said *fault.Error
	if there && (errors.Is(err, db.ErrAway) || err != nil && !errors.As(err, &said)) {
		return known.thing, nil
	}
	return t, err
}

// known is what the name led to when it was read last.
func (s *shelf[Name, ID, Thing]) known(name Name) (kept[Thing], bool) {
	id, ok := s.ids.GetIfPresent(name)
	if !ok {
		return kept[Thing]{}, false
	}
	k, ok := s.things.GetIfPresent(id)
	return k, ok && s.named(k.thing, name)
}

// seen counts the changes so far.
func (s *shelf[Name, ID, Thing]) seen() uint64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.changes
}

// put keeps a thing, unless something changed since it began to be read: then
// it may be what was there before.
func (s *shelf[Name, ID, Thing]) put(began uint64, name Name, id ID, t Thing) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.changes != began {
		return
	}
	s.things.Set(id, kept[Thing]{t, s.round.Load()})
	s.ids.Set(name, id)
}

// forget drops the thing that changed.
func (s *shelf[Name, ID, Thing]) forget(id ID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.changes++
	s.things.Invalidate(id)
}

// forgetAll has everything read again.
func (s *shelf[Name, ID, Thing]) forgetAll() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.changes++
	s.round.Add(1)
}
