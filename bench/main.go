// Command bench measures the program beside a bare handler in the same run, so
// that the figures are ratios on any machine. Everything stays on loopback.
//
// What it measures is kept in results, one file a run, and the table shows what the last
// one measured.
//
//	go run . -views 10000000 -engines sqlite,postgresql -profile folder
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"time"
)

// plan is what the command line asks for.
type plan struct {
	duration time.Duration // of each measurement
	idle     time.Duration // without a request; 0 leaves it out
	views    int           // in the database at the end; 0 leaves the growth out
	links    int           // that have them, and that are there while it rests
	engines  []string
	profile  string // folder for profiles of the processor; "" for none
	results  string // folder of the runs; "" keeps none and compares with none
}

// connections is how many clients ask, or pay, at once.
const connections = 64

func main() {
	var p plan
	flag.DurationVar(&p.duration, "for", 5*time.Second, "how long each measurement takes")
	flag.DurationVar(&p.idle, "idle", time.Minute, "how long nobody asks for anything; 0 leaves it out")
	flag.IntVar(&p.views, "views", 1_000_000, "views in the database for the last measurement; 0 leaves it out")
	flag.IntVar(&p.links, "links", 10_000, "links that have them, and that are there while it rests")
	flag.StringVar(&p.profile, "profile", "", "folder to write profiles of the program's processor to")
	flag.StringVar(&p.results, "results", "results", "folder of runs: this one is kept there and compared with the last; empty for neither")
	bare := flag.String("bare", "", "serve the bare handlers from this folder and measure nothing; the run starts itself so")
	engines := flag.String("engines", "sqlite,postgresql", "databases to measure")
	flag.Parse()
	p.engines = strings.Split(*engines, ",")

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if *bare != "" {
		if err := serveBare(ctx, *bare); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	if err := p.measure(ctx); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// progress says on stderr what is measured now, so that the table on stdout
// stays a table.
func progress(what string, values ...any) {
	fmt.Fprintf(os.Stderr, "measuring: "+what+"\n", values...)
}

func (p plan) measure(ctx context.Context) error {
	dir, err := os.MkdirTemp("", "smartlinks-bench")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	progress("build the program")
	binary, err := build(ctx, dir)
	if err != nil {
		return err
	}
	progress("bare handlers")
	plain, recording, err := measureBare(ctx, dir, p.duration)
	if err != nil {
		return err
	}
	t := newTable()
	t.rate("bare handler, 6 KB", "", plain)
	t.rate("bare handler, one row committed each", "", recording)
	t.row("  processor of one opening", "", microseconds(recording.processor))
	for _, engine := range p.engines {
		s, err := newStore(ctx, engine, dir)
		if err != nil {
			return err
		}
		err = p.measureOn(ctx, &t, s, binary, recording)
		s.drop()
		if err != nil {
			return fmt.Errorf("%s: %w", engine, err)
		}
	}
	return p.tell(ctx, &t)
}

// tell prints the table beside the figures of the run before, and keeps it.
func (p plan) tell(ctx context.Context, t *table) error {
	if p.results == "" {
		t.print(os.Stdout)
		return nil
	}
	this := t.results(ctx)
	before, there, err := last(p.results)
	if err != nil {
		return err
	}
	if there {
		t.compare(before)
	}
	t.print(os.Stdout)
	file, err := this.keep(p.results)
	if err == nil {
		progress("kept as %s", file)
	}
	return err
}

// measureOn measures the program on one database.
func (p plan) measureOn(ctx context.Context, t *table, s store, binary string, recording figures) error {
	progress("%s: start", s.engine)
	m, err := startProduct(ctx, s, binary)
	if err != nil {
		return err
	}
	defer m.stop()
	t.heading(s.engine)
	t.row("start to ready, empty database", "< 300 ms", milliseconds(m.ready))
	t.row("memory at rest", "< 60 MB", m.rest.said())
	progress("%s: make %d links", s.engine, p.links)
	links, err := m.manyLinks(ctx, p.links)
	if err != nil {
		return err
	}
	if err := p.measureIdle(ctx, t, s, m); err != nil {
		return err
	}
	if err := p.measurePages(ctx, t, s, m, recording); err != nil {
		return err
	}
	if err := p.measureFar(ctx, t, s, binary); err != nil {
		return err
	}
	if p.views > 0 {
		return p.measureGrowth(ctx, t, s, m, links)
	}
	return nil
}

// most are bounds of processor time, in openings of the bare recording handler, the
// database's own processes counted in.
var most = map[string]struct{ open, pay string }{
	"sqlite": {"≤ 1.25", "≤ 25"}, "postgresql": {"≤ 2.50", "≤ 60"},
}

// inOpenings tells what one answer takes of the processor.
func inOpenings(f, bare figures) string {
	return fmt.Sprintf("%.2f (%s)", float64(f.processor)/float64(bare.processor), microseconds(f.processor))
}

// measurePages measures what payers wait for.
func (p plan) measurePages(ctx context.Context, t *table, s store, m *product, recording figures) error {
	page := m.url + "/" + handle + "/" + linkPath
	weight, requests, err := weigh(ctx, page)
	if err != nil {
		return err
	}
	t.row("page of a link, as browsers load it", "≤ 30 KB, 3 requests", fmt.Sprintf("%.1f KB, %d requests", float64(weight)/1000, requests))

	spent := spending(func() (time.Duration, error) { return m.spending(ctx, s) })
	progress("%s: open a link", s.engine)
	open, err := m.profiled(ctx, p.profile, s.engine+"-open.pprof", p.duration, func() (figures, error) {
		return spent.during(func() (figures, error) { return load(ctx, page, connections, p.duration) })
	})
	if err != nil {
		return err
	}
	must := map[string]string{"sqlite": "≥ 0.60 ×", "postgresql": "≥ 0.30 ×"}[s.engine]
	t.rate("open an amount link, view durable", "", open)
	t.row("  of the bare recording handler", must, fmt.Sprintf("%.2f ×", open.perSecond/recording.perSecond))
	t.row("  processor, in openings of that one", most[s.engine].open, inOpenings(open, recording))

	progress("%s: open a link at half of that", s.engine)
	half, err := steady(ctx, page, connections, open.perSecond/2, p.duration)
	if err != nil {
		return err
	}
	t.rate("  at half of its peak", "p99 < 10 ms", half)

	progress("%s: pay", s.engine)
	if _, err := m.pay(ctx, connections, time.Second); err != nil { // the tables are no longer empty, and statements prepared
		return err
	}
	if err := s.analyze(ctx); err != nil {
		return err
	}
	paid, err := m.profiled(ctx, p.profile, s.engine+"-pay.pprof", p.duration, func() (figures, error) {
		return spent.during(func() (figures, error) { return m.pay(ctx, connections, p.duration) })
	})
	if err != nil {
		return err
	}
	t.rate("full sandbox payment", "≥ 300 /s", paid)
	t.row("  processor, in bare openings", most[s.engine].pay, inOpenings(paid, recording))
	code, err := drawCodes(ctx, page)
	if err != nil {
		return err
	}
	t.row("QR code, PNG 200×200, over HTTP", "< 1 ms", milliseconds(code))
	now, err := m.memory()
	if err != nil {
		return err
	}
	t.row("memory under load, peak", "< 250 MB", megabytes(now.peak))
	return nil
}
