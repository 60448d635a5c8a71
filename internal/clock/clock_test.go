package clock_test

import (
	"testing"
	"time"

	"smartlinks/internal/clock"
)

func TestOffsetMovesNowButNotTheWall(t *testing.T) {
	at := time.Date(2026, 2, 18, 10, 42, 0, 0, time.UTC)
	c := clock.Fixed(at)
	c.SetOffset(48 * time.Hour)
	if got := c.Now(); !got.Equal(at.Add(48 * time.Hour)) {
		t.Errorf("Now is %v", got)
	}
	if got := c.Wall(); !got.Equal(at) {
		t.Errorf("Wall is %v", got)
	}
}

func TestNowHasTheDatabasesPrecision(t *testing.T) {
	if got := clock.System().Now(); got.Nanosecond()%1000 != 0 || got.Location() != time.UTC {
		t.Errorf("Now is %v", got)
	}
}
