package frame

import (
	"net/http"
	"time"

	"smartlinks/internal/clock"
	"smartlinks/internal/fault"
)

// The pace of a live page. A stream ends by itself after a while; the browser
// opens it again, and membership is checked anew.
const (
	LivePause         = time.Second      // between two notices, however much happens
	LiveBusinessPause = 5 * time.Second  // the same for a whole business
	liveHeartbeat     = 20 * time.Second // keeps proxies from closing a silent stream
	liveLongest       = 15 * time.Minute
	liveWrite         = 10 * time.Second // for a reader who takes nothing any more
)

// Follow streams a line whenever something happens that concerns the page.
func (d *Dashboard) Follow(w http.ResponseWriter, r *http.Request, pause time.Duration, concerns func(topic, key string) bool) error {
	happened := make(chan struct{}, 1)
	cancel := d.DB.Subscribe(func(topic, key string) {
		if topic == "*" || concerns(topic, key) {
			select {
			case happened <- struct{}{}:
			default: // one is waiting already
			}
		}
	})
	defer cancel()
	s := stream{w: w, control: http.NewResponseController(w), machine: clock.System()}
	if err := s.control.SetReadDeadline(time.Time{}); err != nil {
		return err // the server's would end the stream after a minute
	}
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("X-Accel-Buffering", "no")
	if !s.send("retry: 3000\n\n") {
		return fault.New(fault.Unavailable, "Live pages need a connection that can stream.")
	}
	d.pump(r, s, happened, pause)
	return nil
}

// pump sends until the reader leaves, the server shuts down or it has been long
// enough.
func (d *Dashboard) pump(r *http.Request, s stream, happened <-chan struct{}, pause time.Duration) {
	beat := time.NewTicker(liveHeartbeat)
	defer beat.Stop()
	end := time.NewTimer(liveLongest)
	defer end.Stop()
	for {
		text := ": still here\n\n"
		select {
		case <-r.Context().Done():
			return
		case <-d.closing:
			return
		case <-end.C:
			return
		case <-beat.C:
		case <-happened:
			text = "event: activity\ndata: now\n\n"
		}
		if !s.send(text) || !d.rest(r, pause) {
			return
		}
	}
}

// rest waits, or returns false when the stream should end first.
func (d *Dashboard) rest(r *http.Request, pause time.Duration) bool {
	t := time.NewTimer(pause)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-r.Context().Done():
	case <-d.closing:
	}
	return false
}

// stream writes server-sent events, each with a deadline of its own in place of
// the server's for whole answers.
type stream struct {
	w       http.ResponseWriter
	control *http.ResponseController
	machine *clock.Clock // deadlines of connections are the machine's, whatever time it is for us
}

func (s stream) send(text string) bool {
	if s.control.SetWriteDeadline(s.machine.Wall().Add(liveWrite)) != nil {
		return false
	}
	if _, err := s.w.Write([]byte(text)); err != nil {
		return false
	}
	return s.control.Flush() == nil
}
