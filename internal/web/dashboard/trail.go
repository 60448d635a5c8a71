package dashboard

import (
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
	cursor string
	before []string
}

func trailFrom(q url.Values) trail {
	t := trail{cursor: q.Get("cursor")}
	if text := q.Get("trail"); text != "" && len(text) < 4096 {
		t.before = strings.Split(text, trailMark)
	}
	return t
}

// older is the address of the page that begins at next, "" without one.
func (t trail) older(base string, q url.Values, next string) string {
	if next == "" {
		return ""
	}
	before := append(append([]string{}, t.before...), firstOf(t.cursor, "-"))
	if len(before) > maxTrail {
		before = before[len(before)-maxTrail:]
	}
	return withQuery(base, q, next, strings.Join(before, trailMark))
}

// newer is the address of the page before, "" on the first.
func (t trail) newer(base string, q url.Values) string {
	if t.cursor == "" {
		return ""
	}
	if len(t.before) == 0 {
		return withQuery(base, q, "", "")
	}
	last := t.before[len(t.before)-1]
	if last == "-" {
		last = ""
	}
	return withQuery(base, q, last, strings.Join(t.before[:len(t.before)-1], trailMark))
}

// withQuery is base with the query, moved to another page.
func withQuery(base string, q url.Values, cursor, trail string) string {
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
