package e2e

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"sync"
	"testing"
	"time"

	. "smartlinks/e2e/site"
)

// Whatever a process has answered survives its death (SIGKILL) at any moment,
// and nothing happens twice because of it. On PostgreSQL two processes serve,
// and one of them dies. `make soak` does the same for long.
func TestNothingAcknowledgedIsLostWhenKilled(t *testing.T) {
	t.Parallel()
	EachStore(t, func(t *testing.T, store ...string) { killLoop(t, 5, store) })
}

func TestSoakKill(t *testing.T) {
	kills := soak(t, "SMARTLINKS_SOAK_KILLS", 100)
	EachStore(t, func(t *testing.T, store ...string) { killLoop(t, kills, store) })
}

// payersAtOnce press Pay all the time while processes die.
const payersAtOnce = 12

// seats is the limit of the link that each round adds.
const seats = 7

func killLoop(t *testing.T, kills int, store []string) {
	s := &site{&Site{Store: store}}
	s.SetUp(t)
	processes := []*Process{s.Launch(t, FreeAddress(t), "error")}
	if len(store) > 2 { // a database that processes share
		processes = append(processes, s.Launch(t, FreeAddress(t), "error"))
	}
	s.URL = processes[0].URL
	for i := range processes {
		t.Cleanup(func() { processes[i].Stop(t) })
	}
	s.CreateLink(t, `{"name": "Steady", `+FortyNine+`, "path": "steady"}`)
	book := newLedger()
	for round := range kills {
		path := fmt.Sprintf("seats-%d", round)
		s.CreateLink(t, fmt.Sprintf(`{"name": "Seats", %s, "path": %q, "limit": {"kind": "multiple", "max": %d}}`, FortyNine, path, seats))
		enough := make(chan struct{})
		var payers sync.WaitGroup
		for i := range payersAtOnce {
			at := processes[i%len(processes)].URL
			payers.Go(func() { payUntil(enough, book, at, path, fmt.Sprintf("payer-%d-%d", round, i)) })
		}
		time.Sleep(time.Duration(50+rand.IntN(450)) * time.Millisecond) // the moment of death is the point
		dying := rand.IntN(len(processes))
		processes[dying].Kill(t)
		close(enough)
		payers.Wait()
		processes[dying] = s.Launch(t, processes[dying].Cmd.Args[3], "error")
	}
	t.Logf("%d kills; %d views and %d attempts acknowledged, %d outcomes", kills, total(book.seen), len(book.begun), len(book.settled))
	s.settleAll(t)
	s.audit(t, book)
}

func total(counts map[string]int) (sum int) {
	for _, n := range counts {
		sum += n
	}
	return sum
}

// payUntil looks and pays again and again, each time as somebody else.
func payUntil(enough chan struct{}, book *ledger, at, seats, who string) {
	for n := 0; ; n++ {
		select {
		case <-enough:
			return
		default:
		}
		path := seats
		if n%2 == 1 {
			path = "steady"
		}
		payOnce(book, at, path, fmt.Sprintf("%s-%d@example.com", who, n))
	}
}

// outcomes are what payers do at the provider; most pay.
var outcomes = []string{"paid", "paid", "paid", "paid", "failed", "canceled", "pending"}

// payOnce is one payer's way, who stops where no answer comes.
func payOnce(book *ledger, at, path, email string) {
	page := at + "/" + Handle + "/" + path
	book.write(func() { book.asked[path]++ })
	a, err := Exchange("GET", page, BrowserAgent, "", "", "")
	if err != nil || a.Status != http.StatusOK {
		return
	}
	book.write(func() { book.seen[path]++; book.tried[email] = path })
	a, err = submit(page, Payer(email))
	if err != nil || a.Status != http.StatusSeeOther {
		return
	}
	checkout := a.Header.Get("Location")
	book.write(func() { book.begun[email] = checkout })
	outcome := outcomes[rand.IntN(len(outcomes))]
	a, err = submit(checkout, url.Values{"outcome": {outcome}, "also": {[]string{"", "twice", "lost", "late"}[rand.IntN(4)]}})
	if err != nil || a.Status != http.StatusSeeOther {
		return
	}
	book.write(func() { book.settled[email] = outcome })
	_, _ = Exchange("GET", a.Header.Get("Location"), BrowserAgent, "", "", "") // some come back
}

func submit(address string, form url.Values) (Answer, error) {
	return Exchange("POST", address, BrowserAgent, "application/x-www-form-urlencoded", form.Encode(), "")
}
