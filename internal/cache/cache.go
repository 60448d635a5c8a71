// Package cache keeps in memory what is costly to read or to make.
package cache

import (
	"math"
	"sync"

	"github.com/hashicorp/golang-lru/v2/simplelru"
)

// Cache keeps values by their keys, up to a weight in all; what was used least
// recently makes room. It is safe for use by many goroutines. It is an interface, as Named
// is, because a generic struct is compiled anew in every package that reaches it through a
// field, with all that it holds.
type Cache[K comparable, V any] interface {
	// Get returns the value of the key, and false when there is none.
	Get(key K) (V, bool)
	// Put keeps the value, instead of the one that the key had.
	Put(key K, value V)
	// Remove drops the value of the key.
	Remove(key K)
}

type cache[K comparable, V any] struct {
	weigh func(V) int // nil: each value weighs 1
	most  int

	mu     sync.Mutex
	values *simplelru.LRU[K, V]
	weight int
}

// New returns a cache of up to that many values.
func New[K comparable, V any](most int) Cache[K, V] { return NewWeighted[K, V](most, nil) }

// NewWeighted returns a cache of values that weigh up to most together: bytes, if weigh
// counts those. A value that weighs more than most is not kept. The weight of a value
// must not change.
func NewWeighted[K comparable, V any](most int, weigh func(V) int) Cache[K, V] {
	c := &cache[K, V]{weigh: weigh, most: most}
	c.values, _ = simplelru.NewLRU(math.MaxInt, func(_ K, v V) { c.weight -= c.weightOf(v) }) // it refuses only sizes below 1
	return c
}

func (c *cache[K, V]) Get(key K) (V, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.values.Get(key)
}

func (c *cache[K, V]) Put(key K, value V) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.values.Remove(key)
	c.values.Add(key, value)
	c.weight += c.weightOf(value)
	for c.weight > c.most {
		c.values.RemoveOldest()
	}
}

func (c *cache[K, V]) Remove(key K) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.values.Remove(key)
}

func (c *cache[K, V]) weightOf(v V) int {
	if c.weigh == nil {
		return 1
	}
	return c.weigh(v)
}
