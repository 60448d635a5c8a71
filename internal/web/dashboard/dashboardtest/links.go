package dashboardtest

import (
	"strings"
	"testing"
)

// Between returns what stands between start and end, behind the mark.
func Between(t testing.TB, text, mark, start, end string) string {
	t.Helper()
	_, text, found := strings.Cut(text, mark)
	_, text, foundStart := strings.Cut(text, start)
	text, _, foundEnd := strings.Cut(text, end)
	if !found || !foundStart || !foundEnd {
		t.Fatalf("no %q … %q behind %q", start, end, mark)
	}
	return strings.ReplaceAll(text, "&amp;", "&")
}
