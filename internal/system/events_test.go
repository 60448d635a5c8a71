package system_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"smartlinks/internal/business"
	"smartlinks/internal/customer"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/delivery"
	"smartlinks/internal/link"
	"smartlinks/internal/message"
	"smartlinks/internal/money"
	"smartlinks/internal/payment"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/payment/sandbox"
	"smartlinks/internal/reminder"
	"smartlinks/internal/system"
	"smartlinks/internal/system/systemtest"
	"smartlinks/internal/tag"
	"smartlinks/internal/webhook"
)

// listening is an installation in test mode whose business has a system that
// takes every event.
type listening struct {
	t *testing.T
	*system.System
	b        business.Business
	mu       sync.Mutex
	came     map[string][]told // by type
	ids      map[string]bool
	payers   int
	endpoint webhook.Endpoint
}

// told is an event as it came.
type told struct {
	ID, Mode string
	Data     map[string]any
}

func listen(t *testing.T, d *db.DB) *listening {
	t.Helper()
	l := &listening{t: t, came: map[string][]told{}, ids: map[string]bool{}}
	r := systemtest.New(t, d, func(o *system.Options) { o.Limits, o.PrivateWebhooks = false, true })
	l.System = r
	var err error
	if l.b, err = r.Businesses.Create(t.Context(), business.Draft{Name: "Acme", Handle: "acme"}); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(l)
	t.Cleanup(server.Close)
	if l.endpoint, _, err = r.Webhooks.Create(t.Context(), l.b.ID, webhook.Draft{URL: server.URL, Events: webhook.Asked{webhook.All}}); err != nil {
		t.Fatal(err)
	}
	return l
}

func (l *listening) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	var v struct {
		told
		Type string
	}
	if err := json.Unmarshal(body, &v); err != nil {
		l.t.Errorf("%v in %s", err, body)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.ids[v.ID] {
		l.t.Errorf("%s came twice", v.Type)
	}
	l.ids[v.ID] = true
	l.came[v.Type] = append(l.came[v.Type], v.told)
	w.WriteHeader(http.StatusOK)
}

// news are the types that came since the last call, sorted, and what they told.
func (l *listening) news() (string, map[string][]told) {
	l.t.Helper()
	if err := l.Webhooks.PostDue(l.t.Context()); err != nil {
		l.t.Fatal(err)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	came := l.came
	l.came = map[string][]told{}
	var types []string
	for what, all := range came {
		for range all {
			types = append(types, what)
		}
	}
	slices.Sort(types)
	return strings.Join(types, " "), came
}

// expect fails unless exactly these came.
func (l *listening) expect(after, types string) map[string][]told {
	l.t.Helper()
	got, came := l.news()
	if got != types {
		l.t.Errorf("after %s came %q, want %q", after, got, types)
	}
	return came
}

func (l *listening) link(d link.Fields) link.Link {
	l.t.Helper()
	price := money.Amount{Minor: 4900, Currency: "EUR"}
	d.Type, d.Amount, d.Active, d.ShowRemaining = link.Amount, &price, true, true
	made, err := l.Links.Create(l.t.Context(), l.b, d)
	if err != nil {
		l.t.Fatal(err)
	}
	return made
}

// start begins to pay a link, as one more stranger.
func (l *listening) start(of link.Link) attempt.Attempt {
	l.t.Helper()
	l.mu.Lock()
	l.payers++
	n := l.payers
	l.mu.Unlock()
	a, err := l.Payments.Start(l.t.Context(), payment.StartRequest{
		Business: l.b, Source: attempt.SourceLink, Link: &of, Version: of.Version, Amount: of.Price(), Title: of.Name,
		Payer:       attempt.Payer{Name: "Jonas", Email: fmt.Sprintf("payer%d@example.com", n), Language: "en"},
		Attribution: attempt.Attribution{Channel: "direct", VisitID: fmt.Sprintf("v%d", n), MaskedIP: fmt.Sprintf("10.0.%d.xxx", n)},
	})
	if err != nil {
		l.t.Fatal(err)
	}
	return a
}

func (l *listening) decide(a attempt.Attempt, outcome sandbox.Outcome) {
	l.t.Helper()
	if _, err := l.Sandbox.Decide(l.t.Context(), a.ProviderRef, outcome, sandbox.Lost); err != nil {
		l.t.Error(err)
	}
	if _, err := l.Payments.Sync(l.t.Context(), l.b.ID, a.ID, attempt.CauseMerchant); err != nil {
		l.t.Error(err)
	}
}

func TestEachChangeOfALinkIsOneEvent(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		l, ctx := listen(t, d), t.Context()
		made := l.link(link.Fields{Name: "Workshop", Limit: link.Limit{Kind: link.Multiple, Max: 5}})
		came := l.expect("creating", "link.created")
		if v := came["link.created"][0]; v.Mode != "test" || v.Data["id"] != string(made.ID) || v.Data["url"] != "https://pay.example/acme/workshop" || v.Data["status"] != "active" {
			t.Errorf("it tells %+v", v)
		}
		for _, c := range []struct {
			name, want string
			edit       func(*link.Fields)
		}{
			{"renaming", "link.updated", func(f *link.Fields) { f.Name = "Course" }},
			{"switching off", "link.deactivated", func(f *link.Fields) { f.Active, f.Name = false, "Course" }},
			{"switching on", "link.updated", func(f *link.Fields) { f.Active = true }},
			{"a wrong change", "", func(f *link.Fields) { f.Name = "" }},
		} {
			_, err := l.Links.Edit(ctx, l.b, made.ID, 0, c.edit)
			if (err != nil) != (c.want == "") {
				t.Fatal(err)
			}
			l.expect(c.name, c.want)
		}
		l.decide(l.start(made), sandbox.Paid)
		l.expect("a payment", "customer.created payment.started payment.succeeded")
		if _, err := l.Links.Edit(ctx, l.b, made.ID, 0, func(f *link.Fields) { f.Limit = link.Limit{Kind: link.Once, Max: 1} }); err != nil {
			t.Fatal(err)
		}
		came = l.expect("lowering the limit to what is used", "link.limit_reached link.updated")
		if v := came["link.limit_reached"][0]; v.Data["status"] != "limit_reached" {
			t.Errorf("it tells %+v", v)
		}
		if err := l.Links.Delete(ctx, l.b, made.ID); err != nil {
			t.Fatal(err)
		}
		came = l.expect("deleting", "link.deleted")
		if v := came["link.deleted"][0]; v.Data["name"] != "Course" {
			t.Errorf("it tells %+v", v)
		}
	})
}

// However many pay at once, and however often the provider is asked about each:
// one event for each payment and what it begins with, one for the limit and one before it.
func TestACrowdReachesALimitOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		l := listen(t, d)
		const places = 12
		made := l.link(link.Fields{Name: "Workshop", Limit: link.Limit{Kind: link.Multiple, Max: places}})
		l.expect("creating", "link.created")
		var crowd sync.WaitGroup
		for range places {
			crowd.Go(func() {
				a := l.start(made)
				var again sync.WaitGroup
				if _, err := l.Sandbox.Decide(t.Context(), a.ProviderRef, sandbox.Paid, sandbox.Lost); err != nil {
					t.Error(err)
				}
				for range 4 {
					again.Go(func() {
						if _, err := l.Payments.Sync(t.Context(), l.b.ID, a.ID, attempt.CauseWebhook); err != nil {
							t.Error(err)
						}
					})
				}
				again.Wait()
			})
		}
		crowd.Wait()
		_, came := l.news()
		for kind, want := range map[string]int{"payment.started": places, "payment.succeeded": places, "customer.created": places, "link.almost_full": 1, "link.limit_reached": 1} {
			if n := len(came[kind]); n != want {
				t.Fatalf("%s came %d times, want %d", kind, n, want)
			}
		}
		if len(came) != 5 {
			t.Fatalf("%d kinds came", len(came))
		}
		if v := came["link.limit_reached"][0].Data; v["limit"].(map[string]any)["used"] != float64(places) {
			t.Errorf("it tells %+v", v)
		}
	})
}

func TestWhatHappensToMoneyIsTold(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		l, ctx := listen(t, d), t.Context()
		made := l.link(link.Fields{Name: "Workshop", After: link.AfterPayment{ApplyTag: "VIP"}})
		l.expect("creating", "link.created")
		for outcome, want := range map[sandbox.Outcome]string{
			sandbox.Failed: "payment.failed payment.started", sandbox.Canceled: "payment.started", sandbox.Expired: "payment.expired payment.started", sandbox.Pending: "payment.pending payment.started",
		} {
			l.decide(l.start(made), outcome)
			l.expect(string(outcome), want)
		}
		a := l.start(made)
		l.decide(a, sandbox.Paid)
		came := l.expect("paying", "customer.created customer.tagged payment.started payment.succeeded")
		if v := came["payment.succeeded"][0]; v.Data["id"] != string(a.ID) || v.Data["status"] != "paid" || v.Data["amount"].(map[string]any)["value"] != "49.00" || v.Data["customer"].(map[string]any)["id"] == nil {
			t.Errorf("it tells %+v", v)
		}
		if v := came["customer.tagged"][0].Data; v["tag"] != "VIP" || v["tags"].([]any)[0] != "VIP" {
			t.Errorf("it tells %+v", v)
		}
		part := money.Amount{Minor: 900, Currency: "EUR"}
		for _, want := range []string{"partially_refunded", "partially_refunded"} {
			if _, err := l.Payments.Refund(ctx, l.b.ID, a.ID, payment.RefundRequest{Amount: &part}); err != nil {
				t.Fatal(err)
			}
			came = l.expect("a refund", "payment.refunded")
			if v := came["payment.refunded"][0].Data; v["status"] != want || v["refunds"].([]any)[0].(map[string]any)["amount"].(map[string]any)["value"] != "9.00" {
				t.Errorf("it tells %+v", v)
			}
		}
		l.decide(a, sandbox.Disputed)
		came = l.expect("a dispute", "payment.disputed")
		if v := came["payment.disputed"][0].Data; v["dispute"] != "open" {
			t.Errorf("it tells %+v", v)
		}
		l.decide(a, sandbox.DisputeLost)
		l.expect("losing it", "payment.dispute_closed")
	})
}

func TestWhatIsSentToCustomersIsTold(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		l, ctx := listen(t, d), t.Context()
		c, err := l.Customers.Create(ctx, l.b, customer.Fields{Name: "Ann", Email: "ann@example.com", Tags: tag.Named("A", "B")})
		if err != nil {
			t.Fatal(err)
		}
		l.expect("a customer with two tags", "customer.created customer.tagged customer.tagged")
		tags := []string{"B", "C"}
		if _, err := l.Customers.Edit(ctx, l.b, c.ID, 0, func(f *customer.Fields) { f.Tags = tag.Named(tags...) }); err != nil {
			t.Fatal(err)
		}
		came := l.expect("another tag", "customer.tagged")
		if v := came["customer.tagged"][0].Data; v["tag"] != "C" {
			t.Errorf("it tells %+v", v)
		}
		made := l.link(link.Fields{Name: "Workshop", CustomerID: c.ID})
		if err := d.InTx(ctx, func(tx *db.Tx) error {
			return l.Reminders.SetTx(ctx, tx, l.b, made.ID, &reminder.Settings{Frequency: reminder.Daily, Max: 1})
		}); err != nil {
			t.Fatal(err)
		}
		l.expect("creating", "link.created")
		if _, err := l.Deliveries.Start(ctx, l.b, made.ID, delivery.Request{Customers: []customer.ID{c.ID}, Channels: []message.Channel{message.ByEmail, message.BySMS}}); err != nil {
			t.Fatal(err)
		}
		came = l.expect("sending, without a phone number", "delivery.failed")
		if v := came["delivery.failed"][0].Data; v["channel"] != "sms" || v["reason"] == nil || v["link_id"] != string(made.ID) {
			t.Errorf("it tells %+v", v)
		}
		if err := l.Messages.SendDue(ctx); err != nil {
			t.Fatal(err)
		}
		l.expect("the mail", "delivery.sent")
		d.Clock().SetOffset(25 * 3600e9)
		if _, err := l.Reminders.SendDue(ctx); err != nil {
			t.Fatal(err)
		}
		l.expect("a reminder that falls due, without a phone number", "")
		if err := l.Messages.SendDue(ctx); err != nil {
			t.Fatal(err)
		}
		came = l.expect("its mail", "delivery.sent reminder.sent")
		if v := came["reminder.sent"][0].Data; v["number"] != 1.0 || v["status"] != "sent" || len(v["deliveries"].([]any)) != 1 {
			t.Errorf("it tells %+v", v)
		}
	})
}
