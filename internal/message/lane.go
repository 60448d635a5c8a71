package message

import (
	"context"
	"sync"
)

// lane bounds how many messages of one channel a process hands over at the same
// time, so that a slow gateway holds up its own channel alone.
type lane struct {
	slots chan struct{} // one for each message that is being handed over
	turn  sync.Mutex    // of whoever waits for all slots
}

func newLane() *lane { return &lane{slots: make(chan struct{}, atOnce)} }

// take takes all slots that are free now.
func (l *lane) take() (n int) {
	for {
		select {
		case l.slots <- struct{}{}:
			n++
		default:
			return n
		}
	}
}

func (l *lane) giveBack(n int) {
	for range n {
		<-l.slots
	}
}

// settled waits until no message is being handed over: until all slots can be had.
func (l *lane) settled(ctx context.Context) error {
	l.turn.Lock()
	defer l.turn.Unlock()
	taken := 0
	defer func() { l.giveBack(taken) }()
	for range atOnce {
		select {
		case l.slots <- struct{}{}:
			taken++
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}
