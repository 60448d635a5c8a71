package link_test

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/fault"
	"smartlinks/internal/link"
	"smartlinks/internal/tag"
)

// shelf makes links that differ in name, type, tags, switch, limit and views.
func shelf(t *testing.T, w world) []link.Link {
	t.Helper()
	var all []link.Link
	for i := range 14 {
		d := draft(fmt.Sprintf("Link %c %d%%", 'A'+i%5, i))
		if i%2 == 0 {
			d.Tags = append(d.Tags, tag.Named("Even")...)
		}
		if i%3 == 0 {
			d.Tags = append(d.Tags, tag.Named("Third")...)
		}
		d.Active = i%7 != 0
		if i%5 == 1 {
			d.Limit = link.Limit{Kind: link.Once}
		}
		l := w.make(t, d)
		if d.Limit.Kind == link.Once {
			w.sell(t, l.ID)
		}
		setViews(t, w, l.ID, int64(i%4))
		all = append(all, w.get(t, l.ID))
	}
	return all
}

// setViews writes a row of the visit room, which this room only reads.
func setViews(t *testing.T, w world, id link.ID, views int64) {
	t.Helper()
	if views == 0 {
		return // a link without views has no row
	}
	err := w.d.InTx(t.Context(), func(tx *db.Tx) error {
		_, err := tx.Exec(t.Context(), `INSERT INTO link_totals (link_id, mode, business_id, views) VALUES ($1, $2, $3, $4)`, id, w.b.Mode, w.b.ID, views)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// Whatever the filter, the order and the page size: walking forth gives every
// link that a plain loop would let through, once and in order, and walking back
// gives the same pages.
func TestListsArePagesOfAPlainFilter(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		all := shelf(t, w)
		rapid.Check(t, func(r *rapid.T) {
			f := link.Filter{
				Query:   rapid.SampledFrom([]string{"", "link a", "LINK B", "%", "link-c"}).Draw(r, "query"),
				Name:    rapid.SampledFrom([]string{"", "LINK b", "%", "link-c"}).Draw(r, "name"),
				Status:  rapid.SliceOfNDistinct(rapid.SampledFrom([]link.Status{link.Active, link.Inactive, link.LimitReached}), 0, 2, rapid.ID).Draw(r, "status"),
				Tags:    rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"even", "Third", "None"}), 0, 3, rapid.ID).Draw(r, "tags"),
				TagMode: rapid.SampledFrom([]link.TagMode{"", link.AnyTag, link.AllTags}).Draw(r, "mode"),
				Sort:    rapid.SampledFrom([]link.Sort{"", "name", "-name", "views", "-views", "created", "-payments", "revenue", "type", "amount", "-conversion", "limit", "-limit", "active"}).Draw(r, "sort"),
				Limit:   rapid.IntRange(1, 6).Draw(r, "limit"),
			}
			var want []link.ID
			for _, l := range all {
				if lets(f, l) {
					want = append(want, l.ID)
				}
			}
			forth := walk(t, r, w, f, len(want))
			if got := slices.Sorted(slices.Values(forth)); !slices.Equal(got, slices.Sorted(slices.Values(want))) {
				r.Fatalf("%+v gives %v, want %v", f, got, want)
			}
			if f.Sort == "" && !slices.IsSortedFunc(forth, func(a, b link.ID) int { return cmp.Compare(b, a) }) {
				r.Fatalf("not the newest first: %v", forth)
			}
		})
	})
}

// lets is the filter, said plainly.
func lets(f link.Filter, l link.Link) bool {
	if !strings.Contains(strings.ToLower(l.Name), strings.ToLower(f.Query)) && !strings.Contains(l.Path, strings.ToLower(f.Query)) {
		return false
	}
	if !strings.Contains(strings.ToLower(l.Name), strings.ToLower(f.Name)) {
		return false
	}
	if len(f.Status) > 0 && !slices.Contains(f.Status, l.Status()) {
		return false
	}
	has := 0
	for _, name := range f.Tags {
		if slices.ContainsFunc(l.Tags, func(g tag.Tag) bool { return strings.EqualFold(g.Name, name) }) {
			has++
		}
	}
	return len(f.Tags) == 0 || has > 0 && (f.TagMode != link.AllTags || has == len(f.Tags))
}

// walk reads all pages forth, and checks that the way back has the same ones.
func walk(t *testing.T, r *rapid.T, w world, f link.Filter, total int) []link.ID {
	var ids []link.ID
	var pages [][]link.ID
	read := func(cursor string) link.Page {
		f.Cursor = cursor
		p, err := w.List(t.Context(), w.b, f)
		if err != nil {
			r.Fatal(err)
		}
		if p.Total != int64(total) {
			r.Fatalf("total is %d, want %d", p.Total, total)
		}
		return p
	}
	page := read("")
	for {
		ids, pages = append(ids, idsOf(page)...), append(pages, idsOf(page))
		if page.Next == "" {
			break
		}
		page = read(page.Next)
	}
	for i := len(pages) - 2; i >= 0; i-- {
		page = read(page.Prev)
		if !slices.Equal(idsOf(page), pages[i]) {
			r.Fatalf("page %d is %v on the way back, %v on the way forth", i, idsOf(page), pages[i])
		}
	}
	if page.Prev != "" {
		r.Fatal("there is a page before the first")
	}
	return ids
}

func idsOf(p link.Page) (ids []link.ID) {
	for _, l := range p.Links {
		ids = append(ids, l.ID)
	}
	return ids
}

func TestForeignCursorsAndSortsAreRefused(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		for i := range 3 {
			w.make(t, draft(fmt.Sprint("Link ", i)))
		}
		p, err := w.List(t.Context(), w.b, link.Filter{Limit: 1})
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range []link.Filter{{Cursor: "nonsense"}, {Cursor: p.Next, Sort: "name"}, {Cursor: p.Next[:len(p.Next)-4]}} {
			_, err := w.List(t.Context(), w.b, f)
			wantFault(t, err, fault.Invalid, "cursor")
		}
		_, err = w.List(t.Context(), w.b, link.Filter{Sort: "colour"})
		wantFault(t, err, fault.Invalid, "sort")
	})
}
