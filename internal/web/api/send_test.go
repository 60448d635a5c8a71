package api_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
)

// sentLink is a link for a new customer, sent as the fields say.
func (s *site) sentLink(customer, fields string) (who string, made reply) {
	s.t.Helper()
	who = s.must(201, "POST", "/customers", customer).at("id")
	made = s.must(201, "POST", "/links", fmt.Sprintf(`{"name": "Workshop", "amount": {"value": "49.00", "currency": "EUR"}, "customer_id": %q, %s}`, who, fields))
	return who, made
}

// rows are the data of a list.
func (r reply) rows() (all []reply) {
	list, _ := r.json["data"].([]any)
	for _, row := range list {
		all = append(all, reply{json: row.(map[string]any)})
	}
	return all
}

// deliveries are those of a link.
func (r reply) deliveries() (all []reply) {
	list, _ := r.json["deliveries"].([]any)
	for _, row := range list {
		all = append(all, reply{json: row.(map[string]any)})
	}
	return all
}

func TestALinkIsMadeAndSentInOneRequest(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newSite(t, d)
		who, made := s.sentLink(`{"name": "Amara Okafor", "email": "amara@example.com"}`, `"deliver": ["email"], "message": "Hi {customer_name}: {link}"`)
		first := made.deliveries()
		if len(first) != 1 || first[0].at("channel") != "email" || first[0].at("status") != "queued" || first[0].at("customer_id") != who || first[0].at("kind") != "send" {
			t.Fatalf("deliveries are %s", made.at("deliveries"))
		}
		if url := first[0].at("url"); !strings.HasPrefix(url, "https://pay.example/r/") {
			t.Errorf("the recipient's link is %s", url)
		}
		if err := s.messages.SendDue(t.Context()); err != nil {
			t.Fatal(err)
		}
		path := "/links/" + made.at("id")
		if after := s.must(200, "GET", path, "").deliveries(); after[0].at("status") != "sent" || after[0].at("at") != "2026-02-18T09:42:00Z" {
			t.Errorf("deliveries are %v", after)
		}
		for kind, want := range map[string]int{"all": 1, "send": 1, "reminder": 0, "view": 0, "payment": 0} {
			rows := s.must(200, "GET", path+"/activity?kind="+kind, "").rows()
			if len(rows) != want {
				t.Errorf("%d rows of kind %s, want %d", len(rows), kind, want)
			}
			if want == 1 && (rows[0].at("kind") != "send" || rows[0].at("status") != "sent" || rows[0].at("channels") != `["email"]` || rows[0].at("customer.name") != "Amara Okafor") {
				t.Errorf("the row is %v", rows[0].json)
			}
		}
	})
}

// The link is made, and the failed delivery says why.
func TestWhatCannotBeSentIsMadeAndSaysWhy(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newSite(t, d)
		_, made := s.sentLink(`{"name": "Tomasz"}`, `"deliver": ["sms", "email"]`)
		all := made.deliveries()
		if len(all) != 2 {
			t.Fatalf("deliveries are %s", made.at("deliveries"))
		}
		for i, why := range []string{"no email address", "no phone number"} {
			if all[i].at("status") != "failed" || !strings.Contains(all[i].at("reason"), why) {
				t.Errorf("delivery %d is %v", i, all[i].json)
			}
		}
		rows := s.must(200, "GET", "/links/"+made.at("id")+"/activity", "").rows()
		if len(rows) != 1 || rows[0].at("status") != "failed" {
			t.Errorf("the activity is %v", rows)
		}
	})
}

func TestALinkIsSentLater(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newSite(t, d)
		_, made := s.sentLink(`{"name": "Amara", "email": "amara@example.com", "tags": ["Spring"]}`, `"notes": ""`)
		second := s.must(201, "POST", "/customers", `{"name": "Jonas", "email": "jonas@example.com", "tags": ["Spring"]}`).at("id")
		path := "/links/" + made.at("id") + "/send"
		for body, want := range map[string]string{
			`{"channels": ["email"]}`:                                         "1", // the link's own customer
			`{"channels": ["email"], "customer_id": "` + second + `"}`:        "1",
			`{"channels": ["email"], "customer_ids": ["` + second + `"]}`:     "1",
			`{"channels": ["email"], "tag": "spring", "message": "{amount}"}`: "2",
		} {
			if got := s.must(202, "POST", path, body); got.at("recipients") != want || got.at("batch") != "null" {
				t.Errorf("%s: %s", body, got.text)
			}
		}
		for body, location := range map[string]string{
			`{}`:                       "body.channels",
			`{"channels": ["pigeon"]}`: "body.channels[0]",
			`{"channels": ["email"], "tag": "nobody"}`:           "body.tag",
			`{"channels": ["email"], "customer_id": "cus_x"}`:    "body.customer_id",
			`{"channels": ["email"], "message": "{x}"}`:          "body.message",
			`{"channels": ["email"], "customer_ids": ["cus_x"]}`: "body.customer_ids",
		} {
			if got := s.ask("POST", path, body); got.StatusCode != 422 || !slices.Contains(got.locations(), location) {
				t.Errorf("%s: %d %s", body, got.StatusCode, got.text)
			}
		}
		if r := s.must(422, "PATCH", "/links/"+made.at("id"), `{"deliver": ["email"]}`); r.locations()[0] != "body.deliver" || !strings.Contains(r.text, "/send") {
			t.Errorf("a change that sends: %s", r.text)
		}
		s.must(200, "PATCH", "/links/"+made.at("id"), `{"active": false}`)
		s.must(409, "POST", path, `{"channels": ["email"]}`)
	})
}

func TestAWrongSendMakesNoLink(t *testing.T) {
	s := newSite(t, dbtest.SQLite(t))
	amount := `"name": "Workshop", "amount": {"value": "49.00", "currency": "EUR"}, `
	for body, location := range map[string]string{
		`{` + amount + `"deliver": ["email"]}`:                         "body.customer_id",
		`{` + amount + `"deliver": ["fax"]}`:                           "body.deliver[0]",
		`{` + amount + `"deliver": ["email"], "customer_id": "cus_x"}`: "body.customer_id",
	} {
		if got := s.ask("POST", "/links", body); got.StatusCode != 422 || !slices.Contains(got.locations(), location) {
			t.Errorf("%s: %d %s", body, got.StatusCode, got.text)
		}
	}
	if n := s.count("links"); n != 0 {
		t.Errorf("%d links were made", n)
	}
}

func TestSendingToManyTellsHowFarItIs(t *testing.T) {
	s := newSite(t, dbtest.SQLite(t))
	for i := range 30 {
		s.must(201, "POST", "/customers", fmt.Sprintf(`{"name": "C%d", "email": "c%d@example.com", "tags": ["Spring"]}`, i, i))
	}
	id := s.must(201, "POST", "/links", early).at("id")
	started := s.must(202, "POST", "/links/"+id+"/send", `{"channels": ["email"], "tag": "Spring"}`)
	if started.at("recipients") != "30" || started.at("batch.total") != "30" || started.at("batch.finished_at") != "null" {
		t.Errorf("started %s", started.text)
	}
	if rows := s.must(200, "GET", "/links/"+id+"/batches", "").rows(); len(rows) != 1 || rows[0].at("id") != started.at("batch.id") {
		t.Errorf("batches are %v", rows)
	}
}

func TestALinkIsScheduledInTheBusinesssTimeAndTakenBack(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newSite(t, d)
		_, made := s.sentLink(`{"name": "Amara Okafor", "email": "amara@example.com"}`, `"active": true`)
		path := "/links/" + made.at("id")
		sent := s.must(202, "POST", path+"/send", `{"channels": ["email"], "send_at": "2026-03-01T09:00:00+01:00"}`)
		planned := sent.deliveries()
		if len(planned) != 1 || planned[0].at("status") != "scheduled" || planned[0].at("at") != "2026-03-01T08:00:00Z" || sent.at("recipients") != "1" {
			t.Fatalf("scheduled %s", sent.text)
		}
		if shown := s.must(200, "GET", path, "").deliveries(); len(shown) != 1 || shown[0].at("id") != planned[0].at("id") {
			t.Errorf("the link shows %v", shown)
		}
		s.must(422, "POST", path+"/send", `{"channels": ["email"], "send_at": "tomorrow"}`)
		s.must(422, "POST", path+"/send", `{"channels": ["email"], "send_at": "2020-01-01T09:00"}`)
		s.must(204, "DELETE", "/deliveries/"+planned[0].at("id"), "")
		s.must(404, "DELETE", "/deliveries/"+planned[0].at("id"), "")
		if shown := s.must(200, "GET", path, "").deliveries(); len(shown) != 0 {
			t.Errorf("taken back, the link shows %v", shown)
		}
	})
}
