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

func TestProgramsAskAgainWhoDidNotFinish(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newSite(t, d)
		a := s.pay()
		listed := func() reply {
			data := s.must(200, "GET", "/payments?unfinished=true", "").json["data"].([]any)
			if len(data) != 1 {
				return reply{json: map[string]any{"listed": len(data)}}
			}
			return reply{json: data[0].(map[string]any)}
		}
		path := "/payments/" + string(a.ID) + "/recover"
		if listed().at("listed") != "0" {
			t.Error("what may still be paid is listed")
		}
		s.must(409, "POST", path, "")
		if _, err := s.sandbox.Decide(t.Context(), a.ProviderRef, sandbox.Canceled, sandbox.Lost); err != nil {
			t.Fatal(err)
		}
		if _, err := s.payments.Sync(t.Context(), a.BusinessID, a.ID, attempt.CauseReturn); err != nil {
			t.Fatal(err)
		}
		for at, want := range map[string]string{"id": string(a.ID), "status": "canceled", "recovery.status": "null", "recovery.obstacle": "null"} {
			if got := listed().at(at); got != want {
				t.Errorf("%s is %s, not %s", at, got, want)
			}
		}
		s.must(403, "POST", path, "", "Authorization", "Bearer "+s.tokenOf(s.acme, account.PaymentsRead))
		s.must(404, "POST", path, "", "Authorization", "Bearer "+s.tokenOf(businesstest.Make(t, d, "zenith"), account.All))
		s.must(404, "POST", "/payments/pay_00000000000000000000000000/recover", "")
		asked := s.must(202, "POST", path, "", "Idempotency-Key", "k1")
		again := s.must(202, "POST", path, "", "Idempotency-Key", "k1")
		if asked.at("status") != "sent" || asked.at("ends_at") == "null" || again.text != asked.text {
			t.Errorf("%s\n%s", asked.text, again.text)
		}
		if r := s.must(409, "POST", path, ""); r.at("detail") != "They were asked already." {
			t.Errorf("%s", r.text)
		}
		if r := listed(); r.at("recovery.status") != "sent" || r.at("recovery.obstacle") != "asked" {
			t.Errorf("%v", r.json)
		}
	})
}
