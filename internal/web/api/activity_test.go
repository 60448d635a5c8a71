package api_test

import (
	"log/slog"
	"testing"
	"time"

	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/link"
	"smartlinks/internal/money"
	"smartlinks/internal/payment"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/payment/sandbox"
	"smartlinks/internal/visit"
)

func TestViewsAreToldAndCounted(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newSite(t, d)
		id := s.must(201, "POST", "/links", early).at("id")
		for _, kind := range []string{"all", "view", "payment", "reminder"} {
			if r := s.must(200, "GET", "/links/"+id+"/activity?kind="+kind, ""); r.at("data") != "[]" {
				t.Errorf("before anything happened, %s is %s", kind, r.text)
			}
		}
		recorder, err := visit.NewRecorder(t.Context(), d, "", slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(recorder.Close)
		for i, class := range []visit.Class{visit.Human, visit.Human, visit.Human, visit.Bot} {
			err := recorder.Record(t.Context(), visit.View{
				BusinessID: string(s.acme.ID), TargetID: id, Mode: string(s.acme.Mode), At: dbtest.Start.Add(time.Duration(i) * time.Second),
				Class: class, IP: "192.168.1.xxx", Browser: "Chrome", OS: "Mac", Referrer: "https://t.co/x", Channel: "social",
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		if l := s.must(200, "GET", "/links/"+id, ""); l.at("stats.views") != "3" || l.at("stats.bots") != "1" {
			t.Errorf("the figures are %s", l.at("stats"))
		}
		page := s.must(200, "GET", "/links/"+id+"/activity?kind=view&limit=1", "")
		row := reply{json: page.json["data"].([]any)[0].(map[string]any)}
		for field, want := range map[string]string{
			"kind": "view", "at": "2026-02-18T09:42:03Z", "browser": "Chrome", "os": "Mac", "ip": "192.168.1.xxx",
			"referrer": "https://t.co/x", "channel": "social", "class": "bot", "receipt": "nothing",
		} {
			if got := row.at(field); got != want {
				t.Errorf("%s is %s, want %s", field, got, want)
			}
		}
		rest := s.must(200, "GET", "/links/"+id+"/activity?limit=100&cursor="+page.at("next_cursor"), "")
		if n := len(rest.json["data"].([]any)); n != 3 || rest.at("next_cursor") != "null" {
			t.Errorf("%d rows follow, want 3: %s", n, rest.text)
		}
		figures := s.must(200, "GET", "/links/"+id+"/analytics?by=channel", "")
		if channels := figures.json["channels"].([]any); len(channels) != 1 || channels[0].(map[string]any)["channel"] != "social" {
			t.Errorf("the channels are %s", figures.text)
		}
		split := s.must(200, "GET", "/links/"+id+"/analytics?by=browser&compare=previous", "")
		if shares := split.json["shares"].([]any); len(shares) != 1 || shares[0].(map[string]any)["value"] != "Chrome" || split.at("previous.views") != "0" {
			t.Errorf("by browser: %s", split.text)
		}
		for _, query := range []string{"from=soon", "from=2026-02-02&to=2026-02-01", "interval=hour&from=2026-01-01&to=2026-03-01", "interval=year", "by=shoe", "compare=others"} {
			s.must(422, "GET", "/links/"+id+"/analytics?"+query, "")
		}
	})
}

// The activity says of a payment what /payments says, and no list is null.
func TestThePaymentsOfALinkStandTheSameEverywhere(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newSite(t, d)
		l, err := s.links.Create(t.Context(), s.acme, link.Fields{Active: true, Name: "Workshop", Amount: &money.Amount{Minor: 500, Currency: "EUR"}})
		if err != nil {
			t.Fatal(err)
		}
		path := "/links/" + string(l.ID)
		for _, kind := range []string{"all", "view", "payment", "send", "reminder"} {
			if r := s.must(200, "GET", path+"/activity?kind="+kind, ""); r.at("data") != "[]" {
				t.Errorf("nothing of kind %s is %s", kind, r.text)
			}
		}
		for by, list := range map[string]string{"channel": "channels", "delivery": "deliveries", "browser": "shares"} {
			if r := s.must(200, "GET", path+"/analytics?by="+by, ""); r.at(list) != "[]" {
				t.Errorf("nothing by %s is %s", by, r.at(list))
			}
		}
		a, err := s.payments.Start(t.Context(), payment.StartRequest{
			Business: s.acme, Source: attempt.SourceLink, Link: &l, Version: l.Version, Amount: l.Price(), Title: l.Name,
			Payer: attempt.Payer{Name: "Ann", Email: "ann@example.com", Language: "en"},
		})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.sandbox.Decide(t.Context(), a.ProviderRef, sandbox.Paid, sandbox.Lost); err != nil {
			t.Fatal(err)
		}
		if _, err := s.payments.Sync(t.Context(), s.acme.ID, a.ID, attempt.CauseReturn); err != nil {
			t.Fatal(err)
		}
		expect := func(want string) {
			t.Helper()
			row, told := s.must(200, "GET", path+"/activity?kind=payment", "").rows()[0], s.must(200, "GET", "/payments/"+string(a.ID), "")
			if row.at("status") != want || told.at("status") != want || row.at("receipt") != told.at("receipt") || row.at("late") != "false" {
				t.Errorf("%s and %s, want %s", row.at("status"), told.at("status"), want)
			}
		}
		expect("paid")
		s.must(201, "POST", "/payments/"+string(a.ID)+"/refunds", `{"amount": {"value": "2.00", "currency": "EUR"}}`)
		expect("partially_refunded")
		s.must(201, "POST", "/payments/"+string(a.ID)+"/refunds", `{}`)
		expect("refunded")
	})
}
