package customer_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"smartlinks/internal/business/businesstest"
	"smartlinks/internal/customer"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/fault"
	"smartlinks/internal/tag"
)

func TestCustomersAreFoundByWhateverIsTyped(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := businesstest.Make(t, d, "acme")
		var all []customer.ID
		for _, draft := range []customer.Fields{
			{Name: "Ann Smith", Email: "ann@example.com", Phone: "+31612345678", Tags: tag.Named("VIP", "New")},
			{Name: "Éva 100%", Email: "eva@firm.example", Tags: tag.Named("VIP")},
			{Name: "Bob", Phone: "+442079460958"},
		} {
			all = append(all, add(t, d, b, draft).ID)
		}
		add(t, d, businesstest.Make(t, d, "other"), customer.Fields{Name: "Ann Foreign", Tags: tag.Named("VIP")})
		for _, c := range []struct {
			filter customer.Filter
			want   []customer.ID
		}{
			{customer.Filter{}, []customer.ID{all[2], all[1], all[0]}},
			{customer.Filter{Query: "SMITH"}, []customer.ID{all[0]}},
			{customer.Filter{Query: "éVA"}, []customer.ID{all[1]}},
			{customer.Filter{Query: "%"}, []customer.ID{all[1]}},
			{customer.Filter{Query: "06 1234"}, []customer.ID{all[0]}},
			{customer.Filter{Query: "\u202a+31\u00a06\u202f1234\u202c"}, []customer.ID{all[0]}},
			{customer.Filter{Query: "firm.example"}, []customer.ID{all[1]}},
			{customer.Filter{Tags: []string{"vip", "new"}}, []customer.ID{all[1], all[0]}},
			{customer.Filter{Tags: []string{"vip", "new"}, AllTags: true}, []customer.ID{all[0]}},
		} {
			c.filter.Limit = 2 // forces pages
			var got []customer.ID
			for {
				page, err := store(d).List(t.Context(), b.ID, c.filter)
				if err != nil || page.Total != int64(len(c.want)) {
					t.Fatalf("%+v: total %d, %v", c.filter, page.Total, err)
				}
				for _, one := range page.Customers {
					got = append(got, one.ID)
				}
				if c.filter.Cursor = page.Next; page.Next == "" {
					break
				}
			}
			slices.Sort(c.want) // the order of ids made in one millisecond is open
			slices.Reverse(c.want)
			if !slices.Equal(got, c.want) {
				t.Errorf("%+v gives %v, want %v", c.filter, got, c.want)
			}
		}
		whole, err := store(d).List(t.Context(), b.ID, customer.Filter{Tags: []string{"vip"}})
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range whole.Customers {
			if want := map[customer.ID]string{all[0]: "New|VIP", all[1]: "VIP"}[c.ID]; tags(c) != want {
				t.Errorf("%s carries %q, not %q", c.Name, tags(c), want)
			}
		}
		if used, err := tag.New(d).List(t.Context(), b.ID, tag.OfCustomers); err != nil || len(used) != 2 || used[0].Count != 1 || used[1].Count != 2 {
			t.Errorf("the tags are used %+v, %v", used, err)
		}
		first, err := store(d).List(t.Context(), b.ID, customer.Filter{Limit: 2})
		if err != nil {
			t.Fatal(err)
		}
		second, err := store(d).List(t.Context(), b.ID, customer.Filter{Limit: 2, Cursor: first.Next})
		if err != nil || second.Next != "" {
			t.Fatalf("%+v, %v", second, err)
		}
		if back, err := store(d).List(t.Context(), b.ID, customer.Filter{Limit: 2, Cursor: second.Prev}); err != nil || len(back.Customers) != 2 || back.Customers[0].ID != first.Customers[0].ID || back.Prev != "" || back.Next == "" {
			t.Errorf("the way back is %+v, %v", back, err)
		}
		if _, err := store(d).List(t.Context(), b.ID, customer.Filter{Cursor: "nonsense"}); !fault.Is(err, fault.Invalid) {
			t.Errorf("a foreign cursor: %v", err)
		}
	})
}

// A store that has searched once hears of everybody who comes, goes or is called otherwise.
func TestSearchesHearOfChanges(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b, s := businesstest.Make(t, d, "acme"), store(d)
		found := func(query string) string {
			t.Helper()
			page, err := s.List(t.Context(), b.ID, customer.Filter{Query: query})
			if err != nil || page.Total != int64(len(page.Customers)) {
				t.Fatalf("%d of %d, %v", len(page.Customers), page.Total, err)
			}
			quick, err := s.Find(t.Context(), d, b.ID, query, 5)
			if err != nil {
				t.Fatal(err)
			}
			var names [2][]string
			for i, list := range [][]customer.Customer{page.Customers, quick} {
				for _, c := range list {
					names[i] = append(names[i], c.Name)
				}
			}
			if !slices.Equal(slices.Sorted(slices.Values(names[0])), slices.Sorted(slices.Values(names[1]))) {
				t.Errorf("%s lists %v and finds %v", query, names[0], names[1])
			}
			return strings.Join(names[0], "|")
		}
		want := func(query, names string) {
			t.Helper()
			if got := found(query); got != names {
				t.Errorf("%s finds %q, want %q", query, got, names)
			}
		}
		want("visser", "")
		ann, err := s.Create(t.Context(), b, customer.Fields{Name: "Ann Visser", Email: "ann@example.com"})
		if err != nil {
			t.Fatal(err)
		}
		want("visser", "Ann Visser")
		if _, err := s.Edit(t.Context(), b, ann.ID, 0, func(f *customer.Fields) { f.Name = "Ann Bakker" }); err != nil {
			t.Fatal(err)
		}
		want("visser", "")
		want("bakker", "Ann Bakker")
		bob, err := s.Create(t.Context(), b, customer.Fields{Name: "Bob", Phone: "+31612345678"})
		if err != nil {
			t.Fatal(err)
		}
		want("12345678", "Bob")
		if _, err := s.Merge(t.Context(), b, ann.ID, bob.ID); err != nil {
			t.Fatal(err)
		}
		want("12345678", "Ann Bakker")
		want("bob", "")
		if err := s.Delete(t.Context(), b.ID, ann.ID); err != nil {
			t.Fatal(err)
		}
		want("bakker", "")
		want("12345678", "")
	})
}

// Each order leads through everybody once, there and back, also where whoever a page began
// behind is renamed or gone by then.
func TestListsAreReadInEachOrder(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b, s := businesstest.Make(t, d, "acme"), store(d)
		for _, name := range []string{"Dora", "Ann", "Éva", "Bob", "Cem", "ann"} {
			add(t, d, b, customer.Fields{Name: name})
			d.Clock().SetOffset(d.Clock().Now().Sub(dbtest.Start) + time.Second) // ids follow it
		}
		list := func(f customer.Filter) ([]string, customer.Page) {
			t.Helper()
			page, err := s.List(t.Context(), b.ID, f)
			if err != nil {
				t.Fatal(err)
			}
			var names []string
			for _, c := range page.Customers {
				names = append(names, c.Name)
			}
			return names, page
		}
		for sort, want := range map[customer.Sort]string{customer.Newest: "ann|Cem|Bob|Éva|Ann|Dora", customer.Oldest: "Dora|Ann|Éva|Bob|Cem|ann",
			customer.ByName: "Ann|ann|Bob|Cem|Dora|Éva", customer.FromName: "Éva|Dora|Cem|Bob|ann|Ann"} {
			var there, back []string
			f := customer.Filter{Sort: sort, Limit: 4}
			first, page := list(f)
			f.Cursor = page.Next
			second, page := list(f)
			if there = append(first, second...); page.Next != "" || strings.Join(there, "|") != want {
				t.Errorf("by %q: %v", sort, there)
			}
			f.Cursor, f.Limit = page.Prev, 3
			middle, page := list(f)
			f.Cursor = page.Prev
			begin, page := list(f)
			if back = append(append(begin, middle...), second...); page.Prev != "" || page.Next == "" || strings.Join(back, "|") != want {
				t.Errorf("back by %q: %v", sort, back)
			}
		}
		_, page := list(customer.Filter{Sort: customer.ByName, Limit: 3})
		for _, wrong := range []string{page.Next[:len(page.Next)-8], "bm8", "bg"} {
			if _, err := s.List(t.Context(), b.ID, customer.Filter{Cursor: wrong}); !fault.Is(err, fault.Invalid) {
				t.Errorf("the cursor %s: %v", wrong, err)
			}
		}
		if _, err := s.List(t.Context(), b.ID, customer.Filter{Cursor: page.Next}); !fault.Is(err, fault.Invalid) {
			t.Errorf("the cursor of another order: %v", err)
		}
		if err := s.Delete(t.Context(), b.ID, page.Customers[2].ID); err != nil {
			t.Fatal(err)
		}
		if rest, page := list(customer.Filter{Sort: customer.ByName, Limit: 3, Cursor: page.Next}); strings.Join(rest, "|") != "Cem|Dora|Éva" || page.Prev == "" || page.Total != 5 {
			t.Errorf("behind who is gone come %v", rest)
		}
		if names, _ := list(customer.Filter{Limit: 1000}); len(names) != 5 {
			t.Errorf("%d are listed", len(names))
		}
		var all []string
		if err := s.Each(t.Context(), b.ID, customer.Filter{Sort: customer.ByName, Limit: 1}, func(part []customer.Customer) error {
			for _, c := range part {
				all = append(all, c.Name)
			}
			return nil
		}); err != nil || strings.Join(all, "|") != "ann|Cem|Éva|Ann|Dora" {
			t.Errorf("each is %v, %v", all, err)
		}
	})
}
