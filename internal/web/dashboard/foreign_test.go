package dashboard_test

import (
	"maps"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"smartlinks/internal/business/businesstest"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/web/dashboard/dashboardtest"
)

// Nobody reaches an object of another business under the handle of their own,
// by any route. The routes are those of the router, so that one that is added
// later is tried too.
func TestOtherBusinessesObjectsDoNotExist(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		own, other := s.Firm(t, "acme", "marit@example.com"), s.Firm(t, "zenith", "zoe@example.com")
		b, theirs := s.SignedIn(t, "marit@example.com"), s.SignedIn(t, "zoe@example.com")
		tried := 0
		for _, r := range s.Inside() {
			if !dashboardtest.Named.MatchString(strings.ReplaceAll(r.Path, "{kind}", "")) {
				continue
			}
			tried++
			if r.Method == http.MethodGet && !strings.HasSuffix(r.Path, "/live") {
				// The object is there, so that its absence means something.
				if got := theirs.Get("/dashboard/zenith" + dashboardtest.Filled(t, r.Path, other, own, false)); got.Status == http.StatusNotFound {
					t.Errorf("GET %s: its own business gets 404", r.Path)
				}
			}
		}
		before := businesstest.Rows(t, d, other.ID)
		for _, r := range s.Inside() {
			if !dashboardtest.Named.MatchString(strings.ReplaceAll(r.Path, "{kind}", "")) {
				continue
			}
			path := dashboardtest.Filled(t, r.Path, own, other, true)
			var got dashboardtest.Answer
			if r.Method == http.MethodGet {
				got = b.Get("/dashboard/acme" + path)
			} else {
				if got := b.Post("/dashboard/acme"+path, nonsense()); got.Status != http.StatusNotFound && got.Status != http.StatusUnprocessableEntity {
					t.Errorf("POST %s of another business with nonsense: %d", r.Path, got.Status)
				}
				got = b.Post("/dashboard/acme"+path, dashboardtest.Sensible())
			}
			if got.Status != http.StatusNotFound || got.Has("zenith") {
				t.Errorf("%s %s of another business: %d, want 404\n%s", r.Method, r.Path, got.Status, got.Said())
			}
		}
		if tried < 60 {
			t.Errorf("only %d routes name an object", tried)
		}
		same(t, before, businesstest.Rows(t, d, other.ID))
	})
}

func same(t *testing.T, before, after []string) {
	t.Helper()
	for _, row := range before {
		if !slices.Contains(after, row) {
			t.Errorf("another business lost %s", row)
		}
	}
	for _, row := range after {
		if !slices.Contains(before, row) {
			t.Errorf("another business got %s", row)
		}
	}
}

func nonsense() url.Values {
	return url.Values{"active": {"off"}, "name": {""}, "amount": {"much"}, "role": {"king"}, "version": {"x"}}
}

// inputs are the names of all that the dashboard's code reads from a form.
func inputs(t *testing.T) []string {
	t.Helper()
	var files []string
	for _, folder := range []string{"*.go", "*/*.go"} {
		found, err := filepath.Glob(folder)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, found...)
	}
	read := regexp.MustCompile(`(?:[fF]orm|values|v)(?:\.Get\(|\.Has\(|\[|Value\()"([a-z_]+)"|[tT]icked\([^,]+, "([a-z_]+)"\)`)
	names := map[string]bool{}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") || strings.HasSuffix(file, "_templ.go") {
			continue
		}
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, found := range read.FindAllStringSubmatch(string(text), -1) {
			names[found[1]+found[2]] = true
		}
	}
	if len(names) < 80 {
		t.Fatalf("only %d inputs are found", len(names))
	}
	return slices.Sorted(maps.Keys(names))
}

// choices are the ways to fill in forms that name objects: the first is for
// every route, and comes last because it deletes as well.
func choices() []dashboardtest.Choice {
	return []dashboardtest.Choice{
		{Path: "/links", Values: map[string]string{"by": "", "to": "one", "type": "product"}}, {Path: "/links", Values: map[string]string{"by": "", "to": "one"}}, {Path: "/links", Values: map[string]string{"to": "one"}},
		{Path: "/links/{id}/edit", Values: map[string]string{"by": "", "to": "one", "path": "edited"}}, {Path: "/links/{id}/edit", Values: map[string]string{"path": "edited", "to": "one"}},
		{Path: "/links/{id}/send", Values: map[string]string{"to": "one"}}, {Path: "/links/{id}/send", Values: map[string]string{"to": "some"}}, {Path: "", Values: nil},
	}
}

// Nor does anything of theirs come into one's own by a form: each object of
// theirs is put into every input that sensible does not know as a plain text, at
// every route.
func TestNoFormTakesAnObjectOfAnotherBusiness(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		own, other := s.Firm(t, "acme", "marit@example.com"), s.Firm(t, "zenith", "zoe@example.com")
		b := s.SignedIn(t, "marit@example.com")
		before := businesstest.Rows(t, d, other.ID)
		base, accepted := dashboardtest.Sensible(), 0
		var references []string
		for _, name := range inputs(t) {
			if !base.Has(name) {
				references = append(references, name)
			}
		}
		for _, name := range []string{"link", "customer", "product", "send_customer", "into", "other", "session"} {
			if !slices.Contains(references, name) {
				t.Errorf("%s is no reference of any form", name)
			}
		}
		for _, c := range choices() {
			s.TakesOwn(t, b, own, c)
			for _, r := range s.Inside() {
				if r.Method != http.MethodPost || r.Path == "/test-clock" || c.Path != "" && c.Path != r.Path { // the clock is everybody's
					continue
				}
				path := "/dashboard/acme" + dashboardtest.Filled(t, r.Path, own, other, false)
				for _, kind := range slices.Sorted(maps.Keys(other.Objects)) {
					form := c.Form(references, func(string) string { return other.Objects[kind] })
					form.Set("version", s.Version(t, own, c))
					got := b.Post(path, form)
					if got.Status >= 500 {
						t.Errorf("POST %s with %s: %d", r.Path, kind, got.Status)
					}
					if got.Status < 400 {
						accepted++
					}
					if got.Has("of zenith") {
						t.Errorf("POST %s with %s tells of another business: %s", r.Path, kind, got.Said())
					}
				}
			}
		}
		if accepted < 100 {
			t.Errorf("only %d forms were taken; give sensible what they lack", accepted)
		}
		for _, row := range businesstest.Rows(t, d, own.ID) {
			for kind, id := range other.Objects {
				if strings.Contains(row, id) {
					t.Errorf("%s of another business is in %s", kind, row)
				}
			}
		}
		same(t, before, businesstest.Rows(t, d, other.ID))
	})
}

// Programs that read ahead, and links in mails, ask every address.
func TestReadingChangesNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		own := s.Firm(t, "acme", "marit@example.com")
		b := s.SignedIn(t, "marit@example.com")
		before, installation, read := businesstest.Rows(t, d, own.ID), businesstest.Others(t, d), 0
		query := dashboardtest.Sensible()
		for _, name := range inputs(t) {
			query.Set(name, query.Get(name))
		}
		for _, r := range s.Inside() {
			if r.Method != http.MethodGet || strings.HasSuffix(r.Path, "/live") {
				continue
			}
			read++
			path := "/dashboard/acme" + dashboardtest.Filled(t, r.Path, own, own, false)
			for _, target := range []string{path, path + "?" + query.Encode()} {
				if got := b.Get(target); got.Status >= 500 {
					t.Errorf("GET %s: %d", target, got.Status)
				}
			}
		}
		if read < 40 {
			t.Errorf("only %d pages were read", read)
		}
		// But that personal data was taken away stands in the audit log.
		after := slices.DeleteFunc(businesstest.Rows(t, d, own.ID), func(row string) bool {
			return strings.HasPrefix(row, "audit_log: ") && strings.Contains(row, "what=Exported ")
		})
		same(t, before, after)
		same(t, installation, businesstest.Others(t, d))
	})
}
