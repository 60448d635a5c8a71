package e2e

import (
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"
)

// onALine sets an installation up whose PostgreSQL is behind a line that can be
// made to break.
func onALine(t *testing.T) (*site, line) {
	t.Helper()
	database := newDatabase(t)
	at, err := url.Parse(database)
	if err != nil {
		t.Fatal(err)
	}
	wire := newLine(t, at.Host)
	at.Host = wire.Listen
	return &site{store: []string{"--data", t.TempDir(), "--database", at.String()}}, wire
}

// While the database is away, payers still see the pages of known links, and
// soon; their views wait on the disk and are counted afterwards, each once. What
// would take money says that it can't.
func TestADatabaseThatIsAwayHidesNoPageAndLosesNoView(t *testing.T) {
	t.Parallel()
	s, wire := onALine(t)
	s.setUp(t)
	s.URL = s.serve(t)
	l := s.createLink(t, `{"name": "Concert", `+fortyNine+`, "path": "concert"}`)
	openAsPerson(t, l.URL)

	wire.Stop()
	const crowd = 20
	var all sync.WaitGroup
	for range crowd {
		all.Go(func() {
			began := time.Now()
			if status := openAsPerson(t, l.URL); status != http.StatusOK {
				t.Errorf("the page answers %d while the database is away", status)
			}
			if took := time.Since(began); took > 10*time.Second {
				t.Errorf("the page took %s", took)
			}
		})
	}
	all.Wait()
	if got := post(t, l.URL, payer("sanne@example.com")); got.Status != http.StatusServiceUnavailable || got.Header.Get("Retry-After") == "" {
		t.Errorf("who pays without a database is answered %d", got.Status)
	}
	if got := s.api(t, http.MethodGet, "/links/"+l.ID, ""); got.Status != http.StatusServiceUnavailable || !strings.Contains(got.Body, `"unavailable"`) {
		t.Errorf("a program is answered %d: %s", got.Status, got.Body)
	}

	if err := wire.Start(); err != nil {
		t.Fatal(err)
	}
	views := 0
	if !eventually(20*time.Second, func() bool {
		views = s.link(t, l.ID).Stats.Views
		return views >= crowd+1
	}) || views != crowd+1 {
		t.Errorf("%d views are counted, want %d", views, crowd+1)
	}
	awaitStatus(t, s.payAs(t, s.URL, l.Path, "paid", ""), "paid")
	s.command(t, "", "doctor", "--sandbox")
}

// What happens at one of two processes is seen at the other within a second.
func TestTwoProcessesTellOneTruthWithinASecond(t *testing.T) {
	s := &site{store: []string{"--data", t.TempDir(), "--database", newDatabase(t)}}
	s.setUp(t)
	s.URL = s.serve(t)
	here, there := s.URL, s.serve(t)
	l := s.createLink(t, `{"name": "Seat", `+fortyNine+`, "path": "seat", "limit": {"kind": "once"}}`)
	openAsPerson(t, there+"/"+handle+"/seat") // now it is known there too
	soon := func(what string, yes func() bool) {
		t.Helper()
		if !eventually(time.Second, yes) {
			t.Errorf("after a second, %s", what)
		}
	}

	openAsPerson(t, here+"/"+handle+"/seat")
	atThere := *s
	atThere.URL = there
	soon("the other process does not tell the view", func() bool { return atThere.link(t, l.ID).Stats.Views == 2 })

	s.api(t, http.MethodPatch, "/links/"+l.ID, `{"name": "Front seat"}`)
	soon("the other process shows the old name", func() bool { return strings.Contains(get(t, there+"/"+handle+"/seat").Body, "Front seat") })

	awaitStatus(t, s.payAs(t, here, l.Path, "paid", ""), "paid")
	soon("the other process still sells what is sold out", func() bool { return get(t, there+"/"+handle+"/seat").Status != http.StatusOK })
	soon("the other process does not tell the payment", func() bool { return atThere.link(t, l.ID).Stats.Payments == 1 })
}
