package api_test

import (
	"testing"

	"smartlinks/internal/account"
	"smartlinks/internal/business/businesstest"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
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
