package visit_test

import (
	"context"
	"fmt"
	"maps"
	"testing"
	"time"

	"pgregory.net/rapid"

	"smartlinks/internal/business"
	"smartlinks/internal/business/businesstest"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/link"
	"smartlinks/internal/money"
	"smartlinks/internal/payment"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/visit"
	"smartlinks/internal/visit/source"
)

// sold is what was counted of an attempt, to be counted again.
type sold struct {
	attempt attempt.Attempt
	at      time.Time
	visit.Counts
}

// ledger is a world of views and sales, with everything that happened in it.
type ledger struct {
	d        *db.DB
	r        *visit.Recorder
	business business.Business
	target   string
	sales    []sold
}

// Whatever is opened and paid, in any order and from any place, every figure is
// what a recount of the raw rows gives.
func TestFiguresEqualARecount(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		r, round := mustRecorder(t, d), 0
		b := businesstest.Make(t, d, "acme")
		rapid.Check(t, func(rt *rapid.T) {
			round++
			l := &ledger{d: d, r: r, business: b, target: fmt.Sprintf("lnk_%d", round)}
			l.business.TimeZone = rapid.SampledFrom([]string{"UTC", "Asia/Kathmandu", "America/St_Johns", "Europe/Amsterdam", "Pacific/Kiritimati"}).Draw(rt, "zone")
			l.setZone(t)
			for range rapid.IntRange(1, 40).Draw(rt, "acts") {
				l.act(t, rt)
			}
			l.check(t, rt)
		})
	})
}

func (l *ledger) setZone(t *testing.T) {
	t.Helper()
	l.exec(t, func(ctx context.Context, tx *db.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE businesses SET time_zone = $1 WHERE id = $2`, l.business.TimeZone, l.business.ID)
		return err
	})
}

func (l *ledger) exec(t *testing.T, do func(ctx context.Context, tx *db.Tx) error) {
	t.Helper()
	if err := l.d.InTx(t.Context(), func(tx *db.Tx) error { return do(t.Context(), tx) }); err != nil {
		t.Fatal(err)
	}
}

func (l *ledger) act(t *testing.T, rt *rapid.T) {
	at := dbtest.Start.Add(time.Duration(rapid.Int64Range(0, int64(72*time.Hour/time.Minute)).Draw(rt, "minute")) * time.Minute)
	channel := rapid.SampledFrom([]string{"direct", "social", "email", "reminder", "campaign"}).Draw(rt, "channel")
	detail := map[string]string{"social": "x", "reminder": "sms", "campaign": "spring"}[channel]
	browser := rapid.SampledFrom([]string{"Chrome", "Safari", ""}).Draw(rt, "browser")
	token := ""
	if channel == "email" || channel == "reminder" {
		token = "abcdefgh"
	}
	if rapid.IntRange(0, 3).Draw(rt, "kind") > 0 {
		now := at.In(l.business.Location())
		v := visit.View{
			BusinessID: string(l.business.ID), TargetID: l.target, Mode: "test", At: at, Day: visit.DayOf(now), IP: "192.168.1.xxx",
			Class:   rapid.SampledFrom([]visit.Class{visit.Human, visit.Human, visit.Bot, visit.Preview, visit.Own}).Draw(rt, "class"),
			Browser: browser, OS: "iOS", Language: rapid.SampledFrom([]string{"nl-NL", "en", ""}).Draw(rt, "language"),
			Referrer: rapid.SampledFrom([]string{"", "https://www.example.org/a", "https://t.co/x"}).Draw(rt, "referrer"),
			Channel:  channel, ChannelDetail: detail, RecipientToken: token,
		}
		v.Visitor = visit.VisitorNumber(v.Day, rapid.Int64Range(0, 5).Draw(rt, "who")+1000*int64(len(l.target))+int64(hashOf(l.target)))
		if err := l.r.Record(t.Context(), v); err != nil {
			t.Fatal(err)
		}
		return
	}
	a := attempt.Attempt{
		ID: attempt.ID(fmt.Sprint("pay_", len(l.sales))), BusinessID: l.business.ID, LinkID: link.ID(l.target), Mode: business.Test, CreatedAt: at,
		Attribution: attempt.Attribution{Channel: channel, Detail: detail, RecipientToken: token, Browser: browser, OS: "iOS", Referrer: "t.co"},
	}
	l.exec(t, func(_ context.Context, tx *db.Tx) error {
		visit.CountAttempts(tx, l.business.Location(), a)
		return nil
	})
	l.sales = append(l.sales, sold{a, at, visit.Counts{Attempts: 1}})
	if !rapid.Bool().Draw(rt, "paid") {
		return
	}
	p := payment.Payment{Attempt: a, Captured: money.Amount{Minor: 4900, Currency: "EUR"}, Receipt: "2026-00001", PaidAt: at.Add(time.Hour)}
	l.exec(t, func(ctx context.Context, tx *db.Tx) error {
		return visit.CountPayments(ctx, tx, payment.Settlement{Zone: l.business.Location(), Payments: []payment.Payment{p}})
	})
	l.sales = append(l.sales, sold{a, p.PaidAt, visit.Counts{Payments: 1, Revenue: 4900}})
	if rapid.Bool().Draw(rt, "refunded") {
		m := payment.Movement{Payment: p, Kind: payment.MoneyRefunded, Amount: money.Amount{Minor: 900, Currency: "EUR"}, At: at.Add(30 * time.Hour)}
		l.exec(t, func(ctx context.Context, tx *db.Tx) error { return visit.CountMovement(ctx, tx, m) })
		l.sales = append(l.sales, sold{a, m.At, visit.Counts{Refunded: 900}})
	}
}

// hashOf keeps the visitors of rounds apart.
func hashOf(s string) int {
	sum := 0
	for _, c := range s {
		sum = sum*31 + int(c)
	}
	return sum << 10
}

// raw is a view as it is stored.
type raw struct {
	At             db.Time
	Class          visit.Class
	Browser        string
	OS             string `db:"os"`
	Language       string
	Referrer       string
	Channel        string
	ChannelDetail  string
	RecipientToken string
	Visitor        int64
}

// recounted are figures by facet, value and day, by nothing but what happened.
type recounted map[visit.Facet]map[string]map[int64]visit.Counts

func (c recounted) add(values map[visit.Facet]string, day int64, one visit.Counts) {
	for f, value := range values {
		if c[f] == nil {
			c[f] = map[string]map[int64]visit.Counts{}
		}
		if c[f][value] == nil {
			c[f][value] = map[int64]visit.Counts{}
		}
		c[f][value][day] = sum(c[f][value][day], one)
	}
}

func sum(a, b visit.Counts) visit.Counts {
	return visit.Counts{
		Views: a.Views + b.Views, Visitors: a.Visitors + b.Visitors, Bots: a.Bots + b.Bots, Previews: a.Previews + b.Previews, Own: a.Own + b.Own,
		Attempts: a.Attempts + b.Attempts, Payments: a.Payments + b.Payments, Revenue: a.Revenue + b.Revenue, Refunded: a.Refunded + b.Refunded, Lost: a.Lost + b.Lost,
	}
}

func values(channel, detail, token, browser, system, language, referrer string) map[visit.Facet]string {
	v := map[visit.Facet]string{
		visit.FacetChannel: channel, visit.FacetBrowser: browser, visit.FacetOS: system, visit.FacetLanguage: language, visit.FacetReferrer: referrer,
	}
	if channel == "social" {
		v[visit.FacetNetwork] = detail
	}
	if token != "" {
		v[visit.FacetDelivery] = map[string]string{"email": "email", "reminder": "reminder sms"}[channel]
	}
	return v
}

// recount goes through the raw rows and the sales.
func (l *ledger) recount(t *testing.T) (recounted, visit.Counts) {
	t.Helper()
	zone, counted, total, seen := l.business.Location(), recounted{}, visit.Counts{}, map[int64]bool{}
	var rows []raw
	err := l.d.Select(t.Context(), &rows, `SELECT at, class, browser, os, language, referrer, channel, channel_detail, recipient_token, visitor
		FROM views WHERE link_id = $1 ORDER BY id`, l.target)
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range rows {
		one := visit.Counts{}
		switch v.Class {
		case visit.Bot:
			one.Bots = 1
		case visit.Preview:
			one.Previews = 1
		case visit.Own:
			one.Own = 1
		default:
			one.Views = 1
		}
		if one.Views == 1 && !seen[v.Visitor] {
			one.Visitors, seen[v.Visitor] = 1, true
		}
		total = sum(total, one)
		if one.Views == 1 {
			counted.add(values(v.Channel, v.ChannelDetail, v.RecipientToken, v.Browser, v.OS, source.BaseLanguage(v.Language), source.SiteOf(v.Referrer)),
				visit.DayOf(v.At.In(zone)), one)
		}
	}
	for _, s := range l.sales {
		total = sum(total, s.Counts)
		a := s.attempt
		counted.add(values(a.Channel, a.Detail, a.RecipientToken, a.Browser, a.OS, a.Language, a.Referrer), visit.DayOf(s.at.In(zone)), s.Counts)
	}
	return counted, total
}

func (l *ledger) check(t *testing.T, rt *rapid.T) {
	ctx, business, zone := t.Context(), string(l.business.ID), l.business.Location()
	counted, total := l.recount(t)
	totals, err := visit.Totals(ctx, l.d, business, "test", []string{l.target})
	if err != nil || totals[l.target] != total {
		rt.Fatalf("totals are %+v, recounted %+v, %v", totals[l.target], total, err)
	}
	first := visit.DayOf(dbtest.Start.In(zone))
	from := rapid.Int64Range(first-1, first+5).Draw(rt, "from")
	span := visit.Span{First: from, Last: from + rapid.Int64Range(0, 5).Draw(rt, "days")}
	var whole visit.Counts
	for _, f := range visit.Facets() {
		shares, err := visit.Breakdown(ctx, l.d, business, l.target, "test", span, f)
		if err != nil {
			t.Fatal(err)
		}
		got, want := map[string]visit.Counts{}, map[string]visit.Counts{}
		for _, s := range shares {
			got[s.Value] = s.Counts
		}
		for value, days := range counted[f] {
			for day, c := range days {
				if day >= span.First && day <= span.Last {
					want[value] = sum(want[value], c)
				}
			}
		}
		if !maps.Equal(got, want) {
			rt.Fatalf("%s from %d to %d is %+v, recounted %+v", f, span.First, span.Last, got, want)
		}
		if f == visit.FacetChannel {
			for _, c := range want {
				whole = sum(whole, c)
			}
		}
	}
	if got, err := visit.Figures(ctx, l.d, business, l.target, "test", span); err != nil || got != whole {
		rt.Fatalf("figures are %+v, recounted %+v, %v", got, whole, err)
	}
	l.checkSeries(t, rt, span, whole)
}

// checkSeries holds the days against each other: those that are counted as days,
// and those that are put together from quarters of an hour.
func (l *ledger) checkSeries(t *testing.T, rt *rapid.T, span visit.Span, whole visit.Counts) {
	ctx, business, zone := t.Context(), string(l.business.ID), l.business.Location()
	days, err := visit.ByDay(ctx, l.d, business, l.target, "test", span)
	if err != nil {
		t.Fatal(err)
	}
	points, err := visit.Series(ctx, l.d, business, l.target, "test", span.Period(zone), visit.Day, zone)
	if err != nil || len(points) != len(days) {
		rt.Fatalf("%d points, %d days, %v", len(points), len(days), err)
	}
	var all visit.Counts
	for i, day := range days {
		all = sum(all, day.Counts)
		p := points[i].Counts
		p.Bots, p.Previews, p.Own = 0, 0, 0
		if p != day.Counts || day.Day != span.First+int64(i) {
			rt.Fatalf("day %d is %+v, in quarters of an hour %+v", day.Day, day.Counts, p)
		}
	}
	if all != whole {
		rt.Fatalf("the days are %+v, the whole %+v", all, whole)
	}
}
