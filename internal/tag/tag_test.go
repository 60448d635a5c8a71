package tag_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"smartlinks/internal/business"
	"smartlinks/internal/business/businesstest"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/fault"
	"smartlinks/internal/tag"
	"smartlinks/internal/web/ui"
)

// findOrCreate runs FindOrCreate in a transaction of its own.
func findOrCreate(t *testing.T, d *db.DB, id business.ID, kind tag.Kind, names ...string) (tags []tag.Tag, err error) {
	t.Helper()
	err = d.InTx(t.Context(), func(tx *db.Tx) error {
		tags, err = tag.New(d).FindOrCreate(t.Context(), tx, id, kind, names)
		return err
	})
	return tags, err
}

func labels(tags []tag.Tag) string {
	var list []string
	for _, t := range tags {
		list = append(list, t.Name)
	}
	return strings.Join(list, "|")
}

func TestColorsAreThoseOfTheStyles(t *testing.T) {
	ours, styles := slices.Sorted(slices.Values(tag.Colors())), slices.Sorted(slices.Values(ui.TagColours()))
	if !slices.Equal(ours, styles) {
		t.Errorf("tags know %v, the styles %v", ours, styles)
	}
}

func TestFindOrCreateKnowsNamesByFolding(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := businesstest.Make(t, d, "acme").ID
		first, err := findOrCreate(t, d, b, tag.OfLinks, "Summer 2025", " VIP ", "vip", "Étudiant")
		if err != nil || labels(first) != "Summer 2025|VIP|Étudiant" {
			t.Fatalf("got %v, %v", first, err)
		}
		again, err := findOrCreate(t, d, b, tag.OfLinks, "E\u0301TUDIANT", "New", "SUMMER 2025")
		if err != nil || labels(again) != "Étudiant|New|Summer 2025" {
			t.Fatalf("got %v, %v", again, err)
		}
		if again[0] != first[2] || again[2] != first[0] {
			t.Error("the same name gave another tag")
		}
		if first[0].Color == first[1].Color && first[1].Color == first[2].Color {
			t.Errorf("all names have the colour %s", first[0].Color)
		}
		vip, err := tag.New(d).Ensure(t.Context(), b, tag.OfLinks, tag.Fields{Name: "vip", Color: "red"})
		if err != nil || vip != first[1] {
			t.Errorf("got %+v, %v", vip, err)
		}
		fresh, err := tag.New(d).Ensure(t.Context(), b, tag.OfLinks, tag.Fields{Name: "Fresh", Color: "red"})
		if got, _ := tag.New(d).Get(t.Context(), b, fresh.ID); err != nil || got != fresh || got.Color != "red" {
			t.Errorf("got %+v, %v", got, err)
		}
		if none, err := findOrCreate(t, d, b, tag.OfLinks); err != nil || len(none) != 0 {
			t.Errorf("got %v, %v", none, err)
		}
	})
}

func TestKindsAndBusinessesDoNotShareNames(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		one, two := businesstest.Make(t, d, "one").ID, businesstest.Make(t, d, "two").ID
		seen := map[tag.ID]bool{}
		for _, c := range []struct {
			id   business.ID
			kind tag.Kind
		}{{one, tag.OfLinks}, {one, tag.OfCustomers}, {two, tag.OfLinks}} {
			tags, err := findOrCreate(t, d, c.id, c.kind, "VIP")
			if err != nil || seen[tags[0].ID] {
				t.Fatalf("got %v, %v", tags, err)
			}
			seen[tags[0].ID] = true
			list, err := tag.New(d).List(t.Context(), c.id, c.kind)
			if err != nil || len(list) != 1 || list[0].ID != tags[0].ID || list[0].Count != 0 {
				t.Errorf("listed %v, %v", list, err)
			}
		}
	})
}

func TestOneNameOneTagUnderConcurrentUse(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := businesstest.Make(t, d, "acme").ID
		var wg sync.WaitGroup
		for i := range 12 {
			wg.Go(func() {
				names := []string{"Summer", "Winter", fmt.Sprint("Shared ", i%2)}
				if i%2 == 0 {
					slices.Reverse(names)
				}
				if _, err := findOrCreate(t, d, b, tag.OfLinks, names...); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		list, err := tag.New(d).List(t.Context(), b, tag.OfLinks)
		if err != nil || len(list) != 4 {
			t.Errorf("got %v, %v", list, err)
		}
	})
}

func TestWrongTagsAreRefusedWhole(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := businesstest.Make(t, d, "acme").ID
		for _, names := range [][]string{{"good", ""}, {strings.Repeat("x", 51)}, {"a\x00b"}, slices.Repeat([]string{"x"}, 51)} {
			_, err := findOrCreate(t, d, b, tag.OfLinks, names...)
			if !fault.Is(err, fault.Invalid) || fault.Of(err).Fields[0].Name != "tags" {
				t.Errorf("%.20q: %v", names, err)
			}
		}
		tags := tag.New(d)
		if _, err := tags.Create(t.Context(), b, "page", tag.Fields{Name: "x", Color: "mauve"}); !fault.Is(err, fault.Invalid) || len(fault.Of(err).Fields) != 2 {
			t.Errorf("got %v", err)
		}
		if list, err := tags.List(t.Context(), b, tag.OfLinks); err != nil || len(list) != 0 {
			t.Errorf("stored all the same: %v, %v", list, err)
		}
	})
}

func TestTagsAreRenamedWithinTheirName(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := businesstest.Make(t, d, "acme").ID
		tags := tag.New(d)
		vip, err := tags.Create(t.Context(), b, tag.OfLinks, tag.Fields{Name: "VIP", Color: "red"})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := tags.Create(t.Context(), b, tag.OfLinks, tag.Fields{Name: "vip"}); !fault.Is(err, fault.Invalid) {
			t.Errorf("the name was taken twice: %v", err)
		}
		if _, err := tags.Create(t.Context(), b, tag.OfLinks, tag.Fields{Name: "Trial"}); err != nil {
			t.Fatal(err)
		}
		changed, err := tags.Edit(t.Context(), b, vip.ID, 0, func(f *tag.Fields) { f.Name, f.Color = "Vip", "blue" })
		if err != nil || changed.Name != "Vip" || changed.Color != "blue" || changed.Version != 2 {
			t.Errorf("got %+v, %v", changed, err)
		}
		if _, err := tags.Edit(t.Context(), b, vip.ID, vip.Version, func(f *tag.Fields) { f.Name = "Late" }); !fault.Is(err, fault.Stale) {
			t.Errorf("changed what someone else has changed: %v", err)
		}
		if changed, err = tags.Edit(t.Context(), b, vip.ID, changed.Version, func(f *tag.Fields) { f.Name = " VIPs " }); err != nil || changed.Name != "VIPs" || changed.Color != "blue" {
			t.Errorf("with a name alone: %+v, %v", changed, err)
		}
		if _, err := tags.Edit(t.Context(), b, vip.ID, 0, func(f *tag.Fields) { f.Name = "TRIAL" }); !fault.Is(err, fault.Invalid) {
			t.Errorf("renamed to a taken name: %v", err)
		}
		if _, err := tags.Edit(t.Context(), b, vip.ID, 0, func(f *tag.Fields) { f.Color = "mauve" }); !fault.Is(err, fault.Invalid) {
			t.Errorf("an unknown colour: %v", err)
		}
		read, err := tags.Get(t.Context(), b, vip.ID)
		if err != nil || read != changed {
			t.Errorf("read %+v, %v", read, err)
		}
	})
}

func TestTagsOfOthersAreNotFound(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		mine, theirs := businesstest.Make(t, d, "mine").ID, businesstest.Make(t, d, "theirs").ID
		tags := tag.New(d)
		vip, err := tags.Create(t.Context(), theirs, tag.OfLinks, tag.Fields{Name: "VIP"})
		if err != nil {
			t.Fatal(err)
		}
		for act, try := range map[string]func() error{
			"get":    func() error { _, err := tags.Get(t.Context(), mine, vip.ID); return err },
			"update": func() error { _, err := tags.Edit(t.Context(), mine, vip.ID, 0, func(*tag.Fields) {}); return err },
			"wrong": func() error {
				_, err := tags.Edit(t.Context(), mine, vip.ID, 0, func(f *tag.Fields) { f.Color = "mauve" })
				return err
			},
			"delete": func() error { return tags.Delete(t.Context(), mine, vip.ID) },
		} {
			if err := try(); !fault.Is(err, fault.NotFound) {
				t.Errorf("%s: %v", act, err)
			}
		}
		if err := tags.Delete(t.Context(), theirs, vip.ID); err != nil {
			t.Error(err)
		}
		if err := tags.Delete(t.Context(), theirs, vip.ID); !fault.Is(err, fault.NotFound) {
			t.Errorf("deleted twice: %v", err)
		}
	})
}

// carry makes a link that carries the tag, past the link's own room.
func carry(t *testing.T, d *db.DB, tg tag.Tag, link string, deleted bool) {
	t.Helper()
	err := d.InTx(t.Context(), func(tx *db.Tx) error {
		gone := db.Time{}
		if deleted {
			gone = db.At(tx.Now())
		}
		_, err := tx.Exec(t.Context(), `
			INSERT INTO links (id, business_id, path, path_folded, name, name_folded, type, amount_minor, currency,
				active, limit_kind, created_at, updated_at, deleted_at)
			VALUES ($1, $2, $1, $1, $1, $1, 'amount', 100, 'EUR', TRUE, 'unlimited', $3, $3, $4)`,
			link, tg.BusinessID, db.At(tx.Now()), gone)
		if err != nil {
			return err
		}
		_, err = tx.Exec(t.Context(), `INSERT INTO link_tags (business_id, link_id, tag_id) VALUES ($1, $2, $3)`, tg.BusinessID, link, tg.ID)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestUsageCountsLinksThatExist(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := businesstest.Make(t, d, "acme").ID
		made, err := findOrCreate(t, d, b, tag.OfLinks, "b used", "A unused")
		if err != nil {
			t.Fatal(err)
		}
		carry(t, d, made[0], "lnk_one", false)
		carry(t, d, made[0], "lnk_two", false)
		carry(t, d, made[0], "lnk_gone", true)
		list, err := tag.New(d).List(t.Context(), b, tag.OfLinks)
		if err != nil || len(list) != 2 || list[0].Name != "A unused" || list[0].Count != 0 || list[1].Count != 2 {
			t.Errorf("got %+v, %v", list, err)
		}
		if err := tag.New(d).Delete(t.Context(), b, made[0].ID); err != nil {
			t.Errorf("a used tag can't be deleted: %v", err)
		}
		if list, err = tag.New(d).List(t.Context(), b, tag.OfLinks); err != nil || len(list) != 1 || list[0].ID != made[1].ID {
			t.Errorf("left are %+v, %v", list, err)
		}
	})
}
