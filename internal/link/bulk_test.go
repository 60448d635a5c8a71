package link_test

import (
	"context"
	"slices"
	"testing"

	"smartlinks/internal/business"
	"smartlinks/internal/business/businesstest"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/fault"
	"smartlinks/internal/link"
	"smartlinks/internal/tag"
)

// What is done to many and then undone for those that it changed leaves every
// link as it was; links of others are out of reach.
func TestChangingManyTellsWhichChangedAndReachesNoOthers(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		on, off := w.make(t, draft("On")), w.make(t, link.Fields{Name: "Off", Amount: eur(100), Tags: tag.Named("Event")})
		gone := w.make(t, draft("Gone"))
		if err := w.Delete(t.Context(), w.b, gone.ID); err != nil {
			t.Fatal(err)
		}
		zenith := businesstest.Make(t, d, "zenith")
		foreign, err := w.Create(t.Context(), zenith, draft("Foreign"))
		if err != nil {
			t.Fatal(err)
		}
		var told []link.ChangeKind
		w.OnChange(func(_ context.Context, _ *db.Tx, _ business.Business, c link.Change) error {
			told = append(told, c.Kind)
			return nil
		})
		all := []link.ID{off.ID, on.ID, gone.ID, foreign.ID, "nonsense", on.ID}
		for _, c := range []struct {
			what string
			do   func() ([]link.ID, error)
			want []link.ID
		}{
			{"switch off", func() ([]link.ID, error) { return w.SwitchAll(t.Context(), w.b, all, false) }, []link.ID{on.ID}},
			{"switch off again", func() ([]link.ID, error) { return w.SwitchAll(t.Context(), w.b, all, false) }, nil},
			{"tag", func() ([]link.ID, error) { return w.TagAll(t.Context(), w.b, all, "event") }, []link.ID{on.ID}},
			{"tag anew", func() ([]link.ID, error) { return w.TagAll(t.Context(), w.b, all, "Fresh") }, []link.ID{on.ID, off.ID}},
			{"untag", func() ([]link.ID, error) { return w.UntagAll(t.Context(), w.b, all, "EVENT") }, []link.ID{on.ID, off.ID}},
			{"untag what is not there", func() ([]link.ID, error) { return w.UntagAll(t.Context(), w.b, all, "Event") }, nil},
		} {
			got, err := c.do()
			if err != nil || !slices.Equal(got, slices.Sorted(slices.Values(c.want))) {
				t.Errorf("%s changed %v, want %v: %v", c.what, got, c.want, err)
			}
		}
		if want := []link.ChangeKind{link.Deactivated, link.Updated, link.Updated, link.Updated, link.Updated, link.Updated}; !slices.Equal(told, want) {
			t.Errorf("told of %v, want %v", told, want)
		}
		now := w.get(t, on.ID)
		if now.Active || len(now.Tags) != 1 || now.Tags[0].Name != "Fresh" || now.Version != on.Version+4 {
			t.Errorf("it ends as %+v", now)
		}
		if other, err := w.Get(t.Context(), zenith, foreign.ID); err != nil || !other.Active || len(other.Tags) != 0 {
			t.Errorf("another business's link became %+v, %v", other, err)
		}
		if _, err := w.SwitchAll(t.Context(), w.b, make([]link.ID, link.MaxPage), true); err != nil {
			t.Errorf("a whole page is too much: %v", err)
		}
		_, err = w.SwitchAll(t.Context(), w.b, make([]link.ID, link.MaxPage+1), true)
		wantFault(t, err, fault.TooLarge, "")
	})
}
