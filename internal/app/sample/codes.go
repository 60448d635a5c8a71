package sample

import (
	"context"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/calendar"
	"smartlinks/internal/coupon"
	"smartlinks/internal/link"
	"smartlinks/internal/money"
	"smartlinks/internal/product"
	"smartlinks/internal/tag"
)

// sampleCoupon is a coupon of the sample business with its codes.
type sampleCoupon struct {
	name          string
	percent       int64 // hundredths of a percent; 0: the amount
	amount, least int64 // cents
	tags          []string
	link          string // what it is for, or its product; "" with tags or for everything
	codes         []sampleCode
}

// sampleCode is a code and who uses it: of the payments of a link every so many, so often.
type sampleCode struct {
	text        string
	most        int64
	from, until int // in days from today, 0 for none
	once        bool
	on          string
	every, uses int
}

// sampleCoupons show codes in each colour.
var sampleCoupons = []sampleCoupon{
	{name: "Members", percent: 20_00, tags: []string{"Event", "Workshop"}, codes: []sampleCode{
		{text: "NOORD-CREW", most: 10, on: "Winter Light Exhibition", every: 7, uses: 8},
		{text: "MEMBER20", most: 200, on: "Winter Light Exhibition", every: 2, uses: 31},
	}},
	{name: "Early booking", amount: 10_00, least: 49_00, link: "Early Bird Conference 2026", codes: []sampleCode{
		{text: "ANP-PRESS", most: 20, until: 10, on: "Early Bird Conference 2026", every: 5, uses: 20},
		{text: "EARLYBIRD", most: 100, until: 10, on: "Early Bird Conference 2026", every: 2, uses: 46},
	}},
	{name: "Gift card", percent: 100_00, link: "Portrait Session Gift Card", codes: []sampleCode{
		{text: "GIFT-7H2K", most: 1, until: 300, on: "Portrait Session Gift Card", every: 4, uses: 1},
		{text: "GIFT-9QLM", most: 1, until: 300},
	}},
	{name: "Summer", percent: 15_00, codes: []sampleCode{{text: "SUMMER15", from: 40, until: 130, once: true}}},
}

// makeCoupons makes the coupons once all links are there, on the day of the first of them.
func (h *history) makeCoupons(ctx context.Context, b business.Business) error {
	h.goTo(h.now.AddDate(0, 0, -sampleLinks[0].days))
	midnight := func(days int) *time.Time {
		if days == 0 {
			return nil
		}
		at := calendar.Day(h.now.In(b.Location()), days)
		return &at
	}
	for _, s := range sampleCoupons {
		off := money.Amount{}
		if s.amount > 0 {
			off = money.Amount{Minor: s.amount, Currency: b.Currency}
		}
		f, err := h.reach(ctx, b, s)
		if err != nil {
			return err
		}
		c, err := h.System.Coupons.Create(ctx, b.ID, s.percent, off, f)
		if err != nil {
			return err
		}
		for _, code := range s.codes {
			fields := coupon.CodeFields{Max: code.most, StartsAt: midnight(code.from), EndsAt: midnight(code.until), OncePerEmail: code.once}
			if _, err := h.System.Coupons.CreateCode(ctx, b.ID, c.ID, code.text, fields); err != nil {
				return err
			}
		}
	}
	return nil
}

// reach is what a coupon is for, and from how much.
func (h *history) reach(ctx context.Context, b business.Business, s sampleCoupon) (f coupon.Fields, err error) {
	f.Name = s.name
	if s.least > 0 {
		f.Minimum = &money.Amount{Minor: s.least, Currency: b.Currency}
	}
	switch of := h.links[s.link]; {
	case s.link == "":
	case of.product != nil:
		f.Products = []product.ID{of.product.ID}
	default:
		f.Links = []link.ID{of.link.ID}
	}
	for _, name := range s.tags {
		t, err := h.System.Tags.Ensure(ctx, b.ID, tag.OfLinks, tag.Fields{Name: name})
		if err != nil {
			return f, err
		}
		f.Tags = append(f.Tags, t.ID)
	}
	return f, nil
}

// codeOf is the code that the next payment of a link uses, "" for none.
func (h *history) codeOf(name string) string {
	next := len(h.paid[name]) + 1
	for _, s := range sampleCoupons {
		for _, c := range s.codes {
			if c.on == name && c.uses > 0 && next%c.every == 0 && h.used[c.text] < c.uses {
				h.used[c.text]++
				return c.text
			}
		}
	}
	return ""
}
