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
