package business_test

import (
	"math/big"
	"testing"

	"pgregory.net/rapid"

	"smartlinks/internal/business"
	"smartlinks/internal/business/businesstest"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/fault"
)

func TestRatesAreReadAsTyped(t *testing.T) {
	for typed, want := range map[string]string{"21": "21", "5.5": "5.5", "5,5 %": "5.5", " 9% ": "9", "0": "0", "100": "100", "7.25": "7.25", "7.05": "7.05", "۲۱": "21",
		"": "-", "100.01": "-", "1.": "-", ".5": "-", "-1": "-", "1.234": "-", "1,2,3": "-", "a": "-", "1e3": "-"} {
		got := "-"
		if r, ok := business.ParseRate(typed); ok {
			got = r.String()
		}
		if got != want {
			t.Errorf("%q is read as %s, want %s", typed, got, want)
		}
	}
}

func TestIncludedVATIsExact(t *testing.T) {
	if got := business.Rate(2100).Included(12100); got != 2100 {
		t.Errorf("VAT in 121.00 at 21 %% is %d", got)
	}
	rapid.Check(t, func(t *rapid.T) {
		gross, rate := rapid.Int64Range(0, 1<<50).Draw(t, "gross"), rapid.Int64Range(0, 10000).Draw(t, "rate")
		exact := new(big.Rat).SetFrac(new(big.Int).Mul(big.NewInt(gross), big.NewInt(rate)), big.NewInt(10000+rate))
		off := new(big.Rat).Sub(new(big.Rat).SetInt64(business.Rate(rate).Included(gross)), exact)
		if off.Abs(off).Cmp(big.NewRat(1, 2)) > 0 {
			t.Fatalf("VAT in %d at %d is %d, off by %s", gross, rate, business.Rate(rate).Included(gross), off)
		}
	})
}

func TestLegalIdentityIsKeptAndChecked(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s, b := businesstest.New(t, d), businesstest.Make(t, d, "acme")
		rate := business.Rate(2100)
		legal := business.Legal{Name: "Acme B.V.", Address: "Dam 1\r\nAmsterdam", RegistrationNumber: "12345678", VATNumber: "NL001234567B01", VATRate: &rate}
		terms := " https://acme.example/terms "
		after, err := s.Update(t.Context(), b.ID, b.Version, business.Patch{Legal: &legal, TermsURL: &terms})
		if err != nil || after.Legal.Address != "Dam 1\nAmsterdam" || *after.Legal.VATRate != rate || after.TermsURL != "https://acme.example/terms" {
			t.Fatalf("got %+v, %v", after, err)
		}
		for field, p := range map[string]business.Patch{
			"terms_url":      {TermsURL: new("javascript:alert(1)")},
			"privacy_url":    {PrivacyURL: new("acme.example")},
			"legal.vat_rate": {Legal: &business.Legal{VATRate: new(business.Rate(10001))}},
		} {
			_, err := s.Update(t.Context(), b.ID, 0, p)
			if f := fault.Of(err); f.Code != fault.Invalid || f.Fields[0].Name != field {
				t.Errorf("%s: %v", field, err)
			}
		}
	})
}

func TestAnotherCurrencyForgetsThePagesAmounts(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s, b := businesstest.New(t, d), businesstest.Make(t, d, "acme")
		page := b.Page
		page.Default = eur(1000)
		if _, err := s.Update(t.Context(), b.ID, 0, business.Patch{Page: &page}); err != nil {
			t.Fatal(err)
		}
		yen := business.Patch{Currency: new(b.Currency)}
		*yen.Currency = "JPY"
		after, err := s.Update(t.Context(), b.ID, 0, yen)
		if err != nil || after.Currency != "JPY" || after.Page.Default != nil {
			t.Errorf("got %+v, %v", after.Page, err)
		}
	})
}
