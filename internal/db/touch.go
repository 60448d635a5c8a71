package db

import (
	"context"
	"log/slog"
	"os"

	"github.com/fsnotify/fsnotify"
)

// A command beside a server counts, in the transaction, that it changed something, and
// touches a file once it is committed. The server sleeps until the system tells it of
// that. SQLite's own files would not do: the server writes them all the time.

// touchFile changes a file, so that who watches it hears.
func touchFile(path string, log *slog.Logger) {
	if err := os.WriteFile(path, []byte("A command changed something.\n"), 0o600); err != nil {
		log.Warn("tell the server of a change; it looks by itself within half a minute", "error", err)
	}
}

// watch looks for the mark that commands leave when they change something.
func (s *sqlite) watch(ctx context.Context) {
	touched, every := s.touches(ctx), dataVersionPoll
	if touched == nil {
		every = noticePoll
	}
	for last := int64(-1); ctx.Err() == nil; {
		var seen int64
		if err := s.Get(ctx, &seen, `SELECT notices FROM installation`); err == nil {
			if last >= 0 && seen != last {
				s.d.hub.publish([]notice{everything})
			}
			last = seen
		}
		pauseUntil(ctx, every, touched)
	}
}

// touches tells of each time that a command touched the file; nil where the system tells
// nothing, as when it has no watches left.
func (s *sqlite) touches(ctx context.Context) <-chan fsnotify.Event {
	path := s.path + noticeFile
	f, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return nil
	}
	f.Close()
	w, err := fsnotify.NewWatcher()
	if err != nil {
		return nil
	}
	context.AfterFunc(ctx, func() { w.Close() })
	if err := w.Add(path); err != nil {
		return nil
	}
	go func() {
		for range w.Errors { // such as too many at once, which is a change like others
		}
	}()
	return w.Events
}
