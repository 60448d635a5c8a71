package api_test

import (
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/link"
	"smartlinks/internal/money"
	"smartlinks/internal/payment"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/payment/sandbox"
)

// tried lets one more payer try a link that is called so, and returns the attempt.
func (s *site) tried(title string, outcome sandbox.Outcome) attempt.Attempt {
	s.t.Helper()
	price := money.Amount{Minor: 4900, Currency: "EUR"}
	l, err := s.links.Create(s.t.Context(), s.acme, link.Fields{Active: true, Name: title, Type: link.Amount, Amount: &price})
	if err != nil {
		s.t.Fatal(err)
	}
	a, err := s.payments.Start(s.t.Context(), payment.StartRequest{
		Business: s.acme, Source: attempt.SourceLink, Link: &l, Version: l.Version, Amount: price, Title: l.Name, Description: l.Description,
		Payer: attempt.Payer{Name: "Ann", Email: "ann@example.com", Language: "en"},
	})
	if err == nil && outcome != "" {
		_, err = s.sandbox.Decide(s.t.Context(), a.ProviderRef, outcome, sandbox.Lost)
	}
	if err == nil {
		_, err = s.payments.Sync(s.t.Context(), a.BusinessID, a.ID, attempt.CauseReturn)
	}
	if err != nil {
		s.t.Fatal(err)
	}
	return a
}

// set changes a payment as no test can otherwise.
func (s *site) set(statement string, arguments ...any) {
	s.t.Helper()
	if err := s.d.InTx(s.t.Context(), func(tx *db.Tx) error {
		_, err := tx.Exec(s.t.Context(), statement, arguments...)
		return err
	}); err != nil {
		s.t.Fatal(err)
	}
}

// everyState are payments in all states, with their titles.
func (s *site) everyState() {
	s.t.Helper()
	for title, outcome := range map[string]sandbox.Outcome{
		"Order open": "", "Order pending": sandbox.Pending, "Order paid": sandbox.Paid, "Order failed": sandbox.Failed, "Order canceled": sandbox.Canceled,
		"Order expired": sandbox.Expired,
	} {
		s.tried(title, outcome)
	}
	part, whole := s.tried("Order partly refunded", sandbox.Paid), s.tried("Order refunded", sandbox.Paid)
	s.must(201, "POST", "/payments/"+string(part.ID)+"/refunds", `{"amount": {"value": "2.00", "currency": "EUR"}}`)
	s.must(201, "POST", "/payments/"+string(whole.ID)+"/refunds", `{"amount": {"value": "49.00", "currency": "EUR"}}`)
	s.set(`UPDATE payments SET receipt = NULL, status = 'overflow' WHERE id = $1`, s.tried("Order overflow", sandbox.Paid).ID)
	s.set(`UPDATE attempts SET state = 'review' WHERE id = $1`, s.tried("Order in review", "").ID)
}

// titles are the descriptions of an answer, sorted.
func (r reply) titles() string {
	var all []string
	for _, row := range r.json["data"].([]any) {
		row := row.(map[string]any)
		if said, ok := row["description"].(string); ok && row["title"] == nil {
			all = append(all, said)
		} else {
			all = append(all, row["title"].(string))
		}
	}
	slices.Sort(all)
	return strings.Join(all, ", ")
}

func (s *site) comesFromPayRequest() {
	s.t.Helper()
	if r := s.must(200, "PATCH", "/business", `{"payrequest": true}`); r.at("payrequest") != "true" {
		s.t.Fatal(r.text)
	}
}

func TestPaymentsAreListedAsPayRequestDoes(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newSite(t, d)
		s.everyState()
		s.comesFromPayRequest()
		const paid = "Order paid, Order partly refunded"
		for query, want := range map[string]string{
			"status=paid": paid, "status=open": "Order open", "status=pending": "Order pending", "status=failed": "Order canceled, Order expired, Order failed",
			"description=ORDER+P&status=paid": paid, "description=der+paid": "Order paid", "description=refunded&status=paid": "Order partly refunded",
			"description=Order+overflow&status=paid": "", "description=Order+refunded&status=paid": "", "description=review&status=paid": "", "description=100%25": "",
			"description=order_paid": "", "description=overflow": "Order overflow",
		} {
			r := s.must(200, "GET", "/payments?"+query, "")
			if r.titles() != want || r.at("success") != "true" {
				t.Errorf("%s: %q, want %q", query, r.titles(), want)
			}
		}
		r := s.must(200, "GET", "/payments?description=order+paid&status=paid", "")
		row := r.json["data"].([]any)[0].(map[string]any)
		if !strings.Contains(r.text, `"amount":49.00`) || row["currency"] != "EUR" || row["customer_email"] != "ann@example.com" || row["status"] != "paid" || row["paid_at"] == nil {
			t.Errorf("the payment: %s", r.text)
		}
		for query, where := range map[string]string{
			"status=succeeded": "status", "status=PAID": "status", "status=paid,open": "status", "status=": "status", "status=paid&status=open": "status", "staus=paid": "staus",
			"from=yesterday": "from", "from=2026-02-18T09:42:00Z": "from", "to=2026-02-30": "to", "to=": "to", "per_page=0": "per_page", "per_page=101": "per_page", "per_page=ten": "per_page",
			"page=0": "page", "page=-1": "page", "page=1.5": "page", "description=": "description", "description=+": "description", "page=2&cursor=2.pay_x": "page",
			"cursor=x": "cursor", "cursor=2.pay_x": "cursor", "status[]=paid": "status[]",
		} {
			r := s.must(422, "GET", "/payments?"+query, "")
			errors, _ := r.json["errors"].(map[string]any)
			if r.at("success") != "false" || r.at("error") == "nothing" || len(errors) != 1 || errors[where] == nil || r.at("code") != "invalid" || r.Header.Get("Content-Type") != "application/problem+json" {
				t.Errorf("%s: %s", query, r.text)
			}
		}
		s.must(400, "GET", "/payments?status=paid;from=2026-01-01", "")
	})
}

func TestPagesOfPayRequestHaveNumbers(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newSite(t, d)
		s.comesFromPayRequest()
		if r := s.must(200, "GET", "/payments", ""); r.at("total") != "0" || r.at("last_page") != "1" || r.at("current_page") != "1" || r.at("per_page") != "25" || r.at("next_cursor") != "null" {
			t.Errorf("none: %s", r.text)
		}
		for range 5 {
			s.tried("Seat", sandbox.Paid)
		}
		s.tried("Other", "")
		seen := map[string]bool{}
		note := func(r reply, page, n string) {
			for _, row := range r.json["data"].([]any) {
				seen[row.(map[string]any)["id"].(string)] = true
			}
			if r.at("current_page") != page || r.at("per_page") != "2" || r.at("total") != "5" || r.at("last_page") != "3" || len(seen) != int(n[0]-'0') {
				t.Errorf("page %s: %s", page, r.text)
			}
		}
		const ask = "/payments?description=seat&status=paid&per_page=2"
		first := s.must(200, "GET", ask, "")
		note(first, "1", "2")
		note(s.must(200, "GET", ask+"&page=2", ""), "2", "4")
		note(s.must(200, "GET", ask+"&page=3", ""), "3", "5")
		second := s.must(200, "GET", ask+"&cursor="+first.at("next_cursor"), "")
		note(second, "2", "5")
		third := s.must(200, "GET", ask+"&cursor="+second.at("next_cursor"), "")
		if note(third, "3", "5"); third.at("next_cursor") != "null" {
			t.Errorf("the end: %s", third.text)
		}
	})
}

func TestDaysOfPayRequestAreTheBusinesssAndWithin(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newSite(t, d)
		kiritimati := "Pacific/Kiritimati" // 14 hours ahead
		b, err := s.businesses.Update(t.Context(), s.acme.ID, 0, business.Patch{TimeZone: &kiritimati})
		if err != nil {
			t.Fatal(err)
		}
		s.acme = b
		a := s.tried("Seat", sandbox.Paid)
		s.comesFromPayRequest()
		day := a.CreatedAt.In(b.Location())
		on := func(days int) string { return day.AddDate(0, 0, days).Format(time.DateOnly) }
		for query, n := range map[string]int{
			"from=" + on(0) + "&to=" + on(0): 1, "to=" + on(-1): 0, "from=" + on(1): 0, "from=" + on(-1) + "&to=" + on(1): 1, "from=" + on(1) + "&to=" + on(-1): 0,
		} {
			if r := s.must(200, "GET", "/payments?"+query, ""); len(r.json["data"].([]any)) != n {
				t.Errorf("%s (paid on %s): %s", query, on(0), r.text)
			}
		}
	})
}

// TestNoListDropsAFilter walks the document: whatever a list can't read is refused,
// because a list that is longer than asked for answers wrongly about money.
func TestNoListDropsAFilter(t *testing.T) {
	s := newSite(t, dbtest.SQLite(t))
	s.everyState()
	id := map[string]string{
		"links": s.must(201, "POST", "/links", early).at("id"), "payments": string(s.pay().ID),
		"webhook-endpoints": s.must(201, "POST", "/webhook-endpoints", `{"url": "http://127.0.0.1:1/"}`).at("id"), "events": s.event(),
		"products":  s.must(201, "POST", "/products", `{"name": "P", "price": {"value": "5.00", "currency": "EUR"}}`).at("id"),
		"customers": s.must(201, "POST", "/customers", `{"name": "Zoe", "email": "zoe@example.com"}`).at("id"), "tags": s.must(201, "POST", "/tags", `{"name": "VIP"}`).at("id"),
		"domains": s.must(201, "POST", "/domains", `{"host": "pay.acme.example"}`).at("id"),
		"batches": s.must(202, "POST", "/links/batch", `{"name": "Dues", "channels": ["email"], "rows": [{"email": "zoe@example.com", "amount": {"value": "9.00", "currency": "EUR"}}]}`).at("id"),
	}
	id["coupons"] = s.must(201, "POST", "/coupons", `{"name": "C", "percent": "10"}`).at("id")
	id["promotion-codes"] = s.must(201, "POST", "/promotion-codes", `{"coupon_id": "`+id["coupons"]+`"}`).at("id")
	full, waits := s.waits("zoe@example.com")
	id["waiting-list"] = waits
	// What made it full is none of the payments that are looked for below.
	s.must(201, "POST", "/payments/"+s.must(200, "GET", "/payments?link_id="+full, "").rows()[0].at("id")+"/refunds", `{}`)
	_, sent := s.sentLink(`{"name": "Zoe", "email": "zoe2@example.com"}`, `"deliver": ["email"]`)
	statements, entry, _ := s.statement("Cy")
	id["statements"] = statements[0]
	id["deliveries"] = s.must(200, "GET", "/links/"+sent.at("id"), "").deliveries()[0].at("id")
	for _, from := range []bool{false, true} {
		for _, o := range s.operations() {
			if o.method != "GET" {
				continue
			}
			path := strings.NewReplacer("{id}", id[strings.Split(o.path, "/")[1]], "{entry}", entry).Replace(o.path)
			if path == "/links/"+id["links"]+"/analytics" {
				path += "?from=2026-01-01" // one that it has, beside
			}
			separator := map[bool]string{true: "&", false: "?"}[strings.Contains(path, "?")]
			for _, query := range []string{"stauts=paid", "sta%74s=paid", "filter%5Bstatus%5D=paid"} {
				s.must(422, "GET", path+separator+query, "")
			}
			s.must(400, "GET", path+separator+"status=%zz", "")
		}
		if !from {
			s.unswitched()
			s.comesFromPayRequest()
		}
	}
}

// unswitched is what the list of payments does before the switch.
func (s *site) unswitched() {
	for query, want := range map[string]string{
		"status=paid": "Order paid", "status=paid,partially_refunded": "Order paid, Order partly refunded", "description=ORDER+paid": "Order paid", "q=": "*", "cursor=": "*",
		"description=order+expired&status=paid": "",
	} {
		if r := s.must(200, "GET", "/payments?"+query, ""); want != "*" && r.titles() != want || r.at("success") != "nothing" {
			s.t.Errorf("%s: %q, want %q", query, r.titles(), want)
		}
	}
	for query, where := range map[string]string{
		"status=": "status", "status=paid&status=open": "status", "status=done": "status", "page=2": "page", "per_page=10": "per_page", "from=": "from", "to=tomorrow": "to",
		"link_id=": "link_id", "description=%20": "description", "limit=0": "limit", "mode=": "mode",
	} {
		r := s.must(422, "GET", "/payments?"+query, "")
		at := r.locations()
		if len(at) == 0 || !strings.HasPrefix(at[0], "query."+where) {
			s.t.Errorf("%s: %s", query, r.text)
		}
	}
	if _, err := url.Parse(s.must(200, "GET", "/business", "").at("url")); err != nil {
		s.t.Error(err)
	}
}

func TestErrorsAreInPayRequestsShapeOnceAsked(t *testing.T) {
	s := newSite(t, dbtest.SQLite(t))
	before := s.must(422, "POST", "/payment-links", `{"description": "x", "amount": -1}`)
	if before.at("success") != "nothing" || len(before.locations()) != 1 {
		t.Errorf("before: %s", before.text)
	}
	s.comesFromPayRequest()
	r := s.must(422, "POST", "/payment-links", `{"description": "x", "amount": -1}`)
	if r.at("success") != "false" || r.at("error") != r.at("detail") || !strings.HasPrefix(r.at("errors.amount"), "[") || r.at("status") != "422" || r.at("type") != "about:blank" {
		t.Errorf("after: %s", r.text)
	}
	if r := s.must(404, "GET", "/payments/x", ""); r.at("success") != "false" || r.at("errors") != "{}" {
		t.Errorf("not found: %s", r.text)
	}
	for path, method := range map[string]string{"/nowhere": "GET", "/payments": "DELETE"} {
		if r := s.ask(method, path, ""); r.at("success") != "false" {
			t.Errorf("%s %s: %s", method, path, r.text)
		}
	}
	if r := s.must(412, "PATCH", "/business", `{"payrequest": false}`, "If-Match", `"1"`); r.at("success") != "false" {
		t.Errorf("stale: %s", r.text)
	}
	s.must(200, "PATCH", "/business", `{}`)
	s.must(200, "PATCH", "/business", `{"payrequest": false}`)
	if r := s.must(404, "GET", "/payments/x", ""); r.at("success") != "nothing" {
		t.Errorf("switched off: %s", r.text)
	}
}
