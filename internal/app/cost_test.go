package app

import (
	"fmt"
	"math"
	"net/http"
	"net/http/httptest"
	"net/url"
	"runtime"
	"runtime/debug"
	"strings"
	"sync"
	"testing"
	"time"

	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
)

// cost is what some work asks of the database: statements and round trips, beginnings
// and ends of transactions included. Both count the work of payers and merchants, not
// what a process asks in the background.
type cost struct {
	mu    sync.Mutex
	trips [][]string
	// others are those of the sandbox and the mailbox, which stand for a payment provider
	// and a mail server: real ones ask a database of their own.
	others [][]string
}

// stands are words of what only the sandbox and the mailbox ask.
var stands = []string{"sandbox_", " mailbox "}

// background are words of what a process asks beside the work.
var background = []string{" jobs ", "pg_notify", "FROM installation", "SAVEPOINT step", "RELEASE step", "ROLLBACK TO step", "AS kind", "-- test"}

func (c *cost) see(statements []string) {
	for _, s := range statements {
		for _, word := range background {
			if strings.Contains(s, word) {
				return
			}
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, s := range statements {
		for _, word := range stands {
			if strings.Contains(s, word) {
				c.others = append(c.others, statements)
				return
			}
		}
	}
	c.trips = append(c.trips, statements)
}

// each is what was asked for one piece of work, of so many.
func each(trips [][]string, times int) most {
	n := 0
	for _, statements := range trips {
		n += len(statements)
	}
	return most{float64(n) / float64(times), float64(len(trips)) / float64(times)}
}

// most is what work may ask of the database at most. The figures are what was measured;
// they only go down. One more settles: a busy machine may write down each of two mails.
type most struct{ statements, trips float64 }

func (m most) within(allowed most) bool {
	return m.statements <= allowed.statements && m.trips <= allowed.trips
}

// mostOfOthers is what the sandbox and the mailbox may ask of it.
var mostOfOthers = map[db.Engine]map[string]most{
	db.SQLite:     {"start": {1, 1}, "settle": {7, 7}, "crowd": {8, 8}},
	db.PostgreSQL: {"start": {1, 1}, "settle": {9, 6}, "crowd": {10, 7}},
}

var mostAsked = map[db.Engine]map[string]most{
	db.SQLite: {
		"open": {6, 6}, "start": {13, 13}, "settle": {21, 21}, "crowd": {24, 24}, "status": {2, 2},
		"list": {12, 12}, "overview": {11, 11}, "detail": {13, 13}, "transactions": {7, 7},
	},
	db.PostgreSQL: {
		"open": {8, 3}, "start": {15, 4}, "settle": {23, 5}, "crowd": {25, 10}, "status": {2, 2},
		"list": {12, 12}, "overview": {11, 11}, "detail": {13, 13}, "transactions": {7, 7},
	},
}

// costs counts what one installation asks.
type costs struct {
	*whole
	t      *testing.T
	payers int // that came so far
	mails  int // that they and the merchant were sent
}

// payer is the number of one who was not here before.
func (c *costs) payer() int {
	c.payers++
	return c.payers
}

// of counts work, done so many times at once, and holds it to what it may ask. What the
// server does beside only adds, so the best of three rounds counts.
func (c *costs) of(name string, times int, work func()) {
	c.t.Helper()
	for round := 1; round < rounds; round++ {
		if c.asks(name, times, work, false) {
			return
		}
	}
	c.asks(name, times, work, true)
}

const rounds = 3

// asks says whether one round of work asks no more than it may; the last one must.
func (c *costs) asks(name string, times int, work func(), last bool) bool {
	c.t.Helper()
	if err := c.System.Messages.SendDue(c.t.Context()); err != nil { // nothing is under way
		c.t.Fatal(err)
	}
	c.rest()
	asked := &cost{}
	stop := c.System.DB.Observe(asked.see)
	work()
	stop()
	asked.mu.Lock()
	defer asked.mu.Unlock()
	own, other := each(asked.trips, times), each(asked.others, times)
	allowed, others := mostAsked[c.System.DB.Engine()][name], mostOfOthers[c.System.DB.Engine()][name]
	c.t.Logf("%s: %.1f statements in %.1f round trips; allowed %.0f and %.0f; sandbox and mailbox %.1f in %.1f",
		name, own.statements, own.trips, allowed.statements, allowed.trips, other.statements, other.trips)
	if own.within(allowed) && other.within(others) {
		return true
	}
	if last {
		c.t.Errorf("%s asks too much", name)
	}
	for i, statements := range append(asked.trips, asked.others...) {
		for _, s := range statements {
			if i < 80 {
				c.t.Logf("%3d %.160s", i+1, strings.Join(strings.Fields(s), " "))
			}
		}
	}
	return false
}

// taken is what a page takes of memory, with the engine's own part, and of the wire, as it
// is sent to a browser.
type taken struct{ allocations, bytes, wire uint64 }

// mostTaken is what a page may take at most: a sixth more than was measured. With inlining,
// as in the binary, it is less.
var mostTaken = map[db.Engine]map[string]taken{
	db.SQLite: {
		"open": {400, 38_500, 2_100}, "list": {6000, 364_000, 13_500}, "overview": {11_300, 452_000, 16_600}, "detail": {15_700, 740_000, 29_800}, "transactions": {8050, 543_000, 10_900},
	},
	db.PostgreSQL: {
		"open": {425, 48_600, 2_100}, "list": {5400, 357_000, 13_500}, "overview": {10_600, 451_000, 16_600}, "detail": {14_800, 740_000, 29_800}, "transactions": {7000, 536_000, 10_900},
	},
}

// takes holds a page to what it may take. What the server does beside only adds, so the
// least of many rounds counts; a collector that is off leaves pools what they have.
func (c *costs) takes(name, target string) {
	c.t.Helper()
	if dbtest.Race {
		return // its own part is larger
	}
	defer debug.SetGCPercent(debug.SetGCPercent(-1))
	c.rest()
	least := taken{math.MaxUint64, math.MaxUint64, math.MaxUint64}
	for range 25 {
		r := httptest.NewRequestWithContext(c.t.Context(), http.MethodGet, target, http.NoBody)
		r.RemoteAddr, r.Host = "192.0.2.1:4711", "pay.example"
		r.Header.Set("X-Forwarded-For", "203.0.113.77")
		r.Header.Set("User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0")
		for name, value := range c.cookies {
			r.AddCookie(&http.Cookie{Name: name, Value: value})
		}
		r.Header.Set("Accept-Encoding", "gzip")
		answer := &counted{ResponseRecorder: httptest.NewRecorder()}
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		c.HTTP.Handler.ServeHTTP(answer, r)
		runtime.ReadMemStats(&after)
		if answer.Code != http.StatusOK {
			c.t.Fatalf("%s: %d", target, answer.Code)
		}
		least.allocations, least.bytes = min(least.allocations, after.Mallocs-before.Mallocs), min(least.bytes, after.TotalAlloc-before.TotalAlloc)
		least.wire = min(least.wire, answer.bytes)
	}
	allowed := mostTaken[c.System.DB.Engine()][name]
	c.t.Logf("%s: %d allocations of %d bytes, %d bytes sent; allowed %d, %d and %d", name, least.allocations, least.bytes, least.wire, allowed.allocations, allowed.bytes, allowed.wire)
	if least.allocations > allowed.allocations || least.bytes > allowed.bytes || least.wire > allowed.wire {
		c.t.Errorf("%s takes too much memory, or of the wire", name)
	}
}

// counted counts what is sent and keeps none of it: a buffer grows with the page, by doubling.
type counted struct {
	*httptest.ResponseRecorder
	bytes uint64
}

func (c *counted) Write(b []byte) (int, error) {
	c.WriteHeader(http.StatusOK) // it counts once
	c.bytes += uint64(len(b))
	return len(b), nil
}

func (c *counted) WriteString(s string) (int, error) {
	c.WriteHeader(http.StatusOK)
	c.bytes += uint64(len(s))
	return len(s), nil
}

// rest waits until the server asks nothing by itself, such as what it sweeps when it starts.
func (c *costs) rest() {
	c.t.Helper()
	for deadline := time.Now().Add(30 * time.Second); time.Now().Before(deadline); {
		own := &cost{}
		stop := c.System.DB.Observe(own.see)
		time.Sleep(150 * time.Millisecond)
		stop()
		own.mu.Lock()
		n := len(own.trips) + len(own.others)
		own.mu.Unlock()
		if n == 0 {
			return
		}
	}
	c.t.Fatal("the server never rests")
}

// asPayer sends a request as the n-th payer does, and returns where the answer leads.
func (c *costs) asPayer(n int, method, target string, form url.Values) string {
	r := httptest.NewRequestWithContext(c.t.Context(), method, target, strings.NewReader(form.Encode()))
	r.Host = "127.0.0.1"
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	r.RemoteAddr = "192.0.2.1:4711"
	r.Header.Set("X-Forwarded-For", fmt.Sprintf("203.%d.%d.77", n/250, n%250))
	r.Header.Set("User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0")
	answer := httptest.NewRecorder()
	c.HTTP.Handler.ServeHTTP(answer, r)
	if answer.Code >= http.StatusBadRequest {
		c.t.Errorf("%s %s: %d %.300s", method, target, answer.Code, answer.Body)
	}
	to, _ := strings.CutPrefix(answer.Header().Get("Location"), "https://pay.example")
	return to
}

func (c *costs) start(n int) (checkout string) {
	return c.asPayer(n, "POST", "/atelier/seat", url.Values{"name": {"Quirin Vandersloot"}, "email": {fmt.Sprintf("quirin%d@sloot.example", n)}})
}

func (c *costs) decide(checkout string, n int) (page string) {
	page, _, _ = strings.Cut(c.asPayer(n, "POST", checkout, url.Values{"outcome": {"paid"}}), "?")
	return page
}

// mailed waits until so many more mails are sent than before.
func (c *costs) mailed(more int) {
	c.t.Helper()
	c.mails += more
	for deadline := time.Now().Add(30 * time.Second); time.Now().Before(deadline); {
		var n int
		if err := c.System.DB.Get(c.t.Context(), &n, `SELECT COUNT(*) FROM mails WHERE state = 'sent' -- test`); err != nil {
			c.t.Fatal(err)
		}
		if n >= c.mails {
			return
		}
		time.Sleep(5 * time.Millisecond)
	}
	c.t.Fatal("the mails are not sent")
}

// What payments and pages ask of the database stays what it is, or gets less.
func TestWhatIsAskedOfTheDatabase(t *testing.T) {
	for engine, database := range map[db.Engine]func() string{db.SQLite: func() string { return "" }, db.PostgreSQL: func() string { return dbtest.NewPostgres(t) }} {
		t.Run(string(engine), func(t *testing.T) {
			c := &costs{whole: mustWholeOn(t, true, database()), t: t}
			if err := c.Serve(t.Context(), make(chan error, 1)); err != nil {
				t.Fatal(err)
			}
			pay := func(n int) { c.asPayer(n, "GET", c.decide(c.start(n), n)+"/status", nil) }
			c.asPayer(0, "GET", "/atelier/seat", nil)
			c.of("open", 1, func() { c.asPayer(c.payer(), "GET", "/atelier/seat", nil) })
			pay(0)
			c.mailed(2)
			started := map[int]string{} // the checkout of each payer
			for range rounds {
				n := c.payer()
				started[n] = c.start(n)
			}
			c.of("start", 1, func() { c.start(c.payer()) })
			var page string
			c.of("settle", 1, func() {
				for n, checkout := range started {
					page = c.decide(checkout, n)
					delete(started, n)
					break
				}
				c.mailed(2)
			})
			c.of("status", 1, func() { c.asPayer(c.payer(), "GET", page+"/status", nil) })
			const crowd = 32
			c.of("crowd", crowd, func() {
				var all sync.WaitGroup
				for range crowd {
					n := c.payer()
					all.Go(func() { pay(n) })
				}
				all.Wait()
				c.mailed(2 * crowd)
			})
			c.signIn()
			var id string
			if err := c.System.DB.Get(t.Context(), &id, `SELECT id FROM links`); err != nil {
				t.Fatal(err)
			}
			c.takes("open", "/atelier/seat")
			for name, target := range map[string]string{"list": "/dashboard/atelier/links", "overview": "/dashboard/atelier", "detail": "/dashboard/atelier/links/" + id, "transactions": "/dashboard/atelier/transactions"} {
				c.of(name, 1, func() {
					if got := c.ask("GET", target, nil); got.Code != http.StatusOK {
						t.Errorf("%s: %d", target, got.Code)
					}
				})
				c.takes(name, target)
			}
		})
	}
}
