package api_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"testing"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/webhook"
)

// event lets something happen to acme, which must have an endpoint, and returns
// the event's id.
func (s *site) event() string {
	s.t.Helper()
	var told struct {
		Events map[webhook.Type]struct{ Data json.RawMessage }
	}
	text, err := os.ReadFile("examples.json")
	if err == nil {
		err = json.Unmarshal(text, &told)
	}
	if err != nil {
		s.t.Fatal(err)
	}
	err = s.d.InTx(s.t.Context(), func(tx *db.Tx) error {
		s.webhooks.Emit(tx, webhook.EventInput{BusinessID: s.acme.ID, Type: webhook.LinkCreated, Mode: business.Test, Object: "lnk_1",
			Data: func(context.Context, *db.Tx) (any, error) { return told.Events[webhook.LinkCreated].Data, nil }})
		return nil
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return s.must(200, "GET", "/events?limit=1", "").json["data"].([]any)[0].(map[string]any)["id"].(string)
}

// TestAProgramHearsOfAnEventItMissed is the way of a developer with the page of
// operations alone: make an endpoint, miss an event, ask for it again, believe it.
func TestAProgramHearsOfAnEventItMissed(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newSite(t, d)
		status, believed := http.StatusBadGateway, 0
		var receiver *standardwebhooks.Webhook
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			body, _ := io.ReadAll(r.Body)
			if err := receiver.VerifyIgnoringTimestamp(body, r.Header); err != nil {
				t.Error(err)
			}
			believed++
			w.WriteHeader(status)
		}))
		defer server.Close()
		made := s.must(201, "POST", "/webhook-endpoints", `{"url": "`+server.URL+`", "events": ["link.created", "link.updated"], "description": "Shop"}`)
		receiver, err := standardwebhooks.NewWebhook(made.at("secret"))
		if err != nil {
			t.Fatal(err)
		}
		endpoint := "/webhook-endpoints/" + made.at("id")
		if r := s.must(200, "GET", endpoint, ""); r.at("secret") != "nothing" || r.at("active") != "true" || r.Header.Get("ETag") != `"1"` {
			t.Error(r.text)
		}
		id := s.event()
		post := func() {
			t.Helper()
			if err := s.webhooks.PostDue(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		post()
		event := s.must(200, "GET", "/events/"+id, "")
		if event.at("data.name") != "Early Bird Registration" || event.at("type") != "link.created" || event.at("mode") != "test" {
			t.Error(event.text)
		}
		if way := event.json["deliveries"].([]any)[0].(map[string]any); way["status"] != "waiting" || way["next_at"] == nil {
			t.Error(event.text)
		}
		status = http.StatusOK
		s.must(202, "POST", "/events/"+id+"/redeliver", "")
		post()
		s.must(202, "POST", "/events/"+id+"/redeliver", `{"endpoint_id": "`+made.at("id")+`"}`)
		post()
		if r := s.must(202, "POST", endpoint+"/redeliver", `{"from": "2026-02-18"}`); r.at("events") != "0" {
			t.Error(r.text)
		}
		if r := s.must(202, "POST", endpoint+"/redeliver", `{"from": "2026-02-18", "delivered": true}`); r.at("events") != "1" {
			t.Error(r.text)
		}
		post()
		if r := s.must(200, "POST", endpoint+"/test", ""); r.at("type") != "webhook.test" || r.json["deliveries"].([]any)[0].(map[string]any)["status"] != "delivered" {
			t.Error(r.text)
		}
		if believed != 5 {
			t.Errorf("%d messages came", believed)
		}
		if r := s.must(200, "GET", endpoint+"/deliveries?status=delivered", ""); len(r.json["data"].([]any)) != 2 {
			t.Error(r.text)
		}
		for query, want := range map[string]int{"?type=link.created": 1, "?type=webhook.test": 1, "?mode=live": 0, "?to=2026-02-18": 0} {
			if r := s.must(200, "GET", "/events"+query, ""); len(r.json["data"].([]any)) != want {
				t.Errorf("%s: %s", query, r.text)
			}
		}
	})
}

func TestAnEndpointIsChangedByItsProgram(t *testing.T) {
	s := newSite(t, dbtest.SQLite(t))
	made := s.must(201, "POST", "/webhook-endpoints", `{"url": "http://127.0.0.1:1/"}`)
	endpoint := made.Header.Get("Location")
	if r := s.must(200, "PATCH", endpoint, `{"active": false, "events": ["payment.succeeded"]}`, "If-Match", `"1"`); r.at("active") != "false" || r.at("stopped") != "null" || r.at("version") != "2" {
		t.Error(r.text)
	}
	s.must(412, "PATCH", endpoint, `{"active": true}`, "If-Match", `"1"`)
	turned := s.must(200, "POST", endpoint+"/rotate", "")
	if turned.at("secret") == made.at("secret") || turned.at("old_secret_until") == "null" {
		t.Error(turned.text)
	}
	for _, body := range []string{`{"url": "ftp://x"}`, `{"url": "https://example.com", "events": ["x"]}`, `{"url": "https://example.com", "events": []}`, `{}`} {
		if r := s.must(422, "POST", "/webhook-endpoints", body); len(r.locations()) != 1 {
			t.Errorf("%s: %s", body, r.text)
		}
	}
	s.must(409, "POST", endpoint+"/redeliver", `{"from": "2026-02-18"}`)
	s.must(204, "DELETE", endpoint, "")
	s.must(404, "GET", endpoint, "")
}
