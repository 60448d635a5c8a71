package coupon_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"smartlinks/internal/coupon"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/fault"
)

// Lists are read page by page, in the order in which their rows were made, and searched.
func TestCouponsAndCodesAreListed(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		first, one := w.code("ONE", coupon.Fields{Name: "Über 100 %"}, coupon.CodeFields{})
		d.Clock().SetOffset(d.Clock().Offset() + time.Second)
		second, two := w.code("TWO_X", coupon.Fields{Name: "Second"}, coupon.CodeFields{})
		d.Clock().SetOffset(d.Clock().Offset() + time.Second)
		_, three := w.code("GRÜN", coupon.Fields{Name: "Third"}, coupon.CodeFields{})
		for _, c := range []struct {
			page coupon.Page[coupon.ID]
			want int
		}{{coupon.Page[coupon.ID]{}, 3}, {coupon.Page[coupon.ID]{Limit: 1}, 1}, {coupon.Page[coupon.ID]{Limit: 5}, 3}, {coupon.Page[coupon.ID]{After: second.ID}, 1}} {
			if all, err := w.Coupons.List(t.Context(), w.acme.ID, c.page); err != nil || len(all) != c.want || c.page.After == "" && all[0].ID != first.ID {
				t.Errorf("%+v: %+v, %v", c.page, all, err)
			}
		}
		for _, c := range []struct {
			filter coupon.Filter
			want   []coupon.Code
		}{
			{coupon.Filter{}, []coupon.Code{one, two, three}}, {coupon.Filter{Page: coupon.Page[coupon.CodeID]{Limit: 1}}, []coupon.Code{one}}, {coupon.Filter{Page: coupon.Page[coupon.CodeID]{After: one.ID, Limit: 1}}, []coupon.Code{two}},
			{coupon.Filter{Coupon: second.ID}, []coupon.Code{two}}, {coupon.Filter{Code: three.ID}, []coupon.Code{three}},
			{coupon.Filter{Query: " _x "}, []coupon.Code{two}}, {coupon.Filter{Query: "%"}, []coupon.Code{one}}, {coupon.Filter{Query: "über"}, []coupon.Code{one}}, {coupon.Filter{Query: "grün"}, []coupon.Code{three}}, {coupon.Filter{Query: "_"}, []coupon.Code{two}}, {coupon.Filter{Query: `\`}, nil}, {coupon.Filter{Query: "a\x00b"}, nil}, {coupon.Filter{Query: "a\xffb"}, nil},
		} {
			found, err := w.Coupons.Codes(t.Context(), w.acme, c.filter)
			var got, want []string
			for _, f := range found {
				got = append(got, f.Text)
			}
			for _, c := range c.want {
				want = append(want, c.Text)
			}
			if err != nil || strings.Join(got, " ") != strings.Join(want, " ") {
				t.Errorf("%+v: %s, not %s, %v", c.filter, got, want, err)
			}
			if named, err := w.Coupons.Named(t.Context(), w.acme.ID, strings.TrimSpace(c.filter.Query), 5); c.filter.Query != "" && (err != nil || len(named) != len(c.want)) {
				t.Errorf("%q names %+v, %v", c.filter.Query, named, err)
			}
		}
		if _, err := w.Coupons.CodeOf(t.Context(), w.acme, "pmc_none"); !fault.Is(err, fault.NotFound) || !coupon.IsGone(errors.Unwrap(fmt.Errorf("%w", err))) {
			t.Error(err)
		}
	})
}
