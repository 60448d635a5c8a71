package app

import (
	"context"
	"runtime/debug"
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

// balanceMemory runs until ctx ends. It leaves alone what the operator has set
// by GOGC. requests counts those that have begun so far.
func balanceMemory(ctx context.Context, requests func() int64) {
	if set := debug.SetGCPercent(restingPercent); set != restingPercent {
		debug.SetGCPercent(set)
		return
	}
	tick := time.NewTicker(memoryPeriod)
	defer tick.Stop()
	last, quiet := requests(), restsAfter-1 // starting took memory too
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		now := requests()
		if now > last {
			quiet = 0
		} else {
			quiet++
		}
		switch {
		case now-last > busyRequests:
			debug.SetGCPercent(busyPercent)
		case quiet == restsAfter:
			debug.SetGCPercent(restingPercent)
			debug.FreeOSMemory() // such as what hashing a password took
		}
		last = now
	}
}
