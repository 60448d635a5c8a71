package cache_test

import (
	"strings"
	"testing"

	"smartlinks/internal/cache"
)

func TestWhatWasUsedLeastRecentlyMakesRoom(t *testing.T) {
	c := cache.New[string, int](2)
	c.Put("a", 1)
	c.Put("b", 2)
	c.Get("a")
	c.Put("c", 3)
	if _, found := c.Get("b"); found {
		t.Error("b is still there")
	}
	for key, want := range map[string]int{"a": 1, "c": 3} {
		if got, found := c.Get(key); !found || got != want {
			t.Errorf("%s is %d, %t", key, got, found)
		}
	}
}

func TestAValueIsReplacedAndRemoved(t *testing.T) {
	c := cache.New[string, int](2)
	c.Put("a", 1)
	c.Put("a", 2)
	c.Put("b", 3)
	if got, found := c.Get("a"); !found || got != 2 {
		t.Errorf("a is %d, %t", got, found)
	}
	c.Remove("a")
	if _, found := c.Get("a"); found {
		t.Error("a is still there")
	}
	if _, found := c.Get("b"); !found {
		t.Error("b went with it")
	}
}

func TestTheWeightOfAllIsBounded(t *testing.T) {
	c := cache.NewWeighted[string](10, func(s string) int { return len(s) })
	c.Put("small", "xxx")
	c.Put("middle", "xxxxxxx")
	if _, found := c.Get("small"); !found {
		t.Error("10 of 10 is not kept")
	}
	c.Put("small", "xxxx") // 11 with the other
	if _, found := c.Get("middle"); found {
		t.Error("11 of 10 is kept")
	}
	c.Put("large", strings.Repeat("x", 11))
	if _, found := c.Get("large"); found {
		t.Error("a value of 11 is kept")
	}
	c.Put("again", strings.Repeat("x", 10))
	if _, found := c.Get("again"); !found {
		t.Error("weight is lost after a value that was too large")
	}
}
