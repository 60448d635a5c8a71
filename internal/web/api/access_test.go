package api_test

import (
	"strings"
	"testing"
	"time"

	"smartlinks/internal/account"
	"smartlinks/internal/business"
	"smartlinks/internal/business/businesstest"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/money"
	"smartlinks/internal/payment"
	"smartlinks/internal/payment/attempt"
)

func TestWithoutATokenNothingIsTold(t *testing.T) {
	s := newSite(t, dbtest.SQLite(t))
	for _, header := range []string{"", "Bearer ", "Bearer sl_unknown", "Basic " + s.token} {
		r := s.must(401, "GET", "/links", "", "Authorization", header)
		if !strings.HasPrefix(r.Header.Get("WWW-Authenticate"), "Bearer") || r.at("code") != "unauthenticated" {
			t.Errorf("%q: %v %s", header, r.Header, r.text)
		}
	}
	s.must(200, "GET", "/openapi.json", "", "Authorization", "")
	s.must(200, "GET", "/api/docs", "", "Authorization", "")
}

// TestBodiesAreBoundedAtEveryOperation walks the document, so that it holds for
// operations that are added later too.
func TestBodiesAreBoundedAtEveryOperation(t *testing.T) {
	s := newSite(t, dbtest.SQLite(t))
	large := `{"name": "` + strings.Repeat("x", 1<<20) + `"}`
	before := s.state()
	for _, o := range s.operations() {
		if o.method == "GET" || o.id == "create-statement" { // which takes larger files
			continue
		}
		path := strings.ReplaceAll(o.path, "{id}", "x")
		if r := s.ask(o.method, path, large); r.StatusCode != 413 || r.at("code") != "too_large" {
			t.Errorf("%s %s: %d %.200s", o.method, o.path, r.StatusCode, r.text)
		}
		unknown := 401
		if path == "/create" { // its token may be in the body
			unknown = 413
		}
		if r := s.ask(o.method, path, large, "Authorization", ""); r.StatusCode != unknown {
			t.Errorf("%s %s without a token: %d", o.method, o.path, r.StatusCode)
		}
	}
	for _, kind := range []string{"application/json", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"} {
		if r := s.ask("POST", "/api/create", large, "Content-Type", kind); r.StatusCode != 413 {
			t.Errorf("PayRequest's door, %s: %d %.200s", kind, r.StatusCode, r.text)
		}
	}
	if s.state() != before {
		t.Error("something changed")
	}
}

func TestATokenOpensItsScopesAlone(t *testing.T) {
	s := newSite(t, dbtest.SQLite(t))
	for _, o := range s.operations() {
		path := strings.ReplaceAll(o.path, "{id}", "x")
		for _, scope := range account.AllScopes() {
			if scope == account.All {
				continue
			}
			r := s.ask(o.method, path, "", "Authorization", "Bearer "+s.tokenOf(s.acme, scope))
			if allowed := string(scope) == o.scope; (r.StatusCode == 403) == allowed {
				t.Errorf("%s %s with %s: %d, needs %s", o.method, o.path, scope, r.StatusCode, o.scope)
			}
		}
	}
}

// op is an operation of the OpenAPI document.
type op struct{ id, method, path, scope string }

func (s *site) operations() []op {
	s.t.Helper()
	var all []op
	for path, item := range s.must(200, "GET", "/openapi.json", "").json["paths"].(map[string]any) {
		for method, o := range item.(map[string]any) {
			said := o.(map[string]any)
			all = append(all, op{said["operationId"].(string), strings.ToUpper(method), path, said["x-scope"].(string)})
		}
	}
	if len(all) < 27 {
		s.t.Fatalf("the document has only %d operations", len(all))
	}
	return all
}

// TestNoOperationReachesAnotherBusiness walks the document, so that it holds
// for operations that are added later too.
func TestNoOperationReachesAnotherBusiness(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newSite(t, d)
		ids := map[string]string{
			"links":     s.must(201, "POST", "/links", early).at("id"),
			"products":  s.must(201, "POST", "/products", `{"name": "P", "price": {"value": "5.00", "currency": "EUR"}}`).at("id"),
			"customers": s.must(201, "POST", "/customers", `{"name": "Ann", "email": "ann@example.com"}`).at("id"),
			"tags":      s.must(201, "POST", "/tags", `{"name": "VIP"}`).at("id"),
			"payments":  string(s.pay().ID),

			"webhook-endpoints": s.must(201, "POST", "/webhook-endpoints", `{"url": "http://127.0.0.1:1/"}`).at("id"),
			"events":            s.event(),
			"domains":           s.must(201, "POST", "/domains", `{"host": "pay.acme.example"}`).at("id"),
		}
		ids["coupons"] = s.must(201, "POST", "/coupons", `{"name": "C", "percent": "10"}`).at("id")
		ids["promotion-codes"] = s.must(201, "POST", "/promotion-codes", `{"coupon_id": "`+ids["coupons"]+`"}`).at("id")
		_, ids["waiting-list"] = s.waits("mara@example.com")
		ids["batches"] = s.must(202, "POST", "/links/batch", `{"name": "B", "channels": ["email"], "send_at": "2026-12-01T09:00", "rows": [{"email": "bo@example.com", "amount": {"value": "1.00", "currency": "EUR"}}]}`).at("id")
		ids["deliveries"] = s.must(202, "POST", "/links/"+ids["links"]+"/send", `{"channels": ["email"], "customer_id": "`+ids["customers"]+`", "send_at": "2026-12-01T09:00"}`).deliveries()[0].at("id")
		statements, entry, _ := s.statement("Ann")
		ids["statements"] = statements[0]
		other := "Bearer " + s.tokenOf(businesstest.Make(t, d, "other"), account.All)
		before := s.state()
		for _, o := range s.operations() {
			kind := strings.Split(o.path, "/")[1]
			if !strings.Contains(o.path, "{id}") {
				if r := s.ask(o.method, o.path, "", "Authorization", other); o.method == "GET" && r.json["data"] != nil && len(r.json["data"].([]any)) > 0 {
					t.Errorf("%s %s tells of another business: %s", o.method, o.path, r.text)
				}
				continue
			}
			path := strings.NewReplacer("{id}", ids[kind], "{entry}", entry).Replace(o.path)
			if r := s.ask("GET", "/"+kind+"/"+ids[kind], ""); r.StatusCode != 200 {
				t.Fatalf("%s: its own business gets %d", path, r.StatusCode)
			}
			for _, body := range []string{"", `{}`, `{"name": "Stolen"}`, `{"nonsense": 1}`, `{`} {
				if o.method == "GET" && body != "" {
					continue
				}
				r := s.must(404, o.method, path, body, "Authorization", other, "Idempotency-Key", "k", "If-Match", `"1"`)
				if strings.Contains(r.text, "acme") {
					t.Errorf("%s %s tells: %s", o.method, path, r.text)
				}
			}
		}
		if after := s.state(); after != before {
			t.Errorf("another business changed\n%s\nto\n%s", before, after)
		}
	})
}

// state is everything of the business that the API shows.
func (s *site) state() string {
	var all strings.Builder
	for _, path := range []string{"/links", "/products", "/customers", "/tags", "/payments", "/webhook-endpoints", "/events", "/domains", "/coupons", "/promotion-codes", "/statements"} {
		all.WriteString(s.must(200, "GET", path, "").text)
	}
	return all.String()
}

// pay starts an attempt on the payment page.
func (s *site) pay() attempt.Attempt {
	s.t.Helper()
	a, err := s.payments.Start(s.t.Context(), payment.StartRequest{
		Business: s.acme, Source: attempt.SourcePage, Version: s.acme.Version, Amount: money.Amount{Minor: 500, Currency: "EUR"},
		Title: "acme", Payer: attempt.Payer{Name: "Ann", Email: "ann@example.com", Language: "en"},
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return a
}

func TestPaymentsTagsAndTheClock(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newSite(t, d)
		id := string(s.pay().ID)
		p := s.must(200, "GET", "/payments/"+id, "")
		for path, want := range map[string]string{
			"status": "open", "late": "false", "mode": string(business.Test), "amount.value": "5.00", "receipt": "null",
			"customer.email": "ann@example.com", "paid_at": "null", "refunded.value": "0.00",
		} {
			if got := p.at(path); got != want {
				t.Errorf("%s is %s, want %s", path, got, want)
			}
		}
		for query, want := range map[string]int{"": 1, "?status=open,paid": 1, "?status=paid": 0, "?link_id=lnk_x": 0, "?from=2026-02-18": 1, "?to=2026-02-18": 0,
			"?q=ANN@example.com": 1, "?q=" + id: 1, "?q=ann": 0, "?mode=test": 1, "?mode=live": 0, "?customer_id=cus_x": 0, "?provider=sandbox": 1, "?provider=stripe": 0} {
			if r := s.must(200, "GET", "/payments"+query, ""); len(r.json["data"].([]any)) != want {
				t.Errorf("%q: %s, want %d", query, r.text, want)
			}
		}
		if events := p.json["timeline"].([]any); len(events) != 2 || events[0].(map[string]any)["state"] != "creating" || events[1].(map[string]any)["state"] != "open" {
			t.Errorf("the timeline is %v", events)
		}
		s.must(422, "GET", "/payments?mode=real", "")
		s.must(422, "GET", "/payments?from=yesterday", "")
		s.must(201, "POST", "/tags", `{"name": "VIP", "color": "teal"}`)
		if r := s.must(422, "POST", "/tags", `{"name": "vip"}`); r.locations()[0] != "body.name" {
			t.Error(r.text)
		}
		if r := s.must(200, "GET", "/tags", ""); len(r.json["data"].([]any)) != 1 {
			t.Error(r.text)
		}
		before := s.must(200, "GET", "/sandbox/clock", "").at("now")
		after := s.must(200, "POST", "/sandbox/clock", `{"advance": "48h"}`).at("now")
		if a, b := instant(t, before), instant(t, after); b.Sub(a) != 48*time.Hour {
			t.Errorf("from %s to %s", before, after)
		}
		for _, body := range []string{
			`{"advance": "-1h"}`, `{"advance": "soon"}`, `{"advance": ""}`, `{}`, `{"reset": false}`, `{"advance": "1h", "reset": true}`,
			`{"advance": "438312h"}`, `{"advance": "2500000h"}`, // more than 50 years with the 48 hours before
		} {
			s.must(422, "POST", "/sandbox/clock", body)
			if at := s.must(200, "GET", "/sandbox/clock", "").at("now"); at != after {
				t.Errorf("%s moved the clock to %s", body, at)
			}
		}
		if at := s.must(200, "POST", "/sandbox/clock", `{"reset": true}`).at("now"); at != before {
			t.Errorf("set back it shows %s, want %s", at, before)
		}
		ahead := s.must(200, "POST", "/sandbox/clock", `{"advance": "438312h"}`).at("now") // 18,263 days
		if r := s.must(422, "POST", "/sandbox/clock", `{"advance": "1s"}`); r.locations()[0] != "body.advance" {
			t.Errorf("beyond 50 years, %s: %s", ahead, r.text)
		}
		s.must(201, "POST", "/links", early) // there everything works
	})
}

func instant(t *testing.T, s string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339, s)
	if err != nil {
		t.Fatal(err)
	}
	return at
}
