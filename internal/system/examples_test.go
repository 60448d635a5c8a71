package system_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"smartlinks/internal/account"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/payment/sandbox"
	"smartlinks/internal/testclock"
	"smartlinks/internal/web/api"
	"smartlinks/internal/web/api/apitest"
)

var update = flag.Bool("update", false, "write the examples of the API anew")

// examplesFile is where the API keeps the examples that it shows.
const examplesFile = "../web/api/examples.json"

// examples are what the document of the API shows: of each operation what was asked
// and answered, of each event what was posted.
type examples struct {
	Operations map[string]example         `json:"operations"`
	Events     map[string]json.RawMessage `json:"events"`
}

type example struct {
	Path    string          `json:"path"` // with the query
	Request json.RawMessage `json:"request,omitempty"`
	Status  int             `json:"status"`
	Answer  json.RawMessage `json:"answer,omitempty"`
}

// TestExamplesAreWhatTheAPIAnswers goes through every operation once, as a shop
// might, and compares with the examples of the document. After a change of the
// API: go test ./internal/app -run Examples -update
func TestExamplesAreWhatTheAPIAnswers(t *testing.T) {
	d := dbtest.SQLite(t)
	s := newStory(t, listen(t, d))
	s.tell()
	got := s.written()
	if *update {
		if err := os.WriteFile(examplesFile, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(examplesFile)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("The API answers differently from its examples. If that is meant, run this test with -update and read what changed.\n%s", firstDifference(string(want), string(got)))
	}
	for _, o := range s.document() {
		if _, told := s.Operations[o]; !told {
			t.Errorf("the operation %s has no example: tell of it in tell", o)
		}
	}
}

// story is a program that does everything once, and who notes it.
type story struct {
	*listening
	examples
	api   http.Handler
	token string
	shop  string // where the business's own system listens
	plain *plainer
}

func newStory(t *testing.T, l *listening) *story {
	s := &story{listening: l, examples: examples{Operations: map[string]example{}, Events: map[string]json.RawMessage{}}, plain: newPlainer()}
	s.api = apitest.Checked(t, l.API(api.Config{Addresses: l.Addresses, TestClock: testclock.New(l.DB, l.Due), Log: slog.New(slog.DiscardHandler)}))
	_, token, err := l.Accounts.CreateToken(t.Context(), l.b.ID, "Shop", []account.Scope{account.All})
	if err != nil {
		t.Fatal(err)
	}
	s.token = token
	// The first endpoint is the one of the story.
	if err := l.Webhooks.Delete(t.Context(), l.b.ID, l.endpoint.ID); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		s.posted(body)
		w.WriteHeader(http.StatusNoContent)
	}))
	t.Cleanup(server.Close)
	s.shop = server.URL
	return s
}

// anyID is an id of ours, which differs from run to run.
var anyID = regexp.MustCompile(`[a-z]{3}_[0-9a-z]{26}`)

// posted notes the oldest event of each type; of those of one instant, which come in any
// order, the first by its text.
func (s *story) posted(body []byte) {
	type event struct {
		Type      string
		Timestamp time.Time
	}
	var came, known event
	if err := json.Unmarshal(body, &came); err != nil {
		s.t.Error(err)
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if first, told := s.Events[came.Type]; told {
		if err := json.Unmarshal(first, &known); err != nil {
			s.t.Error(err)
		}
		if later := came.Timestamp.Compare(known.Timestamp); later > 0 || later == 0 && bytes.Compare(anyID.ReplaceAll(body, nil), anyID.ReplaceAll(first, nil)) >= 0 {
			return
		}
	}
	s.Events[came.Type] = body
}

// object is an answer with its fields at hand.
type object map[string]any

// at is the text behind the keys.
func (o object) at(keys ...string) string {
	var v any = map[string]any(o)
	for _, key := range keys {
		v, _ = v.(map[string]any)[key]
	}
	return fmt.Sprint(v)
}

// does asks, wants success and notes it under the operation's id. A second passes
// each time, so that what lists show has an order.
func (s *story) does(operation, method, path, body string) object {
	s.t.Helper()
	return s.asks(operation, method, path, body, "application/json")
}

// asks is does for a body that may be a file, which no example shows.
func (s *story) asks(operation, method, path, body, kind string) object {
	s.t.Helper()
	s.DB.Clock().SetOffset(s.DB.Clock().Offset() + time.Second)
	r := httptest.NewRequestWithContext(s.t.Context(), method, "/api/v1"+path, strings.NewReader(body))
	r.Header.Set("Authorization", "Bearer "+s.token)
	if body != "" {
		r.Header.Set("Content-Type", kind)
	}
	w := httptest.NewRecorder()
	s.api.ServeHTTP(w, r)
	if w.Code >= 300 {
		s.t.Fatalf("%s: %d %s", operation, w.Code, w.Body)
	}
	e := example{Path: path, Status: w.Code}
	if body != "" && kind == "application/json" {
		e.Request = json.RawMessage(body)
	}
	o := object{}
	if w.Body.Len() > 0 {
		e.Answer = json.RawMessage(w.Body.String())
		if err := json.Unmarshal(w.Body.Bytes(), &o); err != nil {
			s.t.Fatal(err)
		}
	}
	if _, told := s.Operations[operation]; told {
		s.t.Fatalf("%s is told twice", operation)
	}
	s.Operations[operation] = e
	return o
}

// passes lets the time pass, and lets everything be done that is due.
func (s *story) passes(by time.Duration) {
	s.t.Helper()
	s.DB.Clock().SetOffset(s.DB.Clock().Offset() + by)
	if err := s.Due(s.t.Context()); err != nil {
		s.t.Fatal(err)
	}
	if err := s.Webhooks.PostDue(s.t.Context()); err != nil {
		s.t.Fatal(err)
	}
}

// tell is the story. Each operation comes when its answer shows most.
func (s *story) tell() {
	s.t.Helper()
	endpoint := s.does("create-webhook-endpoint", "POST", "/webhook-endpoints", `{"url": "`+s.shop+`/webhooks", "description": "Web shop", "events": ["*"]}`).at("id")
	product := s.does("create-product", "POST", "/products", `{"name": "Ceramic mug", "description": "350 ml, glazed by hand.", "price": {"value": "18.00", "currency": "EUR"}}`).at("id")
	tag := s.does("create-tag", "POST", "/tags", `{"name": "Newsletter", "kind": "customer", "color": "teal"}`).at("id")
	ann := s.does("create-customer", "POST", "/customers", `{"name": "Ann Jansen", "email": "ann@example.com", "phone": "+31612345678", "language": "nl", "tags": ["Trial User"]}`).at("id")
	ben := s.customer("Ben Okafor", "ben@example.com")

	link := s.does("create-link", "POST", "/links", `{"name": "Early Bird Registration", "type": "amount", "amount": {"value": "49.00", "currency": "EUR"},
		"description": "Two days of talks, with lunch.", "path": "early-bird", "tags": ["Summer 2026"], "limit": {"kind": "multiple", "max": 50},
		"customer_id": "`+ann+`", "deliver": ["email"], "message": "Early bird special! {link}", "reference": "INV-7",
		"reminders": {"frequency": "every_2_days", "max": 5},
		"after_payment": {"redirect_url": "https://shop.example.com/thanks", "apply_tag": "VIP Customer", "remove_tag": "Trial User"}}`).at("id")
	s.does("create-links", "POST", "/links/bulk", `{"links": [{"name": "Seat 1", "type": "amount", "amount": {"value": "12.50", "currency": "EUR"}, "limit": {"kind": "once"}, "due_on": "2026-02-19"}, {"name": "", "type": "amount", "amount": {"value": "12.50", "currency": "EUR"}}]}`)
	s.does("change-link", "PATCH", "/links/"+link, `{"name": "Early Bird Registration 2026", "limit": {"kind": "multiple", "max": 20}}`)
	s.passes(0)
	s.does("pause-reminders", "POST", "/links/"+link+"/reminders/pause", "")
	s.does("resume-reminders", "POST", "/links/"+link+"/reminders/resume", "")
	s.passes(49 * time.Hour)
	s.does("skip-reminders", "POST", "/links/"+link+"/reminders/skip", "")
	s.does("send-reminders", "POST", "/links/"+link+"/reminders/send", "")
	s.passes(time.Minute)
	s.does("send-link", "POST", "/links/"+link+"/send", `{"channels": ["email"], "customer_ids": ["`+ben+`"], "message": "Hello {first_name}, your ticket is here: {link}"}`)
	s.passes(time.Minute)

	coupon := s.does("create-coupon", "POST", "/coupons", `{"name": "10% off for members", "percent": "10", "tags": ["Summer 2026"], "max_redemptions": 200, "minimum": {"value": "20.00", "currency": "EUR"}}`).at("id")
	s.does("change-coupon", "PATCH", "/coupons/"+coupon, `{"max_redemptions": null}`)
	code := s.does("create-promotion-code", "POST", "/promotion-codes", `{"code": "SUMMER10", "coupon_id": "`+coupon+`", "max_redemptions": 100, "ends_at": "2026-08-31T22:00:00Z", "once_per_email": true}`).at("id")
	s.does("change-promotion-code", "PATCH", "/promotion-codes/"+code, `{"max_redemptions": 150}`)
	s.does("list-coupons", "GET", "/coupons", "")
	s.does("get-coupon", "GET", "/coupons/"+coupon, "")
	s.does("list-promotion-codes", "GET", "/promotion-codes?coupon_id="+coupon, "")
	s.does("get-promotion-code", "GET", "/promotion-codes/"+code, "")
	s.does("end-promotion-code", "POST", "/promotion-codes/"+code+"/end", "")
	s.does("delete-promotion-code", "DELETE", "/promotion-codes/"+code, "")
	s.does("delete-coupon", "DELETE", "/coupons/"+coupon, "")

	full, waits := s.waits("mara@example.com")
	s.does("list-waiting", "GET", "/links/"+full+"/waiting-list", "")
	s.does("get-waiting", "GET", "/waiting-list/"+waits, "")
	s.free(full, waits)
	s.does("offer-place", "POST", "/waiting-list/"+waits+"/offer", "")
	s.does("remove-waiting", "DELETE", "/waiting-list/"+waits, "")
	batch := s.does("create-batch", "POST", "/links/batch", `{"name": "Membership 2026", "channels": ["email"], "message": "Dear {first_name}, your membership is {amount}, reference {reference}: {link}", "rows": [
		{"name": "Ann Jansen", "email": "ann@example.com", "amount": {"value": "90.00", "currency": "EUR"}, "reference": "M-2026-001"},
		{"name": "Cy Moreau", "email": "cy@", "amount": {"value": "45.00", "currency": "EUR"}, "reference": "M-2026-002"}]}`).at("id")
	s.does("get-batch", "GET", "/batches/"+batch, "")
	s.does("stop-batch", "POST", "/batches/"+batch+"/stop", "")
	planned := s.scheduled(link, ben)
	s.does("get-delivery", "GET", "/deliveries/"+planned, "")
	s.does("take-back-delivery", "DELETE", "/deliveries/"+planned, "")
	s.opened(link)
	paid := s.pays(link, sandbox.Paid)
	for _, outcome := range []sandbox.Outcome{sandbox.Failed, sandbox.Pending, sandbox.Expired} {
		s.pays(link, outcome)
	}
	s.almostFull()
	s.does("list-links", "GET", "/links?status=active&limit=1", "")
	s.does("get-link", "GET", "/links/"+link, "")
	s.does("list-activity", "GET", "/links/"+link+"/activity?limit=4", "")
	s.does("get-analytics", "GET", "/links/"+link+"/analytics?from=2026-02-20&to=2026-02-22&by=channel", "")
	s.does("list-batches", "GET", "/links/"+link+"/batches", "")

	s.does("refund-payment", "POST", "/payments/"+paid+"/refunds", `{"amount": {"value": "9.00", "currency": "EUR"}, "reason": "Lunch was left out"}`)
	s.does("list-refunds", "GET", "/payments/"+paid+"/refunds", "")
	s.does("get-payment", "GET", "/payments/"+paid, "")
	s.does("list-payments", "GET", "/payments?link_id="+link+"&status=partially_refunded", "")
	s.disputed(paid)
	s.does("record-payment", "POST", "/links/"+link+"/payments", `{"amount": {"value": "49.00", "currency": "EUR"}, "method": "bank_transfer", "paid_on": "2026-02-17", "customer_id": "`+ben+`", "note": "Without a reference"}`)

	s.does("recover-payment", "POST", "/payments/"+s.left()+"/recover", "")

	s.does("get-customer", "GET", "/customers/"+ann, "")
	s.does("list-customers", "GET", "/customers?q=ann", "")
	s.does("change-customer", "PATCH", "/customers/"+ann, `{"phone": null, "notes": "Prefers mail."}`)
	s.does("get-product", "GET", "/products/"+product, "")
	s.does("list-products", "GET", "/products", "")
	s.does("change-product", "PATCH", "/products/"+product, `{"price": {"value": "19.50", "currency": "EUR"}}`)
	s.does("get-tag", "GET", "/tags/"+tag, "")
	s.does("list-tags", "GET", "/tags?kind=customer", "")
	s.does("change-tag", "PATCH", "/tags/"+tag, `{"name": "News by mail"}`)

	s.lastSeat()
	s.does("create-payment-link", "POST", "/payment-links", `{"description": "Early Bird 2026", "amount": 49.00, "currency": "EUR"}`)
	s.does("list-payment-links", "GET", "/payment-links?description=Early+Bird+2026", "")
	s.does("list-described-payments", "GET", "/payment-links/payments?description=Early+Bird+Registration+2026&status=paid", "")
	s.does("create-payment-request", "POST", "/payment-requests", `{"customer": {"name": "Bea Smit", "email": "bea@example.com"}, "amount": 120, "currency": "EUR", "description": "Invoice 1042",
		"due_date": "2026-03-31", "delivery": ["email"], "reminders": {"enabled": true, "cadence": "weekly", "max": 3}}`)
	s.does("list-payment-requests", "GET", "/payment-requests?per_page=10", "")
	s.does("create", "POST", "/create", `{"type": "paymentlink", "title": "1043", "amount": "12,25", "email": "bea@example.com", "response": "https://shop.example.com/thanks"}`)
	s.does("get-business", "GET", "/business", "")
	s.does("change-business", "PATCH", "/business", `{"payrequest": true}`)
	s.does("duplicate-link", "POST", "/links/"+link+"/duplicate", "")
	s.does("get-clock", "GET", "/sandbox/clock", "")
	s.does("advance-clock", "POST", "/sandbox/clock", `{"advance": "48h"}`)
	s.does("delete-link", "DELETE", "/links/"+link, "")
	s.passes(0)

	event := s.does("list-events", "GET", "/events?type=payment.succeeded&limit=1", "")["data"].([]any)[0].(map[string]any)["id"].(string)
	s.does("get-event", "GET", "/events/"+event, "")
	s.does("redeliver-event", "POST", "/events/"+event+"/redeliver", "")
	s.does("redeliver-period", "POST", "/webhook-endpoints/"+endpoint+"/redeliver", `{"from": "2026-02-20", "to": "2026-02-21", "delivered": true}`)
	s.does("list-webhook-deliveries", "GET", "/webhook-endpoints/"+endpoint+"/deliveries?limit=2", "")
	s.does("test-webhook-endpoint", "POST", "/webhook-endpoints/"+endpoint+"/test", "")
	s.does("get-webhook-endpoint", "GET", "/webhook-endpoints/"+endpoint, "")
	s.does("list-webhook-endpoints", "GET", "/webhook-endpoints", "")
	s.does("change-webhook-endpoint", "PATCH", "/webhook-endpoints/"+endpoint, `{"events": ["payment.succeeded", "payment.refunded"]}`)
	s.does("rotate-webhook-secret", "POST", "/webhook-endpoints/"+endpoint+"/rotate", "")

	s.bank()
	s.domain()
	s.does("delete-webhook-endpoint", "DELETE", "/webhook-endpoints/"+endpoint, "")
	s.does("delete-product", "DELETE", "/products/"+product, "")
	s.does("delete-tag", "DELETE", "/tags/"+tag, "")
	s.does("delete-customer", "DELETE", "/customers/"+ben, "")
}
