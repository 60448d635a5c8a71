package customer_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/business/businesstest"
	"smartlinks/internal/customer"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/fault"
	"smartlinks/internal/tag"
)

func store(d *db.DB) *customer.Customers { return customer.New(d, tag.New(d)) }

func add(t *testing.T, d *db.DB, b business.Business, draft customer.Fields) customer.Customer {
	t.Helper()
	c, err := store(d).Create(t.Context(), b, draft)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func wantField(t *testing.T, err error, field string) {
	t.Helper()
	if !fault.Is(err, fault.Invalid) {
		t.Fatalf("error is %v, want one at %q", err, field)
	}
	for _, f := range fault.Of(err).Fields {
		if f.Name == field {
			return
		}
	}
	t.Errorf("no field %q in %v", field, fault.Of(err).Fields)
}

func tags(c customer.Customer) string {
	var names []string
	for _, t := range c.Tags {
		names = append(names, t.Name)
	}
	return strings.Join(names, "|")
}

func TestCustomersKeepWhatWasWritten(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := businesstest.Make(t, d, "acme")
		c := add(t, d, b, customer.Fields{Name: " Sanne Visser ", Email: " Sanne@Example.com ", Phone: "+31 6 1234 5678", Language: "nl", Notes: "a\r\nb", Tags: tag.Named("VIP", "vip", "New")})
		if c.Name != "Sanne Visser" || c.Email != "Sanne@Example.com" || c.Phone != "+31612345678" || c.Language != "nl" || c.Notes != "a\nb" || c.Version != 1 || tags(c) != "New|VIP" {
			t.Errorf("made %+v", c)
		}
		got, err := store(d).Get(t.Context(), b.ID, c.ID)
		if err != nil || got.Name != c.Name || tags(got) != tags(c) {
			t.Errorf("got %+v, %v", got, err)
		}
		if only := add(t, d, b, customer.Fields{Email: "info@firm.example"}); only.Name != "info@firm.example" {
			t.Errorf("without a name it is called %q", only.Name)
		}
	})
}

func TestBadCustomersNameTheField(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := businesstest.Make(t, d, "acme")
		add(t, d, b, customer.Fields{Name: "Sanne Visser", Email: "sanne@example.com"})
		for _, c := range []struct {
			draft customer.Fields
			field string
		}{
			{customer.Fields{}, "name"},
			{customer.Fields{Name: strings.Repeat("a", 121)}, "name"},
			{customer.Fields{Name: "A", Email: "nobody"}, "email"},
			{customer.Fields{Name: "A", Email: "SANNE@example.com"}, "email"},
			{customer.Fields{Name: "A", Phone: "12"}, "phone"},
			{customer.Fields{Name: "A", Language: "tlh"}, "language"},
			{customer.Fields{Name: "A", Notes: "a\x00b"}, "notes"},
			{customer.Fields{Name: "A", Tags: tag.Named(strings.Repeat("a", 51))}, "tags"},
		} {
			_, err := store(d).Create(t.Context(), b, c.draft)
			wantField(t, err, c.field)
		}
		_, err := store(d).Create(t.Context(), b, customer.Fields{Name: "Other", Email: "sanne@EXAMPLE.com"})
		if !strings.Contains(err.Error(), "Sanne Visser has this email address") {
			t.Errorf("the refusal does not name who has the address: %v", err)
		}
		if n, _ := store(d).Count(t.Context(), b.ID); n != 1 {
			t.Errorf("%d customers were stored", n)
		}
	})
}

func TestOfTwoWhoEditTheSecondIsTold(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := businesstest.Make(t, d, "acme")
		c := add(t, d, b, customer.Fields{Name: "Sanne", Email: "sanne@example.com", Phone: "+31612345678", Tags: tag.Named("VIP")})
		d.Clock().SetOffset(time.Hour)
		name, shown, none := "Sanne Visser", customer.ShownPhone(c.Phone), []string{}
		after, err := store(d).Edit(t.Context(), b, c.ID, c.Version, func(f *customer.Fields) { f.Name = name; f.Phone = shown; f.Tags = tag.Named(none...) })
		if !after.UpdatedAt.Equal(d.Clock().Now()) {
			t.Errorf("changed at %s", after.UpdatedAt)
		}
		if err != nil || after.Name != name || after.Phone != c.Phone || after.Email != c.Email || tags(after) != "" || after.Version != 2 {
			t.Fatalf("got %+v, %v", after, err)
		}
		if _, err := store(d).Edit(t.Context(), b, c.ID, c.Version, func(f *customer.Fields) { f.Name = name }); !fault.Is(err, fault.Stale) {
			t.Errorf("got %v", err)
		}
		empty := ""
		if _, err := store(d).Edit(t.Context(), b, c.ID, 0, func(f *customer.Fields) { f.Name = empty; f.Email = empty }); err == nil {
			t.Error("a customer lost both name and address")
		}
	})
}

// However many payments of one payer are settled at once, they get one customer.
// Who has no name is called by their address, also once that is another; a name stays.
func TestANamelessCustomerIsCalledByTheAddressTheyHave(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := businesstest.Make(t, d, "acme")
		nameless, named := add(t, d, b, customer.Fields{Email: "old@example.com"}), add(t, d, b, customer.Fields{Name: "Sanne", Email: "sanne@example.com"})
		for _, c := range []struct {
			of          customer.Customer
			email, name string
		}{{nameless, "new@example.com", "new@example.com"}, {nameless, "", "new@example.com"}, {nameless, "third@example.com", "new@example.com"}, {named, "other@example.com", "Sanne"}} {
			after, err := store(d).Edit(t.Context(), b, c.of.ID, 0, func(f *customer.Fields) { f.Email = c.email })
			if err != nil || after.Name != c.name || after.Email != c.email {
				t.Errorf("with %q: %q, %v", c.email, after.Name, err)
			}
		}
	})
}

func TestPayersAtOnceBecomeOneCustomer(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := businesstest.Make(t, d, "acme")
		const n = 20
		ids, made := make([]customer.ID, n), make([]bool, n)
		var crowd sync.WaitGroup
		for i := range n {
			crowd.Go(func() {
				p := customer.Payer{Name: "Sanne", Email: []string{"sanne@example.com", "Sanne@EXAMPLE.com"}[i%2], Language: "nl"}
				err := d.InTx(t.Context(), func(tx *db.Tx) (err error) {
					ids[i], made[i], err = store(d).MatchOrCreate(t.Context(), tx, b.ID, p)
					return err
				})
				if err != nil {
					t.Error(err)
				}
			})
		}
		crowd.Wait()
		created := 0
		for i := range n {
			if ids[i] != ids[0] || ids[i] == "" {
				t.Errorf("payer %d became %q, the first %q", i, ids[i], ids[0])
			}
			if made[i] {
				created++
			}
		}
		if count, _ := store(d).Count(t.Context(), b.ID); count != 1 || created != 1 {
			t.Errorf("%d customers, %d times made", count, created)
		}
		if c, err := store(d).Get(t.Context(), b.ID, ids[0]); err != nil || c.Name != "Sanne" || c.Language != "nl" || c.Version != 1 {
			t.Errorf("made is %+v, %v", c, err)
		}
	})
}

func TestPayersWithOddNamesDoNotFail(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := businesstest.Make(t, d, "acme")
		for i, p := range []customer.Payer{{Name: "a\x00b", Email: "a@example.com"}, {Name: strings.Repeat("é", 400), Email: "b@example.com", Language: "tlh"}, {Email: "c@example.com"}} {
			var id customer.ID
			err := d.InTx(t.Context(), func(tx *db.Tx) (err error) {
				id, _, err = store(d).MatchOrCreate(t.Context(), tx, b.ID, p)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			if c, err := store(d).Get(t.Context(), b.ID, id); err != nil || c.Name != p.Email || c.Language != "" {
				t.Errorf("payer %d became %+v, %v", i, c, err)
			}
		}
	})
}

func TestTagsAreAppliedAndRemovedOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b, other := businesstest.Make(t, d, "acme"), businesstest.Make(t, d, "other")
		c, friend := add(t, d, b, customer.Fields{Name: "Sanne"}), add(t, d, b, customer.Fields{Name: "Bob", Tags: tag.Named("Own", "VIP")})
		vip, err := tag.New(d).Ensure(t.Context(), b.ID, tag.OfCustomers, tag.Fields{Name: "VIP"})
		if err != nil {
			t.Fatal(err)
		}
		ofLinks, err := tag.New(d).Create(t.Context(), b.ID, tag.OfLinks, tag.Fields{Name: "VIP"})
		if err != nil {
			t.Fatal(err)
		}
		s := store(d)
		told := 0
		s.OnTag(func(_ context.Context, _ *db.Tx, businessID business.ID, id customer.ID, tagID tag.ID) error {
			if told++; businessID != b.ID || id != c.ID || tagID != vip.ID {
				t.Errorf("told of %s, %s", id, tagID)
			}
			return nil
		})
		for i, step := range []struct {
			apply bool
			id    business.ID
			tag   tag.ID
			want  bool
		}{{true, b.ID, vip.ID, true}, {true, b.ID, vip.ID, false}, {true, b.ID, ofLinks.ID, false}, {true, other.ID, vip.ID, false}, {false, other.ID, vip.ID, false}, {false, b.ID, vip.ID, true}, {false, b.ID, vip.ID, false}} {
			var changed bool
			err := d.InTx(t.Context(), func(tx *db.Tx) (err error) {
				do := s.RemoveTag
				if step.apply {
					do = s.ApplyTag
				}
				changed, err = do(t.Context(), tx, step.id, c.ID, step.tag)
				return err
			})
			if err != nil || changed != step.want {
				t.Errorf("step %d changed: %v, %v", i, changed, err)
			}
			if i == 1 {
				if got, err := s.Get(t.Context(), b.ID, c.ID); err != nil || tags(got) != "VIP" {
					t.Errorf("they carry %q, %v", tags(got), err)
				}
			}
		}
		if got, err := s.Get(t.Context(), b.ID, friend.ID); err != nil || tags(got) != "Own|VIP" || told != 1 {
			t.Errorf("the other carries %q, told %d times, %v", tags(got), told, err)
		}
		own := func(f *customer.Fields) { f.Tags = tag.Named("own", "VIP") }
		if _, err := s.Edit(t.Context(), b, c.ID, 0, func(f *customer.Fields) { f.Tags = tag.Named("VIP") }); err != nil || told != 2 {
			t.Errorf("told %d times, %v", told, err)
		}
		s = store(d)
		var given []tag.ID
		s.OnTag(func(_ context.Context, _ *db.Tx, _ business.ID, _ customer.ID, tagID tag.ID) error {
			given = append(given, tagID)
			return nil
		})
		if after, err := s.Edit(t.Context(), b, c.ID, 0, own); err != nil || tags(after) != "Own|VIP" || len(given) != 1 || given[0] == vip.ID {
			t.Errorf("they carry %q, told of %v, %v", tags(after), given, err)
		}
	})
}

func TestMergingKeepsEverything(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := businesstest.Make(t, d, "acme")
		add(t, d, b, customer.Fields{Name: "Bob", Tags: tag.Named("Of Bob")})
		keep := add(t, d, b, customer.Fields{Name: "Sanne Visser", Phone: "+31612345678", Notes: "First", Tags: tag.Named("A")})
		gone := add(t, d, b, customer.Fields{Name: "S. Visser", Email: "sanne@example.com", Phone: "+31687654321", Language: "nl", Notes: "Second", Tags: tag.Named("A", "B")})
		s := store(d)
		var told [2]customer.ID
		s.OnMerge(func(_ context.Context, _ *db.Tx, _ business.ID, keep, gone customer.ID) error {
			told = [2]customer.ID{keep, gone}
			return nil
		})
		c, err := s.Merge(t.Context(), b, keep.ID, gone.ID)
		if err != nil || told != [2]customer.ID{keep.ID, gone.ID} {
			t.Fatalf("told %v, %v", told, err)
		}
		if c.ID != keep.ID || c.Name != "Sanne Visser" || c.Email != "sanne@example.com" || c.Phone != "+31612345678" || c.Language != "nl" || c.Notes != "First\n\nSecond" || tags(c) != "A|B" {
			t.Errorf("merged into %+v", c)
		}
		if _, err := s.Get(t.Context(), b.ID, gone.ID); !fault.Is(err, fault.NotFound) {
			t.Errorf("the other is still there: %v", err)
		}
		if _, err := s.Merge(t.Context(), b, keep.ID, keep.ID); !fault.Is(err, fault.Invalid) {
			t.Errorf("merged with itself: %v", err)
		}
		// The other way round, of ids too, a name that is an address gives way.
		nameless, named := add(t, d, b, customer.Fields{Email: "eva@example.com"}), add(t, d, b, customer.Fields{Name: "Eva", Email: "e@example.com", Notes: strings.Repeat("é", 2000)})
		if kept, err := s.Merge(t.Context(), b, named.ID, nameless.ID); err != nil || kept.ID != named.ID || kept.Name != "Eva" || kept.Email != "e@example.com" {
			t.Errorf("merged into %+v, %v", kept, err)
		}
		nameless = add(t, d, b, customer.Fields{Email: "eva@example.com", Notes: "b"})
		if kept, err := s.Merge(t.Context(), b, nameless.ID, named.ID); err != nil || kept.ID != nameless.ID || kept.Name != "Eva" || kept.Email != "eva@example.com" || kept.Notes != "b\n\n"+strings.Repeat("é", 1997) || kept.Version != 2 {
			t.Errorf("merged into %+v, %v", kept, err)
		}
		other := businesstest.Make(t, d, "other")
		foreign := add(t, d, other, customer.Fields{Name: "Foreign"})
		for _, pair := range [][2]customer.ID{{keep.ID, foreign.ID}, {foreign.ID, keep.ID}} {
			if _, err := s.Merge(t.Context(), b, pair[0], pair[1]); !fault.Is(err, fault.NotFound) {
				t.Errorf("merged with another business's: %v", err)
			}
		}
	})
}

func TestADeletionThatOthersRefuseDeletesNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := businesstest.Make(t, d, "acme")
		c := add(t, d, b, customer.Fields{Name: "Sanne", Tags: tag.Named("A")})
		s := store(d)
		refuse := errors.New("not now")
		s.OnDelete(func(context.Context, *db.Tx, business.ID, customer.ID) error { return refuse })
		if err := s.Delete(t.Context(), b.ID, c.ID); !errors.Is(err, refuse) {
			t.Fatal(err)
		}
		if got, err := s.Get(t.Context(), b.ID, c.ID); err != nil || tags(got) != "A" {
			t.Errorf("got %+v, %v", got, err)
		}
		if err := store(d).Delete(t.Context(), b.ID, c.ID); err != nil {
			t.Fatal(err)
		}
		if err := store(d).Delete(t.Context(), b.ID, c.ID); !fault.Is(err, fault.NotFound) {
			t.Errorf("deleted twice: %v", err)
		}
	})
}
