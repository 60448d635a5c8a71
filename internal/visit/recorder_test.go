package visit_test

import (
	"fmt"
	"log/slog"
	"net/netip"
	"sync"
	"testing"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/business/businesstest"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/visit"
)

const biz, lnk = "biz_1", "lnk_1"

func mustRecorder(tb testing.TB, d *db.DB) *visit.Recorder {
	tb.Helper()
	r, err := visit.NewRecorder(tb.Context(), d, "", slog.New(slog.DiscardHandler))
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(r.Close)
	return r
}

func view(at time.Time, class visit.Class, channel string) visit.View {
	return visit.View{BusinessID: biz, TargetID: lnk, Mode: "test", At: at, Class: class, IP: "192.168.1.xxx",
		Browser: "Chrome", OS: "Mac", Channel: channel, Referrer: "https://t.co/x"}
}

func totals(t *testing.T, d *db.DB) visit.Counts {
	t.Helper()
	all, err := visit.Totals(t.Context(), d, biz, "test", []string{lnk})
	if err != nil {
		t.Fatal(err)
	}
	return all[lnk]
}

func TestAnAnsweredViewIsStoredAndCounted(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		r := mustRecorder(t, d)
		if err := r.Record(t.Context(), view(dbtest.Start, visit.Human, "qr")); err != nil {
			t.Fatal(err)
		}
		rows, next, err := visit.Activity(t.Context(), d, biz, lnk, "test", visit.ActivityQuery{Kind: visit.KindAll, Limit: 10})
		if err != nil || len(rows) != 1 || next != "" {
			t.Fatalf("activity: %v, %q, %v", rows, next, err)
		}
		if v := rows[0].View; v.IP != "192.168.1.xxx" || v.Browser != "Chrome" || v.Channel != "qr" || !v.At.Equal(dbtest.Start) {
			t.Errorf("view is %+v", v)
		}
		if got := totals(t, d); got.Views != 1 || r.Stored() != 1 || r.Batches() != 1 {
			t.Errorf("totals are %+v, %d views are stored in %d batches", got, r.Stored(), r.Batches())
		}
	})
}

func TestACrowdOfViewsIsCountedExactly(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		r := mustRecorder(t, d)
		classes := []visit.Class{visit.Human, visit.Human, visit.Bot, visit.Preview}
		channels := []string{"direct", "qr", "social"}
		var wg sync.WaitGroup
		for i := range 600 {
			wg.Go(func() {
				at := dbtest.Start.Add(time.Duration(i) * time.Minute)
				if err := r.Record(t.Context(), view(at, classes[i%4], channels[i%3])); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if got := totals(t, d); got.Views != 300 || got.Bots != 150 || got.Previews != 150 {
			t.Errorf("totals are %+v", got)
		}
		p := visit.Period{From: dbtest.Start.Add(-time.Hour), To: dbtest.Start.Add(24 * time.Hour)}
		by, err := visit.ByChannel(t.Context(), d, biz, lnk, "test", p)
		if err != nil || len(by) != 3 {
			t.Fatalf("by channel: %v, %v", by, err)
		}
		for _, c := range by {
			if c.Views != 100 {
				t.Errorf("%s has %d views", c.Channel, c.Views)
			}
		}
		var rows int64
		if err := d.Get(t.Context(), &rows, `SELECT COUNT(*) FROM views`); err != nil || rows != 600 {
			t.Errorf("%d rows, %v", rows, err)
		}
	})
}

func TestFiguresOfAnotherBusinessAreNotRead(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		r := mustRecorder(t, d)
		if err := r.Record(t.Context(), view(dbtest.Start, visit.Human, "direct")); err != nil {
			t.Fatal(err)
		}
		all, err := visit.Totals(t.Context(), d, "biz_2", "test", []string{lnk})
		if err != nil || len(all) != 0 {
			t.Errorf("totals: %v, %v", all, err)
		}
		rows, _, err := visit.Activity(t.Context(), d, "biz_2", lnk, "test", visit.ActivityQuery{Kind: visit.KindAll, Limit: 10})
		if err != nil || len(rows) != 0 {
			t.Errorf("activity: %v, %v", rows, err)
		}
	})
}

func TestPagesOfTheActivityShowEachViewOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		r := mustRecorder(t, d)
		for i := range 10 { // all at one instant, so that only the id tells them apart
			v := view(dbtest.Start, visit.Human, "direct")
			v.Referrer = fmt.Sprint(i)
			if err := r.Record(t.Context(), v); err != nil {
				t.Fatal(err)
			}
		}
		seen, cursor := map[string]int{}, ""
		for range 10 {
			rows, next, err := visit.Activity(t.Context(), d, biz, lnk, "test", visit.ActivityQuery{Kind: visit.KindView, Limit: 3, Cursor: cursor})
			if err != nil {
				t.Fatal(err)
			}
			for _, row := range rows {
				seen[row.View.Referrer]++
			}
			if cursor = next; next == "" {
				break
			}
		}
		if len(seen) != 10 || cursor != "" {
			t.Errorf("seen %v, then %q", seen, cursor)
		}
	})
}

func TestAForeignCursorIsRefused(t *testing.T) {
	d := dbtest.SQLite(t)
	for _, cursor := range []string{"x", "AAAA", "MSAyIDMgNCA1"} {
		if _, _, err := visit.Activity(t.Context(), d, biz, lnk, "test", visit.ActivityQuery{Kind: visit.KindAll, Limit: 3, Cursor: cursor}); err == nil {
			t.Errorf("%q is taken", cursor)
		}
	}
}

func TestDaysAreCalendarDaysOfTheZone(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		r := mustRecorder(t, d)
		kathmandu, err := time.LoadLocation("Asia/Kathmandu") // UTC+05:45
		if err != nil {
			t.Fatal(err)
		}
		midnight := time.Date(2026, 2, 18, 0, 0, 0, 0, kathmandu)
		for _, at := range []time.Time{midnight.Add(-time.Second), midnight, midnight.Add(time.Second)} {
			if err := r.Record(t.Context(), view(at, visit.Human, "direct")); err != nil {
				t.Fatal(err)
			}
		}
		p := visit.Days(2, midnight.Add(time.Hour), kathmandu)
		points, err := visit.Series(t.Context(), d, biz, lnk, "test", p, visit.Day, kathmandu)
		if err != nil || len(points) != 2 || points[0].Views != 1 || points[1].Views != 2 {
			t.Errorf("series: %+v, %v", points, err)
		}
		lines, err := visit.Sparklines(t.Context(), d, biz, "test", []string{lnk}, 2, midnight.Add(time.Hour), kathmandu)
		if err != nil || fmt.Sprint(lines[lnk]) != "[1 2]" {
			t.Errorf("sparkline: %v, %v", lines, err)
		}
	})
}

func TestWeeksAndMonthsAreThoseOfTheZone(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		r := mustRecorder(t, d)
		amsterdam, err := time.LoadLocation("Europe/Amsterdam")
		if err != nil {
			t.Fatal(err)
		}
		day := func(month time.Month, day int) time.Time { return time.Date(2026, month, day, 0, 0, 0, 0, amsterdam) }
		// The clocks go forward on Sunday 29 March, which has 23 hours.
		for _, at := range []time.Time{day(3, 29).Add(22 * time.Hour), day(3, 30).Add(-time.Second), day(3, 30), day(4, 1)} {
			if err := r.Record(t.Context(), view(at, visit.Human, "direct")); err != nil {
				t.Fatal(err)
			}
		}
		p := visit.Period{From: day(3, 25), To: day(4, 2)}
		for every, want := range map[visit.Interval]string{
			visit.Week:  "2026-03-23 2, 2026-03-30 2, ",
			visit.Month: "2026-03-01 3, 2026-04-01 1, ",
		} {
			points, err := visit.Series(t.Context(), d, biz, lnk, "test", p, every, amsterdam)
			got := ""
			for _, point := range points {
				got += fmt.Sprintf("%s %d, ", point.Start.Format(time.DateOnly), point.Views)
			}
			if err != nil || got != want {
				t.Errorf("by %s: %s, %v, want %s", every, got, err, want)
			}
		}
	})
}

// In Chile the clocks go forward at midnight: 6 September begins at one.
func TestDaysBehindAMissingMidnightAreWhole(t *testing.T) {
	d := dbtest.SQLite(t)
	r := mustRecorder(t, d)
	santiago, err := time.LoadLocation("America/Santiago")
	if err != nil {
		t.Fatal(err)
	}
	for _, at := range []time.Time{time.Date(2026, 9, 5, 23, 30, 0, 0, santiago), time.Date(2026, 9, 6, 23, 30, 0, 0, santiago), time.Date(2026, 9, 7, 0, 30, 0, 0, santiago)} {
		if err := r.Record(t.Context(), view(at, visit.Human, "direct")); err != nil {
			t.Fatal(err)
		}
	}
	p := visit.Days(4, time.Date(2026, 9, 8, 12, 0, 0, 0, santiago), santiago)
	points, err := visit.Series(t.Context(), d, biz, lnk, "test", p, visit.Day, santiago)
	got := ""
	for _, point := range points {
		got += fmt.Sprintf("%s %d, ", point.Start.Format("2 15:04"), point.Views)
	}
	if want := "5 00:00 1, 6 01:00 1, 7 00:00 1, 8 00:00 0, "; err != nil || got != want {
		t.Errorf("%s, %v, want %s", got, err, want)
	}
	day := visit.DayOf(time.Date(2026, 9, 6, 12, 0, 0, 0, santiago))
	if p := (visit.Span{First: day, Last: day}).Period(santiago); p.From.Format("2 15:04") != "6 01:00" || p.To.Sub(p.From) != 23*time.Hour {
		t.Errorf("the day is from %s to %s", p.From, p.To)
	}
}

func TestConversionAndAverageAreHonest(t *testing.T) {
	for _, c := range []struct {
		views, payments, revenue int64
		conversion               visit.Percent
		average                  int64
	}{
		{0, 0, 0, 0, 0}, {1, 1, 4900, 1000, 4900}, {2, 3, 100, 1500, 33}, {128, 5, 44500, 39, 8900}, {3, 1, 1, 333, 1}, {3, 2, 3, 667, 2}, {16, 1, 1, 63, 1}, {1000, 1, 1, 1, 1},
	} {
		counts := visit.Counts{Views: c.views, Payments: c.payments, Revenue: c.revenue}
		average, _ := counts.Average()
		if counts.Conversion() != c.conversion || average != c.average {
			t.Errorf("%+v: %s %%, average %d", c, counts.Conversion(), average)
		}
	}
}

func TestIDsOfTwoProcessesDiffer(t *testing.T) {
	d := dbtest.SQLite(t)
	for range 2 {
		r := mustRecorder(t, d)
		if err := r.Record(t.Context(), view(dbtest.Start, visit.Human, "direct")); err != nil {
			t.Fatal(err)
		}
	}
	if got := totals(t, d); got.Views != 2 {
		t.Errorf("totals are %+v", got)
	}
	if at := visit.TimeOf(visit.IDAt(dbtest.Start)); !at.Equal(dbtest.Start) {
		t.Errorf("an id of %v tells %v", dbtest.Start, at)
	}
}

func BenchmarkRecord(b *testing.B) {
	d := dbtest.SQLite(b)
	r := mustRecorder(b, d)
	b.ReportAllocs()
	b.SetParallelism(32)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if err := r.Record(b.Context(), view(dbtest.Start, visit.Human, "direct")); err != nil {
				b.Error(err)
			}
		}
	})
}

func TestAVisitorCountsOnceADayHoweverOftenAndAtOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		r, other := mustRecorder(t, d), mustRecorder(t, d)
		phone, office := netip.MustParseAddr("192.0.2.7"), netip.MustParseAddr("198.51.100.9")
		seen := func(r *visit.Recorder, at time.Time, address netip.Addr) int64 {
			return r.Visitor(t.Context(), at, lnk, address, "Safari")
		}
		if seen(r, dbtest.Start, phone) != seen(other, dbtest.Start, phone) {
			t.Error("two processes tell one visitor from itself")
		}
		if elsewhere := mustRecorder(t, dbtest.SQLite(t)); seen(r, dbtest.Start, phone) == seen(elsewhere, dbtest.Start, phone) {
			t.Error("another installation gives a visitor the same number, so anybody could find the address of one")
		}
		if tomorrow := dbtest.Start.AddDate(0, 0, 1); seen(r, dbtest.Start, phone) == seen(r, tomorrow, phone) || seen(r, dbtest.Start, phone) == seen(r, dbtest.Start, office) {
			t.Error("two visitors are one")
		}
		var wg sync.WaitGroup
		for i := range 90 {
			wg.Go(func() {
				at := dbtest.Start.AddDate(0, 0, i%3)
				v := view(at, visit.Human, "direct")
				v.Visitor = seen(r, at, []netip.Addr{phone, office}[i%2])
				if err := []*visit.Recorder{r, other}[i/2%2].Record(t.Context(), v); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if got := totals(t, d); got.Views != 90 || got.Visitors != 6 {
			t.Errorf("totals are %+v", got)
		}
	})
}

func TestWhatToldVisitorsApartIsThrownAway(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		r := mustRecorder(t, d)
		at := dbtest.Start
		v := view(at, visit.Human, "direct")
		v.Visitor = r.Visitor(t.Context(), at, lnk, netip.MustParseAddr("192.0.2.7"), "Safari")
		if err := r.Record(t.Context(), v); err != nil {
			t.Fatal(err)
		}
		left := func() (n int64) {
			t.Helper()
			if err := d.Get(t.Context(), &n, `SELECT (SELECT COUNT(*) FROM visitors) + (SELECT COUNT(*) FROM visitor_salts)`); err != nil {
				t.Fatal(err)
			}
			return n
		}
		for _, then := range []struct {
			days int
			left int64
		}{{0, 2}, {2, 2}, {3, 0}} {
			d.Clock().SetOffset(time.Duration(then.days) * 24 * time.Hour)
			if err := visit.DeleteOldVisitors(t.Context(), d); err != nil {
				t.Fatal(err)
			}
			if got := left(); got != then.left {
				t.Errorf("after %d days %d rows tell visitors apart", then.days, got)
			}
		}
		if got := totals(t, d); got.Visitors != 1 {
			t.Errorf("totals are %+v", got)
		}
	})
}

func TestViewsAreKeptAsLongAsTheBusinessWants(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b, other := businesstest.Make(t, d, "acme"), businesstest.Make(t, d, "other")
		months := 3
		if _, err := businesstest.New(t, d).Update(t.Context(), b.ID, 0, business.Patch{KeepViews: &months}); err != nil {
			t.Fatal(err)
		}
		r := mustRecorder(t, d)
		for _, owner := range []business.ID{b.ID, other.ID} {
			for _, age := range []int{100, 80, 1} { // days; ids rise
				for _, target := range []string{"lnk_", "prd_"} {
					v := view(dbtest.Start.AddDate(0, 0, -age), visit.Human, "qr")
					v.BusinessID, v.TargetID = string(owner), target+string(owner)
					if err := r.Record(t.Context(), v); err != nil {
						t.Fatal(err)
					}
				}
			}
		}
		if err := visit.Retain(t.Context(), d); err != nil {
			t.Fatal(err)
		}
		for owner, want := range map[business.ID]int{b.ID: 2, other.ID: 3} {
			for _, target := range []string{"lnk_" + string(owner), "prd_" + string(owner)} {
				rows, _, err := visit.Activity(t.Context(), d, string(owner), target, "test", visit.ActivityQuery{Kind: visit.KindView, Limit: 10})
				if err != nil || len(rows) != want {
					t.Errorf("%s has %d views, want %d, %v", target, len(rows), want, err)
				}
				all, err := visit.Totals(t.Context(), d, string(owner), "test", []string{target})
				if err != nil || all[target].Views != 3 {
					t.Errorf("%s: totals are %+v, %v", target, all, err)
				}
			}
		}
	})
}
