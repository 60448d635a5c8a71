package public

import (
	"sync"

	"github.com/maypok86/otter/v2"
)

// shelf keeps things that are found by a name and change under an id. Names
// are only hints: what a name leads to says itself whether it is meant, so a
// thing that got another name or another owner is never found under the old.
type shelf[Name, ID comparable, Thing any] struct {
	ids    *otter.Cache[Name, ID]
	things *otter.Cache[ID, Thing]
	named  func(Thing, Name) bool

	mu      sync.Mutex
	changes uint64
}

// newShelf keeps up to size things.
func newShelf[Name, ID comparable, Thing any](size int, named func(Thing, Name) bool) *shelf[Name, ID, Thing] {
	return &shelf[Name, ID, Thing]{
		ids:    otter.Must(&otter.Options[Name, ID]{MaximumSize: size}),
		things: otter.Must(&otter.Options[ID, Thing]{MaximumSize: size}),
		named:  named,
	}
}

// find returns the thing of the name, from the shelf or else by read, which
// tells its id too. What read returns with keep false is not put on the shelf.
func (s *shelf[Name, ID, Thing]) find(name Name, read func() (id ID, t Thing, keep bool, err error)) (Thing, error) {
	if id, ok := s.ids.GetIfPresent(name); ok {
		if t, ok := s.things.GetIfPresent(id); ok && s.named(t, name) {
			return t, nil
		}
	}
	began := s.seen()
	id, t, keep, err := read()
	if err == nil && keep {
		s.put(began, name, id, t)
	}
	return t, err
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
	s.things.Set(id, t)
	s.ids.Set(name, id)
}

// forget drops the thing that changed.
func (s *shelf[Name, ID, Thing]) forget(id ID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.changes++
	s.things.Invalidate(id)
}

// forgetAll drops everything.
func (s *shelf[Name, ID, Thing]) forgetAll() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.changes++
	s.things.InvalidateAll()
}
