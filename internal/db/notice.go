package db

import "sync"

// notice says that something of a kind changed.
type notice struct {
	Topic string `json:"t"`
	Key   string `json:"k"`
}

// everything is the notice after which nothing that was read before counts.
var everything = notice{Topic: "*"}

// hub hands notices to the subscribers of this process.
type hub struct {
	mu   sync.RWMutex
	next int
	subs map[int]func(topic, key string)
}

func newHub() *hub { return &hub{subs: map[int]func(string, string){}} }

func (h *hub) subscribe(changed func(topic, key string)) (cancel func()) {
	h.mu.Lock()
	defer h.mu.Unlock()
	n := h.next
	h.next++
	h.subs[n] = changed
	return func() {
		h.mu.Lock()
		defer h.mu.Unlock()
		delete(h.subs, n)
	}
}

func (h *hub) publish(notices []notice) {
	if len(notices) == 0 {
		return
	}
	h.mu.RLock()
	defer h.mu.RUnlock()
	for _, changed := range h.subs {
		for _, n := range notices {
			changed(n.Topic, n.Key)
		}
	}
}
