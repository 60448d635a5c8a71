package importer_test

import (
	"strings"
	"testing"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/customer"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/importer"
	"smartlinks/internal/link"
	"smartlinks/internal/money"
	"smartlinks/internal/receipt"
)

// Two lines say the same, because two people paid the same; the others are wrong.
const pastFile = "Datum,Betrag,Link,Email,Name,Reference\n" +
	"2025-11-03,49.00,workshop,sanne@example.com,Sanne Visser,1041\n" +
	"2025-11-03,10,,,,\n" +
	"2025-11-03,10,,,,\n" +
	"2025-12-24 18:30,\"1.000,50\",Workshop,Sanne@Example.com,,\n" +
	"2099-01-01,10,,,,\n" +
	"2025-11-04,0,,,,\n" +
	"2025-11-04,10,nowhere,,,\n"

// Past payments count in figures and for customers, and nothing else happens; the same file
// counts once.
func TestPastPaymentsAreFiguresAlone(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		price := money.Amount{Minor: 4900, Currency: "EUR"}
		l, err := w.links.Create(t.Context(), w.b, link.Fields{Active: true, Name: "Workshop", Path: "workshop", Type: link.Amount, Amount: &price, Limit: link.Limit{Kind: link.Once}})
		if err != nil {
			t.Fatal(err)
		}
		i := w.read(t, importer.Payments, strings.ReplaceAll(pastFile, "1.000,50", "1000.50"))
		if got := strings.Join(i.Fields, ","); got != "date,amount,link,email,name,reference" {
			t.Errorf("the columns are %s", got)
		}
		done := w.run(t, i)
		if done.Created != 4 || done.Failed != 3 {
			t.Errorf("%+v\n%s", done.Counts, w.problems(t, done))
		}
		for _, want := range []string{"6 date: ", "7 amount: ", "8 link: "} {
			if wrong := w.problems(t, done); !strings.Contains(wrong, want) {
				t.Errorf("%q is not told: %s", want, wrong)
			}
		}
		again := w.run(t, w.read(t, importer.Payments, strings.ReplaceAll(pastFile, "1.000,50", "1000.50")))
		if again.Created != 0 || again.Repeated != 4 {
			t.Errorf("the same file again: %+v", again.Counts)
		}
		var figures struct{ Payments, Revenue, ByHand int64 }
		if err := d.Get(t.Context(), &figures, `SELECT payments, revenue_minor AS revenue, by_hand FROM link_totals WHERE link_id = $1 AND mode = $2`, l.ID, w.b.Mode); err != nil || figures.Payments != 2 || figures.Revenue != 104950 || figures.ByHand != 2 {
			t.Errorf("the link has %+v, %v", figures, err)
		}
		var days struct{ Payments, Revenue int64 }
		if err := d.Get(t.Context(), &days, `SELECT CAST(SUM(payments) AS BIGINT) AS payments, CAST(SUM(revenue_minor) AS BIGINT) AS revenue FROM business_days WHERE business_id = $1 AND mode = $2`, w.b.ID, w.b.Mode); err != nil || days.Payments != 4 || days.Revenue != 106950 {
			t.Errorf("the days have %+v, %v", days, err)
		}
		for _, table := range []string{"payments", "attempts", "mails", "receipt_series", "webhook_deliveries"} {
			var n int64
			if err := d.Get(t.Context(), &n, `SELECT COUNT(*) FROM `+table); err != nil || n != 0 {
				t.Errorf("%s has %d, %v", table, n, err)
			}
		}
		if now, err := w.links.Get(t.Context(), w.b, l.ID); err != nil || now.Slots.Used != 0 {
			t.Errorf("a place was taken: %+v, %v", now.Slots, err)
		}
		page, err := w.customers.List(t.Context(), w.b.ID, customer.Filter{Query: "sanne"})
		if err != nil || len(page.Customers) != 1 || page.Customers[0].Name != "Sanne Visser" {
			t.Fatalf("%+v, %v", page.Customers, err)
		}
		sanne := page.Customers[0].ID
		spent, err := w.payments.ByCustomer(t.Context(), w.b.ID, w.b.Mode, []customer.ID{sanne})
		if err != nil || len(spent[sanne]) != 1 || spent[sanne][0].Payments != 2 || spent[sanne][0].Gross.Minor != 104950 {
			t.Errorf("she paid %+v, %v", spent, err)
		}
		books := receipt.New(receipt.Config{DB: d})
		month, _ := receipt.ParseMonth("2025-11", w.b.Location())
		sums, entries, _, err := books.Books(t.Context(), w.b.ID, w.b.Mode, month, 10)
		if err != nil || len(sums) != 1 || sums[0].Payments != 3 || sums[0].Taken != 6900 || len(entries) != 3 || entries[0].Kind != receipt.ImportedEntry {
			t.Errorf("the books say %+v, %v", sums, err)
		}
	})
}

// A list of payments, such as our own export, also holds what failed and what went back: only
// the money that came and stayed counts, on the day on which it came.
func TestPastPaymentsThatWereNotPaidDoNotCount(t *testing.T) {
	const file = "id,status,created,paid,amount,refunded,currency,title,provider,method,reference\n" +
		"pay_1,paid,2025-11-01T10:00:00+01:00,2025-11-03T10:00:00+01:00,49.00,0.00,EUR,Course,stripe,ideal,\n" +
		"pay_2,failed,2025-11-01T10:00:00+01:00,,49.00,0.00,EUR,Course,stripe,,\n" +
		"pay_3,pending,2025-11-01T10:00:00+01:00,,49.00,0.00,EUR,Course,stripe,,\n" +
		"pay_4,refunded,2025-11-01T10:00:00+01:00,2025-11-01T10:00:00+01:00,49.00,49.00,EUR,Course,stripe,card,\n" +
		"pay_5,partially_refunded,2025-11-01T10:00:00+01:00,2025-11-02T10:00:00+01:00,49.00,9.00,EUR,Course,stripe,card,\n" +
		"pay_6,Refunded,2025-11-01T10:00:00+01:00,2025-11-01T10:00:00+01:00,49.00,,EUR,Course,stripe,card,\n"
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		i := w.read(t, importer.Payments, file)
		if got := strings.Join(i.Fields, ","); got != ",status,,date,amount,refunded,currency,title,,method,reference" {
			t.Errorf("the columns are %s", got)
		}
		done := w.run(t, i)
		wrong := w.problems(t, done)
		if done.Created != 2 || done.Failed != 4 {
			t.Errorf("%+v\n%s", done.Counts, wrong)
		}
		for _, want := range []string{"3 status: ", "4 status: ", "5 refunded: ", "7 status: "} {
			if !strings.Contains(wrong, want) {
				t.Errorf("%q is not told: %s", want, wrong)
			}
		}
		var came []struct {
			Day   string
			Minor int64
		}
		if err := d.Select(t.Context(), &came, `SELECT CAST(day AS TEXT) AS day, revenue_minor AS minor FROM business_days WHERE business_id = $1 ORDER BY day`, w.b.ID); err != nil || len(came) != 2 || came[0].Minor != 4000 || came[1].Minor != 4900 {
			t.Errorf("the days have %+v, %v", came, err)
		}
		later := strings.Replace(file, "pay_1,paid,2025-11-01T10:00:00+01:00,2025-11-03T10:00:00+01:00,49.00,0.00", "pay_1,partially_refunded,2025-11-01T10:00:00+01:00,2025-11-03T10:00:00+01:00,49.00,5.00", 1)
		if again := w.run(t, w.read(t, importer.Payments, later)); again.Created != 0 || again.Repeated != 2 {
			t.Errorf("what was refunded meanwhile counts anew: %+v", again.Counts)
		}
	})
}

// A list says which of its payments were tests, by mode as our own export and Mollie do, by
// livemode as Stripe, or by a column for tests: those of the other mode do not count, and add
// no customer.
func TestPastPaymentsOfTheOtherModeDoNotCount(t *testing.T) {
	const head = "date,amount,email,reference,"
	lines := func(live, test string) string {
		return "2025-11-03,49.00,ann@example.com,1," + live + "\n2025-11-04,10.00,bob@example.com,2," + test + "\n2025-11-05,1.00,eve@example.com,3,card\n2025-11-06,2.00,,4,\n"
	}
	for name, said := range map[string]struct{ field, live, test string }{
		"mode": {"mode", "Live", "test"}, "livemode": {"live", "true", "FALSE"}, "Test Mode": {"test", "0", "1"},
	} {
		file := head + name + "\n" + lines(said.live, said.test)
		for mode, wants := range map[business.Mode]struct {
			revenue  int64
			customer string
			wrong    string
		}{business.Live: {5100, "ann@example.com", "3 "}, business.Test: {1200, "bob@example.com", "2 "}} {
			t.Run(name+" "+string(mode), func(t *testing.T) {
				dbtest.Each(t, func(t *testing.T, d *db.DB) {
					w := newWorld(t, d)
					w.setMode(t, mode)
					i := w.read(t, importer.Payments, file)
					if got := strings.Join(i.Fields, ","); got != "date,amount,email,reference,"+said.field {
						t.Errorf("the columns are %s", got)
					}
					done := w.run(t, i)
					wrong := w.problems(t, done)
					if done.Created != 2 || done.Failed != 2 || !strings.Contains(wrong, wants.wrong+said.field+": ") || !strings.Contains(wrong, "4 "+said.field+": ") {
						t.Errorf("%+v\n%s", done.Counts, wrong)
					}
					if revenue := w.revenue(t); revenue != wants.revenue {
						t.Errorf("the revenue is %d", revenue)
					}
					page, err := w.customers.List(t.Context(), w.b.ID, customer.Filter{Query: "example.com"})
					if err != nil || len(page.Customers) != 1 || page.Customers[0].Email != wants.customer {
						t.Errorf("the customers are %+v, %v", page.Customers, err)
					}
					// Without the column it is still known what came before.
					bare := w.run(t, w.read(t, importer.Payments, head+"\n2025-11-06,2.00,,4,\n"))
					if bare.Created != 0 || bare.Repeated != 1 {
						t.Errorf("again: %+v", bare.Counts)
					}
				})
			})
		}
	}
}

// A column that says yes is read as its merchant chose it to be, and the other way round as the
// other. A line whose columns contradict each other does not count.
func TestAColumnOfTestsIsNotOneOfLivePayments(t *testing.T) {
	const lines = "2025-11-03,49.00,yes,\n2025-11-04,10.00,no,live\n2025-11-05,1.00,yes,live\n2025-11-06,2.00,,test\n"
	for field, wants := range map[string]struct {
		revenue int64
		wrong   string
	}{
		"test": {1000, "2 test: This payment was only a test, so it does not count.\n4 test: This payment was only a test, so it does not count.\n5 mode: This payment was only a test, so it does not count."},
		"live": {5000, "3 live: This payment was only a test, so it does not count.\n5 mode: This payment was only a test, so it does not count."},
	} {
		t.Run(field, func(t *testing.T) {
			dbtest.Each(t, func(t *testing.T, d *db.DB) {
				w := newWorld(t, d)
				w.setMode(t, business.Live)
				i := w.read(t, importer.Payments, "date,amount,played,mode\n"+lines)
				i.Fields[2] = field
				done := w.run(t, w.choose(t, i, importer.Options{}))
				if wrong := strings.TrimSpace(w.problems(t, done)); wrong != wants.wrong {
					t.Errorf("told\n%s\nwant\n%s", wrong, wants.wrong)
				}
				if revenue := w.revenue(t); revenue != wants.revenue {
					t.Errorf("the revenue is %d", revenue)
				}
			})
		})
	}
}

// Times that name their zone, in the cell or in the column's name, count on the business's day.
func TestPastPaymentsCountOnTheDayOfTheBusiness(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		w.setMode(t, business.Live)
		w.setZone(t, "Europe/Amsterdam")
		for name, file := range map[string]string{
			"a column in UTC":        "id,Created date (UTC),Amount,Amount Refunded,Currency,Status,Customer Email\nch_1,2026-01-31 23:30:05,49.00,9.00,eur,Paid,ann@example.com\n",
			"another column in UTC":  "id,Created (UTC),Amount,Currency,Mode,Status\nch_2,2026-01-31 23:30,40.00,eur,Live,Paid\n",
			"cells with an offset":   "Financial Status,Created at,Currency,Total\npaid,2026-01-31 23:30:00 +0000,EUR,40.00\n",
			"cells in UTC":           "date,amount\n2026-01-31 23:30:00 UTC,40.00\n",
			"cells of RFC 3339":      "date,amount\n2026-01-31T23:30:00Z,40.00\n",
			"cells of a database":    "date,amount\n2026-01-31 23:30:00+00,40.00\n",
			"cells without any zone": "date,amount\n2026-02-01 00:30,40.00\n",
			"days without any time":  "Created date (UTC),Amount\n2026-02-01,40.00\n",
		} {
			i := w.read(t, importer.Payments, file)
			if p, err := w.Preview(t.Context(), w.b, i); err != nil || !p.Dates.Day.IsZero() && p.Dates.Day.Format(time.DateOnly) != "2026-02-01" {
				t.Errorf("%s: the preview shows %s, %v", name, p.Dates.Day, err)
			}
			if done := w.run(t, i); done.Created != 1 {
				t.Errorf("%s: %+v: %s", name, done.Counts, w.problems(t, done))
			}
		}
		var days []struct {
			PaidAt      time.Time
			AmountMinor int64
		}
		if err := d.Select(t.Context(), &days, `SELECT paid_at, amount_minor FROM past_payments WHERE business_id = $1`, w.b.ID); err != nil || len(days) != 8 {
			t.Fatalf("%+v, %v", days, err)
		}
		for _, p := range days {
			if day := p.PaidAt.In(w.b.Location()).Format(time.DateOnly); day != "2026-02-01" || p.AmountMinor != 4000 {
				t.Errorf("%d on %s", p.AmountMinor, day)
			}
		}
	})
}
