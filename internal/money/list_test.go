package money_test

import (
	"slices"
	"testing"

	"smartlinks/internal/money"
)

func TestListsOfAmountsAreReadBack(t *testing.T) {
	for _, want := range [][]money.Amount{nil, {{Minor: 1000, Currency: "EUR"}}, {{Minor: 1, Currency: "EUR"}, {Minor: 250000, Currency: "EUR"}}} {
		if got := money.FromColumn(money.Column(want), "EUR"); !slices.Equal(got, want) {
			t.Errorf("%v is read as %v", want, got)
		}
	}
}

func TestTypedListsArePartedAtSpaces(t *testing.T) {
	for list, want := range map[string][]string{
		"": nil, " ": nil, "10, 25, 50": {"10", "25", "50"}, "12,50 25": {"12,50", "25"}, "10;20 ; 30,": {"10", "20", "30"}, "1,5,9": {"1,5,9"}, "1\u00a0234,50\u00a0€ 10": {"1\u00a0234,50\u00a0€", "10"},
	} {
		if got := money.SplitTyped(list); !slices.Equal(got, want) {
			t.Errorf("%q is parted into %q", list, got)
		}
	}
}

func TestWhatIsPrintedIsReadInWhateverCurrency(t *testing.T) {
	for _, c := range money.Currencies() {
		for _, minor := range []int64{1, 50_00, 1_234_567} {
			want := money.Amount{Minor: minor, Currency: c}
			if got, ok := money.ParsePrinted(want.Format("en"), "en"); !ok || got != want {
				t.Errorf("%s is read as %v, %t", want.Format("en"), got, ok)
			}
		}
	}
	for _, other := range []string{"", "50", "1,234.50", "Early Bird", "Ticket 7", "€", "€ 1.234,50", "at least €5.00"} {
		if got, ok := money.ParsePrinted(other, "en"); ok {
			t.Errorf("%q is read as %v", other, got)
		}
	}
}
