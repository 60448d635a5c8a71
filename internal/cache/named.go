package cache

import (
	"sync"
	"sync/atomic"
)

// Named keeps values that are found by a name and change under an id. Names are hints
// only: the value itself says whether the name is its own, so a value that got another
// name or another owner is never found under the old one.
//
// When everything may have changed, because the connection to the database was lost, the
// values stay and are read again one by one. While reading fails, the cached one is
// returned. It is safe for use by many goroutines.
type Named[Name, ID comparable, V any] interface {
	// Find returns the value of the name, from the cache or else by read, which returns its
	// id too. What read returns with keep false is not kept.
	Find(name Name, read func() (id ID, v V, keep bool, err error)) (V, error)
	// Invalidate drops the value that changed.
	Invalidate(id ID)
	// InvalidateAll has every value read again.
	InvalidateAll()
}

type named[Name, ID comparable, V any] struct {
	c        NamedConfig[Name, V]
	ids      Cache[Name, ID]
	values   Cache[ID, read[V]]
	round    atomic.Uint64 // counts InvalidateAll
	reading  atomic.Bool   // somebody reads a value of an earlier round again
	mu       sync.Mutex
	versions uint64 // counts what was invalidated
}

// NamedConfig is what a Named needs to know of its values.
type NamedConfig[Name, V any] struct {
	// Size is how many values are kept.
	Size int
	// Matches reports whether the name is the value's.
	Matches func(*V, Name) bool
	// Stale reports whether after this error of reading the cached value is returned.
	Stale func(error) bool
}

// read is a value, and the round in which it was read.
type read[V any] struct {
	value *V
	round uint64
}

// NewNamed returns an empty cache.
func NewNamed[Name, ID comparable, V any](c NamedConfig[Name, V]) Named[Name, ID, V] {
	return &named[Name, ID, V]{c: c, ids: New[Name, ID](c.Size), values: New[ID, read[V]](c.Size)}
}

func (n *named[Name, ID, V]) Find(name Name, read func() (id ID, v V, keep bool, err error)) (V, error) {
	cached, found := n.cached(name)
	if found && (cached.round == n.round.Load() || !n.reading.CompareAndSwap(false, true)) {
		return *cached.value, nil
	}
	if found {
		defer n.reading.Store(false)
	}
	began := n.version()
	id, v, keep, err := read()
	if err == nil && keep {
		n.put(began, name, id, &v)
	}
	if found && err != nil && n.c.Stale(err) {
		return *cached.value, nil
	}
	if found && (err != nil || !keep) { // gone: nobody else shall get what was there
		n.drop(name)
	}
	return v, err
}

// drop lets go of the value of a name.
func (n *named[Name, ID, V]) drop(name Name) {
	if id, ok := n.ids.Get(name); ok {
		n.Invalidate(id)
	}
}

func (n *named[Name, ID, V]) cached(name Name) (read[V], bool) {
	id, ok := n.ids.Get(name)
	if !ok {
		return read[V]{}, false
	}
	r, ok := n.values.Get(id)
	return r, ok && n.c.Matches(r.value, name)
}

func (n *named[Name, ID, V]) version() uint64 {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.versions
}

// put keeps a value, unless something was invalidated since it began to be read: then it
// may be what was there before.
func (n *named[Name, ID, V]) put(began uint64, name Name, id ID, v *V) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.versions != began {
		return
	}
	n.values.Put(id, read[V]{v, n.round.Load()})
	n.ids.Put(name, id)
}

func (n *named[Name, ID, V]) Invalidate(id ID) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.versions++
	n.values.Remove(id)
}

func (n *named[Name, ID, V]) InvalidateAll() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.versions++
	n.round.Add(1)
}
