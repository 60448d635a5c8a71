package api_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
)

// bulk is what this file reads of an answer.
type bulk struct {
	Created, Failed int
	Data            []struct {
		Index, Status int
		Link          *struct{ ID, Path string }
		Problem       *struct {
			Code   string
			Errors []struct{ Location string }
		}
	}
}

func (s *site) bulk(status int, links []string, header ...string) (b bulk) {
	s.t.Helper()
	r := s.must(status, "POST", "/links/bulk", `{"links": [`+strings.Join(links, ",")+`]}`, header...)
	if err := json.Unmarshal([]byte(r.text), &b); err != nil {
		s.t.Fatal(err)
	}
	return b
}

func named(name string) string {
	return `{"name": "` + name + `", "type": "amount", "amount": {"value": "10.00", "currency": "EUR"}}`
}

func TestManyLinksAreMadeEachByItself(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newSite(t, d)
		got := s.bulk(200, []string{
			named("Summer"), named(""), named("Summer"), `{"name": "X", "nonsense": 1}`, `7`, `{"name": "Y", "type": "amount", "amount": {"value": "-1", "currency": "EUR"}}`,
			`{"name": "Z", "path": "summer", "amount": {"value": "1.00", "currency": "EUR"}}`, `{"name": 5}`,
		})
		if got.Created != 2 || got.Failed != 6 || len(got.Data) != 8 || s.count("links") != 2 {
			t.Fatalf("%+v, %d links", got, s.count("links"))
		}
		if got.Data[0].Link.Path != "summer" || got.Data[2].Link.Path != "summer-2" || got.Data[2].Status != 201 || got.Data[2].Problem != nil {
			t.Errorf("the good ones: %+v", got.Data)
		}
		for i, where := range map[int]string{1: "body.name", 3: "body.nonsense", 4: "body", 5: "body.amount.value", 6: "body.path", 7: "body.name"} {
			row := got.Data[i]
			if row.Status < 400 || row.Link != nil || row.Problem == nil || len(row.Problem.Errors) == 0 || row.Problem.Errors[0].Location != where {
				t.Errorf("row %d: %+v, want it told at %s", i, row, where)
			}
		}
		for name, body := range map[string]string{"none": `{"links": []}`, "no list": `{}`, "too many": `{"links": [` + strings.Repeat("1,", 1000) + `1]}`} {
			if r := s.ask("POST", "/links/bulk", body); r.StatusCode != 422 || len(r.locations()) != 1 || r.locations()[0] != "body.links" {
				t.Errorf("%s: %d %s", name, r.StatusCode, r.text)
			}
		}
	})
}

// The process dies in the middle of a request with a key. Who sends it again gets
// what was made, and what was missing.
func TestManyLinksGoOnWhereTheyWere(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newSite(t, d)
		var all []string
		for i := range 6 {
			all = append(all, named(fmt.Sprintf("Link %d", i)))
		}
		first := s.bulk(200, all, "Idempotency-Key", "k")
		if again := s.bulk(200, all, "Idempotency-Key", "k"); again.Data[3].Link.ID != first.Data[3].Link.ID || s.count("links") != 6 {
			t.Errorf("repeated: %+v", again)
		}
		// Died behind the fourth, and before the answer was kept.
		s.exec(`DELETE FROM idempotency_keys WHERE key = 'k'`)
		for _, row := range first.Data[4:] {
			s.exec(`DELETE FROM idempotency_keys WHERE request = $1`, row.Link.ID)
			s.must(204, "DELETE", "/links/"+row.Link.ID, "")
		}
		for i, body := range all { // a program may write its keys in any order
			all[i] = strings.TrimSuffix(strings.Replace(body, `"type": "amount", `, "", 1), "}") + `, "type": "amount"}`
		}
		again := s.bulk(200, all, "Idempotency-Key", "k")
		for i, row := range again.Data {
			if same := row.Link.ID == first.Data[i].Link.ID; same != (i < 4) {
				t.Errorf("link %d is the same: %v", i, same)
			}
		}
		var there int
		if err := d.Get(t.Context(), &there, `SELECT COUNT(*) FROM links WHERE deleted_at IS NULL`); err != nil || there != 6 {
			t.Errorf("%d links, %v", there, err)
		}
		s.exec(`DELETE FROM idempotency_keys WHERE key = 'k'`)
		if other := s.bulk(200, []string{named("Another")}, "Idempotency-Key", "k"); other.Created != 1 || other.Data[0].Link.ID == first.Data[0].Link.ID {
			t.Errorf("another request under the key: %+v", other)
		}
	})
}

// exec changes the database past everything, for what a test can't wait for.
func (s *site) exec(statement string, arguments ...any) {
	s.t.Helper()
	err := s.d.InTx(s.t.Context(), func(tx *db.Tx) error {
		_, err := tx.Exec(s.t.Context(), statement, arguments...)
		return err
	})
	if err != nil {
		s.t.Fatal(err)
	}
}
