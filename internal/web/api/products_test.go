package api_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
)

func TestAProductIsMadeSoldChangedAndDeleted(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newSite(t, d)
		made := s.must(201, "POST", "/products", `{"name": "Tea cup", "description": "Blue", "price": {"value": "12.50", "currency": "EUR"}}`)
		id := made.at("id")
		if made.at("slug") != "tea-cup" || made.at("price.value") != "12.50" || made.at("active") != "true" || made.at("url") != "https://pay.example/acme/shop/tea-cup" {
			t.Error(made.text)
		}
		sold := s.must(201, "POST", "/links", fmt.Sprintf(`{"name": "Cup", "type": "product", "product_id": %q}`, id))
		if sold.at("product_id") != id || sold.at("amount.value") != "12.50" {
			t.Error(sold.text)
		}
		untold := s.must(201, "POST", "/links", fmt.Sprintf(`{"name": "Cup", "product_id": %q}`, id))
		if untold.at("type") != "product" || untold.at("amount.value") != "12.50" {
			t.Errorf("a product and no type: %s", untold.text)
		}
		s.must(204, "DELETE", "/links/"+untold.at("id"), "")
		s.must(409, "DELETE", "/products/"+id, "")
		s.must(204, "DELETE", "/links/"+sold.at("id"), "")
		changed := s.must(200, "PATCH", "/products/"+id, `{"price": {"value": "13.00", "currency": "EUR"}}`, "If-Match", made.Header.Get("ETag"))
		if changed.at("price.value") != "13.00" || changed.at("name") != "Tea cup" {
			t.Error(changed.text)
		}
		s.must(412, "PATCH", "/products/"+id, `{"name": "Mug"}`, "If-Match", made.Header.Get("ETag"))
		for body, location := range map[string]string{
			`{"name": ""}`: "body.name", `{"price": {"value": "1,500", "currency": "EUR"}}`: "body.price.value", `{"weight": 1}`: "body.weight",
		} {
			if r := s.must(422, "PATCH", "/products/"+id, body); !slices.Contains(r.locations(), location) {
				t.Errorf("%s: %s", body, r.text)
			}
		}
		s.must(422, "POST", "/products", `{"name": "Free"}`)
		s.must(204, "DELETE", "/products/"+id, "")
		s.must(404, "GET", "/products/"+id, "")
	})
}

func TestAProductSaysWhatItAsks(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newSite(t, d)
		made := s.must(201, "POST", "/products", `{"name": "Shirt", "price": {"value": "20.00", "currency": "EUR"}, "quantity": {"max": 5},
			"questions": [{"key": "size", "label": "Size", "type": "choice", "required": true, "options": ["S", "M"]}],
			"collect": {"phone": "required"}, "consent": {"text": "I accept.", "required": true}, "marketing": {"text": "News"},
			"tip": {"percent": [10], "own": true}, "cover_fee": {"percent": "1.5", "fixed": {"value": "0.25", "currency": "EUR"}}}`)
		path := "/products/" + made.at("id")
		for at, want := range map[string]string{
			"quantity.min": "1", "quantity.max": "5", "collect.phone": "required", "collect.address": "no", "consent.text": "I accept.",
			"marketing.text": "News", "tip.own": "true", "cover_fee.percent": "1.5", "cover_fee.fixed.value": "0.25",
		} {
			if got := made.at(at); got != want {
				t.Errorf("%s is %q, want %q", at, got, want)
			}
		}
		if now := s.must(200, "PATCH", path, `{"tip": null, "name": "Tee"}`); !strings.Contains(now.text, `"tip":null`) || !strings.Contains(now.text, `"key":"size"`) {
			t.Error(now.text)
		}
		for body, location := range map[string]string{
			`{"questions": [{"key": "email", "label": "Mail", "type": "text"}]}`:               "body.questions[0].key",
			`{"quantity": {"min": 4, "max": 2}}`:                                               "body.quantity.max",
			`{"quantity": {"max": 1000}, "price": {"value": "9000000.00", "currency": "EUR"}}`: "body.quantity.max",
			`{"cover_fee": {"fixed": {"value": "1.00", "currency": "USD"}}}`:                   "body.cover_fee.fixed.currency",
			`{"methods": ["card"]}`: "body.methods",
		} {
			if r := s.must(422, "PATCH", path, body); !slices.Contains(r.locations(), location) {
				t.Errorf("%s: %s", body, r.text)
			}
		}
	})
}
