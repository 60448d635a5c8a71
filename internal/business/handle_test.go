package business_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"pgregory.net/rapid"

	"smartlinks/internal/business"
	"smartlinks/internal/business/businesstest"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/fault"
)

func TestHandles(t *testing.T) {
	for handle, code := range map[string]string{
		"acme": "", "a1": "", "acme-books-2": "", strings.Repeat("a", 40): "",
		"": "handle.missing", "a": "handle.length", strings.Repeat("a", 41): "handle.length",
		"1acme": "handle.start", "-acme": "handle.start", "Acme": "handle.characters", "ac me": "handle.characters",
		"acmé": "handle.characters", "ac/me": "handle.characters", "ac.me": "handle.characters", "ac_me": "handle.characters",
		"dashboard": "handle.reserved", "r": "handle.length", "api": "handle.reserved",
	} {
		err := business.ValidateHandle(handle)
		got := ""
		if err != nil {
			got = fault.Of(err).Fields[0].Code
		}
		if got != code {
			t.Errorf("%q: got %q, want %q", handle, got, code)
		}
	}
}

func TestEveryFixedRouteIsReserved(t *testing.T) {
	for _, word := range []string{
		"api", "brand", "dashboard", "embed", "healthz", "hooks", "images", "mailbox", "metrics", "pay", "r",
		"readyz", "sandbox", "setup", "shop", "sign-in", "sign-out", "static", "admin", "assets", "well-known",
	} {
		if !business.Reserved(word) {
			t.Errorf("%q can be a handle", word)
		}
	}
	list := business.ReservedHandles()
	slices.Sort(list)
	if len(slices.Compact(list)) != len(business.ReservedHandles()) {
		t.Error("a word is reserved twice")
	}
}

func TestOneHandleOneBusinessUnderConcurrentSetups(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := businesstest.New(t, d)
		var made atomic.Int64
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				_, err := s.Create(t.Context(), business.Draft{Name: "A", Handle: "acme"})
				if err == nil {
					made.Add(1)
				} else if fault.Of(err).Fields[0].Code != "handle.taken" {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if made.Load() != 1 {
			t.Errorf("%d businesses have the handle", made.Load())
		}
	})
}

func rename(t *testing.T, s *business.Businesses, id business.ID, handle string) error {
	t.Helper()
	_, err := s.Update(t.Context(), id, 0, business.Patch{Handle: &handle})
	return err
}

// A printed code never pays a stranger, so nobody takes over what another gave up.
func TestOldHandlesStayTheirBusinesssOwn(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := businesstest.New(t, d)
		first := businesstest.Make(t, d, "first")
		for _, handle := range []string{"second", "third"} {
			if err := rename(t, s, first.ID, handle); err != nil {
				t.Fatal(err)
			}
		}
		expect := func(handle string, id business.ID, movedTo string) {
			t.Helper()
			b, moved, err := s.ByHandle(t.Context(), handle)
			if err != nil || b.ID != id || moved != movedTo {
				t.Errorf("/%s leads to %s, moved to %q, %v", handle, b.ID, moved, err)
			}
		}
		expect("first", first.ID, "third")
		expect("second", first.ID, "third")
		expect("third", first.ID, "")
		expect("Third", first.ID, "third")

		taker := businesstest.Make(t, d, "other")
		for _, handle := range []string{"first", "second"} {
			if err := rename(t, s, taker.ID, handle); err == nil || fault.Of(err).Fields[0].Code != "handle.taken" {
				t.Errorf("another is renamed to /%s: %v", handle, err)
			}
			_, err := s.Create(t.Context(), business.Draft{Name: "Another", Handle: handle})
			if err == nil || fault.Of(err).Fields[0].Code != "handle.taken" {
				t.Errorf("another is made at /%s: %v", handle, err)
			}
			expect(handle, first.ID, "third")
		}
		if err := rename(t, s, first.ID, "second"); err != nil { // one's own is free
			t.Fatal(err)
		}
		expect("second", first.ID, "")
		expect("third", first.ID, "second")
		if err := rename(t, s, first.ID, "third"); err != nil {
			t.Fatal(err)
		}
		kept, err := s.OldHandles(t.Context(), first.ID)
		if err != nil || len(kept) != 2 {
			t.Errorf("kept %+v, %v", kept, err)
		}
		if err := s.ReleaseHandle(t.Context(), taker.ID, "first"); !fault.Is(err, fault.NotFound) {
			t.Errorf("another lets it go: %v", err)
		}
		if err := s.ReleaseHandle(t.Context(), first.ID, "first"); err != nil {
			t.Fatal(err)
		}
		if _, _, err := s.ByHandle(t.Context(), "first"); !fault.Is(err, fault.NotFound) {
			t.Errorf("let go, it leads somewhere: %v", err)
		}
		if err := rename(t, s, taker.ID, "first"); err != nil {
			t.Fatal(err)
		}
		expect("first", taker.ID, "")
		expect("other", taker.ID, "first")
		var both int
		if err := d.Get(t.Context(), &both, `SELECT COUNT(*) FROM old_handles o JOIN businesses b ON b.handle = o.handle`); err != nil || both != 0 {
			t.Errorf("%d handles lead to two businesses, %v", both, err)
		}

		if err := rename(t, s, taker.ID, "third"); err == nil || fault.Of(err).Fields[0].Code != "handle.taken" {
			t.Errorf("a handle in use was taken: %v", err)
		}
		for _, handle := range []string{"nobody", "", "favicon.ico", "first/x"} {
			if _, _, err := s.ByHandle(t.Context(), handle); !fault.Is(err, fault.NotFound) {
				t.Errorf("%q: %v", handle, err)
			}
		}
	})
}

// Whoever waits for a handle that is being given up does not get it.
func TestAHandleIsNotTakenWhileItIsGivenUp(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := businesstest.New(t, d)
		for n := range 8 {
			old := fmt.Sprintf("first-%d", n)
			first, taker := businesstest.Make(t, d, old), businesstest.Make(t, d, fmt.Sprintf("taker-%d", n))
			var wg sync.WaitGroup
			wg.Go(func() {
				if err := rename(t, s, first.ID, fmt.Sprintf("second-%d", n)); err != nil {
					t.Error(err)
				}
			})
			for range 3 {
				wg.Go(func() { _ = rename(t, s, taker.ID, old) })
			}
			wg.Wait()
			if b, _, err := s.ByHandle(t.Context(), old); err != nil || b.ID != first.ID {
				t.Fatalf("/%s leads to %s, %v", old, b.Handle, err)
			}
		}
	})
}

func TestSuggestedHandlesAreValid(t *testing.T) {
	for name, want := range map[string]string{
		"Studio Noord": "studio-noord", "Café Zoë & Sons": "cafe-zoe-and-sons", "24 Hours": "biz-24-hours", "Shop": "biz-shop",
		"": "biz", "X": "biz-x", "!!!": "biz",
	} {
		if got := business.SuggestHandle(name, "en"); got != want {
			t.Errorf("%q: got %q, want %q", name, got, want)
		}
	}
	if got := business.SuggestHandle("Bäcker Söhne & Töchter", "de"); got != "baecker-soehne-und-toechter" {
		t.Errorf("in German: %q", got)
	}
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.String().Draw(t, "name")
		if err := business.ValidateHandle(business.SuggestHandle(name, "en")); err != nil {
			t.Errorf("%q: %q is refused: %v", name, business.SuggestHandle(name, "en"), err)
		}
	})
}
