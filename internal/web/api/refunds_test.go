package api_test

import (
	"strings"
	"testing"

	"smartlinks/internal/account"
	"smartlinks/internal/business/businesstest"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/link"
	"smartlinks/internal/payment"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/payment/sandbox"
)

// paid is an attempt on the payment page whose five euros came.
func (s *site) paid() attempt.Attempt {
	s.t.Helper()
	a := s.pay()
	if _, err := s.sandbox.Decide(s.t.Context(), a.ProviderRef, sandbox.Paid, sandbox.Lost); err != nil {
		s.t.Fatal(err)
	}
	if _, err := s.payments.Sync(s.t.Context(), a.BusinessID, a.ID, attempt.CauseReturn); err != nil {
		s.t.Fatal(err)
	}
	return a
}

func TestProgramsGiveMoneyBack(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newSite(t, d)
		path := "/payments/" + string(s.paid().ID)
		r := s.must(201, "POST", path+"/refunds", `{"amount": {"value": "2.00", "currency": "EUR"}, "reason": "Rain"}`, "Idempotency-Key", "k1")
		again := s.must(201, "POST", path+"/refunds", `{"amount": {"value": "2.00", "currency": "EUR"}, "reason": "Rain"}`, "Idempotency-Key", "k1")
		if r.at("status") != "done" || r.at("amount.value") != "2.00" || r.at("id") != again.at("id") {
			t.Errorf("refunded %s, then %s", r.text, again.text)
		}
		p := s.must(200, "GET", path, "")
		for at, want := range map[string]string{"status": "partially_refunded", "refunded.value": "2.00", "net.value": "3.00", "dispute": "null"} {
			if got := p.at(at); got != want {
				t.Errorf("%s is %s, not %s", at, got, want)
			}
		}
		for wrong, at := range map[string]string{
			`{"amount": {"value": "3.01", "currency": "EUR"}}`: "value", `{"amount": {"value": "0.00", "currency": "EUR"}}`: "value",
			`{"amount": {"value": "ten", "currency": "EUR"}}`: "value", `{"amount": {"value": "1.00", "currency": "USD"}}`: "currency",
			`{"amount": {"value": "1.00"}}`: "currency",
		} {
			if r := s.must(422, "POST", path+"/refunds", wrong); r.locations()[0] != "body.amount."+at {
				t.Errorf("%s: %s", wrong, r.text)
			}
		}
		s.must(201, "POST", path+"/refunds", `{}`)
		s.must(409, "POST", path+"/refunds", `{}`)
		if p := s.must(200, "GET", path, ""); p.at("status") != "refunded" || p.at("net.value") != "0.00" {
			t.Errorf("after all: %s", p.text)
		}
		s.must(409, "POST", "/payments/"+string(s.pay().ID)+"/refunds", `{}`) // nothing was paid
		s.must(404, "POST", "/payments/pay_00000000000000000000000000/refunds", `{"amount": {"value": "ten"}}`)
		reader := s.tokenOf(s.acme, account.PaymentsRead)
		s.must(403, "POST", path+"/refunds", `{}`, "Authorization", "Bearer "+reader)
		stranger := s.tokenOf(businesstest.Make(t, d, "zenith"), account.All)
		s.must(404, "POST", path+"/refunds", `{}`, "Authorization", "Bearer "+stranger)
	})
}

// What cost nothing is canceled over 0 or without an amount, and says so of any other.
func TestProgramsCancelWhatWasFree(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newSite(t, d)
		coupon := s.must(201, "POST", "/coupons", `{"name": "Gift", "percent": "100"}`).at("id")
		s.must(201, "POST", "/promotion-codes", `{"code": "GIFT", "coupon_id": "`+coupon+`"}`)
		made := s.must(201, "POST", "/links", `{"name": "Workshop", "amount": {"value": "5.00", "currency": "EUR"}, "limit": {"kind": "once"}}`)
		l, err := s.links.Get(t.Context(), s.acme, link.ID(made.at("id")))
		if err != nil {
			t.Fatal(err)
		}
		free, err := s.payments.Start(t.Context(), payment.StartRequest{
			Business: s.acme, Source: attempt.SourceLink, Link: &l, Version: l.Version, Amount: l.Price(), Title: l.Name, Code: "GIFT",
			Payer: attempt.Payer{Name: "Ann", Email: "ann@example.com", Language: "en"},
		})
		if err != nil {
			t.Fatal(err)
		}
		path := "/payments/" + string(free.ID)
		for wrong, at := range map[string]string{
			`{"amount": {"value": "1.00", "currency": "EUR"}}`:  "body.amount.value",
			`{"amount": {"value": "-0.00", "currency": "EUR"}}`: "body.amount.value",
			`{"amount": {"value": "0.000", "currency": "EUR"}}`: "body.amount.value",
			`{"amount": {"value": "0.00", "currency": "USD"}}`:  "body.amount.currency",
		} {
			if r := s.must(422, "POST", path+"/refunds", wrong); r.locations()[0] != at {
				t.Errorf("%s: %s", wrong, r.text)
			}
		}
		if r := s.must(422, "POST", path+"/refunds", `{"amount": {"value": "1.00", "currency": "EUR"}}`); !strings.Contains(r.text, "Nothing was paid. Leave the amount out") {
			t.Errorf("%s", r.text)
		}
		r := s.must(201, "POST", path+"/refunds", `{"amount": {"value": "0.00", "currency": "EUR"}, "return_slot": true}`)
		if r.at("status") != "done" || r.at("amount.value") != "0.00" || r.at("credit_note") == "null" {
			t.Errorf("canceled: %s", r.text)
		}
		s.must(409, "POST", path+"/refunds", `{"amount": {"value": "0.00", "currency": "EUR"}}`)
		s.must(409, "POST", path+"/refunds", `{}`)
		if got := s.must(200, "GET", "/links/"+made.at("id"), ""); got.at("limit.used") != "0" || s.must(200, "GET", path, "").at("status") != "refunded" {
			t.Errorf("after it: %s", got.text)
		}
	})
}
