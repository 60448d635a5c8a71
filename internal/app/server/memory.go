package server

import (
	"context"
	"runtime/debug"
	"sync/atomic"
	"time"
)

// The garbage collector runs when the memory has grown by so many percent since
// it ran last. Few megabytes live here for long, so under load the usual 100
// make it run many times a second, for a tenth of the processor. A busy process
// takes memory instead, well below 250 MB, and gives it back when it rests.
const (
	restingPercent = 100 // the runtime's default
	busyPercent    = 400
	busyRequests   = 100 // a period
	memoryPeriod   = time.Second
	restsAfter     = 10 // periods without a request
)

// memory balances the process's memory. It sleeps while nobody asks for anything.
type memory struct {
	begun   atomic.Int64 // requests
	resting atomic.Bool
	wake    chan struct{} // a request came while it rested
}

func newMemory() *memory { return &memory{wake: make(chan struct{}, 1)} }

// request counts a request that begins.
func (m *memory) request() {
	m.begun.Add(1)
	if m.resting.Load() && m.resting.CompareAndSwap(true, false) {
		m.wake <- struct{}{}
	}
}

// balance runs until ctx ends. It leaves alone what the operator has set by GOGC.
func (m *memory) balance(ctx context.Context) {
	if set := debug.SetGCPercent(restingPercent); set != restingPercent {
		debug.SetGCPercent(set)
		return
	}
	m.untilQuiet(ctx, restsAfter-1) // starting took memory too
	for ctx.Err() == nil {
		debug.SetGCPercent(restingPercent)
		debug.FreeOSMemory() // such as what hashing a password took
		m.resting.Store(true)
		select {
		case <-ctx.Done():
		case <-m.wake:
			m.untilQuiet(ctx, 0)
		}
	}
}

// untilQuiet returns when no request has come for a while, of which quiet periods have
// passed.
func (m *memory) untilQuiet(ctx context.Context, quiet int) {
	tick := time.NewTicker(memoryPeriod)
	defer tick.Stop()
	for last := m.begun.Load(); quiet < restsAfter; {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		now := m.begun.Load()
		if now == last {
			quiet++
			continue
		}
		if now-last > busyRequests {
			debug.SetGCPercent(busyPercent)
		}
		last, quiet = now, 0
	}
}
