package logs

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"
)

// A disk that is full under a crowd is told, not repeated; other troubles still are, and
// what was left out is counted.
func TestOneTroubleDoesNotFillTheLog(t *testing.T) {
	var out bytes.Buffer
	h := Text(&out, slog.LevelInfo).Handler()
	now := time.Date(2026, 2, 18, 9, 42, 0, 0, time.UTC)
	log := func(level slog.Level, message string) {
		r := slog.NewRecord(now, level, message, 0)
		r.AddAttrs(slog.Any("error", errors.New("disk full")))
		if err := h.Handle(context.Background(), r); err != nil {
			t.Fatal(err)
		}
	}
	for range 100 {
		log(slog.LevelError, "payer's page failed")
		log(slog.LevelInfo, "request")
	}
	log(slog.LevelWarn, "another")
	for message, want := range map[string]int{"payer's page failed": sayings, "request": 100, "another": 1} {
		if n := strings.Count(out.String(), message); n != want {
			t.Errorf("%q stands there %d times, want %d", message, n, want)
		}
	}
	out.Reset()
	now = now.Add(sayingsPeriod)
	log(slog.LevelError, "payer's page failed")
	if !strings.Contains(out.String(), "left_out=95") {
		t.Errorf("a minute later it says %s", &out)
	}
}
