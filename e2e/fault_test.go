package e2e

import (
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	. "smartlinks/e2e/site"
)

// A migration that is killed at any moment is finished by the next.
func TestAMigrationThatIsKilledIsFinishedByTheNext(t *testing.T) {
	t.Parallel()
	EachStore(t, func(t *testing.T, store ...string) {
		s := &site{&Site{Store: store}}
		s.migrateThroughDeaths(t)
		s.SetUp(t)
		s.Command(t, "", "doctor", "--sandbox")
	})
}

// A server that is asked to stop while people pay answers everybody whose request
// it took: there are as many attempts as answers. Who came too late is refused by
// the machine and begins nothing.
func TestSIGTERMUnderLoadCutsNoRequest(t *testing.T) {
	t.Parallel()
	s := &site{&Site{Store: []string{"--data", t.TempDir()}}}
	s.SetUp(t)
	server := s.Launch(t, FreeAddress(t), "warn")
	s.URL = server.URL
	l := s.CreateLink(t, `{"name": "Concert", `+FortyNine+`, "path": "concert", "limit": {"kind": "multiple", "max": 1000}}`)
	fresh := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	var answered atomic.Int64
	enough := make(chan struct{})
	var crowd sync.WaitGroup
	for range 8 {
		crowd.Go(func() {
			for {
				res, err := fresh.PostForm(l.URL, Payer("sanne@example.com"))
				if err != nil {
					return // nobody listens any more
				}
				res.Body.Close()
				if res.StatusCode != http.StatusSeeOther {
					t.Errorf("a payer is answered %s", res.Status)
				}
				if answered.Add(1) == 40 {
					close(enough)
				}
			}
		})
	}
	<-enough
	server.Stop(t)
	crowd.Wait()
	s.Command(t, "", "doctor", "--sandbox")
	s.URL = s.Serve(t)
	if held := s.Link(t, l.ID).Limit.Held; int64(held) != answered.Load() {
		t.Errorf("%d payments were begun and %d payers were answered", held, answered.Load())
	}
	AwaitStatus(t, s.PayAs(t, s.URL, l.Path, "paid", ""), "paid")
}

// While the disk is full, nothing is sold and pages still show; when there is
// room again it goes on by itself, with whole books.
func TestAFullDiskSellsNothingAndBreaksNothing(t *testing.T) {
	t.Parallel()
	disk := t.TempDir()
	if err := syscall.Mount("tmpfs", disk, "tmpfs", 0, "size=32m"); err != nil {
		t.Skipf("a small disk needs root: %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(disk, 0); err != nil {
			t.Errorf("unmount the small disk: %v", err)
		}
	})
	s := &site{&Site{Store: []string{"--data", filepath.Join(disk, "data")}}}
	s.SetUp(t)
	s.URL = s.Serve(t)
	l := s.CreateLink(t, `{"name": "Concert", `+FortyNine+`, "path": "concert"}`)
	AwaitStatus(t, s.PayAs(t, s.URL, l.Path, "paid", ""), "paid")

	filler := filepath.Join(disk, "filler")
	fill(t, filler)
	refused := 0
	for range 30 { // what the database has reserved is soon used up
		switch got := Post(t, l.URL, Payer("sanne@example.com")).Status; got {
		case http.StatusSeeOther:
		case http.StatusServiceUnavailable:
			refused++
		default:
			t.Errorf("a payer is answered %d", got)
		}
	}
	if refused == 0 {
		t.Error("payments begin on a full disk")
	}
	if status := openAsPerson(t, l.URL); status != http.StatusOK {
		t.Errorf("the page answers %d", status)
	}

	if err := os.Remove(filler); err != nil {
		t.Fatal(err)
	}
	if !Eventually(20*time.Second, func() bool { return Post(t, l.URL, Payer("bob@example.com")).Status == http.StatusSeeOther }) {
		t.Fatal("payments do not begin again when there is room")
	}
	AwaitStatus(t, s.PayAs(t, s.URL, l.Path, "paid", ""), "paid")
	s.Command(t, "", "doctor", "--sandbox")
}

// fill writes until nothing more fits.
func fill(t *testing.T, path string) {
	t.Helper()
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for size := 1 << 20; size > 0; {
		if _, err := f.Write(make([]byte, size)); err != nil {
			size /= 2
		}
	}
}
