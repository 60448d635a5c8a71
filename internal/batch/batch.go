// Package batch does work in natural batches: whatever waits while the last batch is
// done is done together by the next. An idle queue does one item at once, a busy one
// does many for the price of one.
package batch

import (
	"context"
	"sync"
)

// Queue gathers items by key. Batches of one key come one after another, those of
// several keys side by side. It is safe for concurrent use.
type Queue[K comparable, T any] struct {
	do   func(key K, items []T)
	most int

	mu      sync.Mutex
	waiting map[K][]*waiter[T] // a key is there while somebody works for it
}

// waiter is an item, and who waits until it is done.
type waiter[T any] struct {
	item     T
	done     chan struct{}
	panicked any
}

// New returns a queue that hands at most so many items to do at once, in the order in
// which they came.
func New[K comparable, T any](most int, do func(key K, items []T)) *Queue[K, T] {
	return &Queue[K, T]{do: do, most: most, waiting: map[K][]*waiter[T]{}}
}

// Do waits until the batch with the item is done, or ctx ends: then the item may be done
// all the same. A panic of the work goes to all who wait for it.
func (q *Queue[K, T]) Do(ctx context.Context, key K, item T) error {
	w := &waiter[T]{item: item, done: make(chan struct{})}
	q.mu.Lock()
	before, working := q.waiting[key]
	q.waiting[key] = append(before, w)
	q.mu.Unlock()
	if !working {
		go q.work(key)
	}
	select {
	case <-w.done:
	case <-ctx.Done():
		return ctx.Err()
	}
	if w.panicked != nil {
		panic(w.panicked)
	}
	return nil
}

// work does batches until nothing waits for the key.
func (q *Queue[K, T]) work(key K) {
	for batch := q.take(key); batch != nil; batch = q.take(key) {
		items := make([]T, len(batch))
		for i, w := range batch {
			items[i] = w.item
		}
		panicked := q.call(key, items)
		for _, w := range batch {
			w.panicked = panicked
			close(w.done)
		}
	}
}

func (q *Queue[K, T]) call(key K, items []T) (panicked any) {
	defer func() { panicked = recover() }()
	q.do(key, items)
	return nil
}

// take is what waits for the key; nil, and the key is gone, when nothing does.
func (q *Queue[K, T]) take(key K) []*waiter[T] {
	q.mu.Lock()
	defer q.mu.Unlock()
	all := q.waiting[key]
	if len(all) == 0 {
		delete(q.waiting, key)
		return nil
	}
	n := min(len(all), q.most)
	q.waiting[key] = all[n:]
	return all[:n]
}
