// Package cache keeps in memory what is costly to read or to make.
package cache

import (
	"math"
	"sync"

	"github.com/hashicorp/golang-lru/v2/simplelru"
)

// Cache keeps values by their keys, up to a weight in all; what was used least
// recently makes room. It is safe for use by many goroutines.
type Cache[K comparable, V any] struct {
	weigh func(V) int // nil: each value weighs 1
	most  int

	mu     sync.Mutex
	values *simplelru.LRU[K, V]
	weight int
}

// New returns a cache of up to that many values.
func New[K comparable, V any](most int) *Cache[K, V] { return NewWeighted[K, V](most, nil) }

// NewWeighted returns a cache of values that weigh up to most together: bytes, if weigh
// counts those. A value that weighs more than most is not kept. The weight of a value
// must not change.
func NewWeighted[K comparable, V any](most int, weigh func(V) int) *Cache[K, V] {
	c := &Cache[K, V]{weigh: weigh, most: most}
	c.values, _ = simplelru.NewLRU(math.MaxInt, func(_ K, v V) { c.weight -= c.weightOf(v) }) // it refuses only sizes below 1
	return c
}

// Get returns the value of the key, and false when there is none.
func (c *Cache[K, V]) Get(key K) (V, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.values.Get(key)
}

// Put keeps the value, instead of the one that the key had.
func (c *Cache[K, V]) Put(key K, value V) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.values.Remove(key)
	c.values.Add(key, value)
	c.weight += c.weightOf(value)
	for c.weight > c.most {
		c.values.RemoveOldest()
	}
}

// Remove drops the value of the key.
func (c *Cache[K, V]) Remove(key K) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.values.Remove(key)
}

func (c *Cache[K, V]) weightOf(v V) int {
	if c.weigh == nil {
		return 1
	}
	return c.weigh(v)
}
