package link_test

import (
	"fmt"
	"regexp"
	"strings"
	"sync"
	"testing"

	"smartlinks/internal/business/businesstest"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/fault"
	"smartlinks/internal/link"
)

func TestPathsAreMadeFromNamesInAnyScript(t *testing.T) {
	for name, want := range map[string]string{
		"Summer Sale Promotion": "summer-sale-promotion",
		"Café & Crème":          "cafe-and-creme",
		"Летняя распродажа":     "letniaia-rasprodazha",
		"2025 tickets":          "link-2025-tickets",
		"???":                   "payment",
		"🎉":                     "payment",
		"Link":                  "link-link",
		"Shop":                  "link-shop",
		"a_b  c":                "a-b-c",
	} {
		if got := link.SuggestPath(name, "en"); got != want {
			t.Errorf("the path of %q is %q, want %q", name, got, want)
		}
	}
}

// Each language writes its letters and signs in an address as its readers do; a path that is
// stored stays as it is.
func TestPathsFollowTheLanguageOfTheBusiness(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		before, err := w.Create(t.Context(), w.b, draft("Söhne & Töchter"))
		if err != nil || before.Path != "sohne-and-tochter" {
			t.Fatalf("in English: %q, %v", before.Path, err)
		}
		b := w.b
		for language, want := range map[string]string{"de": "soehne-und-toechter", "fr": "sohne-et-tochter", "nl": "sohne-en-tochter", "es": "sohne-y-tochter"} {
			b.Locale = language
			if free, err := w.FreePath(t.Context(), b, "Söhne & Töchter"); err != nil || free != want {
				t.Errorf("%s: %q, %v", language, free, err)
			}
			if l, err := w.Create(t.Context(), b, draft("Söhne & Töchter")); err != nil || l.Path != want {
				t.Errorf("%s: %q, %v", language, l.Path, err)
			}
		}
		if l, err := w.Edit(t.Context(), b, before.ID, 0, func(f *link.Fields) { f.Description = "Mit Mittagessen" }); err != nil || l.Path != before.Path {
			t.Errorf("saved again: %q, %v", l.Path, err)
		}
	})
}

var pathForm = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9-]{0,79}$`)

func FuzzSuggestedPathsAreValid(f *testing.F) {
	for _, name := range []string{"", "Summer Sale", "夏のセール", "-", "a__b", "1", "terms", "Ünïcödé Ünïcödé Ünïcödé Ünïcödé Ünïcödé Ünïcödé Ünïcödé Ünïcödé Ünïcödé Ünïcödé"} {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, name string) {
		if path := link.SuggestPath(name, "en"); !pathForm.MatchString(path) || path[len(path)-1] == '-' {
			t.Errorf("the path of %q is %q", name, path)
		}
	})
}

// A merchant who names a link by a smiley gets one, as anybody does.
func TestAnyNameMakesALink(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		for name, want := range map[string]string{"🎉": "payment", "Link": "link-link", "Terms": "link-terms", "100": "link-100"} {
			if l, err := w.Create(t.Context(), w.b, draft(name)); err != nil || l.Path != want {
				t.Errorf("%s: %q, %v", name, l.Path, err)
			}
		}
	})
}

func TestTakenNamesGetNumbersAlsoInACrowd(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		const n = 12
		var all sync.WaitGroup
		paths := make([]string, n)
		for i := range n {
			all.Go(func() {
				l, err := w.Create(t.Context(), w.b, draft("Summer Sale"))
				if err != nil {
					t.Error(err)
				}
				paths[i] = l.Path
			})
		}
		all.Wait()
		seen := map[string]bool{}
		for _, p := range paths {
			seen[p] = true
		}
		if !seen["summer-sale"] || len(seen) != n {
			t.Errorf("%d links of one name got the paths %v", n, paths)
		}
		for i := 2; i <= n; i++ {
			if p := fmt.Sprintf("summer-sale-%d", i); !seen[p] {
				t.Errorf("no link got %s: %v", p, paths)
			}
		}
	})
}

func TestAPastedPathIsTrimmed(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		for pasted, want := range map[string]string{"  spring ": "spring", "\u00a0summer\u200b\n": "summer", "\u202aautumn\u202c": "autumn", "\u200b": "name"} {
			l := draft("Name")
			if l.Path = pasted; w.make(t, l).Path != want {
				t.Errorf("%q does not become %q", pasted, want)
			}
			if err := w.CheckPath(t.Context(), w.b.ID, want+"-b\u200b ", ""); err != nil {
				t.Errorf("%q: %v", pasted, err)
			}
		}
	})
}

func TestRedirectsLeaveInALabels(t *testing.T) {
	for address, want := range map[string]string{
		"https://münchen.de/danke?x=1#a":  "https://xn--mnchen-3ya.de/danke?x=1#a",
		"http://MÜNCHEN.de:8080/":         "http://xn--mnchen-3ya.de:8080/",
		"https://例え.jp":                   "https://xn--r8jz45g.jp",
		"https://example.com/a%2Fb?q=%20": "https://example.com/a%2Fb?q=%20",
		"http://[::1]:8080/x":             "http://[::1]:8080/x",
		"":                                "",
	} {
		if got := (link.AfterPayment{RedirectURL: address}).Destination(); got != want {
			t.Errorf("%s leaves as %s", address, got)
		}
	}
}

func TestAGivenPathThatIsTakenIsRefusedWithAFreeOne(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		w.make(t, draft("Sale"))
		second := draft("Other")
		second.Path = "sale"
		_, err := w.Create(t.Context(), w.b, second)
		wantFault(t, err, fault.Invalid, "path")
		if want := "“sale-2” is free"; !regexp.MustCompile(want).MatchString(err.Error()) {
			t.Errorf("the refusal %q does not say that %s", err, want)
		}
		other := w
		other.b = businesstest.Make(t, d, "other")
		if l := other.make(t, second); l.Path != "sale" {
			t.Errorf("another business got %q", l.Path)
		}
	})
}

func TestAPathLeadsToItsLinkOrOn(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		first := draft("First")
		first.Path = "Early-Bird"
		l := w.make(t, first)

		expectMatch(t, w, "Early-Bird", l.ID, "")
		expectMatch(t, w, "early-bird", "", "Early-Bird") // the only one but for case
		twin := draft("Twin")
		twin.Path = "early-BIRD"
		second := w.make(t, twin)
		expectMatch(t, w, "early-BIRD", second.ID, "")
		if _, err := w.ByPath(t.Context(), w.b, "early-bird"); !fault.Is(err, fault.NotFound) {
			t.Errorf("two links match but for case, and the answer is %v", err)
		}

		w.patch(t, l.ID, func(f *link.Fields) { f.Path = "late" })
		expectMatch(t, w, "Early-Bird", "", "late")
		w.patch(t, l.ID, func(f *link.Fields) { f.Path = "later" })
		expectMatch(t, w, "Early-Bird", "", "later") // old paths follow every rename
		expectMatch(t, w, "late", "", "later")
		taker := draft("Taker")
		taker.Path = "late"
		expectMatch(t, w, "late", w.make(t, taker).ID, "") // until somebody takes them
		w.patch(t, l.ID, func(f *link.Fields) { f.Path = "Early-Bird" })
		expectMatch(t, w, "Early-Bird", l.ID, "")
		expectMatch(t, w, "later", "", "Early-Bird")

		if err := w.Delete(t.Context(), w.b, l.ID); err != nil {
			t.Fatal(err)
		}
		for _, path := range []string{"Early-Bird", "later"} {
			if m, err := w.ByPath(t.Context(), w.b, path); err == nil && m.RedirectTo != second.Path {
				t.Errorf("after its link was deleted, %q leads to %+v", path, m)
			}
		}
	})
}

func expectMatch(t *testing.T, w world, path string, id link.ID, redirect string) {
	t.Helper()
	m, err := w.ByPath(t.Context(), w.b, path)
	if err != nil || m.Link.ID != id || m.RedirectTo != redirect {
		t.Errorf("%q leads to %q or %q, %v, want %q or %q", path, m.Link.ID, m.RedirectTo, err, id, redirect)
	}
}

func TestARenameAndANewLinkNeverShareAPath(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		l := w.make(t, draft("Renamed"))
		for i := range 8 {
			path := fmt.Sprintf("wanted-%d", i)
			var both sync.WaitGroup
			var renamed, created error
			both.Go(func() { _, renamed = w.Edit(t.Context(), w.b, l.ID, 0, func(f *link.Fields) { f.Path = path }) })
			both.Go(func() {
				taker := draft("Taker")
				taker.Path = path
				_, created = w.Create(t.Context(), w.b, taker)
			})
			both.Wait()
			if (renamed == nil) == (created == nil) {
				t.Errorf("both got or both lost %s: %v, %v", path, renamed, created)
			}
			for _, err := range []error{renamed, created} {
				if err != nil {
					wantFault(t, err, fault.Invalid, "path")
				}
			}
		}
	})
}

func TestGuessablePathsAreKnown(t *testing.T) {
	for path, want := range map[string]bool{"test": true, "Temp": true, "link1": true, "new-link-3": true, "early-bird": false, "testing": false, "sale-summer": false} {
		if got := link.GuessablePath(path); got != want {
			t.Errorf("guessable %q: %v", path, got)
		}
	}
}

// A long name is cut behind its last whole word; a word that fills more than half of the
// address is cut itself.
func TestLongNamesAreCutBehindAWord(t *testing.T) {
	a := func(n int) string { return strings.Repeat("a", n) }
	for name, want := range map[string]string{
		"zebra":                                 "zebra",
		a(link.MaxPath):                         a(link.MaxPath),
		a(link.MaxPath + 1):                     a(link.MaxPath),
		a(link.MaxPath) + " b":                  a(link.MaxPath), // it ends with a word
		a(link.MaxPath-3) + " bcd":              a(link.MaxPath - 3),
		a(link.MaxPath/2) + " " + a(60):         a(link.MaxPath/2) + "-" + a(link.MaxPath-link.MaxPath/2-1),
		a(link.MaxPath/2+1) + " " + a(60):       a(link.MaxPath/2 + 1),
		a(link.MaxPath/2+1) + " bc " + a(60):    a(link.MaxPath/2+1) + "-bc",
		a(link.MaxPath-4) + " bcd " + a(60):     a(link.MaxPath-4) + "-bcd",
		a(link.MaxPath-5) + " bcde " + a(60):    a(link.MaxPath-5) + "-bcde",
		a(link.MaxPath-6) + " bcdefg " + a(60):  a(link.MaxPath - 6),
		a(link.MaxPath-5) + "  bcdefgh" + a(60): a(link.MaxPath - 5),
	} {
		if got := link.SuggestPath(name, "en"); got != want {
			t.Errorf("the path of %q is %q (%d), want %q", name, got, len(got), want)
		}
	}
}

func TestAPathIsCheckedBeforeItIsTaken(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		long := strings.Repeat("a", link.MaxPath)
		l := w.make(t, draft(long))
		check := func(path string, except link.ID) error { return w.CheckPath(t.Context(), w.b.ID, path, except) }
		if err := check("free", ""); err != nil {
			t.Errorf("a free one: %v", err)
		}
		wantFault(t, check("1a", ""), fault.Invalid, "path")
		wantFault(t, check(long, ""), fault.Invalid, "path")
		if err := check(long, l.ID); err != nil {
			t.Errorf("its own: %v", err)
		}
		if free, err := w.FreePath(t.Context(), w.b, long); err != nil || free != long[:link.MaxPath-2]+"-2" {
			t.Errorf("with a number it is %q, %v", free, err)
		}
	})
}
