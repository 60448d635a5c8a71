package cache

import "sync"

// Absent remembers of which keys there is nothing, so that what happens often asks the
// database nothing for them. What is made is told by Noticed, in every process. It is safe
// for use by many goroutines.
type Absent[K ~string] struct {
	topic string

	mu   sync.Mutex
	keys Cache[K, struct{}]
	turn uint64 // rises when something may have been made
	most int
}

// NewAbsent returns one that remembers up to that many keys, and hears under the topic of
// notices that something was made.
func NewAbsent[K ~string](topic string, most int) *Absent[K] {
	return &Absent[K]{topic: topic, most: most, keys: New[K, struct{}](most)}
}

// Noticed is for db.Subscribe: something of the key was made, or, by the topic "*", notices
// may have been lost.
func (a *Absent[K]) Noticed(topic, key string) {
	if topic != a.topic && topic != "*" {
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.turn++
	if topic == "*" {
		a.keys = New[K, struct{}](a.most)
		return
	}
	a.keys.Remove(K(key))
}

// Lacks reports whether it is known that there is nothing of the key.
func (a *Absent[K]) Lacks(key K) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	_, absent := a.keys.Get(key)
	return absent
}

// Has reports whether there is anything of the key: by look, unless it is known that there
// is nothing. What look says is not remembered where something was made meanwhile.
func (a *Absent[K]) Has(key K, look func() (bool, error)) (bool, error) {
	a.mu.Lock()
	_, absent := a.keys.Get(key)
	turn := a.turn
	a.mu.Unlock()
	if absent {
		return false, nil
	}
	there, err := look()
	if err != nil || there {
		return there, err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.turn == turn {
		a.keys.Put(key, struct{}{})
	}
	return false, nil
}
