package system_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"smartlinks/internal/customer"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/delivery"
	"smartlinks/internal/fault"
	"smartlinks/internal/importer"
	"smartlinks/internal/link"
	"smartlinks/internal/message"
	"smartlinks/internal/payment"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/payment/sandbox"
	"smartlinks/internal/system/systemtest"
	"smartlinks/internal/tag"
)

// Somebody asks to be forgotten. Whatever table is added later: if it holds who
// they were, this test names it.
func TestWhoIsErasedIsNowhere(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		l, ctx := listen(t, d), t.Context()
		ann, err := l.Customers.Create(ctx, l.b, customer.Fields{Name: "Annelien Quist", Email: "Annelien@Quist.example", Phone: "+31612345999", Notes: "Quistian notes", Tags: tag.Named("VIP")})
		if err != nil {
			t.Fatal(err)
		}
		seat := l.link(link.Fields{Name: "Seat", CustomerID: ann.ID})
		if _, err := l.Deliveries.Start(ctx, l.b, seat.ID, delivery.Request{Customers: []customer.ID{ann.ID}, Channels: []message.Channel{message.ByEmail, message.BySMS}}); err != nil {
			t.Fatal(err)
		}
		paid, open := l.startAs(seat, "annelien@quist.example"), l.startAs(seat, "annelien@quist.example")
		l.decide(paid, sandbox.Paid)
		if _, err := l.Payments.Refund(ctx, l.b.ID, paid.ID, payment.RefundRequest{}); err != nil {
			t.Fatal(err)
		}
		if err := l.Messages.SendDue(ctx); err != nil {
			t.Fatal(err)
		}
		l.news()
		i, err := l.Imports.Read(ctx, l.b, importer.Customers, "list.csv", []byte("name,email,phone\nAnnelien Quist,annelien@quist.example,not a number\n"), "usr_x")
		if err != nil || l.Imports.Start(ctx, l.b.ID, i.ID) != nil || l.Imports.ContinueDue(ctx) != nil {
			t.Fatal(err)
		}
		if err := l.Customers.Erase(ctx, l.b.ID, ann.ID); !fault.Is(err, fault.Conflict) {
			t.Fatalf("while a payment is under way: %v", err)
		}
		l.decide(open, sandbox.Canceled)
		before := holding(t, d, "quist")
		if len(before) < 4 {
			t.Fatalf("only %q held who she is", before)
		}
		if err := l.Customers.Erase(ctx, l.b.ID, ann.ID); err != nil {
			t.Fatal(err)
		}
		// Not ours: the provider that lives here for tests, and the gateway of test mode.
		others := func(place string) bool {
			return strings.HasPrefix(place, "sandbox_") || strings.HasPrefix(place, "mailbox.") || strings.HasPrefix(place, "webhook_inbox.")
		}
		for _, needle := range []string{"quist", "31612345999"} {
			if after := slices.DeleteFunc(holding(t, d, needle), others); len(after) > 0 {
				t.Errorf("%q is still in %q", needle, after)
			}
		}
		v, err := l.Payments.Get(ctx, l.b.ID, paid.ID)
		if err != nil || v.Amount != seat.Price() || v.Receipt == "" || v.PaidAt.IsZero() || v.Refunded() != seat.Price() {
			t.Errorf("the facts about money are %+v, %v", v, err)
		}
		if found := systemtest.Broken(t, d); found != nil {
			t.Errorf("the doctor finds %q", found)
		}
		if _, err := l.Customers.Get(ctx, l.b.ID, ann.ID); !fault.Is(err, fault.NotFound) {
			t.Errorf("she is there: %v", err)
		}
		if err := l.Customers.Erase(ctx, "biz_other", ann.ID); !fault.Is(err, fault.NotFound) {
			t.Errorf("of another business: %v", err)
		}
	})
}

// startAs begins to pay the link as the person with the address.
func (l *listening) startAs(of link.Link, address string) attempt.Attempt {
	l.t.Helper()
	l.payers++
	a, err := l.Payments.Start(l.t.Context(), payment.StartRequest{
		Business: l.b, Source: attempt.SourceLink, Link: &of, Version: of.Version, Amount: of.Price(), Title: of.Name,
		Payer:       attempt.Payer{Name: "A. Quist", Email: address, Notes: "For the Quists", Language: "en"},
		Attribution: attempt.Attribution{Channel: "direct", VisitID: fmt.Sprintf("q%d", l.payers), MaskedIP: fmt.Sprintf("10.1.%d.xxx", l.payers)},
	})
	if err != nil {
		l.t.Fatal(err)
	}
	return a
}

// holding are the columns, as table.column, that hold the word, whatever its case.
func holding(t *testing.T, d *db.DB, word string) (places []string) {
	t.Helper()
	var columns []struct{ Tab, Col string }
	list := `SELECT m.name AS tab, c.name AS col FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite%'`
	if d.Engine() == db.PostgreSQL {
		list = `SELECT table_name AS tab, column_name AS col FROM information_schema.columns WHERE table_schema = 'public'`
	}
	if err := d.Select(t.Context(), &columns, list); err != nil {
		t.Fatal(err)
	}
	for _, c := range columns {
		var n int
		text := `CAST("` + c.Col + `" AS TEXT)`
		if d.Engine() == db.PostgreSQL {
			text = `CASE WHEN pg_typeof("` + c.Col + `") = 'bytea'::regtype THEN encode(CAST(CAST("` + c.Col + `" AS TEXT) AS BYTEA), 'escape') ELSE CAST("` + c.Col + `" AS TEXT) END`
		}
		if err := d.Get(t.Context(), &n, `SELECT COUNT(*) FROM "`+c.Tab+`" WHERE LOWER(`+text+`) LIKE '%' || $1 || '%'`, word); err != nil {
			t.Fatalf("%s.%s: %v", c.Tab, c.Col, err)
		}
		if n > 0 {
			places = append(places, c.Tab+"."+c.Col)
		}
	}
	return places
}

// What was sent, and what providers told, says for 90 days to whom.
func TestWhatIsOldIsForgotten(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		l, ctx := listen(t, d), t.Context()
		ann, err := l.Customers.Create(ctx, l.b, customer.Fields{Name: "Annelien Quist", Email: "annelien@quist.example", Phone: "+31612345999"})
		if err != nil {
			t.Fatal(err)
		}
		seat := l.link(link.Fields{Name: "Seat", CustomerID: ann.ID})
		if _, err := l.Deliveries.Start(ctx, l.b, seat.ID, delivery.Request{Customers: []customer.ID{ann.ID}, Channels: []message.Channel{message.ByEmail, message.BySMS}}); err != nil {
			t.Fatal(err)
		}
		if err := l.Messages.SendDue(ctx); err != nil {
			t.Fatal(err)
		}
		inbox := `INSERT INTO webhook_inbox (id, business_id, provider, event, object, body, received_at, processed_at) SELECT 'x', id, 'sandbox', 'e', 'o', 'quist', 1, 1 FROM businesses`
		if err := d.InTx(ctx, func(tx *db.Tx) error { _, err := tx.Exec(ctx, inbox); return err }); err != nil {
			t.Fatal(err)
		}
		held := func(word string) string {
			return strings.Join(slices.DeleteFunc(holding(t, d, word), func(place string) bool {
				table, _, _ := strings.Cut(place, ".")
				return !slices.Contains([]string{"mails", "texts", "webhook_inbox", "deliveries"}, table)
			}), " ")
		}
		clean := func(days int) {
			d.Clock().SetOffset(time.Duration(days) * 24 * time.Hour)
			if err := l.Sweep(ctx); err != nil {
				t.Fatal(err)
			}
		}
		clean(0)
		if got := held("quist"); !strings.Contains(got, "mails.recipient") || !strings.Contains(got, "deliveries.address") || strings.Contains(got, "webhook_inbox") {
			t.Errorf("at once: %q", got)
		}
		clean(89)
		if got := held("31612345999"); !strings.Contains(got, "texts.recipient") {
			t.Errorf("after 89 days: %q", got)
		}
		clean(91)
		if got := held("quist") + held("31612345999"); got != "" {
			t.Errorf("after 91 days: %q", got)
		}
	})
}
