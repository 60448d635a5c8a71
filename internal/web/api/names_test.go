package api_test

import (
	"cmp"
	"strings"
	"testing"

	"smartlinks/internal/account"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/link"
	"smartlinks/internal/money"
	"smartlinks/internal/payment"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/payment/sandbox"
)

// Every operation that reads links is asked, also those to come.
func TestWhoMayOnlyReadLinksIsToldNoNames(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := newProgram(newSite(t, d))
		_, made := p.sentLink(`{"name": "Amara Okafor", "email": "amara@example.com"}`, `"deliver": ["email"], "reminders": {"frequency": "daily", "max": 3}`)
		id := made.at("id")
		p.ask("POST", "/payment-requests", `{"customer": {"name": "Amara Okafor", "email": "amara@example.com"}, "amount": "9.00", "description": "Lesson"}`)
		l, err := p.links.Get(t.Context(), p.acme, link.ID(id))
		if err != nil {
			t.Fatal(err)
		}
		a, err := p.payments.Start(t.Context(), payment.StartRequest{
			Business: p.acme, Source: attempt.SourceLink, Link: &l, Version: l.Version, Amount: money.Amount{Minor: 4900, Currency: "EUR"},
			Title: "Workshop", Payer: attempt.Payer{Name: "Amara Okafor", Email: "amara@example.com", Language: "en"},
		})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := p.sandbox.Decide(t.Context(), a.ProviderRef, sandbox.Paid, sandbox.Lost); err != nil {
			t.Fatal(err)
		}
		if _, err := p.payments.Sync(t.Context(), a.BusinessID, a.ID, attempt.CauseReturn); err != nil {
			t.Fatal(err)
		}
		told := func(path, token string) bool {
			text := strings.ToLower(p.must(200, "GET", path, "", "Authorization", "Bearer "+token).text)
			return strings.Contains(text, "amara") || strings.Contains(text, "okafor") || strings.Contains(text, "/r/")
		}
		batch := p.must(202, "POST", "/links/batch", `{"name": "Dues", "channels": ["email"], "rows": [{"name": "Amara Okafor", "email": "amara@example.com", "amount": {"value": "9.00", "currency": "EUR"}}]}`).at("id")
		coupon := p.must(201, "POST", "/coupons", `{"name": "C", "percent": "10"}`).at("id")
		code := p.must(201, "POST", "/promotion-codes", `{"coupon_id": "`+coupon+`"}`).at("id")
		_, waiter := p.waits("amara@example.com")
		sent := p.must(200, "GET", "/links/"+id, "").deliveries()[0].at("id")
		weak, asked := p.tokenOf(p.acme, account.LinksRead), 0
		for _, o := range p.all {
			if o.Extensions["x-scope"] != string(account.LinksRead) || o.method != "GET" || strings.HasPrefix(o.path, "/tags/") {
				continue
			}
			asked++
			object := map[string]string{"coupons": coupon, "promotion-codes": code, "batches": batch, "waiting-list": waiter, "deliveries": sent}[strings.Split(o.path, "/")[1]]
			if path := strings.ReplaceAll(o.path, "{id}", cmp.Or(object, id)); told(path, weak) {
				t.Errorf("%s tells who it was", path)
			}
		}
		if asked < 6 {
			t.Errorf("only %d operations were asked", asked)
		}
		activity := "/links/" + id + "/activity?kind="
		payers, customers := p.tokenOf(p.acme, account.LinksRead, account.PaymentsRead), p.tokenOf(p.acme, account.LinksRead, account.CustomersRead)
		if !told(activity+"payment", payers) || told(activity+"send", payers) || told(activity+"payment", customers) || !told(activity+"send", customers) || !told("/links/"+id, customers) {
			t.Error("who may read payments or customers is told of the others, or not of those")
		}
		writes := p.tokenOf(p.acme, account.LinksWrite)
		if r := p.must(202, "POST", "/links/"+id+"/send", `{"channels": ["email"]}`, "Authorization", "Bearer "+writes); strings.Contains(r.text, "amara") || strings.Contains(r.text, "/r/") {
			t.Errorf("who sends is told %s", r.text)
		}
	})
}
