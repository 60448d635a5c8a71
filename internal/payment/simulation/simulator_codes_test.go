package simulation_test

import (
	"pgregory.net/rapid"

	"smartlinks/internal/coupon"
	"smartlinks/internal/money"
	"smartlinks/internal/payment/paymenttest"
)

// makeCodes makes the codes of a simulation: a share, an amount, and everything.
func (s *simulation) makeCodes(*rapid.T) {
	s.codes = []string{"SHARE", "AMOUNT", "ALL", "OTHER"}
	s.MustCode("SHARE", 10_00, money.Amount{}, coupon.CodeFields{Max: 3})
	c := s.MustCode("AMOUNT", 0, paymenttest.Eur(1500), coupon.CodeFields{OncePerEmail: true}, coupon.Fields{Name: "Both", Max: 4})
	if _, err := s.Coupons.CreateCode(s.T.Context(), s.Business.ID, c.CouponID, "OTHER", coupon.CodeFields{Max: 2}); err != nil {
		s.T.Fatal(err)
	}
	s.MustCode("ALL", 100_00, money.Amount{}, coupon.CodeFields{Max: 2})
}

// codeEnds is the merchant who ends a code, or lets it count again.
func (s *simulation) codeEnds(rt *rapid.T) {
	code := rapid.SampledFrom(s.codes).Draw(rt, "code")
	again := rapid.Bool().Draw(rt, "again")
	found, err := s.Coupons.Codes(s.T.Context(), s.Business, coupon.Filter{Query: code})
	if err != nil || len(found) != 1 && code != "OTHER" {
		rt.Fatal(len(found), err)
	}
	if _, err = s.Coupons.EndCode(s.T.Context(), s.Business.ID, found[0].ID); err == nil && again {
		_, err = s.Coupons.EditCode(s.T.Context(), s.Business.ID, found[0].ID, 0, func(f *coupon.CodeFields) { f.EndsAt = nil })
	}
	if err != nil {
		rt.Fatal(err)
	}
}
