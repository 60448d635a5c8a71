package cache_test

import (
	"errors"
	"testing"

	"smartlinks/internal/cache"
)

// maker counts how often it is asked whether there is anything.
func maker(asked *int, there bool, meanwhile func()) func() (bool, error) {
	return func() (bool, error) {
		*asked++
		if meanwhile != nil {
			meanwhile()
		}
		return there, nil
	}
}

func TestWhatIsAbsentIsLookedForOnceUntilItIsMade(t *testing.T) {
	a, asked := cache.NewAbsent[string]("thing", 10), 0
	has := func(want bool, look func() (bool, error)) {
		t.Helper()
		if got, err := a.Has("acme", look); err != nil || got != want {
			t.Errorf("there is something: %t, %v, want %t", got, err, want)
		}
	}
	for range 3 {
		has(false, maker(&asked, false, nil))
	}
	a.Noticed("other", "acme")
	a.Noticed("thing", "another")
	has(false, maker(&asked, true, nil))
	if asked != 1 {
		t.Errorf("looked %d times, want once", asked)
	}
	a.Noticed("thing", "acme")
	for range 2 { // what is there is looked for each time: it may go
		has(true, maker(&asked, true, nil))
	}
	has(false, maker(&asked, false, nil))
	a.Noticed("*", "")
	has(true, maker(&asked, true, nil))
}

func TestWhatIsMadeWhileWeLookIsNotAbsent(t *testing.T) {
	a, asked := cache.NewAbsent[string]("thing", 10), 0
	for _, topic := range []string{"thing", "*"} {
		if got, err := a.Has("acme", maker(&asked, false, func() { a.Noticed(topic, "acme") })); got || err != nil {
			t.Fatal(got, err)
		}
		if got, _ := a.Has("acme", maker(&asked, true, nil)); !got {
			t.Errorf("%s: what was made while somebody looked is not seen", topic)
		}
	}
}

func TestALookInVainIsNotRemembered(t *testing.T) {
	a, asked, away := cache.NewAbsent[string]("thing", 10), 0, errors.New("no connection")
	if _, err := a.Has("acme", func() (bool, error) { return false, away }); !errors.Is(err, away) {
		t.Fatal(err)
	}
	if got, _ := a.Has("acme", maker(&asked, true, nil)); !got {
		t.Error("behind an error nothing is there")
	}
}
