package api

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// Laid out, JSON says what it said, and only what can't be parted is long.
func TestLayoutChangesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		value := anyJSON(3).Draw(t, "value")
		text, err := json.Marshal(value)
		if err != nil {
			t.Fatal(err)
		}
		shown := layout(text)
		var before, after any
		if err := json.Unmarshal(text, &before); err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal([]byte(shown), &after); err != nil || !reflect.DeepEqual(before, after) {
			t.Fatalf("%s became %s: %v", text, shown, err)
		}
		for line := range strings.Lines(shown) {
			if line := strings.TrimSpace(line); len(line) > layoutWidth+30 {
				t.Fatalf("a line of %d: %s", len(line), line)
			}
		}
	})
}

func anyJSON(depth int) *rapid.Generator[any] {
	leaves := []*rapid.Generator[any]{
		rapid.Just[any](nil), rapid.Bool().AsAny(), rapid.IntRange(-9, 9999).AsAny(), rapid.StringMatching(`[a-zé"{},: \\]{0,12}`).AsAny(),
	}
	if depth == 0 {
		return rapid.OneOf(leaves...)
	}
	inner := anyJSON(depth - 1)
	return rapid.OneOf(append(leaves, rapid.SliceOfN(inner, 0, 5).AsAny(), rapid.MapOfN(rapid.StringMatching(`[a-z_]{1,9}`), inner, 0, 5).AsAny())...)
}
