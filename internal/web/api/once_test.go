package api_test

import (
	"slices"
	"sync"
	"testing"

	"smartlinks/internal/account"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/web/api"
)

func TestARepeatedPostIsDoneOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newSite(t, d)
		bad := s.must(422, "POST", "/links", `{"name": ""}`, "Idempotency-Key", "k1")
		if bad.Header.Get("Idempotent-Replayed") != "" {
			t.Error("a refusal is kept")
		}
		first := s.must(201, "POST", "/links", early, "Idempotency-Key", "k1")
		again := s.must(201, "POST", "/links", early, "Idempotency-Key", "k1")
		if again.text != first.text || again.Header.Get("Location") != first.Header.Get("Location") || again.Header.Get("Idempotent-Replayed") != "true" {
			t.Errorf("the repetition is %s", again.text)
		}
		other := s.must(422, "POST", "/links", `{"name": "Other"}`, "Idempotency-Key", "k1")
		if !slices.Equal(other.locations(), []string{"header.Idempotency-Key"}) {
			t.Error(other.text)
		}
		weak := "Bearer " + s.tokenOf(s.acme, account.ProductsRead)
		if r := s.must(422, "POST", "/links", early, "Idempotency-Key", "k1", "Authorization", weak); r.at("id") != "nothing" {
			t.Errorf("a token without the scope is told %s", r.text)
		}
		if n := s.count("links"); n != 1 {
			t.Errorf("%d links, want 1", n)
		}
		if n, err := api.ForgetKeys(t.Context(), d); err != nil || n != 0 {
			t.Errorf("%d young keys forgotten, %v", n, err)
		}
	})
}

func TestPostsWithOneKeyAtTheSameTimeMakeOneLink(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newSite(t, d)
		var all sync.WaitGroup
		answers := make([]reply, 12)
		for i := range answers {
			all.Go(func() {
				answers[i] = s.ask("POST", "/links", early, "Idempotency-Key", "one")
			})
		}
		all.Wait()
		made := map[string]bool{}
		for _, r := range answers {
			switch r.StatusCode {
			case 201:
				made[r.at("id")] = true
			case 409:
			default:
				t.Errorf("%d: %s", r.StatusCode, r.text)
			}
		}
		if n := s.count("links"); n != 1 || len(made) != 1 {
			t.Errorf("%d links, %d told, want one", n, len(made))
		}
	})
}
