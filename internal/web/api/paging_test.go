package api_test

import (
	"fmt"
	"net/url"
	"slices"
	"testing"

	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
)

// walk reads a list one by one, and fails unless every page holds one row.
func (s *site) walk(path string) (ids []string) {
	s.t.Helper()
	for cursor := ""; ; {
		page := s.must(200, "GET", path+"limit=1&cursor="+url.QueryEscape(cursor), "")
		rows, told := page.json["data"].([]any)
		if _, more := page.json["next_cursor"]; !told || !more || len(rows) > 1 || len(ids) > 30 {
			s.t.Fatalf("%s is no page of one: %s", path, page.text)
		}
		for _, row := range page.rows() {
			ids = append(ids, row.at("id"))
		}
		if page.json["next_cursor"] == nil {
			return ids
		}
		cursor = page.at("next_cursor")
	}
}

// A program walks every list alike, the short ones too.
func TestEveryListComesInPages(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newSite(t, d)
		made := map[string][]string{}
		coupon := s.must(201, "POST", "/coupons", `{"name": "C", "percent": "10"}`).at("id")
		made["/coupons"] = append(made["/coupons"], coupon)
		for i := range 3 {
			for path, body := range map[string]string{
				"/links": fmt.Sprintf(`{"name": "L%d", "amount": {"value": "5.00", "currency": "EUR"}, "tags": ["Summer"]}`, i), "/products": fmt.Sprintf(`{"name": "P%d", "price": {"value": "5.00", "currency": "EUR"}}`, i),
				"/customers": fmt.Sprintf(`{"name": "C%d", "tags": ["T%d"]}`, i, i), "/tags": fmt.Sprintf(`{"name": "T%d", "kind": "link"}`, i),
				"/webhook-endpoints": fmt.Sprintf(`{"url": "http://127.0.0.1:1/%d"}`, i), "/domains": fmt.Sprintf(`{"host": "n%d.acme.example"}`, i),
				"/coupons": fmt.Sprintf(`{"name": "C%d", "percent": "10"}`, i), "/promotion-codes": `{"coupon_id": "` + coupon + `"}`,
			} {
				made[path] = append(made[path], s.must(201, "POST", path, body).at("id"))
			}
			s.pay()
		}
		for path, ids := range made {
			got := s.walk(path + "?")
			if path == "/tags" {
				for _, other := range s.must(200, "GET", "/tags?kind=customer", "").rows() {
					ids = append(ids, other.at("id"))
				}
				ids = append(ids, s.must(200, "GET", "/tags?kind=link&q=summer", "").rows()[0].at("id"))
			}
			slices.Sort(got)
			slices.Sort(ids)
			if !slices.Equal(got, ids) {
				t.Errorf("%s tells of %v, want %v", path, got, ids)
			}
		}
		link := "/links/" + made["/links"][0]
		for _, path := range []string{"/links", "/products", "/customers", "/tags", "/webhook-endpoints", "/domains", "/coupons", "/promotion-codes", "/payments", "/events", "/payment-links", link + "/activity"} {
			s.walk(path + "?")
			if r := s.must(422, "GET", path+"?cursor=nonsense", ""); r.locations()[0] != "query.cursor" {
				t.Errorf("%s: %s", path, r.text)
			}
		}
	})
}

// What happened and what is to come of reminders are one list.
func TestRemindersToComeAreToldInPages(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newSite(t, d)
		_, made := s.sentLink(`{"name": "Ann", "email": "ann@example.com"}`, `"deliver": ["email"], "reminders": {"frequency": "daily", "max": 4}`)
		path := "/links/" + made.at("id")
		if err := s.messages.SendDue(t.Context()); err != nil {
			t.Fatal(err)
		}
		s.must(200, "POST", path+"/reminders/send", "")
		s.must(200, "POST", path+"/reminders/skip", "")
		var told []string
		for cursor := ""; ; {
			page := s.must(200, "GET", path+"/activity?kind=reminder&limit=2&cursor="+cursor, "")
			rows := page.rows()
			if len(rows) > 2 || len(told) > 10 {
				t.Fatalf("more than was asked for: %s", page.text)
			}
			for _, row := range rows {
				told = append(told, row.at("status"))
			}
			if page.json["next_cursor"] == nil {
				break
			}
			cursor = page.at("next_cursor")
		}
		if want := []string{"upcoming", "upcoming", "upcoming", "skipped"}; !slices.Equal(told[:min(4, len(told))], want) || len(told) != 5 {
			t.Errorf("told %q", told)
		}
		if r := s.must(422, "GET", path+"/activity?kind=reminder&cursor=upcoming--1", ""); r.locations()[0] != "query.cursor" {
			t.Error(r.text)
		}
		s.must(422, "GET", path+"/activity?kind=view&cursor=upcoming-1", "")
	})
}
