package api_test

import (
	"bytes"
	"slices"
	"strings"
	"sync"
	"testing"

	"smartlinks/internal/account"
	"smartlinks/internal/business/businesstest"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/idempotency"
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
		shuffled := strings.Replace(strings.Replace(early, `"name": "Early Bird", `, "", 1), `"reference": "INV-7",`, ` "name"  : "Early Bird", "reference": "INV-7",`, 1)
		if again := s.must(201, "POST", "/links", shuffled, "Idempotency-Key", "k1"); again.text != first.text {
			t.Errorf("with its keys in another order: %s", again.text)
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
		if n, err := idempotency.Delete(t.Context(), d); err != nil || n != 0 {
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

// Some answers hold a secret that is shown once. It is repeated for a day, and
// whoever reads the table does not learn it.
func TestKeptAnswersAreSealed(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newSite(t, d)
		const endpoint = `{"url": "https://shop.example/hooks"}`
		made := s.must(201, "POST", "/webhook-endpoints", endpoint, "Idempotency-Key", "e1")
		shown := made.at("secret")
		if !strings.HasPrefix(shown, "whsec_") {
			t.Fatalf("the secret is %q", shown)
		}
		kept := func() (body []byte) {
			var row struct{ Body []byte }
			if err := d.Get(t.Context(), &row, `SELECT body FROM idempotency_keys WHERE key = 'e1'`); err != nil {
				t.Fatal(err)
			}
			return row.Body
		}
		if body := kept(); len(body) == 0 || bytes.Contains(body, []byte("whsec_")) {
			t.Errorf("the table holds %q", body)
		}
		before := kept()
		sealer := businesstest.Sealer(t)
		err := d.InTx(t.Context(), func(tx *db.Tx) error {
			return idempotency.ResealTx(t.Context(), tx, func(sealed, context string) (string, error) {
				plain, err := sealer.Open(sealed, context)
				if err != nil {
					return "", err
				}
				return sealer.Seal(plain, context)
			})
		})
		if err != nil || bytes.Equal(kept(), before) {
			t.Errorf("sealing anew: %v", err)
		}
		if again := s.must(201, "POST", "/webhook-endpoints", endpoint, "Idempotency-Key", "e1"); again.at("secret") != shown {
			t.Errorf("the repetition shows %q", again.at("secret"))
		}
	})
}
