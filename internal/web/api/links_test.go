package api_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
)

func TestALinkIsMadeReadChangedAndDeleted(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newSite(t, d)
		made := s.must(201, "POST", "/links", early)
		id := made.at("id")
		if want := "/api/v1/links/" + id; made.Header.Get("Location") != want {
			t.Errorf("Location %q, want %q", made.Header.Get("Location"), want)
		}
		for path, want := range map[string]string{
			"url": "https://pay.example/acme/early-bird", "path": "early-bird", "amount.value": "49.00", "amount.currency": "EUR",
			"product_id": "null", "active": "true", "status": "active", "tags": `["Summer 2025"]`, "customer_id": "null",
			"limit":         `{"badge":"green","counts":"payments","held":0,"kind":"multiple","max":50,"remaining":50,"units_used":0,"used":0}`,
			"stats.revenue": `{"currency":"EUR","value":"0.00"}`, "stats.average": "null", "stats.views": "0", "stats.conversion": "0",
			"reminders": "null", "deliveries": "[]", "after_payment.redirect_url": "https://example.com/thanks",
			"payer_amount": "null", "starts_at": "null", "reference": "INV-7", "show_remaining": "true",
		} {
			if got := made.at(path); got != want {
				t.Errorf("%s is %s, want %s", path, got, want)
			}
		}
		if got := s.must(200, "GET", "/links/"+id, ""); got.text != made.text {
			t.Errorf("read %s, made %s", got.text, made.text)
		}
		changed := s.must(200, "PATCH", "/links/"+id, `{"name": "Late Bird", "active": false, "after_payment": null,
			"payer_amount": {"min": {"value": "10.00", "currency": "EUR"}, "max": {"value": "90.00", "currency": "EUR"}}, "ends_at": "2026-03-01T00:00:00Z"}`)
		for path, want := range map[string]string{
			"name": "Late Bird", "status": "inactive", "after_payment.redirect_url": "null", "notes": "n",
			"payer_amount.max.value": "90.00", "ends_at": "2026-03-01T00:00:00Z", "amount.value": "49.00",
		} {
			if got := changed.at(path); got != want {
				t.Errorf("%s is %s, want %s", path, got, want)
			}
		}
		if cleared := s.must(200, "PATCH", "/links/"+id, `{"ends_at": null, "payer_amount": null, "tags": []}`); cleared.at("ends_at") != "null" || cleared.at("payer_amount") != "null" || cleared.at("tags") != "[]" {
			t.Errorf("null clears nothing: %s", cleared.text)
		}
		if c := s.must(201, "POST", "/links/"+id+"/duplicate", ""); c.at("id") == id || c.at("active") != "false" {
			t.Errorf("the copy is %s", c.text)
		}
		s.must(200, "GET", "/links/"+id+"/activity?kind=reminder", "")
		s.must(200, "GET", "/links/"+id+"/activity", "")
		if figures := s.must(200, "GET", "/links/"+id+"/analytics?from=2026-02-01&to=2026-02-04&by=channel", ""); strings.Count(figures.text, `"at"`) != 3 {
			t.Errorf("three days are %s", figures.text)
		}
		if gone := s.must(204, "DELETE", "/links/"+id, ""); gone.text != "" {
			t.Errorf("a body with 204: %q", gone.text)
		}
		s.must(404, "GET", "/links/"+id, "")
	})
}

func TestBadLinksAreRefusedByFieldAndNothingIsStored(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newSite(t, d)
		s.must(201, "POST", "/links", early)
		amount := func(value, currency string) string {
			return fmt.Sprintf(`{"name": "A", "amount": {"value": %q, "currency": %q}}`, value, currency)
		}
		with := func(field, value string) string {
			return fmt.Sprintf(`{"name": "A", "amount": {"value": "1.00", "currency": "EUR"}, %q: %s}`, field, value)
		}
		for body, location := range map[string]string{
			amount("-1.00", "EUR"):                "body.amount.value",
			amount("0", "EUR"):                    "body.amount.value",
			amount("1.005", "EUR"):                "body.amount.value",
			amount("1,500", "EUR"):                "body.amount.value",
			amount("99999999999999999999", "EUR"): "body.amount.value",
			amount("1.00", "XXQ"):                 "body.amount.currency",
			`{"name": "A", "amount": {"value": 49, "currency": "EUR"}}`: "body.amount.value",
			`{"name": "A", "amount": {"value": "1.00"}}`:                "body.amount.currency",
			`{"name": "A"}`: "body.amount.value",
			`{"amount": {"value": "1.00", "currency": "EUR"}}`:                   "body.name",
			with("description", `"`+strings.Repeat("x", 10000)+`"`):              "body.description",
			with("notes", `"a\u0000b"`):                                          "body.notes",
			with("path", `"pay"`):                                                "body.path",
			with("path", `"1st"`):                                                "body.path",
			with("path", `"a/b"`):                                                "body.path",
			with("path", `"a.b"`):                                                "body.path",
			with("path", `"early-bird"`):                                         "body.path",
			with("limit", `{"kind": "multiple", "max": 0}`):                      "body.limit.max",
			with("limit", `{"kind": "multiple", "max": 1001}`):                   "body.limit.max",
			with("limit", `{"max": 0}`):                                          "body.limit.max",
			with("limit", `{"kind": "many"}`):                                    "body.limit.kind",
			with("after_payment", `{"redirect_url": "javascript:alert(1)"}`):     "body.after_payment.redirect_url",
			with("after_payment", `{"redirect_url": "/thanks"}`):                 "body.after_payment.redirect_url",
			with("after_payment", `{"apply_tag": "a\u0000b"}`):                   "body.after_payment.apply_tag",
			with("customer_id", `"cus_1"`):                                       "body.customer_id",
			with("deliver", `["email"]`):                                         "body.customer_id",
			with("deliver", `["fax"]`):                                           "body.deliver[0]",
			with("message", `"Hello {nobody}"`):                                  "body.message",
			with("cover_fee", `{"fixed": {"value": "0.25", "currency": "USD"}}`): "body.cover_fee.fixed.currency",
			with("colour", `"red"`):                                              "body.colour",
			with("type", `"gift"`):                                               "body.type",
			with("starts_at", `"tomorrow"`):                                      "body.starts_at",
		} {
			r := s.must(422, "POST", "/links", body)
			if !slices.Contains(r.locations(), location) || r.Header.Get("Content-Type") != "application/problem+json" {
				t.Errorf("%.120s: %s, want %s", body, r.text, location)
			}
		}
		for _, name := range []string{"", strings.Repeat("x", 10000), `a\u0007b`} {
			r := s.must(422, "POST", "/links", `{"name": "`+name+`", "amount": {"value": "1.00", "currency": "EUR"}}`)
			if !slices.Contains(r.locations(), "body.name") {
				t.Errorf("name %.10q: %s", name, r.text)
			}
		}
		s.must(400, "POST", "/links", `{"name": `)
		s.must(400, "POST", "/links", ``)
		s.must(413, "POST", "/links", `{"name": "`+strings.Repeat("x", 1<<20)+`"}`)
		if r := s.must(405, "PUT", "/links", `{}`); r.at("code") != "malformed" || r.Header.Get("Allow") == "" {
			t.Error(r.text)
		}
		s.must(404, "GET", "/nothing", ``)
		if n := s.count("links"); n != 1 {
			t.Errorf("%d links are stored, want 1", n)
		}
	})
}

func TestAChangeIsRefusedWhenTheLinkWasChangedMeanwhile(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newSite(t, d)
		made := s.must(201, "POST", "/links", early)
		path, read := "/links/"+made.at("id"), made.Header.Get("ETag")
		first := s.must(200, "PATCH", path, `{"name": "First"}`, "If-Match", read)
		s.must(412, "PATCH", path, `{"name": "Second"}`, "If-Match", read)
		s.must(412, "PATCH", path, `{"name": "Second"}`, "If-Match", `"abc"`)
		s.must(200, "PATCH", path, `{"name": "Third"}`, "If-Match", first.Header.Get("ETag"))
		s.must(200, "PATCH", path, `{"name": "Fourth"}`, "If-Match", "*")
	})
}

func TestListsAreReadPageByPageWithoutGapsOrRepetitions(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newSite(t, d)
		for i := range 7 {
			s.must(201, "POST", "/links", fmt.Sprintf(`{"name": "Link %d", "tags": ["a"], "amount": {"value": "1.00", "currency": "EUR"}}`, i))
			s.must(201, "POST", "/products", fmt.Sprintf(`{"name": "Product %d", "price": {"value": "1.00", "currency": "EUR"}}`, i))
		}
		for _, path := range []string{"/links?limit=3", "/products?limit=3", "/links?limit=3&q=link&status=active&type=amount&tag=a"} {
			seen, pages, cursor := map[string]bool{}, 0, ""
			for {
				page := s.must(200, "GET", path+cursor, "")
				pages++
				for _, row := range page.json["data"].([]any) {
					id := row.(map[string]any)["id"].(string)
					if seen[id] {
						t.Errorf("%s: %s comes twice", path, id)
					}
					seen[id] = true
				}
				if page.at("next_cursor") == "null" {
					break
				}
				cursor = "&cursor=" + page.at("next_cursor")
			}
			if len(seen) != 7 || pages != 3 {
				t.Errorf("%s: %d rows on %d pages, want 7 on 3", path, len(seen), pages)
			}
		}
		for _, query := range []string{"limit=0", "limit=101", "status=gone", "type=gift"} {
			s.must(http.StatusUnprocessableEntity, "GET", "/links?"+query, "")
		}
		if r := s.must(422, "GET", "/links?cursor=nonsense", ""); !slices.Equal(r.locations(), []string{"query.cursor"}) {
			t.Error(r.text)
		}
	})
}

// Whoever raises a limit names the number alone.
func TestALimitIsRaisedByItsNumber(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newSite(t, d)
		path := "/links/" + s.must(201, "POST", "/links", `{"name": "Seats", "amount": {"value": "5.00", "currency": "EUR"}, "limit": {"max": 3}}`).at("id")
		if l := s.must(200, "GET", path, ""); l.at("limit.kind") != "multiple" || l.at("limit.max") != "3" {
			t.Errorf("made with %s", l.at("limit"))
		}
		for body, want := range map[string]string{`{"max": 7}`: "multiple 7", `{"kind": "once"}`: "once 1", `{"kind": "once", "max": null}`: "once 1", `{"kind": "unlimited"}`: "unlimited null"} {
			l := s.must(200, "PATCH", path, `{"limit": `+body+`}`)
			if got := l.at("limit.kind") + " " + l.at("limit.max"); got != want {
				t.Errorf("%s: %s", body, got)
			}
		}
		if r := s.must(422, "PATCH", path, `{"limit": {}}`); r.locations()[0] != "body.limit.kind" {
			t.Error(r.text)
		}
	})
}
