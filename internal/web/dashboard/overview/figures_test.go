package overview

import (
	"testing"

	"smartlinks/internal/visit"
	"smartlinks/internal/web/dashboard/frame"
)

// pair is a series of two days: the period before, and the period.
func pair(before, now visit.Counts) map[string][]visit.DayFigures {
	sales := []visit.DayFigures{{Counts: visit.Counts{Payments: before.Payments, Revenue: before.Revenue}}, {Counts: visit.Counts{Payments: now.Payments, Revenue: now.Revenue, Refunded: now.Refunded, Lost: now.Lost}}}
	return map[string][]visit.DayFigures{"": {{Counts: visit.Counts{Views: before.Views}}, {Counts: visit.Counts{Views: now.Views}}}, "EUR": sales}
}

func TestFiguresAreComparedWithThePeriodBefore(t *testing.T) {
	f := overviewFiguresOf(frame.Reader{}, pair(visit.Counts{Views: 100, Payments: 10, Revenue: 100_00}, visit.Counts{Views: 80, Payments: 10, Revenue: 112_40, Refunded: 12_40, Lost: 10_00}), "EUR", 1)
	for name, c := range map[string]struct{ got, want figure }{
		"revenue":    {f.Revenue, figure{Label: "Revenue, gross", Text: "€112.40", Change: "12.4%", Up: true}},
		"views":      {f.Views, figure{Label: "Views", Text: "80", Change: "20.0%", Down: true}},
		"payments":   {f.Payments, figure{Label: "Payments", Text: "10"}},
		"conversion": {f.Conversion, figure{Label: "Conversion", Text: "12.5%", Change: "2.5 pt", Up: true}},
		"average":    {f.Average, figure{Label: "Average", Text: "€11.24", Change: "12.4%", Up: true}},
	} {
		if c.got != c.want {
			t.Errorf("%s is %+v, want %+v", name, c.got, c.want)
		}
	}
	if want := "€12.40 refunded, €10.00 lost in disputes, €90.00 net"; f.Kept != want {
		t.Errorf("kept: %q, want %q", f.Kept, want)
	}
}

func TestNothingIsComparedWithNothing(t *testing.T) {
	f := overviewFiguresOf(frame.Reader{}, pair(visit.Counts{}, visit.Counts{Views: 3, Payments: 1, Revenue: 500}), "EUR", 1)
	for _, c := range []figure{f.Revenue, f.Views, f.Payments, f.Conversion, f.Average} {
		if c.Change != "" || c.Up || c.Down {
			t.Errorf("%+v compares with a period of nothing", c)
		}
	}
	if f = overviewFiguresOf(frame.Reader{}, pair(visit.Counts{}, visit.Counts{}), "EUR", 1); f.Conversion.Text != "–" || f.Average.Text != "–" || f.Kept != "" {
		t.Errorf("of nothing: %+v", f)
	}
}

func TestMoneyOfOtherCurrenciesIsNotAddedUp(t *testing.T) {
	series := pair(visit.Counts{}, visit.Counts{Views: 10, Payments: 2, Revenue: 100_00})
	series["USD"] = []visit.DayFigures{{}, {Counts: visit.Counts{Payments: 3, Revenue: 35_00}}}
	f := overviewFiguresOf(frame.Reader{}, series, "EUR", 1)
	if f.Revenue.Text != "€100.00" || f.Average.Text != "€50.00" || f.RevenueIsOnly != "2 payments in EUR" || f.Payments.Text != "5" || f.Conversion.Text != "50.0%" {
		t.Errorf("%+v", f)
	}
	if got := currencyTabs("/dashboard/acme", nil, "EUR", series); len(got) != 2 || !got[0].Current || got[1].Label != "USD" {
		t.Errorf("tabs: %+v", got)
	}
}
