package server

import (
	"runtime/debug"
	"testing"
	"testing/synctest"
	"time"
)

// A process that nobody asks anything has no timer; one that is busy lets the garbage
// collector rest, and gives memory back afterwards.
func TestMemoryIsBalancedWhileRequestsComeAlone(t *testing.T) {
	before := debug.SetGCPercent(restingPercent)
	t.Cleanup(func() { debug.SetGCPercent(before) })
	percent := func() int {
		is := debug.SetGCPercent(restingPercent)
		debug.SetGCPercent(is)
		return is
	}
	synctest.Test(t, func(t *testing.T) {
		m := newMemory()
		go m.balance(t.Context())
		time.Sleep(memoryPeriod + time.Millisecond)
		synctest.Wait()
		if !m.resting.Load() {
			t.Error("it does not rest after the start")
		}
		for range busyRequests + 1 {
			m.request()
		}
		time.Sleep(memoryPeriod)
		synctest.Wait()
		if m.resting.Load() {
			t.Error("it rests while requests come")
		}
		for range busyRequests + 1 {
			m.request()
		}
		time.Sleep(memoryPeriod)
		synctest.Wait()
		if is := percent(); is != busyPercent {
			t.Errorf("busy, the collector runs at %d percent", is)
		}
		time.Sleep(restsAfter * memoryPeriod)
		synctest.Wait()
		if is := percent(); is != restingPercent || !m.resting.Load() {
			t.Errorf("quiet, the collector runs at %d percent; it rests: %v", is, m.resting.Load())
		}
	})
}
