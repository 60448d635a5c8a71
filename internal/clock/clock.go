// Package clock is where the time comes from. Everything else is handed a
// Clock, or the one instant of its transaction.
package clock

import (
	"sync/atomic"
	"time"
)

// Clock tells the application's time: wall time plus an offset that test mode
// may move. It is safe for concurrent use; the zero value is not usable.
type Clock struct {
	wall   func() time.Time
	offset atomic.Int64
}

// System returns a clock on wall time.
func System() *Clock { return &Clock{wall: time.Now} }

// Fixed returns a clock that stands at the instant until it is advanced.
func Fixed(at time.Time) *Clock { return &Clock{wall: func() time.Time { return at }} }

// From returns a clock on a wall of the caller's, which may move.
func From(wall func() time.Time) *Clock { return &Clock{wall: wall} }

// Now is the application's present, in UTC, at the microsecond that the
// databases keep.
func (c *Clock) Now() time.Time {
	return c.wall().Add(time.Duration(c.offset.Load())).UTC().Truncate(time.Microsecond)
}

// Wall is the present without the offset. Signatures, sessions and waits
// between retries use it, because other systems don't share our offset.
func (c *Clock) Wall() time.Time { return c.wall().UTC().Truncate(time.Microsecond) }

// Offset is how far the application's time is ahead of the wall.
func (c *Clock) Offset() time.Duration { return time.Duration(c.offset.Load()) }

// SetOffset moves the application's time to the wall plus offset.
func (c *Clock) SetOffset(offset time.Duration) { c.offset.Store(int64(offset)) }
