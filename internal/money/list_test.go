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
