package link_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/business/businesstest"
	"smartlinks/internal/checkout"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/fault"
	"smartlinks/internal/link"
	"smartlinks/internal/money"
	"smartlinks/internal/product"
	"smartlinks/internal/tag"
)

func TestALinkKeepsWhatWasWritten(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		start := d.Clock().Now().Truncate(time.Microsecond).Add(time.Hour)
		d1 := draft("  Early Bird  ")
		d1.Description, d1.Notes, d1.Reference = "Two\r\ndays", "Private", "INV-7"
		d1.Tags = tag.Named("Summer", "summer", "VIP")
		d1.PayerAmount = &link.Range{Min: *eur(1000), Max: *eur(9000)}
		d1.StartsAt, d1.EndsAt = &start, ptr(start.Add(time.Hour))
		d1.After.RedirectURL, d1.ShowRemaining = "https://example.com/thanks?a=1", false
		l := w.get(t, w.make(t, d1).ID)
		if l.Name != "Early Bird" || l.Path != "early-bird" || l.Description != "Two\ndays" || l.Notes != "Private" || l.Reference != "INV-7" ||
			!l.Active || l.Version != 1 || l.ShowRemaining || l.After.RedirectURL != d1.After.RedirectURL || l.Price() != *eur(4900) || l.Currency != "EUR" {
			t.Errorf("got %+v", l)
		}
		if len(l.Tags) != 2 || l.Tags[0].Name != "Summer" || l.Tags[1].Name != "VIP" {
			t.Errorf("tags are %+v", l.Tags)
		}
		if !l.PayerChooses() || l.PayerAmount.Min != *eur(1000) || l.PayerAmount.Max != *eur(9000) || !l.StartsAt.Equal(start) || !l.EndsAt.Equal(start.Add(time.Hour)) {
			t.Errorf("got %+v", l)
		}
		if l.State(start.Add(-time.Second)) != link.Early || l.State(start) != link.Active || l.State(*l.EndsAt) != link.Ended {
			t.Error("a link is open from its start until just before its end")
		}
	})
}

func TestBadDraftsNameEveryFieldAndStoreNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		now := d.Clock().Now()
		for field, change := range map[string]func(*link.Fields){
			"name":                       func(d *link.Fields) { d.Name = strings.Repeat("a", 121) },
			"description":                func(d *link.Fields) { d.Description = "a\x00b" },
			"path":                       func(d *link.Fields) { d.Path = "1a" },
			"amount.value":               func(d *link.Fields) { d.Amount = eur(0) },
			"amount.currency":            func(d *link.Fields) { d.Amount = &money.Amount{Minor: 100, Currency: "XXQ"} },
			"type":                       func(d *link.Fields) { d.Type = "gift" },
			"product_id":                 func(d *link.Fields) { d.Type, d.Amount, d.ProductID = link.Product, nil, "prd_unknown" },
			"limit.max":                  func(d *link.Fields) { d.Limit = link.Limit{Kind: link.Multiple, Max: 1001} },
			"limit.kind":                 func(d *link.Fields) { d.Limit = link.Limit{Kind: "twice"} },
			"ends_at":                    func(d *link.Fields) { d.StartsAt, d.EndsAt = &now, &now },
			"payer_amount.max.value":     func(d *link.Fields) { d.PayerAmount = &link.Range{Min: *eur(9000), Max: *eur(1000)} },
			"after_payment.redirect_url": func(d *link.Fields) { d.After.RedirectURL = "javascript:alert(1)" },
		} {
			wrong := draft("Wrong")
			change(&wrong)
			_, err := w.Create(t.Context(), w.b, wrong)
			t.Run(field, func(t *testing.T) { wantFault(t, err, fault.Invalid, field) })
		}
		_, err := w.Create(t.Context(), w.b, link.Fields{Active: true, Path: "shop"})
		for _, field := range []string{"name", "path", "amount.value"} {
			wantFault(t, err, fault.Invalid, field)
		}
		if n, err := w.Count(t.Context(), w.b.ID); err != nil || n != 0 {
			t.Errorf("%d links were stored, %v", n, err)
		}
	})
}

func TestRedirectsLeadToWebAddressesOnly(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		for url, fine := range map[string]bool{
			"https://example.com": true, "http://example.com:8080/a?b=c#d": true, "": true,
			"example.com": false, "/thanks": false, "//example.com": false, "javascript:alert(1)": false, "data:text/html,x": false,
			"https://": false, "https://user:pass@example.com": false, "https://exa mple.com": false, "https://example.com/" + strings.Repeat("a", 2000): false,
		} {
			l := draft("Redirect")
			l.After.RedirectURL = url
			if _, err := w.Create(t.Context(), w.b, l); (err == nil) != fine {
				t.Errorf("%.60q: %v", url, err)
			}
		}
	})
}

func TestOfTwoWhoEditTheSecondIsTold(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		l := w.make(t, draft("Sale"))
		first, err := w.Edit(t.Context(), w.b, l.ID, l.Version, func(f *link.Fields) { f.Name = "First" })
		if err != nil || first.Version != l.Version+1 {
			t.Fatalf("got version %d, %v", first.Version, err)
		}
		_, err = w.Edit(t.Context(), w.b, l.ID, l.Version, func(f *link.Fields) { f.Name = "Second" })
		wantFault(t, err, fault.Stale, "")
		if got := w.get(t, l.ID); got.Name != "First" || got.Path != "sale" {
			t.Errorf("got %q at %q", got.Name, got.Path)
		}
	})
}

func TestTagsCanBeChanged(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		f := draft("Sale")
		f.Tags = tag.Named("Summer", "VIP")
		l := w.make(t, f)
		for _, names := range [][]string{{"Autumn", "VIP"}, nil} {
			w.patch(t, l.ID, func(f *link.Fields) { f.Tags = tag.Named(names...) })
			if got := tag.Names(w.get(t, l.ID).Tags); !slices.Equal(got, names) {
				t.Errorf("the tags are %q, want %q", got, names)
			}
		}
	})
}

func TestTypesCanBeChanged(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		p, err := w.products.Create(t.Context(), w.b, product.Fields{Name: "Course", Price: *eur(2500), Active: true})
		if err != nil {
			t.Fatal(err)
		}
		f := draft("Course")
		f.PayerAmount = &link.Range{Min: *eur(1000), Max: *eur(9000)}
		l := w.make(t, f)
		l = w.patch(t, l.ID, func(f *link.Fields) { f.SetType(link.Product); f.ProductID = p.ID })
		if l.Amount != nil || l.PayerChooses() || l.ProductID != p.ID || l.Price() != *eur(2500) {
			t.Errorf("as a product link: %+v", l)
		}
		l = w.patch(t, l.ID, func(f *link.Fields) { f.SetType(link.Amount); f.Amount = eur(100) })
		if l.ProductID != "" || l.Price() != *eur(100) {
			t.Errorf("as an amount link: %+v", l)
		}
	})
}

func TestTheCurrencyIsLockedBySomebodyWhoPays(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		l := w.make(t, draft("Sale"))
		dollars := func(f *link.Fields) { f.Amount = &money.Amount{Minor: 4900, Currency: "USD"} }
		w.patch(t, l.ID, dollars)
		w.patch(t, l.ID, func(f *link.Fields) { f.Amount = eur(4900) })

		insertAttempt(t, d, w.b.ID, l.ID, "open")
		_, err := w.Edit(t.Context(), w.b, l.ID, 0, dollars)
		wantFault(t, err, fault.Invalid, "amount.currency")
		w.patch(t, l.ID, func(f *link.Fields) { f.Amount = eur(100) }) // another amount is fine
		setState(t, d, "failed")
		w.patch(t, l.ID, dollars)
	})
}

// insertAttempt writes a row of the payment room, which this room only reads.
func insertAttempt(t *testing.T, d *db.DB, b business.ID, l link.ID, state string) {
	t.Helper()
	err := d.InTx(t.Context(), func(tx *db.Tx) error {
		_, err := tx.Exec(t.Context(), `
			INSERT INTO attempts (id, business_id, source, link_id, version, title, amount_minor, currency, mode, provider, state, holds_slot,
				hold_until, payer_name, payer_email, payer_email_folded, channel, created_at, updated_at)
			VALUES ('pay_1', $1, 'link', $2, 1, 'Sale', 4900, 'EUR', 'test', 'sandbox', $3, TRUE, 0, 'A', 'a@example.com', 'a@example.com', 'direct', 0, 0)`, b, l, state)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func setState(t *testing.T, d *db.DB, state string) {
	t.Helper()
	err := d.InTx(t.Context(), func(tx *db.Tx) error {
		_, err := tx.Exec(t.Context(), `UPDATE attempts SET state = $1`, state)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestACopyIsInactiveAndComplete(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		d1 := limited(5)
		d1.Tags, d1.Notes, d1.After.RedirectURL = tag.Named("VIP"), "Private", "https://example.com"
		l := w.make(t, d1)
		w.sell(t, l.ID)
		c, err := w.Duplicate(t.Context(), w.b, l.ID)
		if err != nil {
			t.Fatal(err)
		}
		if c.ID == l.ID || c.Active || c.Path == l.Path || c.Name != "Limited (copy)" || c.Limit != l.Limit || c.Slots != (link.Slots{}) ||
			c.Notes != l.Notes || c.After.RedirectURL != l.After.RedirectURL || !slices.Equal(c.Tags, l.Tags) || c.Price() != l.Price() {
			t.Errorf("the copy of %+v is %+v", l, c)
		}
		long := w.make(t, draft(strings.Repeat("é", 120)))
		if c, err := w.Duplicate(t.Context(), w.b, long.ID); err != nil || !strings.HasSuffix(c.Name, "é (copy)") {
			t.Errorf("the copy of a long name is %q, %v", c.Name, err)
		}
	})
}

func TestADeletedLinkIsGoneAndTellsTheOtherRooms(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		l := w.make(t, draft("Sale"))
		var told link.ID
		w.OnDelete(func(_ context.Context, _ *db.Tx, _ business.ID, id link.ID) error { told = id; return nil })
		if err := w.Delete(t.Context(), w.b, l.ID); err != nil || told != l.ID {
			t.Fatalf("deleted: %v, told %q", err, told)
		}
		_, err := w.Get(t.Context(), w.b, l.ID)
		wantFault(t, err, fault.NotFound, "")
		wantFault(t, w.Delete(t.Context(), w.b, l.ID), fault.NotFound, "")
		if again := w.make(t, draft("Sale")); again.Path != "sale" {
			t.Errorf("the path of a deleted link is not free: %q", again.Path)
		}
	})
}

func TestLinksOfAnotherBusinessDoNotExist(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		l := w.make(t, draft("Sale"))
		other := w
		other.b = businesstest.Make(t, d, "other")
		_, got := other.Get(t.Context(), other.b, l.ID)
		_, updated := other.Edit(t.Context(), other.b, l.ID, 0, func(f *link.Fields) { f.Name = "Mine" })
		_, copied := other.Duplicate(t.Context(), other.b, l.ID)
		_, matched := other.ByPath(t.Context(), other.b, l.Path)
		for name, err := range map[string]error{
			"get": got, "update": updated, "duplicate": copied, "path": matched, "delete": other.Delete(t.Context(), other.b, l.ID), "hold": other.hold(t.Context(), l.ID, 1),
		} {
			if !fault.Is(err, fault.NotFound) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if got := w.get(t, l.ID); got.Name != "Sale" || got.Slots.Held != 0 {
			t.Errorf("another business changed it: %+v", got)
		}
	})
}

// Who listens learns whether a change moved the due date, and of a limit that it reached.
func TestAChangeSaysWhatItMoved(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		f := draft("Course")
		f.Limit = link.Limit{Kind: link.Multiple, Max: 5}
		l := w.make(t, f)
		w.sell(t, l.ID)
		var heard []string
		w.OnChange(func(_ context.Context, _ *db.Tx, _ business.Business, c link.Change) error {
			heard = append(heard, fmt.Sprint(c.Kind, " ", c.DueChanged))
			return nil
		})
		for _, c := range []struct {
			change func(*link.Fields)
			want   []string
		}{
			{func(f *link.Fields) { f.Notes = "Private" }, []string{fmt.Sprint(link.Updated, " false")}},
			{func(f *link.Fields) { f.DueOn = "2026-12-31" }, []string{fmt.Sprint(link.Updated, " true")}},
			{func(f *link.Fields) { f.Limit.Max = 1 }, []string{fmt.Sprint(link.Updated, " false"), fmt.Sprint(link.Reached, " false")}},
			{func(f *link.Fields) { f.Notes = "" }, []string{fmt.Sprint(link.Updated, " false")}}, // reached before
		} {
			heard = nil
			if w.patch(t, l.ID, c.change); !slices.Equal(heard, c.want) {
				t.Errorf("heard %q, want %q", heard, c.want)
			}
		}
	})
}

// A change and what follows from it are one: where a listener fails, nothing is changed.
func TestAChangeThatCannotBeToldIsNotMade(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		l := w.make(t, draft("Course"))
		broken := errors.New("broken")
		w.OnChange(func(context.Context, *db.Tx, business.Business, link.Change) error { return broken })
		_, err := w.Edit(t.Context(), w.b, l.ID, 0, func(f *link.Fields) { f.Name = "Another" })
		if !errors.Is(err, broken) || w.get(t, l.ID).Name != "Course" {
			t.Errorf("edit: %v, it is called %q", err, w.get(t, l.ID).Name)
		}
		if err := w.Delete(t.Context(), w.b, l.ID); !errors.Is(err, broken) {
			t.Errorf("delete: %v", err)
		}
		w.get(t, l.ID)
	})
}

func TestAPaymentOfTheMostUnitsIsNoMoreThanAPaymentCanBe(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		f := draft("Tickets")
		f.Checkout.Quantity = &checkout.Quantity{Min: 1, Max: 10}
		most := money.Max("EUR").Minor / 10
		f.Amount = eur(most)
		w.make(t, f)
		f.Amount = eur(most + 1)
		_, err := w.Create(t.Context(), w.b, f)
		wantFault(t, err, fault.Invalid, "quantity.max")
	})
}

func TestTheLargestLimitAndTheLongestAddressAreTaken(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		f := draft("Concert")
		f.Limit = link.Limit{Kind: link.Multiple, Max: link.MaxLimit}
		f.After.RedirectURL = "https://example.com/" + strings.Repeat("a", link.MaxRedirect-len("https://example.com/"))
		w.make(t, f)
		for address, code := range map[string]string{
			f.After.RedirectURL + "a": "redirect.long",
			"example.com/thanks":      "redirect.scheme",
			"1a:nope":                 "redirect.scheme",
			"https://example.com/%zz": "redirect.form",
			"https:///thanks":         "redirect.form",
		} {
			f.After.RedirectURL = address
			_, err := w.Create(t.Context(), w.b, f)
			if of := fault.Of(err); of == nil || len(of.Fields) != 1 || of.Fields[0].Code != code {
				t.Errorf("%.40s: %v, want %s", address, err, code)
			}
		}
	})
}
