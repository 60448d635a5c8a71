package frame

import (
	"cmp"
	"net/url"
	"strings"
)

// Lists are read by cursors that only lead on. The way back is the trail of
// the cursors that led here, carried in the address; it is bounded, and beyond
// its end "Newer" leads to the start.
const (
	maxTrail  = 12
	trailMark = "~"
)

// trail is the page that is shown: its cursor, and those before it.
type trail struct {
	Cursor string
	before []string
}

func TrailFrom(q url.Values) trail {
	t := trail{Cursor: q.Get("cursor")}
	if text := q.Get("trail"); text != "" && len(text) < 4096 {
		t.before = strings.Split(text, trailMark)
	}
	return t
}

// Older is the address of the page that begins at next, "" without one.
func (t trail) Older(base string, q url.Values, next string) string {
	if next == "" {
		return ""
	}
	before := append(append([]string{}, t.before...), cmp.Or(t.Cursor, "-"))
	if len(before) > maxTrail {
		before = before[len(before)-maxTrail:]
	}
	return WithQuery(base, q, next, strings.Join(before, trailMark))
}

// Newer is the address of the page before, "" on the first.
func (t trail) Newer(base string, q url.Values) string {
	if t.Cursor == "" {
		return ""
	}
	if len(t.before) == 0 {
		return WithQuery(base, q, "", "")
	}
	last := t.before[len(t.before)-1]
	if last == "-" {
		last = ""
	}
	return WithQuery(base, q, last, strings.Join(t.before[:len(t.before)-1], trailMark))
}

// WithQuery is base with the query, moved to another page.
func WithQuery(base string, q url.Values, cursor, trail string) string {
	moved := url.Values{}
	for key, values := range q {
		if key != "cursor" && key != "trail" {
			moved[key] = values
		}
	}
	if cursor != "" {
		moved.Set("cursor", cursor)
	}
	if trail != "" {
		moved.Set("trail", trail)
	}
	if len(moved) == 0 {
		return base
	}
	return base + "?" + moved.Encode()
}
