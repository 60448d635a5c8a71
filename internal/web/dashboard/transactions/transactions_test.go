package transactions_test

import (
	"context"
	"encoding/csv"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"smartlinks/internal/attention"
	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/link"
	"smartlinks/internal/money"
	"smartlinks/internal/payment/sandbox"
	"smartlinks/internal/web/dashboard/dashboardtest"
)

func TestTransactionsAreFoundByFilterAndSearch(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		acme := s.Business(t, "acme", "marit@example.com")
		b := s.SignedIn(t, "marit@example.com")
		const list = "/dashboard/acme/transactions"
		if got := b.Get(list); got.Status != http.StatusOK || !got.Has("No payments yet") {
			t.Fatalf("the empty list: %d %s", got.Status, got.Said())
		}
		one, two := s.Link(t, acme, link.Fields{Name: "Workshop"}), s.Link(t, acme, link.Fields{Name: "Print"})
		paid := s.Attempt(t, acme, one, "Ann Paid", "ann@example.com", sandbox.Paid)
		s.Attempt(t, acme, two, "Ben Failed", "ben@example.com", sandbox.Failed)
		s.Attempt(t, acme, two, "Cleo Open", "cleo@example.com", "")
		names := []string{"Ann Paid", "Ben Failed", "Cleo Open"}
		for query, want := range map[string]string{
			"": "Ann Paid,Ben Failed,Cleo Open", "?status=paid": "Ann Paid", "?status=failed&status=open": "Ben Failed,Cleo Open",
			"?link=" + string(two.ID): "Ben Failed,Cleo Open", "?q=ANN@example.com": "Ann Paid", "?q=" + strings.ToLower(paid.Receipt): "Ann Paid",
			"?q=" + string(paid.ID): "Ann Paid", "?q=nobody": "", "?provider=stripe": "", "?provider=sandbox&status=paid": "Ann Paid", "?mode=live": "",
			"?from=2026-02-18&to=2026-02-18": "Ann Paid,Ben Failed,Cleo Open", "?from=2026-02-19": "", "?to=2026-02-17": "", "?from=1970-01-01": "Ann Paid,Ben Failed,Cleo Open", "?from=1900-01-01": "Ann Paid,Ben Failed,Cleo Open", "?from=0001-01-01": "Ann Paid,Ben Failed,Cleo Open", "?to=0001-01-01": "Ann Paid,Ben Failed,Cleo Open", "?to=1960-01-01": "", "?from=nonsense&status=nonsense&status=paid": "Ann Paid",
			"?customer=" + string(paid.CustomerID): "Ann Paid",
			// A few letters, of anything that a row shows.
			"?q=nn+pai": "Ann Paid", "?q=LEO": "Cleo Open", "?q=orksho": "Ann Paid", "?q=prin": "Ben Failed,Cleo Open", "?q=" + paid.Receipt[len(paid.Receipt)-4:]: "Ann Paid",
			"?q=€89": "Ann Paid,Ben Failed,Cleo Open", "?q=89,00": "Ann Paid,Ben Failed,Cleo Open", "?q=90": "", "?q=cleo&status=paid": "", "?q=%25": "", "?q=_": "", "?q=%00cleo": "Cleo Open",
		} {
			got := b.Get(list + query)
			var shown []string
			for _, name := range names {
				if got.Has(name) {
					shown = append(shown, name)
				}
			}
			if got.Status != http.StatusOK || strings.Join(shown, ",") != want {
				t.Errorf("%q: %d with %v, want %s", query, got.Status, shown, want)
			}
		}
		if got := b.Get(list); !got.Has("test payments", "Gross", "€89.00") || got.Has("live payments") {
			t.Errorf("the list does not say what it adds up to: %s", got.Said())
		}
		if got := b.Get(list + "?mode=live"); !got.Has("live payments: real money moved") {
			t.Error("the other mode is not told")
		}
		if got := b.Get(list + "?q=nobody"); !got.Has("No transactions found") {
			t.Error("no results are not told")
		}
	})
}

func TestATransactionTellsWhatHappened(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		acme := s.Business(t, "acme", "marit@example.com")
		s.Business(t, "zenith", "zoe@example.com")
		l := s.Link(t, acme, link.Fields{Name: "Workshop"})
		v := s.Attempt(t, acme, l, "<b>Ann</b>", "ann@example.com", "")
		b := s.SignedIn(t, "marit@example.com")
		page := "/dashboard/acme/transactions/" + string(v.ID)
		if got := b.Get(page); !got.Has("No money has moved", "The payer pressed Pay", "/links/"+string(l.ID), "/workshop", v.ProviderRef) || got.Has("<b>Ann") {
			t.Errorf("an open attempt: %s", got.Said())
		}
		if _, err := s.Sandbox.Decide(context.Background(), v.ProviderRef, sandbox.Paid, sandbox.Lost); err != nil {
			t.Fatal(err)
		}
		if got := b.Post(page+"/check", nil); got.Status != http.StatusSeeOther || got.Location != page {
			t.Errorf("checking again: %d to %s", got.Status, got.Location)
		}
		if got := b.Get(page); !got.Has("was paid.", "asked for by you", "Its status is now: Paid", "/receipt", "/customers/cus_") {
			t.Errorf("a paid one: %s", got.Said())
		}
		if err := s.Links.Delete(context.Background(), acme, l.ID); err != nil {
			t.Fatal(err)
		}
		if got := b.Get(page); !got.Has("Workshop", "(deleted)") || got.Has("/links/"+string(l.ID)+`"`) {
			t.Errorf("its link is deleted: %s", got.Said())
		}
		stranger := s.SignedIn(t, "zoe@example.com")
		foreign := "/dashboard/zenith/transactions/" + string(v.ID)
		if got := stranger.Get(foreign); got.Status != http.StatusNotFound {
			t.Errorf("another business reads it: %d", got.Status)
		}
		if got := stranger.Post(foreign+"/check", url.Values{}); got.Status != http.StatusNotFound {
			t.Errorf("another business checks it: %d", got.Status)
		}
		if got := stranger.Get("/dashboard/zenith/transactions.csv"); strings.Contains(got.Body, "Ann") {
			t.Errorf("another business exports it: %s", got.Body)
		}
	})
}

func TestWhatNeedsALookIsCountedAndExplained(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		acme, zenith := s.Business(t, "acme", "marit@example.com"), s.Business(t, "zenith", "zoe@example.com")
		l := s.Link(t, acme, link.Fields{})
		b := s.SignedIn(t, "marit@example.com")
		const queue = "/dashboard/acme/transactions/review"
		if got := b.Get(queue); !got.Has("Nothing to check") {
			t.Errorf("the empty queue: %s", got.Said())
		}
		s.Attempt(t, acme, l, "Ann Fine", "ann@example.com", sandbox.Paid)
		odd := s.Attempt(t, acme, l, "Ben Odd", "ben@example.com", "")
		s.Exec(t, `UPDATE attempts SET state = 'review', reason = 'the amount differs' WHERE id = $1`, odd.ID)
		stuck := s.Attempt(t, acme, l, "Cleo Stuck", "cleo@example.com", sandbox.Paid)
		s.Exec(t, `UPDATE payments SET status = 'refund_failed' WHERE id = $1`, stuck.ID)
		got := b.Get(queue)
		if !got.Has("Ben Odd", "the amount differs", "Cleo Stuck", "Refund failed") || got.Has("Ann Fine") {
			t.Errorf("the queue: %s", got.Said())
		}
		if got := b.Get("/dashboard/acme/links"); !got.Has(`to check`) {
			t.Error("the sidebar does not count what needs a look")
		}
		live := acme
		live.Mode = business.Live
		for _, c := range []struct {
			of   business.Business
			want attention.Attention
		}{{acme, attention.Attention{Payments: 2}}, {live, attention.Attention{}}, {zenith, attention.Attention{}}} {
			if got, err := attention.Of(t.Context(), d, c.of); err != nil || got != c.want {
				t.Errorf("what waits in %s, %s: %+v, %v", c.of.Handle, c.of.Mode, got, err)
			}
		}
		page := "/dashboard/acme/transactions/" + string(odd.ID)
		if got := b.Get(page); !got.Has("Mark as checked", "Check again", "Free its place") {
			t.Errorf("one in the queue: %s", got.Said())
		}
		for range 2 { // the second changes nothing
			if got := b.Post(page+"/looked-at", nil); got.Status != http.StatusSeeOther {
				t.Errorf("looked at: %d", got.Status)
			}
		}
		if got := b.Get(queue); got.Has("Ben Odd") || !got.Has("Cleo Stuck") {
			t.Errorf("after a look: %s", got.Said())
		}
		if got := b.Get(page); strings.Count(got.Body, "Marked as checked") != 1 || !got.Has("To check") {
			t.Errorf("its timeline: %s", got.Said())
		}
		s.Exec(t, `UPDATE attempts SET looked_at = NULL WHERE id = $1`, odd.ID)
		if got := s.SignedIn(t, "zoe@example.com").Post("/dashboard/zenith/transactions/"+string(odd.ID)+"/looked-at", nil); got.Status != http.StatusNotFound {
			t.Errorf("another business looks: %d", got.Status)
		}
		if got := b.Get(queue); !got.Has("Ben Odd") {
			t.Error("another business took it off the queue")
		}
	})
}

// Who probably paid twice is in the queue, and each of both pages leads to the other.
func TestAPaymentThatWasProbablyMadeTwiceLeadsToTheOther(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		acme := s.Business(t, "acme", "marit@example.com")
		l := s.Link(t, acme, link.Fields{})
		b := s.SignedIn(t, "marit@example.com")
		first, second := s.Attempt(t, acme, l, "Ann Twice", "ann@example.com", sandbox.Paid), s.Attempt(t, acme, l, "Ann Again", "ann@example.com", sandbox.Paid)
		s.Exec(t, `UPDATE attempts SET double_of = $2 WHERE id = $1`, first.ID, second.ID)
		const all = "/dashboard/acme/transactions/"
		if got := b.Get(all + "review"); !got.Has("Ann Twice", "Paid twice?") || got.Has("Ann Again") {
			t.Errorf("the queue: %s", got.Said())
		}
		if got, err := attention.Of(t.Context(), d, acme); err != nil || got.Payments != 1 {
			t.Errorf("%+v, %v wait", got, err)
		}
		if got := b.Get(all + string(first.ID)); !got.Has("refund one of the two", "Mark as checked", `href="`+all+string(second.ID)+`"`) {
			t.Errorf("the one: %s", got.Said())
		}
		if got := b.Get(all + string(second.ID)); !got.Has("probably paid for this twice", `href="`+all+string(first.ID)+`"`) || got.Has("Mark as checked") {
			t.Errorf("the other: %s", got.Said())
		}
		b.Post(all+string(first.ID)+"/looked-at", nil)
		if got := b.Get(all + string(second.ID)); got.Has("probably paid for this twice") {
			t.Errorf("after a look: %s", got.Said())
		}
	})
}

func TestTheExportHoldsEveryLineAndNoFormula(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		acme := s.Business(t, "acme", "marit@example.com")
		l := s.Link(t, acme, link.Fields{Name: "Workshop"})
		s.Attempt(t, acme, l, "=HYPERLINK(\"http://evil.example\",\"Ann, or not\")", "ann@example.com", sandbox.Paid)
		model := s.Attempt(t, acme, l, "Ben", "ben@example.com", sandbox.Failed)
		const more = 1201 // over two pages of the reader
		err := d.InTx(t.Context(), func(tx *db.Tx) error {
			for i := range more {
				_, err := tx.Exec(t.Context(), `INSERT INTO attempts (id, business_id, source, link_id, version, title, amount_minor, currency, mode, provider,
						state, holds_slot, hold_until, payer_name, payer_email, payer_email_folded, channel, created_at, updated_at)
					SELECT $2, business_id, source, link_id, version, title, amount_minor, currency, mode, provider, 'failed', holds_slot, hold_until,
						payer_name, payer_email, payer_email_folded, channel, created_at, updated_at FROM attempts WHERE id = $1`,
					model.ID, fmt.Sprintf("pay_%026d", i))
				if err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		b := s.SignedIn(t, "marit@example.com")
		got := b.Get("/dashboard/acme/transactions.csv")
		if !strings.HasPrefix(got.Header.Get("Content-Type"), "text/csv") || !strings.Contains(got.Header.Get("Content-Disposition"), `attachment; filename="acme-transactions-2026-02-18.csv"`) {
			t.Errorf("headers %v", got.Header)
		}
		lines, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(got.Body, "\ufeff"))).ReadAll()
		if err != nil || len(lines) != more+3 {
			t.Fatalf("%d lines, want %d: %v", len(lines), more+3, err)
		}
		at := map[string]int{}
		for i, name := range lines[0] {
			at[name] = i
		}
		seen := map[string]bool{}
		for _, line := range lines[1:] {
			if id := line[at["id"]]; seen[id] {
				t.Fatalf("%s is there twice", id)
			} else {
				seen[id] = true
			}
			if line[at["payer_email"]] != "ann@example.com" {
				continue
			}
			for name, want := range map[string]string{
				"payer_name": "'=HYPERLINK(\"http://evil.example\",\"Ann, or not\")", "status": "paid", "amount": "89.00", "net": "89.00", "currency": "EUR",
				"created": "2026-02-18T10:42:00+01:00", "mode": "test",
			} {
				if line[at[name]] != want {
					t.Errorf("%s is %q, want %q", name, line[at[name]], want)
				}
			}
		}
		if some := b.Get("/dashboard/acme/transactions.csv?status=paid"); strings.Count(some.Body, "pay_") != 1 {
			t.Errorf("the filter is left out of the export: %s", some.Body)
		}
	})
}

func TestListsSortAndTurnTheirPages(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		acme := s.Business(t, "acme", "marit@example.com")
		b := s.SignedIn(t, "marit@example.com")
		for i := range 30 { // over a page
			l := s.Link(t, acme, link.Fields{Name: fmt.Sprintf("Seat %02d", i), Amount: &money.Amount{Minor: int64(1000 + (i*7)%30), Currency: "EUR"}})
			s.Attempt(t, acme, l, fmt.Sprintf("Guest %02d", (i*11)%30), fmt.Sprintf("guest%02d@example.com", i), sandbox.Paid)
		}
		// all walks the pages and gives what each row begins with.
		all := func(address string, row *regexp.Regexp) (found []string) {
			for range 5 {
				got := b.Get(address)
				for _, match := range row.FindAllStringSubmatch(got.Body, -1) {
					found = append(found, match[1])
				}
				older := regexp.MustCompile(`href="(/dashboard/acme/[^"]*cursor=[^"]+)"`).FindStringSubmatch(got.Body)
				if older == nil || len(found) >= 30 {
					return found
				}
				address = strings.ReplaceAll(older[1], "&amp;", "&")
			}
			return found
		}
		amount, name := regexp.MustCompile(`<bdi>(€10\.\d\d)</bdi>`), regexp.MustCompile(`<bdi dir="auto">(Guest \d\d)</bdi>`)
		for address, check := range map[string]struct {
			row  *regexp.Regexp
			down bool
		}{
			"/dashboard/acme/transactions?sort=amount": {amount, false}, "/dashboard/acme/transactions?sort=-amount": {amount, true},
			"/dashboard/acme/customers?sort=name": {name, false}, "/dashboard/acme/customers?sort=-name": {name, true},
		} {
			found := all(address, check.row)
			sorted := slices.Sorted(slices.Values(found))
			if check.down {
				slices.Reverse(sorted)
			}
			if len(found) != 30 || !slices.Equal(found, sorted) {
				t.Errorf("%s: %d rows, %v", address, len(found), found)
			}
			if got := b.Get(address); !got.Has(`aria-sort="` + map[bool]string{true: "descending", false: "ascending"}[check.down] + `"`) {
				t.Errorf("%s does not say how it is sorted", address)
			}
		}
		newest, oldest := all("/dashboard/acme/transactions", name), all("/dashboard/acme/transactions?sort=started", name)
		slices.Reverse(newest)
		if len(oldest) != 30 || !slices.Equal(newest, oldest) {
			t.Errorf("the oldest first: %v, and the newest %v", oldest, newest)
		}
		if got := b.Get("/dashboard/acme/transactions?sort=nonsense"); got.Status != http.StatusOK {
			t.Errorf("an order that is none: %d", got.Status)
		}
	})
}
