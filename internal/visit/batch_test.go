package visit_test

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"testing"

	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/visit"
)

// A batch tells people from what is none, by itself: neither takes a visitor or a day from them.
func TestOnlyPeopleAreVisitorsAndBeginTheDays(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		r := mustRecorder(t, d)
		bot, human := view(dbtest.Start, visit.Bot, "qr"), view(dbtest.Start, visit.Human, "qr")
		bot.Visitor, human.Visitor = 7, 7
		early := view(dbtest.Start.AddDate(0, 0, -5), visit.Bot, "qr")
		reader := view(dbtest.Start.AddDate(0, 0, -3), visit.Human, "qr")
		today := visit.DayOf(dbtest.Start)
		for _, c := range []struct {
			views []visit.View
			first int64
		}{{nil, today}, {[]visit.View{early, bot, human}, today}, {[]visit.View{reader}, today - 3}} {
			if err := r.Import(t.Context(), c.views); err != nil {
				t.Fatal(err)
			}
			first, err := visit.FirstDay(t.Context(), d, biz, lnk, "test", today)
			if err != nil || first != c.first {
				t.Errorf("the first day is %d days ago, %v", today-first, err)
			}
		}
		got, err := visit.Figures(t.Context(), d, biz, lnk, "test", visit.Span{First: today, Last: today})
		if err != nil || got.Views != 1 || got.Visitors != 1 {
			t.Errorf("the day has %+v, %v", got, err)
		}
	})
}

// Strangers write campaigns: of a day and link so many are told apart, and no more, however
// many views come in at once.
func TestValuesAreBounded(t *testing.T) {
	d := dbtest.SQLite(t)
	var views []visit.View
	const many = 1030
	for i := range many {
		v := view(dbtest.Start, visit.Human, "campaign")
		v.Campaign = fmt.Sprint(i)
		views = append(views, v)
	}
	r := mustRecorder(t, d)
	for _, part := range [][]visit.View{nil, views} {
		if err := r.Import(t.Context(), part); err != nil {
			t.Fatal(err)
		}
	}
	today := visit.DayOf(dbtest.Start)
	shares, err := visit.Breakdown(t.Context(), d, biz, lnk, "test", visit.Span{First: today, Last: today}, visit.FacetCampaign)
	if err != nil || shares[0].Value != "(other)" || shares[0].Views != many-200 {
		t.Errorf("of %d campaigns the first is %+v, %v", many, shares[0], err)
	}
	rows, _, err := visit.Activity(t.Context(), d, biz, lnk, "test", visit.ActivityQuery{Kind: visit.KindView, Limit: 2})
	if err != nil || rows[0].View.Campaign != "1029" || rows[1].View.Campaign != "1028" {
		t.Errorf("of one instant the last to be imported are %+v, %v", rows, err)
	}
	if r.Stored() != many || r.Batches() != 2 {
		t.Errorf("%d are stored in %d batches", r.Stored(), r.Batches())
	}
}

// While the database is away, a page without a folder for its view hopes that it is back
// soon; however often storing fails, what it was told to be stored is.
func TestWithoutAFolderAViewWaitsForTheDatabase(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		failed := make(chan struct{}, 100)
		r, err := visit.NewRecorder(t.Context(), d, "", slog.New(told{slog.DiscardHandler, failed}))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(r.Close)
		rename := func(statement string) {
			t.Helper()
			if err := d.InTx(t.Context(), func(tx *db.Tx) error { _, err := tx.Exec(t.Context(), statement); return err }); err != nil {
				t.Fatal(err)
			}
		}
		rename(`ALTER TABLE views RENAME TO views_away`)
		var pages sync.WaitGroup
		record := func() {
			if err := r.Record(t.Context(), view(dbtest.Start, visit.Human, "qr")); err != nil {
				t.Error(err)
			}
		}
		pages.Go(record)
		<-failed
		pages.Go(record) // from here on it is known to be away
		<-failed
		rename(`ALTER TABLE views_away RENAME TO views`)
		pages.Wait()
		if got := totals(t, d); got.Views != 2 || r.Lost() != 0 {
			t.Errorf("totals are %+v, %d are lost", got, r.Lost())
		}
	})
}

// told says when something is logged.
type told struct {
	slog.Handler
	when chan struct{}
}

func (h told) Enabled(context.Context, slog.Level) bool { return true }

func (h told) Handle(context.Context, slog.Record) error {
	h.when <- struct{}{}
	return nil
}
