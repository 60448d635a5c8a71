package link_test

import (
	"strings"
	"testing"

	"smartlinks/internal/customer"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/fault"
	"smartlinks/internal/link"
	"smartlinks/internal/tag"
)

// tagged is a world with one customer, whose tags it can tell.
type tagged struct {
	world
	tags      *tag.Tags
	customers *customer.Customers
	who       customer.ID
}

func newTagged(t *testing.T, d *db.DB, has ...string) tagged {
	t.Helper()
	w := tagged{world: newWorld(t, d)}
	w.tags, w.customers = w.all.Tags, w.all.Customers
	c, err := w.customers.Create(t.Context(), w.b, customer.Fields{Name: "Sanne", Tags: tag.Named(has...)})
	if err != nil {
		t.Fatal(err)
	}
	w.who = c.ID
	return w
}

// paid is what a payment of the link does to the customer's tags.
func (w tagged) paid(t *testing.T, id link.ID) string {
	t.Helper()
	err := w.d.InTx(t.Context(), func(tx *db.Tx) error {
		var all []link.PaidLink
		if err := tx.Batch(t.Context(), db.All(&all, `SELECT `+link.PaidColumns+` FROM links l WHERE l.business_id = $1 AND l.id = $2`, w.b.ID, id)); err != nil {
			return err
		}
		for _, after := range all {
			if err := after.Tag(t.Context(), tx, w.customers, w.b.ID, w.who); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	c, err := w.customers.Get(t.Context(), w.b.ID, w.who)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, t := range c.Tags {
		names = append(names, t.Name)
	}
	return strings.Join(names, "|")
}

func (w tagged) byName(t *testing.T, name string) tag.ID {
	t.Helper()
	list, err := w.tags.List(t.Context(), w.b.ID, tag.OfCustomers)
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range list {
		if one.Name == name {
			return one.ID
		}
	}
	t.Fatalf("no tag %q in %v", name, list)
	return ""
}

func TestAPaymentGivesATagAndThenTakesOne(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newTagged(t, d, "Trial")
		dr := draft("Sale")
		dr.After = link.AfterPayment{ApplyTag: "VIP", RemoveTag: "trial"}
		l := w.make(t, dr)
		if l.After.ApplyTag != "VIP" || l.After.RemoveTag != "Trial" {
			t.Errorf("the link keeps %+v", l.After)
		}
		for range 2 {
			if got := w.paid(t, l.ID); got != "VIP" {
				t.Errorf("the customer's tags are %q", got)
			}
		}
		same := draft("Same")
		same.After = link.AfterPayment{ApplyTag: "Short", RemoveTag: "Short"}
		if got := w.paid(t, w.make(t, same).ID); got != "VIP" {
			t.Errorf("given before taken leaves %q", got)
		}
		l = w.patch(t, l.ID, func(f *link.Fields) { f.After.ApplyTag = ""; f.After.RemoveTag = "VIP" })
		if got := w.paid(t, l.ID); got != "" {
			t.Errorf("after the change: %q", got)
		}
	})
}

func TestMergedAndDeletedTagsKeepLinksRight(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newTagged(t, d, "Old")
		dr := draft("Sale")
		dr.Tags = tag.Named("A")
		dr.After = link.AfterPayment{ApplyTag: "VIP", RemoveTag: "Old"}
		l := w.make(t, dr)
		if _, err := w.tags.Merge(t.Context(), w.b.ID, w.byName(t, "Old"), w.byName(t, "VIP")); err != nil {
			t.Fatal(err)
		}
		if l = w.get(t, l.ID); l.After.ApplyTag != "Old" || l.After.RemoveTag != "Old" {
			t.Errorf("after the merge the link does %+v", l.After)
		}
		if err := w.tags.Delete(t.Context(), w.b.ID, w.byName(t, "Old")); err != nil {
			t.Fatal(err)
		}
		if l = w.get(t, l.ID); l.After != (link.AfterPayment{}) || len(l.Tags) != 1 {
			t.Errorf("after the deletion the link is %+v", l)
		}
		if got := w.paid(t, l.ID); got != "" {
			t.Errorf("the customer's tags are %q", got)
		}
		_, err := w.tags.Merge(t.Context(), w.b.ID, l.Tags[0].ID, l.Tags[0].ID)
		wantFault(t, err, fault.Invalid, "")
	})
}

func TestMergedTagsOfLinksAreCarriedOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newTagged(t, d, "Of customers")
		both, one := draft("Both"), draft("One")
		both.Tags, one.Tags = tag.Named("A", "B"), tag.Named("B")
		l, other := w.make(t, both), w.make(t, one)
		a, b := l.Tags[0].ID, l.Tags[1].ID
		if kept, err := w.tags.Merge(t.Context(), w.b.ID, a, b); err != nil || kept.Name != "A" {
			t.Fatalf("kept %+v, %v", kept, err)
		}
		for _, id := range []link.ID{l.ID, other.ID} {
			if got := w.get(t, id).Tags; len(got) != 1 || got[0].ID != a {
				t.Errorf("the tags are %v", got)
			}
		}
		_, err := w.tags.Merge(t.Context(), w.b.ID, a, w.byName(t, "Of customers"))
		wantFault(t, err, fault.Invalid, "")
		if list, err := w.tags.List(t.Context(), w.b.ID, tag.OfCustomers); err != nil || list[0].Count != 1 {
			t.Errorf("the tag of a customer counts %+v, %v", list, err)
		}
	})
}
