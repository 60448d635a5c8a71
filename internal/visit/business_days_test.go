package visit_test

import (
	"testing"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/business/businesstest"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/money"
	"smartlinks/internal/payment"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/product"
	"smartlinks/internal/visit"
)

// sell counts a payment, and what was given back of it a day later, as effects
// do.
func sell(t *testing.T, d *db.DB, a attempt.Attempt, at time.Time, refunded int64) {
	t.Helper()
	p := payment.Payment{Attempt: a, Captured: a.Amount, PaidAt: at, Receipt: "1"}
	back := money.Amount{Minor: refunded, Currency: a.Amount.Currency}
	err := d.InTx(t.Context(), func(tx *db.Tx) error {
		zone, err := business.Zone(t.Context(), tx, a.BusinessID)
		if err != nil {
			return err
		}
		if err := visit.CountPayments(t.Context(), tx, payment.Settlement{Zone: zone, Payments: []payment.Payment{p}}); err != nil || refunded == 0 {
			return err
		}
		return visit.CountMovement(t.Context(), tx, payment.Movement{Payment: p, Kind: payment.MoneyRefunded, Amount: back, At: at.Add(24 * time.Hour)})
	})
	if err != nil {
		t.Fatal(err)
	}
}

// Views of all links are added up; money of two currencies never is.
func TestABusinessIsCountedByItsDaysAndCurrencies(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		acme := businesstest.Make(t, d, "acme")
		zone := acme.Location()
		r := mustRecorder(t, d)
		midnight := time.Date(2026, 3, 29, 0, 0, 0, 0, zone)
		for i, at := range []time.Time{midnight.Add(-time.Second), midnight, midnight} {
			v := view(at, visit.Human, "qr")
			v.BusinessID, v.TargetID = string(acme.ID), []string{"lnk_1", "lnk_1", "lnk_2"}[i]
			if err := r.Record(t.Context(), v); err != nil {
				t.Fatal(err)
			}
		}
		bot := view(midnight, visit.Bot, "qr")
		bot.BusinessID = string(acme.ID)
		if err := r.Record(t.Context(), bot); err != nil {
			t.Fatal(err)
		}
		a := attempt.Attempt{BusinessID: acme.ID, LinkID: lnk, Mode: "test", Amount: money.Amount{Minor: 4900, Currency: "EUR"}}
		sell(t, d, a, midnight.AddDate(0, 0, 1).Add(-time.Second), 900)
		a.Amount = money.Amount{Minor: 3500, Currency: "USD"}
		sell(t, d, a, midnight, 0)

		days := visit.LastDays(3, midnight.AddDate(0, 0, 1), zone)
		by, err := visit.BusinessDays(t.Context(), d, string(acme.ID), "test", days)
		if err != nil {
			t.Fatal(err)
		}
		views, euros, dollars := by[""], by["EUR"], by["USD"]
		for i, day := range views {
			if day.Day != days.First+int64(i) {
				t.Errorf("day %d is numbered %d", i, day.Day-days.First)
			}
		}
		if len(views) != 3 || views[0].Views != 1 || views[1].Views != 2 || views[2].Views != 0 {
			t.Errorf("views by day: %+v", views)
		}
		if len(euros) != 3 || euros[1].Payments != 1 || euros[1].Revenue != 4900 || euros[1].Refunded != 0 || euros[2].Refunded != 900 {
			t.Errorf("euros by day: %+v", euros)
		}
		if len(dollars) != 3 || visit.Sum(dollars).Revenue != 3500 {
			t.Errorf("dollars by day: %+v", dollars)
		}
		foreign, err := visit.BusinessDays(t.Context(), d, "biz_2", "test", days)
		if err != nil || len(foreign) != 1 || visit.Sum(foreign[""]).Views != 0 {
			t.Errorf("another business has %+v, %v", foreign, err)
		}
	})
}

// What members recorded by hand is told apart, because no visit led to it, and what banks
// took back is lost, until they give it back.
func TestMoneyByHandAndMoneyLost(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		acme := businesstest.Make(t, d, "acme")
		at := dbtest.Start
		a := attempt.Attempt{BusinessID: acme.ID, LinkID: lnk, Mode: "test", Amount: money.Amount{Minor: 1000, Currency: "EUR"}}
		byHand := a
		byHand.Channel = payment.ByHand
		paid := func(a attempt.Attempt) payment.Payment {
			return payment.Payment{Attempt: a, Captured: a.Amount, PaidAt: at, Receipt: "1"}
		}
		move := func(tx *db.Tx, kind payment.MovementKind, minor int64) error {
			return visit.CountMovement(t.Context(), tx, payment.Movement{Payment: paid(a), Kind: kind, Amount: money.Amount{Minor: minor, Currency: "EUR"}, At: at})
		}
		err := d.InTx(t.Context(), func(tx *db.Tx) error {
			all := []payment.Payment{paid(byHand), paid(a), paid(byHand)}
			if err := visit.CountPayments(t.Context(), tx, payment.Settlement{Zone: acme.Location(), Payments: all}); err != nil {
				return err
			}
			if err := move(tx, payment.DisputeTaken, 1000); err != nil {
				return err
			}
			if err := move(tx, payment.MoneyRefunded, 100); err != nil {
				return err
			}
			return move(tx, payment.DisputeReversed, 400)
		})
		if err != nil {
			t.Fatal(err)
		}
		now, before := view(at, visit.Human, "qr"), view(at.AddDate(0, 0, -2), visit.Human, "qr")
		now.BusinessID, before.BusinessID = string(acme.ID), string(acme.ID)
		if err := mustRecorder(t, d).Import(t.Context(), []visit.View{before, now}); err != nil {
			t.Fatal(err)
		}
		want := visit.Counts{Payments: 3, Revenue: 3000, Refunded: 100, Lost: 600, ByHand: 2, HandRevenue: 2000}
		today := visit.LastDays(1, at, acme.Location())
		by, err := visit.BusinessDays(t.Context(), d, string(acme.ID), "test", today)
		if got := visit.Sum(by["EUR"]); err != nil || got != want || got.Net() != 2300 {
			t.Errorf("the business has %+v, net %d, %v", got, got.Net(), err)
		}
		want.Views = 1
		points, got, err := visit.SeriesAndTotals(t.Context(), d, string(acme.ID), lnk, "test", today.Period(acme.Location()), visit.Day, acme.Location())
		if err != nil || len(points) != 1 || points[0].Counts != want || points[0].Conversion() != 1000 {
			t.Errorf("the link has %+v today, %v", points, err)
		}
		if want.Views = 2; got != want || got.Conversion() != 500 {
			t.Errorf("the link has %+v, conversion %s", got, got.Conversion())
		}
	})
}

func TestTheBestOfAPeriodAreRankedByWhatTheyEarned(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		acme := businesstest.Make(t, d, "acme")
		p := visit.Days(7, dbtest.Start, acme.Location())
		a := attempt.Attempt{BusinessID: acme.ID, Mode: "test"}
		for _, s := range []struct {
			product product.ID
			minor   int64
			at      time.Time
		}{{"", 2000, dbtest.Start}, {"prd_1", 1500, dbtest.Start}, {"prd_1", 1500, p.From}, {"prd_2", 9900, p.From.Add(-time.Second)}} {
			a.ProductID, a.Amount = s.product, money.Amount{Minor: s.minor, Currency: acme.Currency}
			sell(t, d, a, s.at, 0)
		}
		best, err := visit.BestOf(t.Context(), d, string(acme.ID), "test", string(acme.Currency), p, 5)
		if err != nil || len(best) != 2 || best[0].TargetID != "prd_1" || best[0].Revenue != 3000 || best[0].Payments != 2 || best[1].TargetID != string(acme.ID) {
			t.Errorf("the best: %+v, %v", best, err)
		}
		if one, err := visit.BestOf(t.Context(), d, string(acme.ID), "test", "USD", p, 5); err != nil || len(one) != 0 {
			t.Errorf("in dollars: %+v, %v", one, err)
		}
	})
}
