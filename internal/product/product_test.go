package product_test

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/business/businesstest"
	"smartlinks/internal/checkout"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/fault"
	"smartlinks/internal/money"
	"smartlinks/internal/picture"
	"smartlinks/internal/product"
)

func eur(minor int64) money.Amount { return money.Amount{Minor: minor, Currency: "EUR"} }

// make1 makes a product of the name for 49.00 EUR.
func make1(t *testing.T, d *db.DB, b business.Business, name string) product.Product {
	t.Helper()
	p, err := product.New(d, picture.NewDecoder()).Create(t.Context(), b, product.Fields{Name: name, Price: eur(4900), Active: true})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestCreatedProductsAreFound(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := businesstest.Make(t, d, "acme")
		s := product.New(d, picture.NewDecoder())
		made, err := s.Create(t.Context(), b, product.Fields{Name: " Course ", Description: "Two\r\ndays", Price: money.Amount{Minor: 4900}, Active: true})
		if err != nil {
			t.Fatal(err)
		}
		if made.Name != "Course" || made.Description != "Two\ndays" || made.Price != eur(4900) || made.Slug != "course" || made.Version != 1 {
			t.Errorf("made %+v", made)
		}
		if got, err := s.Get(t.Context(), b.ID, made.ID); err != nil || !reflect.DeepEqual(got, made) {
			t.Errorf("got %+v, %v", got, err)
		}
		if got, err := s.BySlug(t.Context(), b.ID, "course"); err != nil || !reflect.DeepEqual(got, made) {
			t.Errorf("got %+v, %v", got, err)
		}
	})
}

func TestSlugsOfOneNameNeverCollide(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b, other := businesstest.Make(t, d, "acme"), businesstest.Make(t, d, "other")
		const n = 12
		slugs := make([]string, n)
		var wg sync.WaitGroup
		for i := range n {
			wg.Go(func() {
				p, err := product.New(d, picture.NewDecoder()).Create(t.Context(), b, product.Fields{Name: "Summer Sale", Price: eur(100)})
				if err != nil {
					t.Error(err)
				}
				slugs[i] = p.Slug
			})
		}
		wg.Wait()
		want := []string{"summer-sale"}
		for i := 2; i <= n; i++ {
			want = append(want, fmt.Sprintf("summer-sale-%d", i))
		}
		slices.Sort(slugs)
		slices.Sort(want)
		if !slices.Equal(slugs, want) {
			t.Errorf("got %v", slugs)
		}
		if p := make1(t, d, other, "Summer Sale"); p.Slug != "summer-sale" {
			t.Errorf("another business got %s", p.Slug)
		}
	})
}

func TestWrongProductsNameEveryField(t *testing.T) {
	d := dbtest.SQLite(t)
	b := businesstest.Make(t, d, "acme")
	s := product.New(d, picture.NewDecoder())
	for _, c := range []struct {
		draft product.Fields
		want  string
	}{
		{product.Fields{}, "name price.value"},
		{product.Fields{Name: strings.Repeat("x", 10_000), Price: eur(1)}, "name"},
		{product.Fields{Name: "a\x07", Price: eur(-1), Description: strings.Repeat("x", 2001)}, "name description price.value"},
		{product.Fields{Name: "a", Price: money.Amount{Minor: 1, Currency: "ZZZ"}}, "price.currency"},
		{product.Fields{Name: "a", Price: eur(1 << 60)}, "price.value"},
		{product.Fields{Name: "a", Price: eur(1), Checkout: checkout.Rules{Quantity: &checkout.Quantity{Min: 1, Max: 2000}}}, "quantity.max"},
		{product.Fields{Name: "a", Price: money.Max("EUR"), Checkout: checkout.Rules{Quantity: &checkout.Quantity{Min: 1, Max: 2}}}, "quantity.max"},
		{product.Fields{Name: "", Price: eur(1), Picture: []byte("<svg/>")}, "name image"},
	} {
		_, err := s.Create(t.Context(), b, c.draft)
		var got []string
		for _, f := range fault.Of(err).Fields {
			got = append(got, f.Name)
		}
		if !fault.Is(err, fault.Invalid) || strings.Join(got, " ") != c.want {
			t.Errorf("got %v (%v), want %s", got, err, c.want)
		}
	}
	if items, _, err := s.List(t.Context(), b.ID, product.Filter{}); err != nil || len(items) != 0 {
		t.Errorf("stored all the same: %v, %v", items, err)
	}
}

func TestUpdateKeepsTheSlugAndRefusesStaleVersions(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := businesstest.Make(t, d, "acme")
		p := make1(t, d, b, "Course")
		heard := make(chan string, 16)
		defer d.Subscribe(func(topic, key string) {
			if topic != "*" { // the listener of PostgreSQL begins beside the test
				heard <- topic + " " + key
			}
		})()
		s := product.New(d, picture.NewDecoder())
		name, price, off := " Seminar ", eur(5900), false
		d.Clock().SetOffset(time.Hour)
		got, err := s.Edit(t.Context(), b.ID, p.ID, p.Version, func(f *product.Fields) { f.Name = name; f.Price = price; f.Active = off })
		if err != nil || got.Name != "Seminar" || got.Price != price || got.Active || got.Slug != "course" || got.Version != 2 || got.UpdatedAt.Sub(p.UpdatedAt) != time.Hour || !got.CreatedAt.Equal(p.CreatedAt) {
			t.Fatalf("got %+v, %v", got, err)
		}
		if notice := <-heard; notice != "product "+string(p.ID) {
			t.Errorf("heard %q", notice)
		}
		if _, err := s.Edit(t.Context(), b.ID, p.ID, p.Version, func(f *product.Fields) { f.Name = name }); !fault.Is(err, fault.Stale) {
			t.Errorf("a stale update: %v", err)
		}
		empty := ""
		if _, err := s.Edit(t.Context(), b.ID, p.ID, 0, func(f *product.Fields) { f.Name = empty }); !fault.Is(err, fault.Invalid) {
			t.Errorf("an empty name: %v", err)
		}
		if now, err := s.Get(t.Context(), b.ID, p.ID); err != nil || !reflect.DeepEqual(now, got) {
			t.Errorf("refused updates left %+v, %v", now, err)
		}
	})
}

func TestConcurrentUpdatesLoseNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := businesstest.Make(t, d, "acme")
		p := make1(t, d, b, "Course")
		s := product.New(d, picture.NewDecoder())
		var won, stale atomic.Int64
		var wg sync.WaitGroup
		for i := range 40 {
			wg.Go(func() {
				name, version := fmt.Sprint("Course ", i), p.Version
				if i%2 == 0 {
					version = 0 // whatever it is
				}
				switch _, err := s.Edit(t.Context(), b.ID, p.ID, version, func(f *product.Fields) { f.Name = name }); {
				case err == nil:
					won.Add(1)
				case fault.Is(err, fault.Stale) && version != 0:
					stale.Add(1)
				default:
					t.Error(err)
				}
			})
		}
		wg.Wait()
		now, err := s.Get(t.Context(), b.ID, p.ID)
		if err != nil || won.Load() < 20 || won.Load() > 21 || now.Version != p.Version+won.Load() {
			t.Errorf("%d won, %d were stale, version %d, %v", won.Load(), stale.Load(), now.Version, err)
		}
	})
}

func TestListPagesByKeyNewestFirst(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := businesstest.Make(t, d, "acme")
		s := product.New(d, picture.NewDecoder())
		for _, name := range []string{"Ébène", "100% cotton", "1000 cotton balls", "Tea", "Coffee"} {
			make1(t, d, b, name)
			d.Clock().SetOffset(d.Clock().Offset() + 1e9)
		}
		off := false
		tea, err := s.BySlug(t.Context(), b.ID, "tea")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.Edit(t.Context(), b.ID, tea.ID, 0, func(f *product.Fields) { f.Active = off }); err != nil {
			t.Fatal(err)
		}
		for want, filter := range map[string]product.Filter{
			"Coffee|Tea|1000 cotton balls|100% cotton|Ébène": {Limit: 2},
			"Coffee|1000 cotton balls|100% cotton|Ébène":     {Limit: 2, ActiveOnly: true},
			"1000 cotton balls|100% cotton":                  {Query: "COTTON", Limit: 1},
			"100% cotton":                                    {Query: "100%"},
			"Ébène":                                          {Query: "ÉB"},
			"":                                               {Query: "nothing"},
		} {
			var got []string
			for {
				items, next, err := s.List(t.Context(), b.ID, filter)
				if err != nil {
					t.Fatal(err)
				}
				for _, p := range items {
					got = append(got, p.Name)
				}
				if next == "" {
					break
				}
				if filter.Cursor = next; len(items) != filter.Limit {
					t.Fatalf("a page of %d", len(items))
				}
			}
			if strings.Join(got, "|") != want {
				t.Errorf("%+v: got %v", filter, got)
			}
		}
		if _, _, err := s.List(t.Context(), b.ID, product.Filter{Cursor: "x' OR 1=1"}); !fault.Is(err, fault.Invalid) {
			t.Errorf("a made-up cursor: %v", err)
		}
	})
}

func TestProductsOfOthersAreNotFound(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		mine, theirs := businesstest.Make(t, d, "mine"), businesstest.Make(t, d, "theirs")
		s := product.New(d, picture.NewDecoder())
		p, err := s.Create(t.Context(), theirs, product.Fields{Name: "Course", Price: eur(100), Picture: picturePNG(t, 4, 4)})
		if err != nil {
			t.Fatal(err)
		}
		empty := ""
		for act, try := range map[string]func() error{
			"get":    func() error { _, err := s.Get(t.Context(), mine.ID, p.ID); return err },
			"slug":   func() error { _, err := s.BySlug(t.Context(), mine.ID, p.Slug); return err },
			"update": func() error { _, err := s.Edit(t.Context(), mine.ID, p.ID, 0, func(*product.Fields) {}); return err },
			"wrong": func() error {
				_, err := s.Edit(t.Context(), mine.ID, p.ID, 0, func(f *product.Fields) { f.Name = empty })
				return err
			},
			"delete": func() error { return s.Delete(t.Context(), mine.ID, p.ID) },
			"image":  func() error { _, err := businesstest.New(t, d).Image(t.Context(), mine.ID, p.ImageID); return err },
		} {
			if err := try(); !fault.Is(err, fault.NotFound) {
				t.Errorf("%s: %v", act, err)
			}
		}
		if items, _, err := s.List(t.Context(), mine.ID, product.Filter{}); err != nil || len(items) != 0 {
			t.Errorf("listed %v, %v", items, err)
		}
		if now, err := s.Get(t.Context(), theirs.ID, p.ID); err != nil || !reflect.DeepEqual(now, p) {
			t.Errorf("it was changed to %+v, %v", now, err)
		}
	})
}

// sell makes a link of the product, past the link's own room.
func sell(t *testing.T, d *db.DB, p product.Product) {
	t.Helper()
	err := d.InTx(t.Context(), func(tx *db.Tx) error {
		_, err := tx.Exec(t.Context(), `
			INSERT INTO links (id, business_id, path, path_folded, name, name_folded, type, product_id, currency,
				active, limit_kind, created_at, updated_at)
			VALUES ('lnk_one', $1, 'a', 'a', 'a', 'a', 'product', $2, 'EUR', TRUE, 'unlimited', $3, $3)`,
			p.BusinessID, p.ID, db.At(tx.Now()))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestProductsThatLinksSellKeepTheirCurrencyAndStay(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := businesstest.Make(t, d, "acme")
		s := product.New(d, picture.NewDecoder())
		sold, free := make1(t, d, b, "Sold"), make1(t, d, b, "Free")
		sell(t, d, sold)
		usd := money.Amount{Minor: 5000, Currency: "USD"}
		if _, err := s.Edit(t.Context(), b.ID, sold.ID, 0, func(f *product.Fields) { f.Price = usd }); !fault.Is(err, fault.Invalid) {
			t.Errorf("the currency changed: %v", err)
		}
		if err := s.Delete(t.Context(), b.ID, sold.ID); !fault.Is(err, fault.Conflict) {
			t.Errorf("it was deleted: %v", err)
		}
		price := eur(1)
		if got, err := s.Edit(t.Context(), b.ID, sold.ID, 0, func(f *product.Fields) { f.Price = price }); err != nil || got.Price != price {
			t.Errorf("the price can't change: %v", err)
		}
		if got, err := s.Edit(t.Context(), b.ID, free.ID, 0, func(f *product.Fields) { f.Price = usd }); err != nil || got.Price != usd {
			t.Errorf("the currency of a free product can't change: %v", err)
		}
		if err := s.Delete(t.Context(), b.ID, free.ID); err != nil {
			t.Error(err)
		}
		if err := s.Delete(t.Context(), b.ID, free.ID); !fault.Is(err, fault.NotFound) {
			t.Errorf("deleted twice: %v", err)
		}
		_, byID := s.Get(t.Context(), b.ID, free.ID)
		_, bySlug := s.BySlug(t.Context(), b.ID, free.Slug)
		if list, _, err := s.List(t.Context(), b.ID, product.Filter{}); err != nil || len(list) != 1 || list[0].ID != sold.ID || !fault.Is(byID, fault.NotFound) || !fault.Is(bySlug, fault.NotFound) {
			t.Errorf("a deleted product is found: %v, %v, %+v, %v", byID, bySlug, list, err)
		}
		if err := d.InTx(t.Context(), func(tx *db.Tx) error {
			_, err := tx.Exec(t.Context(), `UPDATE links SET deleted_at = $1`, db.At(tx.Now()))
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if got, err := s.Edit(t.Context(), b.ID, sold.ID, 0, func(f *product.Fields) { f.Price = usd }); err != nil || got.Price != usd {
			t.Errorf("once no link sells it, the currency can't change: %v", err)
		}
		if err := s.Delete(t.Context(), b.ID, sold.ID); err != nil {
			t.Errorf("once no link sells it: %v", err)
		}
		if again := make1(t, d, b, "Free"); again.Slug != "free" {
			t.Errorf("the slug of a deleted product isn't free: %s", again.Slug)
		}
	})
}
