package cli

import (
	"strings"
	"testing"
)

// A code that nobody may use would be one that all may use.
func TestACodeIsUsedOnceAtLeast(t *testing.T) {
	for _, most := range []int64{0, -1} {
		err := createCodeCommand{Percent: "10", Max: &most}.Run(t.Context(), Streams{})
		if err == nil || !strings.Contains(err.Error(), "1 or more") {
			t.Errorf("%d: %v", most, err)
		}
	}
}

// What a system or a library says has no full stop, and two errors stand on two lines.
func TestEveryErrorIsOneLineOfSentences(t *testing.T) {
	for said, want := range map[string]string{
		"open x: permission denied": "open x: permission denied.", "Is it right?": "Is it right?", "one\n\ntwo.\n": "one. two.",
		"not “some.”": "not “some.”", "Run `it`": "Run `it`.", "no:\n\tone\n": "no: one.",
	} {
		if is := Sentence(said); is != want {
			t.Errorf("%q is %q, want %q", said, is, want)
		}
	}
}
