package link_test

import (
	"fmt"
	"testing"
	"time"

	"smartlinks/internal/business/businesstest"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/link"
	"smartlinks/internal/money"
	"smartlinks/internal/picture"
	"smartlinks/internal/product"
)

func TestSumsAreOfAllLinksAndApartByCurrency(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		for i := range 5 {
			dr := draft(fmt.Sprint("Link ", i))
			if i == 4 {
				dr.Amount = &money.Amount{Minor: 100, Currency: "USD"}
			}
			setViews(t, w, w.make(t, dr).ID, int64(i+1))
		}
		p, err := w.List(t.Context(), w.b, link.Filter{Limit: 2})
		if err != nil || p.Total != 5 || len(p.Sums) != 2 || p.Sums[0] != (link.Sum{Currency: "EUR", Links: 4, Views: 10}) || p.Sums[1] != (link.Sum{Currency: "USD", Links: 1, Views: 5}) {
			t.Errorf("%+v, %v", p.Sums, err)
		}
		if p, err = w.List(t.Context(), w.b, link.Filter{Query: "link 1"}); err != nil || p.Total != 1 || p.Sums[0].Views != 2 {
			t.Errorf("narrowed: %+v, %v", p.Sums, err)
		}
	})
}

// slowest is far above what two pages take, about 150 ms, so that a busy machine
// does not fail.
const slowest = 5 * time.Second

// A list of ten thousand links is read a page at a time, whatever it is sorted
// by and narrowed to; each page is one statement, and one for its sums.
func TestTenThousandLinksAreListedFast(t *testing.T) {
	if testing.Short() {
		t.Skip("makes ten thousand links")
	}
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := world{Links: link.New(d, nil, product.New(d, picture.NewDecoder())), d: d, b: businesstest.Make(t, d, "acme")}
		fill(t, w, manyLinks)
		for _, f := range []link.Filter{
			{}, {Sort: "name"}, {Sort: "-revenue"}, {Sort: "views"}, {Sort: "-conversion"}, {Sort: "amount"}, {Sort: "-limit"},
			{Query: "link 99"}, {Status: []link.Status{link.Active}, Sort: "-payments"}, {Tags: []string{"Event"}},
		} {
			began := time.Now()
			first, err := w.List(t.Context(), w.b, f)
			if err != nil || len(first.Links) == 0 {
				t.Fatalf("%+v: %d links, %v", f, len(first.Links), err)
			}
			f.Cursor = first.Next
			if _, err := w.List(t.Context(), w.b, f); err != nil {
				t.Fatal(err)
			}
			took := time.Since(began)
			t.Logf("%v for two pages of %q %q %v %v", took.Round(time.Millisecond), f.Sort, f.Query, f.Status, f.Tags)
			if took > slowest {
				t.Errorf("two pages of %+v took %v", f, took)
			}
		}
	})
}

// fill makes links past the rules, with figures, and a tag on every tenth.
func fill(t *testing.T, w world, n int) {
	t.Helper()
	numbers := `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $2)`
	err := w.d.InTx(t.Context(), func(tx *db.Tx) error {
		for _, statement := range []string{
			`INSERT INTO links (id, business_id, path, path_folded, name, name_folded, type, amount_minor, currency, active, limit_kind, created_at, updated_at)
				` + numbers + ` SELECT 'lnk_01khr28sy001d20eze' || CAST(10000000 + i AS TEXT), $1, 'p' || CAST(i AS TEXT), 'p' || CAST(i AS TEXT), 'Link ' || CAST(i AS TEXT), 'link ' || CAST(i * 7919 % 10007 AS TEXT),
				'amount', 100 + i * 31 % 9973, 'EUR', i % 5 <> 0, 'unlimited', 0, 0 FROM n`,
			`INSERT INTO link_slots (link_id, business_id, mode) SELECT id, business_id, 'test' FROM links WHERE business_id = $1 AND $2 > 0`,
			`INSERT INTO link_totals (link_id, mode, business_id, views, payments, revenue_minor)
				` + numbers + ` SELECT 'lnk_01khr28sy001d20eze' || CAST(10000000 + i AS TEXT), 'test', $1, i * 13 % 4001, i * 17 % 401, i * 19 % 40009 FROM n WHERE i % 7 > 0`,
			`INSERT INTO tags (id, business_id, kind, name, name_folded, color, created_at) SELECT 'tag_1', $1, 'link', 'Event', 'event', 'blue', 0 WHERE $2 > 0`,
			`INSERT INTO link_tags (business_id, link_id, tag_id) SELECT business_id, id, 'tag_1' FROM links WHERE business_id = $1 AND $2 > 0 AND id LIKE '%7'`,
		} {
			if _, err := tx.Exec(t.Context(), statement, w.b.ID, n); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
