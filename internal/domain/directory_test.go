package domain_test

import (
	"fmt"
	"runtime"
	"testing"
	"time"

	"smartlinks/internal/db"
	"smartlinks/internal/domain"
)

func TestEveryProcessHearsOfDomains(t *testing.T) {
	worlds(t, func(t *testing.T, w *world) {
		other := w.process()
		if _, found := other.Directory.Find(host); found {
			t.Fatal("there is one already")
		}
		d := w.claim(w.acme, host)
		w.point(host, d)
		d = w.check(d)
		if id, found := w.Directory.Find(host); !found || id != w.acme.ID || w.Directory.HostOf(string(w.acme.ID), "") != host {
			t.Error("the process itself does not know it at once")
		}
		eventually(t, func() bool { _, found := other.Directory.Find(host); return found })
		if other.Directory.HostOf(string(w.acme.ID), "elsewhere.example") != host || other.Directory.HostOf(string(w.zenith.ID), host) != "" {
			t.Error("a domain is shown as another's, or not as the one for new links")
		}
		w.dns.Set("CNAME", host, "elsewhere.example.")
		w.check(d)
		eventually(t, func() bool { return other.Directory.HostOf(string(w.acme.ID), "") == "" })
		if _, found := other.Directory.Find(host); !found {
			t.Error("who still comes to a broken domain finds nothing")
		}
		if err := w.Remove(t.Context(), w.acme.ID, d.ID); err != nil {
			t.Fatal(err)
		}
		if _, found := w.Directory.Find(host); found {
			t.Error("a removed domain goes on")
		}
		eventually(t, func() bool { _, found := other.Directory.Find(host); return !found })
	})
}

// eventually waits for what another process was told.
func eventually(t *testing.T, is func() bool) {
	t.Helper()
	for range 500 {
		if is() {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatal("it never came")
}

func TestTenThousandDomainsFitIntoMemory(t *testing.T) {
	worlds(t, func(t *testing.T, w *world) {
		const many = 10_000
		err := w.d.InTx(t.Context(), func(tx *db.Tx) error {
			for i := range many {
				if _, err := tx.Exec(t.Context(), `INSERT INTO domains (id, business_id, host, token, proven_at, live_at, created_at) VALUES ($1, $2, $3, '', 1, 1, 1)`,
					fmt.Sprintf("dom_%d", i), w.acme.ID, fmt.Sprintf("n%d.acme.example", i)); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		used := func() uint64 {
			runtime.GC()
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			return m.HeapAlloc
		}
		before := used()
		x := domain.NewDirectory(w.d, true)
		if err := x.Load(t.Context()); err != nil {
			t.Fatal(err)
		}
		if after := used(); after > before+16<<20 {
			t.Errorf("%d domains take %d KiB", many, (after-before)>>10)
		}
		began := time.Now()
		for i := range many {
			if id, found := x.Find(fmt.Sprintf("n%d.acme.example", i)); !found || id != w.acme.ID {
				t.Fatalf("the domain %d is not found", i)
			}
		}
		if took := time.Since(began); took > 2*time.Second {
			t.Errorf("to find each took %s", took)
		}
	})
}
