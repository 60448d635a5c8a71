package api_test

import (
	"strings"
	"testing"

	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
)

func TestCouponsAndCodes(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newSite(t, d)
		s.must(201, "POST", "/tags", `{"name": "Event"}`)
		link := s.must(201, "POST", "/links", early).at("id")
		made := s.must(201, "POST", "/coupons", `{"name": "Members", "percent": "12.5", "links": ["`+link+`"], "tags": ["event"], "minimum": {"value": "20.00", "currency": "EUR"}, "max_redemptions": 5}`)
		id := made.at("id")
		if made.at("percent") != "12.5" || !strings.Contains(made.text, `"tags":["Event"]`) || !strings.Contains(made.text, `"links":["`+link+`"]`) || made.at("minimum.value") != "20.00" || made.json["everywhere"] != false || made.json["amount"] != nil {
			t.Errorf("%s", made.text)
		}
		changed := s.must(200, "PATCH", "/coupons/"+id, `{"max_redemptions": null, "links": [], "tags": null}`, "If-Match", `"1"`)
		if changed.json["everywhere"] != true || changed.json["max_redemptions"] != nil || changed.at("name") != "Members" {
			t.Errorf("%s", changed.text)
		}
		s.must(412, "PATCH", "/coupons/"+id, `{"name": "X"}`, "If-Match", `"1"`)
		code := s.must(201, "POST", "/promotion-codes", `{"code": " summer10 ", "coupon_id": "`+id+`", "max_redemptions": 7, "once_per_email": true}`)
		if code.at("code") != "SUMMER10" || code.at("status") != "active" || code.at("remaining") != "7" {
			t.Errorf("%s", code.text)
		}
		if drawn := s.must(201, "POST", "/promotion-codes", `{"coupon_id": "`+id+`"}`).at("code"); len(drawn) != 9 {
			t.Errorf("drawn: %q", drawn)
		}
		ended := s.must(200, "PATCH", "/promotion-codes/"+code.at("id"), `{"ends_at": "2020-01-01T00:00:00Z"}`)
		if ended.at("status") != "ended" {
			t.Errorf("%s", ended.text)
		}
		for body, where := range map[string]string{
			`{"percent": "10"}`:                 "body.name",
			`{"name": "A"}`:                     "body.percent",
			`{"name": "A", "percent": "0"}`:     "body.percent",
			`{"name": "A", "percent": "101"}`:   "body.percent",
			`{"name": "A", "percent": "1.234"}`: "body.percent",
			`{"name": "A", "percent": "1e1"}`:   "body.percent",
			`{"name": "A", "percent": "10", "amount": {"value": "1.00", "currency": "EUR"}}`:                                 "body.percent",
			`{"name": "A", "amount": {"value": "-1.00", "currency": "EUR"}}`:                                                 "body.amount",
			`{"name": "A", "amount": {"value": "1.00", "currency": "EUR"}, "minimum": {"value": "1.00", "currency": "USD"}}`: "body.minimum",
			`{"name": "A", "percent": "10", "links": ["lnk_other"]}`:                                                         "body.links",
			`{"name": "A", "percent": "10", "tags": ["Nobody"]}`:                                                             "body.tags",
			`{"name": "A", "percent": "10", "max_redemptions": 2000000}`:                                                     "body.max_redemptions",
		} {
			if r := s.must(422, "POST", "/coupons", body); !strings.Contains(r.text, where) {
				t.Errorf("%s: %s", body, r.text)
			}
		}
		for body, where := range map[string]string{
			`{"code": "summer10", "coupon_id": "` + id + `"}`: "is a code of yours already",
			`{"code": "A B C", "coupon_id": "` + id + `"}`:    "body.code",
			`{"code": "AB", "coupon_id": "` + id + `"}`:       "body.code",
			`{"code": "NEW", "coupon_id": "cpn_other"}`:       "body.coupon_id",
			`{"code": "NEW"}`: "body.coupon_id",
			`{"code": "NEW", "coupon_id": "` + id + `", "starts_at": "0001-01-01T00:00:00Z"}`:                                    "body.starts_at",
			`{"code": "NEW", "coupon_id": "` + id + `", "ends_at": "0001-01-01T00:00:00Z"}`:                                      "body.ends_at",
			`{"code": "NEW", "coupon_id": "` + id + `", "starts_at": "2026-03-01T00:00:00Z", "ends_at": "2026-02-01T00:00:00Z"}`: "body.ends_at",
		} {
			if r := s.must(422, "POST", "/promotion-codes", body); !strings.Contains(r.text, where) {
				t.Errorf("%s: %s", body, r.text)
			}
		}
		if found := s.must(200, "GET", "/promotion-codes?q=mmer", "").rows(); len(found) != 1 {
			t.Errorf("%d codes were found", len(found))
		}
		// A tag that goes leaves a coupon for nothing, not for everything.
		s.must(200, "PATCH", "/coupons/"+id, `{"tags": ["Event"]}`)
		tag := s.must(200, "GET", "/tags?kind=link&q=event", "").rows()[0].at("id")
		s.must(204, "DELETE", "/tags/"+tag, "")
		if left := s.must(200, "PATCH", "/coupons/"+id, `{"name": "Rest"}`); left.json["everywhere"] != false {
			t.Errorf("%s", left.text)
		}
		s.must(204, "DELETE", "/coupons/"+id, "")
		s.must(404, "GET", "/promotion-codes/"+code.at("id"), "")
		s.must(404, "GET", "/coupons/"+id, "")
	})
}
