package cache_test

import (
	"strconv"
	"testing"

	"smartlinks/internal/cache"
)

// page is as large as a link, and name as the name that it is found by.
type (
	page struct {
		name name
		_    [900]byte
	}
	name struct{ business, mode, path string }
)

// BenchmarkFind finds one value of a thousand: the first step of opening a link.
func BenchmarkFind(b *testing.B) {
	c := cache.NewNamed[name, string](cache.NamedConfig[name, page]{Size: 10_000, Matches: func(p *page, n name) bool { return p.name == n }})
	names := make([]name, 1000)
	for i := range names {
		n := name{"biz_2q8xvmd3kgw1", "live", "path-" + strconv.Itoa(i)}
		names[i] = n
		_, _ = c.Find(n, func() (string, page, bool, error) { return n.path, page{name: n}, true, nil })
	}
	find := func(i int) {
		if _, err := c.Find(names[i%len(names)], nil); err != nil {
			b.Fatal(err)
		}
	}
	b.Run("one", func(b *testing.B) {
		b.ReportAllocs()
		for i := range b.N {
			find(i)
		}
	})
	b.Run("many", func(b *testing.B) {
		b.RunParallel(func(pb *testing.PB) {
			for i := 0; pb.Next(); i++ {
				find(i)
			}
		})
	})
}
