package coupon_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/business/businesstest"
	"smartlinks/internal/coupon"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/fault"
	"smartlinks/internal/link"
	"smartlinks/internal/money"
	"smartlinks/internal/product"
	"smartlinks/internal/system"
	"smartlinks/internal/system/systemtest"
	"smartlinks/internal/tag"
)

func eur(minor int64) money.Amount { return money.Amount{Minor: minor, Currency: "EUR"} }

type world struct {
	*testing.T
	*system.System
	d    *db.DB
	acme business.Business
}

func mustWorld(t *testing.T, d *db.DB) *world {
	t.Helper()
	return &world{t, systemtest.New(t, d), d, businesstest.Make(t, d, "acme")}
}

func (w *world) code(text string, f coupon.Fields, of coupon.CodeFields) (coupon.Coupon, coupon.Code) {
	w.Helper()
	if f.Name == "" {
		f.Name = "Coupon of " + text
	}
	c, codes, err := w.Coupons.CreateWithCodes(w.Context(), w.acme.ID, 10_00, money.Amount{}, f, []string{text}, of)
	if err != nil {
		w.Fatal(err)
	}
	return c, codes[0]
}

// hold takes a use for an attempt, and reports whether there was one.
func (w *world) hold(c coupon.Code, attempt string) (held bool) {
	w.Helper()
	err := w.d.InTx(w.Context(), func(tx *db.Tx) error {
		return w.Coupons.Hold(w.Context(), tx, w.holder(c, attempt), false)
	})
	if err != nil && !fault.Is(err, fault.Invalid) {
		w.Fatal(err)
	}
	return err == nil
}

func (w *world) holder(c coupon.Code, attempt string) coupon.Holder {
	return coupon.Holder{Business: w.acme.ID, Mode: w.acme.Mode, Code: c.ID, Attempt: attempt}
}

func (w *world) consume(c coupon.Code, uses int64) {
	w.Helper()
	err := w.d.InTx(w.Context(), func(tx *db.Tx) error {
		return tx.Queue(w.Context(), w.Coupons.Consume(w.acme.ID, w.acme.Mode, c.ID, uses))
	})
	if err != nil {
		w.Fatal(err)
	}
}

// find is what typed gives for a sale: "" or the code of what is wrong.
func (w *world) find(typed string, sale coupon.Sale) string {
	w.Helper()
	_, err := w.Coupons.Find(w.Context(), w.d, w.acme, typed, sale, w.d.Clock().Now())
	return wrong(w.T, err)
}

func wrong(t *testing.T, err error) string {
	t.Helper()
	if err == nil {
		return ""
	}
	f := fault.Of(err)
	if f.Code != fault.Invalid {
		return f.Error()
	}
	var all []string
	for _, field := range f.Fields {
		all = append(all, field.Name+" "+field.Code)
	}
	return strings.Join(all, ", ")
}

// What is said of a coupon and its codes is held to its bounds, each at its field.
func TestWhatIsSaidOfACouponIsHeldToItsBounds(t *testing.T) {
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	later := now.Add(time.Microsecond)
	most := money.Max("EUR")
	pointer := func(a money.Amount) *money.Amount { return &a }
	for name, c := range map[string]struct {
		percent int64
		amount  money.Amount
		fields  coupon.Fields
		codes   []string
		of      coupon.CodeFields
		want    string
	}{
		"a percent of a percent":   {percent: 1},
		"all":                      {percent: 100_00},
		"more than all":            {percent: 100_01, want: "percent coupon.percent"},
		"less than nothing":        {percent: -1, want: "percent coupon.percent"},
		"nothing":                  {want: "percent coupon.nothing"},
		"both":                     {percent: 10_00, amount: eur(1), want: "percent coupon.both"},
		"a cent":                   {amount: eur(1)},
		"as much as can be":        {amount: most},
		"more than that":           {amount: eur(most.Minor + 1), want: "amount.value " + string(money.NotPositive)},
		"an amount of nothing":     {amount: eur(0), want: "amount.value " + string(money.NotPositive)},
		"an amount below":          {amount: eur(-1), want: "amount.value " + string(money.NotPositive)},
		"of no currency":           {amount: money.Amount{Minor: 5, Currency: "XXX"}, want: "amount.currency amount.currency"},
		"a minimum":                {percent: 1, fields: coupon.Fields{Minimum: pointer(eur(1))}},
		"the highest":              {percent: 1, fields: coupon.Fields{Minimum: &most}},
		"a higher one":             {percent: 1, fields: coupon.Fields{Minimum: pointer(eur(most.Minor + 1))}, want: "minimum.value minimum.value"},
		"a minimum of nothing":     {percent: 1, fields: coupon.Fields{Minimum: pointer(eur(0))}, want: "minimum.value minimum.value"},
		"a minimum of no currency": {percent: 1, fields: coupon.Fields{Minimum: &money.Amount{Minor: 5, Currency: "XXX"}}, want: "minimum.currency minimum.currency"},
		"one of another":           {amount: eur(5), fields: coupon.Fields{Minimum: &money.Amount{Minor: 5, Currency: "USD"}}, want: "minimum.currency minimum.currency"},
		"one of the same":          {amount: eur(5), fields: coupon.Fields{Minimum: pointer(eur(5))}},
		"any number":               {percent: 1, fields: coupon.Fields{Max: 0}},
		"a million":                {percent: 1, fields: coupon.Fields{Max: coupon.MaxUses}, of: coupon.CodeFields{Max: coupon.MaxUses}},
		"one more":                 {percent: 1, fields: coupon.Fields{Max: coupon.MaxUses + 1}, want: "max_redemptions coupon.max"},
		"one more of a code":       {percent: 1, of: coupon.CodeFields{Max: coupon.MaxUses + 1}, want: "codes.max_redemptions coupon.max"},
		"fewer than none":          {percent: 1, of: coupon.CodeFields{Max: -1}, want: "codes.max_redemptions coupon.max"},
		"a hundred links":          {percent: 1, fields: coupon.Fields{Links: many[link.ID](100)}},
		"another":                  {percent: 1, fields: coupon.Fields{Links: many[link.ID](101), Tags: many[tag.ID](101), Products: many[product.ID](101)}, want: "links coupon.targets, products coupon.targets, tags coupon.targets"},
		"a beginning":              {percent: 1, of: coupon.CodeFields{StartsAt: &now}},
		"an end":                   {percent: 1, of: coupon.CodeFields{EndsAt: &now}},
		"an end behind it":         {percent: 1, of: coupon.CodeFields{StartsAt: &now, EndsAt: &later}},
		"an end at it":             {percent: 1, of: coupon.CodeFields{StartsAt: &now, EndsAt: &now}, want: "codes.ends_at ends_at.order"},
		"an end before it":         {percent: 1, of: coupon.CodeFields{StartsAt: &later, EndsAt: &now}, want: "codes.ends_at ends_at.order"},
		"three letters":            {percent: 1, codes: []string{" Abc "}},
		"two":                      {percent: 1, codes: []string{"ab"}, want: "codes.code code.form"},
		"forty":                    {percent: 1, codes: []string{strings.Repeat("Ö", 40)}},
		"forty-one":                {percent: 1, codes: []string{strings.Repeat("Ö", 41)}, want: "codes.code code.form"},
		"signs":                    {percent: 1, codes: []string{"A-B_C.1"}},
		"other signs":              {percent: 1, codes: []string{"A/BC"}, want: "codes.code code.form"},
		"no text":                  {percent: 1, codes: []string{"abc\xff"}, want: "codes.code code.form"},
		"two that are odd":         {percent: 1, codes: []string{"a", "b"}, want: "codes.code code.form"},
		"a hundred codes":          {percent: 1, codes: many[string](100)},
		"a hundred and one":        {percent: 1, codes: many[string](101), want: "codes.code code.many"},
	} {
		c.fields.Name = "Name"
		got := wrong(t, coupon.Refusals(c.percent, c.amount, c.fields, c.codes, c.of))
		// The order of what is wrong is nobody's.
		for want := range strings.SplitSeq(c.want, ", ") {
			if !strings.Contains(got, want) || len(got) != len(c.want) {
				t.Errorf("%s: %q, not %q", name, got, c.want)
			}
		}
	}
	if got := wrong(t, coupon.Refusals(1, money.Amount{}, coupon.Fields{Name: " "}, nil, coupon.CodeFields{})); !strings.HasPrefix(got, "name ") {
		t.Error(got)
	}
}

func many[T ~string](n int) []T {
	all := make([]T, n)
	for i := range all {
		all[i] = T(fmt.Sprintf("code-%d", i))
	}
	return all
}

// Codes are made together or not at all, each once; without a text one is drawn.
func TestCodesAreMadeTogether(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		c, codes, err := w.Coupons.CreateWithCodes(t.Context(), w.acme.ID, 10_00, money.Amount{}, coupon.Fields{Name: "Spring", Max: 7}, []string{"Spring10", "", " spring10", "summer"}, coupon.CodeFields{Max: 3})
		if err != nil || len(codes) != 2 || codes[0].Text != "SPRING10" || codes[1].Text != "SUMMER" || codes[1].Max != 3 || !c.Everywhere || c.Version != 1 {
			t.Fatalf("%+v, %+v, %v", c, codes, err)
		}
		if c.Off().Percent != 10_00 {
			t.Errorf("%+v", c.Off())
		}
		drawn, err := w.Coupons.AddCodes(t.Context(), w.acme.ID, c.ID, nil, coupon.CodeFields{})
		if err != nil || len(drawn) != 1 || len(drawn[0].Text) != 9 || drawn[0].Text[4] != '-' {
			t.Errorf("%+v, %v", drawn, err)
		}
		for _, try := range []struct {
			typed []string
			want  string
		}{
			{[]string{"new", "spring10"}, "SPRING10 is a code of yours already. Choose another."},
			{[]string{"summer", "new", "spring10"}, "SUMMER, SPRING10 are codes of yours already. Choose others."},
			{[]string{"new", strings.Repeat("x", 50) + "/"}, "“" + strings.Repeat("x", 40) + "” can’t be a code."},
		} {
			if _, err := w.Coupons.AddCodes(t.Context(), w.acme.ID, c.ID, try.typed, coupon.CodeFields{}); err == nil || !strings.Contains(err.Error(), try.want) {
				t.Errorf("%q: %v", try.typed, err)
			}
		}
		if got := w.find("new", coupon.Sale{List: eur(100)}); got != "code "+coupon.Unusable {
			t.Errorf("half of the codes were made: %q", got)
		}
		if _, err := w.Coupons.AddCodes(t.Context(), w.acme.ID, "cpn_none", []string{"new"}, coupon.CodeFields{}); wrong(t, err) != "coupon_id coupon.unknown" {
			t.Error(err)
		}
	})
}
