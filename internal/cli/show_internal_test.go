package cli

import (
	"bytes"
	"strings"
	"testing"
)

// A payer's name may hold what moves a terminal's cursor or hides other text.
func TestNamesCannotSteerTheTerminal(t *testing.T) {
	var out bytes.Buffer
	err := table(&out, []string{"NAME", "NOTE"}, [][]string{{"Jo\x1b[2Jnas\u202e\u009b31m", "two\nlines\tand"}})
	if err != nil || strings.ContainsAny(out.String(), "\x1b\u202e\u009b\t") || strings.Count(out.String(), "\n") != 2 {
		t.Errorf("%q, %v", out.String(), err)
	}
}
