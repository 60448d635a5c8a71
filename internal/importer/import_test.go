package importer_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"smartlinks/internal/business/businesstest"
	"smartlinks/internal/customer"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/fault"
	"smartlinks/internal/importer"
	"smartlinks/internal/link"
	"smartlinks/internal/money"
	"smartlinks/internal/product"
	"smartlinks/internal/tag"
)

const people = "First name;Last name;E-mail address;Mobile;Taal;Labels;Shoe size\n" +
	"Sanne;Visser;sanne@example.com;+31 6 12345678;nl-NL;VIP, New;38\n" +
	"Jan;Smit;;;;;44\n" +
	"\n" +
	"Bo;Bad;nobody;12;tlh;;\n"

func TestAFileBecomesCustomers(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		i := w.read(t, importer.Customers, people)
		if got := strings.Join(i.Fields, ","); got != "first_name,last_name,email,phone,language,tags," || i.State != importer.Ready {
			t.Errorf("the columns are %q, %s", got, i.State)
		}
		if w.countCustomers(t) != 0 {
			t.Error("reading a file made customers")
		}
		done := w.run(t, i)
		if done.Created != 2 || done.Failed != 1 {
			t.Errorf("%+v", done.Counts)
		}
		page, err := w.customers.List(t.Context(), w.b.ID, customer.Filter{Query: "sanne"})
		if err != nil || len(page.Customers) != 1 {
			t.Fatalf("%d found, %v", len(page.Customers), err)
		}
		if c := page.Customers[0]; c.Name != "Sanne Visser" || c.Phone != "+31612345678" || c.Language != "nl" || len(c.Tags) != 2 {
			t.Errorf("she became %+v", c)
		}
		wrong := w.problems(t, done)
		for _, want := range []string{"5 email: ", "5 phone: ", "5 language: "} {
			if !strings.Contains(wrong, want) {
				t.Errorf("%q is not told: %s", want, wrong)
			}
		}
	})
}

// Address books keep several values in a cell, groups of their own, and a company beside the
// person; shops save telephone numbers from spreadsheets by an apostrophe.
func TestAddressBooksBecomeCustomers(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		for _, file := range []struct{ csv, query, want string }{
			{"First Name,Last Name,Organization Name,Labels,E-mail 1 - Value,Phone 1 - Value\n" +
				"Sanne,Visser,Visser Ltd,* myContacts ::: Choir ::: Board,sanne@example.com ::: sv@example.com,+31 6 12345678 ::: +31 20 1234567\n" +
				",,Mill Ltd,* myContacts,mill@example.com,\n", "example.com", "Mill Ltd mill@example.com  []|Sanne Visser sanne@example.com +31612345678 [Board Choir]"},
			{"First Name,Last Name,Email,Phone,Tags\nJan,Smit,jan@example.org,'+31612345679,\"vip, new\"\n", "example.org", "Jan Smit jan@example.org +31612345679 [new vip]"},
			{"Email Address,First Name,Last Name,TAGS\nbo@example.net,Bo,Berg,\"\"\"VIP\"\",\"\"Blog\"\"\"\n", "example.net", "Bo Berg bo@example.net  [Blog vip]"},
		} {
			if done := w.run(t, w.read(t, importer.Customers, file.csv)); done.Failed != 0 {
				t.Errorf("%s\n%s", file.csv, w.problems(t, done))
			}
			page, err := w.customers.List(t.Context(), w.b.ID, customer.Filter{Query: file.query})
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, c := range page.Customers {
				names := []string{}
				for _, one := range c.Tags {
					names = append(names, one.Name)
				}
				slices.Sort(names)
				got = append(got, fmt.Sprint(c.Name, " ", c.Email, " ", c.Phone, " ", names))
			}
			if slices.Sort(got); strings.Join(got, "|") != file.want {
				t.Errorf("became\n%s, want\n%s", strings.Join(got, "|"), file.want)
			}
		}
	})
}

func TestAFileBecomesLinks(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		sold, err := w.products.Create(t.Context(), w.b, product.Fields{Name: "Oak Chair", Price: money.Amount{Minor: 14900, Currency: "EUR"}, Active: true})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.customers.Create(t.Context(), w.b, customer.Fields{Name: "Ann", Email: "ann@example.com"}); err != nil {
			t.Fatal(err)
		}
		i := w.read(t, importer.Links, "\ufeffname,price,currency,product,slug,limit,tags,customer,ends_at,active\r\n"+
			"Workshop,\"1049,50\",,,summer,12,\"Art, Summer\",,2030-08-31,\r\n"+
			"Invoice,$ 250,usd,,,once,,ANN@example.com,,no\r\n"+
			"Chair,,,oak chair,,,,,,\r\n"+
			"Wrong,abc,,,a b,maybe,,nobody@example.com,soon,perhaps\r\n"+
			"Nothing,,,,,,,,,\r\n"+
			"Unknown,,,Table,,,,,,\r\n")
		done := w.run(t, i)
		if done.Created != 3 || done.Failed != 3 {
			t.Errorf("%+v\n%s", done.Counts, w.problems(t, done))
		}
		wrong := w.problems(t, done)
		for _, want := range []string{"5 amount", "5 path", "5 limit", "5 customer", "5 ends_at", "5 active", "6 amount", "7 product"} {
			if !strings.Contains(wrong, want+": ") {
				t.Errorf("%q is not told:\n%s", want, wrong)
			}
		}
		byName := map[string]link.Link{}
		if err := w.links.Each(t.Context(), w.b, link.Filter{}, func(part []link.Link) error {
			for _, l := range part {
				byName[l.Name] = l
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		shop := byName["Workshop"]
		if shop.Price() != (money.Amount{Minor: 104950, Currency: "EUR"}) || shop.Path != "summer" || shop.Limit != (link.Limit{Kind: link.Multiple, Max: 12, Counts: link.Payments}) || len(shop.Tags) != 2 {
			t.Errorf("the workshop is %+v", shop)
		}
		if want := time.Date(2030, 9, 1, 0, 0, 0, 0, w.b.Location()); shop.EndsAt == nil || !shop.EndsAt.Equal(want) {
			t.Errorf("it ends %v, want behind its last day, %v", shop.EndsAt, want)
		}
		if l := byName["Invoice"]; l.Price() != (money.Amount{Minor: 25000, Currency: "USD"}) || l.CustomerID == "" || l.Active || l.Limit.Kind != link.Once {
			t.Errorf("the invoice is %+v", l)
		}
		if l := byName["Chair"]; l.Type != link.Product || l.ProductID != sold.ID {
			t.Errorf("the chair is %+v", l)
		}
	})
}

// An export writes the name of who has no e-mail address, and a limit of one as a number.
func TestALinkForSomebodyWithoutAnAddressComesIn(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		made := map[string]customer.ID{}
		for _, f := range []customer.Fields{{Name: "Ann", Phone: "+31612345678"}, {Name: "Bob", Email: "bob@example.com"}, {Name: "Cleo"}, {Name: "Cleo"}} {
			c, err := w.customers.Create(t.Context(), w.b, f)
			if err != nil {
				t.Fatal(err)
			}
			made[f.Name] = c.ID
		}
		done := w.run(t, w.read(t, importer.Links, "name,amount,path,customer,limit,limit_counts\r\n"+
			"A,20,a,ANN,1,units\r\n"+
			"B,20,b,,1,payments\r\n"+
			"C,20,c,,1,\r\n"+
			"D,20,d,Bob,,\r\n"+
			"E,20,e,Cleo,,\r\n"+
			"F,20,f,Dora,,\r\n"))
		wrong := w.problems(t, done)
		for _, want := range []string{"5 customer: No customer without", "6 customer: Several", "7 customer: No customer without"} {
			if !strings.Contains(wrong, want) {
				t.Errorf("%q is not told:\n%s", want, wrong)
			}
		}
		for path, want := range map[string]link.Fields{
			"a": {CustomerID: made["Ann"], Limit: link.Limit{Kind: link.Multiple, Max: 1, Counts: link.Units}},
			"b": {Limit: link.Limit{Kind: link.Multiple, Max: 1, Counts: link.Payments}},
			"c": {Limit: link.Limit{Kind: link.Once, Max: 1, Counts: link.Payments}},
		} {
			m, err := w.links.ByPath(t.Context(), w.b, path)
			if err != nil || m.Link.CustomerID != want.CustomerID || m.Link.Limit != want.Limit {
				t.Errorf("%s: got %v %+v, %v", path, m.Link.CustomerID, m.Link.Limit, err)
			}
		}
	})
}

func TestWhoIsKnownStaysUnlessAskedFor(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		known, err := w.customers.Create(t.Context(), w.b, customer.Fields{Name: "Ann", Email: "ann@example.com", Phone: "+31612345678", Tags: tag.Named("Old")})
		if err != nil {
			t.Fatal(err)
		}
		const file = "name,email,phone,tags,notes\nAnn Vos,ANN@example.com,,New,Moved\n"
		if done := w.run(t, w.read(t, importer.Customers, file)); done.Kept != 1 || done.Created+done.Updated != 0 {
			t.Errorf("%+v", done.Counts)
		}
		if c, _ := w.customers.Get(t.Context(), w.b.ID, known.ID); c.Name != "Ann" || c.Version != known.Version {
			t.Errorf("she changed: %+v", c)
		}
		if done := w.run(t, w.choose(t, w.read(t, importer.Customers, file), importer.Options{UpdateKnown: true})); done.Updated != 1 || done.Created != 0 {
			t.Errorf("%+v", done.Counts)
		}
		c, _ := w.customers.Get(t.Context(), w.b.ID, known.ID)
		if c.Name != "Ann Vos" || c.Notes != "Moved" || c.Phone != "+31612345678" || len(c.Tags) != 2 {
			t.Errorf("she became %+v", c)
		}
	})
}

func TestAFileIsImportedOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		const links = "name,amount\nOne,10\nTwo,20\nOne,10\n"
		if done := w.run(t, w.read(t, importer.Links, links)); done.Created != 2 || done.Repeated != 1 {
			t.Errorf("at first: %+v", done.Counts)
		}
		if done := w.run(t, w.read(t, importer.Links, "amount,title\n10,One\n30,Three\n20,Two\n")); done.Created != 1 || done.Repeated != 2 {
			t.Errorf("again, in another order: %+v", done.Counts)
		}
		if done := w.run(t, w.choose(t, w.read(t, importer.Links, links), importer.Options{Repeat: true})); done.Created != 3 {
			t.Errorf("asked to repeat: %+v", done.Counts)
		}
		if n := w.countLinks(t); n != 6 {
			t.Errorf("%d links", n)
		}
		if done := w.run(t, w.read(t, importer.Customers, "name\nJan\nJan\n")); done.Created != 1 || done.Repeated != 1 {
			t.Errorf("a name alone: %+v", done.Counts)
		}
	})
}

// However often those who make the lines die, and however many there are, every
// line is made once.
func TestNoLineIsMadeTwice(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		var file strings.Builder
		file.WriteString("name,amount\n")
		for n := range 120 {
			file.WriteString("Link " + string(rune('a'+n%26)) + strings.Repeat("x", n/26) + ",10\n")
		}
		i := w.read(t, importer.Links, file.String())
		w.start(t, i)
		ctx, die := context.WithCancel(t.Context())
		cancel := d.Subscribe(func(topic, _ string) {
			if topic == importer.Topic {
				die()
			}
		})
		if err := w.Continue(ctx, w.b.ID, i.ID); err == nil {
			t.Error("it did not die in the middle")
		}
		cancel()
		if left := w.get(t, i.ID); left.Waiting == 0 || left.Created == 0 || left.State != importer.Running {
			t.Fatalf("it did not die in the middle: %+v", left.Counts)
		}
		var all sync.WaitGroup
		for range 3 {
			all.Go(func() {
				if err := w.Continue(t.Context(), w.b.ID, i.ID); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if err := w.ContinueDue(t.Context()); err != nil {
			t.Fatal(err)
		}
		if done := w.get(t, i.ID); done.State != importer.Done || done.Created != 120 || w.countLinks(t) != 120 {
			t.Errorf("%s, %+v, %d links", done.State, done.Counts, w.countLinks(t))
		}
	})
}

func TestAnImportIsStartedOnceStoppedAndPutAway(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		ctx := t.Context()
		first, second := w.read(t, importer.Customers, "name\nA\nB\n"), w.read(t, importer.Customers, "name\nC\n")
		w.start(t, first)
		for name, err := range map[string]error{
			"starting it again":    w.Start(ctx, w.b.ID, first.ID),
			"starting another":     w.Start(ctx, w.b.ID, second.ID),
			"changing its columns": w.Choose(ctx, w.b.ID, first.ID, first.Fields, importer.Options{}),
			"putting it away":      w.Discard(ctx, w.b.ID, first.ID),
		} {
			if !fault.Is(err, fault.Conflict) {
				t.Errorf("%s: %v, want a conflict", name, err)
			}
		}
		if err := w.Stop(ctx, w.b.ID, first.ID); err != nil {
			t.Fatal(err)
		}
		if err := w.Continue(ctx, w.b.ID, first.ID); err != nil {
			t.Fatal(err)
		}
		if stopped := w.get(t, first.ID); stopped.State != importer.Stopped || stopped.Waiting != 2 || w.countCustomers(t) != 0 {
			t.Errorf("stopped, it is %s with %+v", stopped.State, stopped.Counts)
		}
		if err := w.Discard(ctx, w.b.ID, second.ID); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Get(ctx, w.b.ID, second.ID); !fault.Is(err, fault.NotFound) {
			t.Errorf("put away, it is there: %v", err)
		}
		unmatched := w.read(t, importer.Links, "a,b\n1,2\n")
		if err := w.Start(ctx, w.b.ID, unmatched.ID); !fault.Is(err, fault.Invalid) {
			t.Errorf("starting without columns: %v", err)
		}
		if err := w.Choose(ctx, w.b.ID, unmatched.ID, []string{"name", "name"}, importer.Options{}); !fault.Is(err, fault.Invalid) {
			t.Errorf("one field twice: %v", err)
		}
	})
}

func TestOtherBusinessesImportsDoNotExist(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		ctx, other := t.Context(), businesstest.Make(t, d, "zenith")
		i := w.read(t, importer.Customers, people)
		_, getting := w.Get(ctx, other.ID, i.ID)
		for name, err := range map[string]error{
			"get": getting, "choose": w.Choose(ctx, other.ID, i.ID, i.Fields, importer.Options{}), "start": w.Start(ctx, other.ID, i.ID),
			"stop": w.Stop(ctx, other.ID, i.ID), "discard": w.Discard(ctx, other.ID, i.ID), "continue": w.Continue(ctx, other.ID, i.ID),
		} {
			if !fault.Is(err, fault.NotFound) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if rows, err := w.Failed(ctx, other.ID, i.ID, 0, 10); err != nil || len(rows) > 0 {
			t.Errorf("%d lines, %v", len(rows), err)
		}
		if list, err := w.Recent(ctx, other.ID, importer.Customers); err != nil || len(list) > 0 {
			t.Errorf("%d imports, %v", len(list), err)
		}
		// What one business imported says nothing about another's lines.
		w.run(t, w.read(t, importer.Links, "name,amount\nOne,10\n"))
		w.b = other
		if done := w.run(t, w.read(t, importer.Links, "name,amount\nOne,10\n")); done.Created != 1 {
			t.Errorf("%+v", done.Counts)
		}
	})
}

func TestTypedWordsAreForgottenAfterAMonth(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		done := w.run(t, w.read(t, importer.Customers, people))
		d.Clock().SetOffset(29 * 24 * time.Hour)
		if err := w.DeleteOld(t.Context()); err != nil || w.problems(t, done) == "" {
			t.Errorf("gone too early, or %v", err)
		}
		d.Clock().SetOffset(31 * 24 * time.Hour)
		if err := w.DeleteOld(t.Context()); err != nil || w.problems(t, done) != "" {
			t.Errorf("still there, or %v", err)
		}
		if again := w.run(t, w.read(t, importer.Customers, people)); again.Created != 0 {
			t.Errorf("lines are not recognised any more: %+v", again.Counts)
		}
		var words int
		if err := d.Get(t.Context(), &words, `SELECT COUNT(*) FROM import_rows WHERE state <> 'failed' AND state <> 'waiting' AND cells <> ''`); err != nil || words > 0 {
			t.Errorf("%d lines that served keep their words, %v", words, err)
		}
	})
}
