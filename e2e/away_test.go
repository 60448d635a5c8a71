package e2e

import (
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	. "smartlinks/e2e/site"
)

// onALine sets an installation up whose PostgreSQL is behind a line that can be
// made to break.
func onALine(t *testing.T) (*site, line) {
	t.Helper()
	database := NewDatabase(t)
	at, err := url.Parse(database)
	if err != nil {
		t.Fatal(err)
	}
	wire := newLine(t, at.Host)
	at.Host = wire.Listen
	return &site{&Site{Store: []string{"--data", t.TempDir(), "--database", at.String()}}}, wire
}

// While the database is away, payers still see the pages of known links, and
// soon; their views wait on the disk and are counted afterwards, each once. What
// would take money says that it can't.
func TestADatabaseThatIsAwayHidesNoPageAndLosesNoView(t *testing.T) {
	t.Parallel()
	s, wire := onALine(t)
	s.SetUp(t)
	s.URL = s.Serve(t)
	l := s.CreateLink(t, `{"name": "Concert", `+FortyNine+`, "path": "concert"}`)
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
	if got := Post(t, l.URL, Payer("sanne@example.com")); got.Status != http.StatusServiceUnavailable || got.Header.Get("Retry-After") == "" {
		t.Errorf("who pays without a database is answered %d", got.Status)
	}
	if got := s.API(t, http.MethodGet, "/links/"+l.ID, ""); got.Status != http.StatusServiceUnavailable || !strings.Contains(got.Body, `"unavailable"`) {
		t.Errorf("a program is answered %d: %s", got.Status, got.Body)
	}

	if err := wire.Start(); err != nil {
		t.Fatal(err)
	}
	views := 0
	if !Eventually(20*time.Second, func() bool {
		views = s.Link(t, l.ID).Stats.Views
		return views >= crowd+1
	}) || views != crowd+1 {
		t.Errorf("%d views are counted, want %d", views, crowd+1)
	}
	AwaitStatus(t, s.PayAs(t, s.URL, l.Path, "paid", ""), "paid")
	s.Command(t, "", "doctor", "--sandbox")
}

// What happens at one of two processes is seen at the other within a second.
func TestTwoProcessesTellOneTruthWithinASecond(t *testing.T) {
	s := &site{&Site{Store: []string{"--data", t.TempDir(), "--database", NewDatabase(t)}}}
	s.SetUp(t)
	s.URL = s.Serve(t)
	here, there := s.URL, s.Serve(t)
	l := s.CreateLink(t, `{"name": "Seat", `+FortyNine+`, "path": "seat", "limit": {"kind": "once"}}`)
	openAsPerson(t, there+"/"+Handle+"/seat") // now it is known there too
	soon := func(what string, yes func() bool) {
		t.Helper()
		if !Eventually(time.Second, yes) {
			t.Errorf("after a second, %s", what)
		}
	}

	openAsPerson(t, here+"/"+Handle+"/seat")
	atThere := *s
	atThere.URL = there
	soon("the other process does not tell the view", func() bool { return atThere.Link(t, l.ID).Stats.Views == 2 })

	s.API(t, http.MethodPatch, "/links/"+l.ID, `{"name": "Front seat"}`)
	soon("the other process shows the old name", func() bool { return strings.Contains(Get(t, there+"/"+Handle+"/seat").Body, "Front seat") })

	AwaitStatus(t, s.PayAs(t, here, l.Path, "paid", ""), "paid")
	soon("the other process still sells what is sold out", func() bool { return Get(t, there+"/"+Handle+"/seat").Status != http.StatusOK })
	soon("the other process does not tell the payment", func() bool { return atThere.Link(t, l.ID).Stats.Payments == 1 })
}
