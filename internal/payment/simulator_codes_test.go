package payment_test

import (
	"pgregory.net/rapid"

	"smartlinks/internal/coupon"
	"smartlinks/internal/fault"
	"smartlinks/internal/money"
)

// mustCode makes a coupon with one code.
func (w *world) mustCode(code string, percent int64, amount money.Amount, f coupon.CodeFields, fields ...coupon.Fields) coupon.Code {
	w.t.Helper()
	of := coupon.Fields{Name: "Coupon of " + code}
	if len(fields) > 0 {
		of = fields[0]
	}
	c, err := w.coupons.Create(w.t.Context(), w.business.ID, percent, amount, of)
	if err != nil {
		w.t.Fatal(err)
	}
	made, err := w.coupons.CreateCode(w.t.Context(), w.business.ID, c.ID, code, f)
	if err != nil {
		w.t.Fatal(err)
	}
	return made
}

// codeRefused reports whether a code was refused.
func codeRefused(err error) bool {
	return fault.Is(err, fault.Invalid) && fault.Fields(fault.Of(err).Fields).Has("code")
}

// makeCodes makes the codes of a simulation: a share, an amount, and everything.
func (s *simulation) makeCodes(*rapid.T) {
	s.codes = []string{"SHARE", "AMOUNT", "ALL", "OTHER"}
	s.mustCode("SHARE", 10_00, money.Amount{}, coupon.CodeFields{Max: 3})
	c := s.mustCode("AMOUNT", 0, eur(1500), coupon.CodeFields{OncePerEmail: true}, coupon.Fields{Name: "Both", Max: 4})
	if _, err := s.coupons.CreateCode(s.t.Context(), s.business.ID, c.CouponID, "OTHER", coupon.CodeFields{Max: 2}); err != nil {
		s.t.Fatal(err)
	}
	s.mustCode("ALL", 100_00, money.Amount{}, coupon.CodeFields{Max: 2})
}

// codeEnds is the merchant who ends a code, or lets it count again.
func (s *simulation) codeEnds(rt *rapid.T) {
	code := rapid.SampledFrom(s.codes).Draw(rt, "code")
	again := rapid.Bool().Draw(rt, "again")
	found, err := s.coupons.Codes(s.t.Context(), s.business, coupon.Filter{Query: code})
	if err != nil || len(found) != 1 && code != "OTHER" {
		rt.Fatal(len(found), err)
	}
	if _, err = s.coupons.EndCode(s.t.Context(), s.business.ID, found[0].ID); err == nil && again {
		_, err = s.coupons.EditCode(s.t.Context(), s.business.ID, found[0].ID, 0, func(f *coupon.CodeFields) { f.EndsAt = nil })
	}
	if err != nil {
		rt.Fatal(err)
	}
}
