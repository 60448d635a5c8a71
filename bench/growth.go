package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"smartlinks/internal/clock"
	"smartlinks/internal/db"
	"smartlinks/internal/visit"
)

// few is the number of views that the last measurement is compared with.
const few = 10_000

// measureGrowth measures the merchant's pages with few views and with many: they
// may not take twice the time.
func (p plan) measureGrowth(ctx context.Context, t *table, s store, m *product, links []string) error {
	g, err := newGenerator(ctx, s, links)
	if err != nil {
		return err
	}
	defer g.close()
	if err := g.until(ctx, min(few, p.views)); err != nil {
		return err
	}
	before, err := m.pages(ctx)
	if err != nil {
		return err
	}
	if err := g.until(ctx, p.views); err != nil {
		return err
	}
	after, err := m.pages(ctx)
	if err != nil {
		return err
	}
	for i, b := range before {
		t.row(fmt.Sprintf("%s, %d links, %d → %d views", b.name, p.links, min(few, p.views), p.views), "< 2 ×",
			fmt.Sprintf("%s → %s, %.1f ×", milliseconds(b.took), milliseconds(after[i].took), float64(after[i].took)/float64(b.took)))
	}
	return nil
}

// manyLinks makes links by the API and returns their ids, the measured link's
// first.
func (m *product) manyLinks(ctx context.Context, n int) ([]string, error) {
	var made atomic.Int64
	ids, failures := make([]string, n), make([]error, connections)
	client := newClient(connections)
	defer client.CloseIdleConnections()
	var all sync.WaitGroup
	for w := range connections {
		all.Go(func() {
			for i := made.Add(1) - 1; int(i) < n && failures[w] == nil; i = made.Add(1) - 1 {
				ids[i], failures[w] = m.newLink(ctx, client, fmt.Sprintf("Link %d", i))
			}
		})
	}
	all.Wait()
	return append([]string{m.link}, ids...), errors.Join(failures...)
}

// timed is a page of the dashboard and how long it took, in the middle of many.
type timed struct {
	name string
	took time.Duration
}

// pages opens the merchant's pages one after another.
func (m *product) pages(ctx context.Context) ([]timed, error) {
	at := m.url + "/dashboard/" + handle
	pages := []timed{{name: "overview"}, {name: "list"}, {name: "detail page"}, {name: "analytics of a link"}}
	for i, address := range []string{at, at + "/links", at + "/links/" + m.link, at + "/links/" + m.link + "/analytics"} {
		var took []time.Duration
		for range 40 {
			begin := time.Now()
			if _, err := get(ctx, m.merchant, address); err != nil {
				return nil, err
			}
			took = append(took, time.Since(begin))
		}
		slices.Sort(took)
		pages[i].took = took[len(took)/2]
	}
	return pages, nil
}

// generator stores views as the program itself does, spread over the last year.
type generator struct {
	d        *db.DB
	recorder *visit.Recorder
	business string
	links    []string
	stored   int
	begin    time.Time
}

func newGenerator(ctx context.Context, s store, links []string) (*generator, error) {
	log := slog.New(slog.DiscardHandler)
	d, err := db.Open(ctx, db.Config{Path: filepath.Join(s.data, "smartlinks.db"), URL: s.url, Clock: clock.System(), Random: rand.Reader, Log: log})
	if err != nil {
		return nil, err
	}
	g := &generator{d: d, links: links, begin: time.Now().AddDate(-1, 0, 0)}
	err = d.Get(ctx, &g.business, `SELECT id FROM businesses`)
	if err == nil {
		g.recorder, err = visit.NewRecorder(ctx, d, "", log)
	}
	if err != nil {
		d.Close()
		return nil, err
	}
	return g, nil
}

func (g *generator) close() {
	g.recorder.Close()
	g.d.Close()
}

// batches is in how many parts the views come, each at one link. Every fifth is
// the measured link's, the others come link by link.
const batches = 1000

// until stores views until there are so many. The new ones are spread over the
// whole year, as those before them.
func (g *generator) until(ctx context.Context, views int) error {
	first, told := g.stored, time.Now()
	began, step := told, year/time.Duration(views-first)
	for part := 0; g.stored < views; part++ {
		n := min((views-first+batches-1)/batches, views-g.stored)
		link := g.links[0]
		if part%5 != 0 {
			link = g.links[part%len(g.links)]
		}
		if err := g.recorder.Import(ctx, g.some(n, link, g.stored-first, step)); err != nil {
			return err
		}
		g.stored += n
		if time.Since(told) > 10*time.Second {
			told = time.Now()
			progress("%d of %d views stored, %.0f /s", g.stored, views, float64(g.stored-first)/time.Since(began).Seconds())
		}
	}
	return nil
}

const year = 365 * 24 * time.Hour

// some are views of one link, in the order of time. An odd number of
// microseconds keeps the times of one call apart from another's.
func (g *generator) some(n int, link string, from int, step time.Duration) []visit.View {
	views := make([]visit.View, n)
	for i := range views {
		number := from + i
		at := g.begin.Add(time.Duration(number)*step + time.Duration(g.stored-from)*3*time.Microsecond)
		views[i] = visit.View{
			BusinessID: g.business, TargetID: link, Mode: "test", At: at, Class: visit.Human, IP: "192.0.2.xxx",
			Browser: pick(number, "Chrome", "Safari", "Firefox", "Edge"), OS: pick(number, "Windows", "macOS", "iOS", "Android"),
			Language: pick(number, "en", "nl", "de"), Channel: pick(number/7, "direct", "qr", "email", "social"),
			Visitor: visit.VisitorNumber(visit.DayOf(at), int64(number/2)),
		}
	}
	return views
}

func pick(n int, of ...string) string { return of[n%len(of)] }

// newLink makes a link by the API and returns its id.
func (m *product) newLink(ctx context.Context, client *http.Client, name string) (string, error) {
	var made struct{ ID string }
	err := m.api(ctx, client, "/links", map[string]any{"name": name, "type": "amount", "amount": map[string]string{"value": "49.00", "currency": "EUR"}}, &made)
	return made.ID, err
}
