package e2e

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	. "smartlinks/e2e/site"
)

// paymentJSON is what these tests read of a payment.
type paymentJSON struct {
	ID       string `json:"id"`
	Status   string `json:"status"`
	LinkID   string `json:"link_id"`
	Receipt  string `json:"receipt"`
	Reason   string `json:"reason"`
	Refunded struct {
		Value string `json:"value"`
	} `json:"refunded"`
	Customer struct {
		Email string `json:"email"`
	} `json:"customer"`
}

// all reads a list of the API to its end.
func all[T any](t *testing.T, s *site, path string) (rows []T) {
	t.Helper()
	for cursor := ""; ; {
		a := s.API(t, "GET", path+"?limit=100&cursor="+cursor, "")
		if a.Status != http.StatusOK {
			t.Fatalf("list %s: status %d\n%s", path, a.Status, a.Body)
		}
		page := Decode[struct {
			Data []T     `json:"data"`
			Next *string `json:"next_cursor"`
		}](t, a)
		rows = append(rows, page.Data...)
		if page.Next == nil {
			return rows
		}
		cursor = *page.Next
	}
}

// settleAll lets the hours pass in which everything open is settled. There may
// be more of it than one request may take.
func (s *site) settleAll(t *testing.T) {
	t.Helper()
	for range 4 {
		by := "1h"
		done := Eventually(10*time.Minute, func() bool {
			a := s.API(t, "POST", "/sandbox/clock", `{"advance": "`+by+`"}`)
			by = "0s"
			return a.Status == http.StatusOK
		})
		if !done {
			t.Fatal("what fell due was not done within ten minutes")
		}
	}
}

// audit compares what the installation knows with what payers were told.
func (s *site) audit(t *testing.T, book *ledger) {
	t.Helper()
	paid := map[string]int{} // by link
	var receipts []string
	known := map[string]paymentJSON{}
	for _, p := range all[paymentJSON](t, s, "/payments") {
		email := p.Customer.Email
		if _, twice := known[email]; twice {
			t.Errorf("%s pressed Pay once and has two attempts", email)
		}
		if book.tried[email] == "" {
			t.Errorf("%s never pressed Pay and has the attempt %s", email, p.ID)
		}
		known[email] = p
		switch p.Status {
		case "paid":
			paid[p.LinkID]++
			receipts = append(receipts, p.Receipt)
		case "open", "review", "overflow":
			t.Errorf("%s is %s (%s) after hours", p.ID, p.Status, p.Reason)
		}
	}
	expectSeries(t, receipts)
	for email, checkout := range book.begun {
		p, there := known[email]
		switch outcome := book.settled[email]; {
		case !there:
			t.Errorf("%s was sent to the checkout %s, and there is no attempt", email, checkout)
		case outcome != "" && !told(outcome, p.Status):
			t.Errorf("%s was told %q, and the payment %s is %s", email, outcome, p.ID, p.Status)
		}
	}
	s.auditLinks(t, book, paid)
	s.Command(t, "", "doctor", "--sandbox")
}

// told reports whether a payment became what its payer was told. One that ended
// without money and without a webhook is found by the poller, when its time is
// up in any case: all the same to everybody.
func told(outcome, status string) bool {
	ended := outcome == "failed" || outcome == "canceled"
	return status == outcome || ended && status == "expired"
}

// expectSeries wants receipts without a gap and without one given twice.
func expectSeries(t *testing.T, receipts []string) {
	t.Helper()
	slices.Sort(receipts)
	for i, got := range receipts {
		if !strings.HasSuffix(got, fmt.Sprintf("-%05d", i+1)) {
			t.Fatalf("the %d. receipt of %d is %s", i+1, len(receipts), got)
		}
	}
}

func (s *site) auditLinks(t *testing.T, book *ledger, paid map[string]int) {
	t.Helper()
	for _, l := range all[LinkJSON](t, s, "/links") {
		seen, asked := book.seen[l.Path], book.asked[l.Path]
		if l.Stats.Views < seen || l.Stats.Views > asked {
			t.Errorf("%s has %d views; %d were acknowledged of %d", l.Path, l.Stats.Views, seen, asked)
		}
		if l.Limit.Used != paid[l.ID] && l.Limit.Kind != "unlimited" || l.Stats.Payments != paid[l.ID] {
			t.Errorf("%s counts %d used, %d payments; there are %d", l.Path, l.Limit.Used, l.Stats.Payments, paid[l.ID])
		}
		if l.Limit.Kind != "unlimited" && l.Limit.Used+l.Limit.Held > seats {
			t.Errorf("%s sold %d and holds %d of %d", l.Path, l.Limit.Used, l.Limit.Held, seats)
		}
		if want := fmt.Sprintf("%d.00", 49*paid[l.ID]); l.Stats.Revenue.Value != want && paid[l.ID] > 0 {
			t.Errorf("%s earned %s, want %s", l.Path, l.Stats.Revenue.Value, want)
		}
	}
}
