package lookup

import (
	"context"
	"math"
	"strings"
	"sync"

	"github.com/hashicorp/golang-lru/v2/simplelru"
)

// Bounds of what is kept.
const (
	mostChanged = 5_000    // after as many changes a text is read anew
	mostInAll   = 96 << 20 // bytes of all texts
	mostOfOne   = 48 << 20 // bytes of one, some 400,000 customers
)

// Source reads the rows of an owner and hands them over: all of them in the order of their
// ids, or, when ids says which, those of them that exist.
type Source func(ctx context.Context, owner string, ids []string, put func(Row)) error

// Cache keeps the texts of several owners and brings them up to date when something
// changed. It is safe for use by many goroutines.
type Cache struct {
	source Source

	mu     sync.Mutex
	texts  *simplelru.LRU[string, *kept]
	weight int
}

// kept is the text of one owner.
type kept struct {
	reading sync.Mutex
	text    *Text // nil until it is read, and when it is too large to be kept

	// What follows is under the mutex of the cache.
	large   bool
	weight  int
	changed map[string]bool // since the text was read
	out     bool            // no longer the cache's, so it hears of no more changes
}

// NewCache returns a cache that holds nothing yet.
func NewCache(source Source) *Cache {
	c := &Cache{source: source}
	c.texts, _ = simplelru.NewLRU(math.MaxInt, func(_ string, e *kept) { // it refuses only sizes below 1
		c.weight -= e.weight
		e.out = true
	})
	return c
}

// Key is the key of the notice that a row of an owner changed.
func Key(owner, id string) string { return owner + " " + id }

// Changed takes note that a row changed, by the key of its notice.
func (c *Cache) Changed(key string) {
	owner, id, _ := strings.Cut(key, " ")
	c.mu.Lock()
	defer c.mu.Unlock()
	e, held := c.texts.Peek(owner)
	if !held || e.large {
		return
	}
	if e.changed[id] = true; len(e.changed) > mostChanged {
		c.texts.Remove(owner)
	}
}

// Clear drops all texts: anything may have changed.
func (c *Cache) Clear() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.texts.Purge()
}

// Text is the owner's text as it is now; nil when it is too large to be kept.
func (c *Cache) Text(ctx context.Context, owner string) (*Text, error) {
	e := c.entry(owner)
	e.reading.Lock()
	defer e.reading.Unlock()
	changed, large, out := c.take(e)
	if large && !out {
		return nil, nil
	}
	text, err := c.read(ctx, owner, e.text, changed, out)
	if err != nil {
		c.drop(owner, e)
		return nil, err
	}
	if e.text = text; text.Size() > mostOfOne {
		e.text = nil
	}
	c.weigh(e)
	return e.text, nil
}

func (c *Cache) entry(owner string) *kept {
	c.mu.Lock()
	defer c.mu.Unlock()
	e, held := c.texts.Get(owner)
	if !held {
		e = &kept{changed: map[string]bool{}}
		c.texts.Add(owner, e)
	}
	return e
}

// take hands over what changed.
func (c *Cache) take(e *kept) (changed map[string]bool, large, out bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	changed, e.changed = e.changed, map[string]bool{}
	return changed, e.large, e.out
}

// read is the text as it is now, out of the one before, if there is one that counts.
func (c *Cache) read(ctx context.Context, owner string, before *Text, changed map[string]bool, out bool) (*Text, error) {
	if before == nil || out {
		var b builder
		err := c.source(ctx, owner, nil, b.row)
		return &b.Text, err
	}
	if len(changed) == 0 {
		return before, nil
	}
	var ids []string
	for id := range changed {
		ids = append(ids, id)
	}
	var rows []Row
	err := c.source(ctx, owner, ids, func(r Row) { rows = append(rows, r) })
	return before.with(changed, rows), err
}

// drop lets go of what could not be read.
func (c *Cache) drop(owner string, e *kept) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if now, held := c.texts.Peek(owner); held && now == e {
		c.texts.Remove(owner)
	}
	e.out = true
}

// weigh counts what the entry takes, and makes room.
func (c *Cache) weigh(e *kept) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if e.out {
		return
	}
	c.weight -= e.weight
	e.large, e.weight = e.text == nil, 0
	if !e.large {
		e.weight = e.text.Size()
	}
	c.weight += e.weight
	for c.weight > mostInAll && c.texts.Len() > 1 {
		c.texts.RemoveOldest()
	}
}
