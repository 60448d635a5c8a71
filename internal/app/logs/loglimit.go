package logs

import (
	"context"
	"log/slog"
	"sync"
	"time"
)

// How often one warning or error is logged: sayings in a period. What is left out is
// counted, and told by the first that is logged again.
const (
	sayings       = 5
	sayingsPeriod = time.Minute
	maxSayings    = 1000 // messages that are remembered
)

// limiter keeps one trouble, such as a full disk under a crowd of payers, from filling the
// log: the same message is logged a few times a minute.
type limiter struct {
	slog.Handler
	state *said
}

// said is what was logged lately, by message.
type said struct {
	mu sync.Mutex
	by map[string]*saying
}

type saying struct {
	since   time.Time
	logged  int
	leftOut int
}

func limited(h slog.Handler) slog.Handler { return limiter{h, &said{by: map[string]*saying{}}} }

// Handle implements slog.Handler.
func (l limiter) Handle(ctx context.Context, r slog.Record) error {
	if r.Level < slog.LevelWarn {
		return l.Handler.Handle(ctx, r)
	}
	may, leftOut := l.state.may(r.Message, r.Time)
	if !may {
		return nil
	}
	if leftOut > 0 {
		r = r.Clone()
		r.AddAttrs(slog.Int("left_out", leftOut))
	}
	return l.Handler.Handle(ctx, r)
}

// may says whether a message may be logged at a time, and how many like it were not
// since the last that was.
func (s *said) may(message string, now time.Time) (may bool, leftOut int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	is := s.by[message]
	if is == nil {
		if len(s.by) >= maxSayings {
			clear(s.by)
		}
		is = &saying{since: now}
		s.by[message] = is
	}
	if now.Sub(is.since) >= sayingsPeriod {
		leftOut = is.leftOut
		*is = saying{since: now}
	}
	if is.logged >= sayings {
		is.leftOut++
		return false, 0
	}
	is.logged++
	return true, leftOut
}

// WithAttrs implements slog.Handler.
func (l limiter) WithAttrs(attrs []slog.Attr) slog.Handler {
	return limiter{l.Handler.WithAttrs(attrs), l.state}
}

// WithGroup implements slog.Handler.
func (l limiter) WithGroup(name string) slog.Handler {
	return limiter{l.Handler.WithGroup(name), l.state}
}
