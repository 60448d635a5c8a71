package products_test

import (
	"net/http"
	"net/url"
	"reflect"
	"testing"

	"smartlinks/internal/checkout"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/money"
	"smartlinks/internal/product"
	"smartlinks/internal/web/dashboard/dashboardtest"
)

func TestAProductIsToldWhatItAsks(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		acme := s.Business(t, "acme", "marit@example.com")
		b := s.SignedIn(t, "marit@example.com")
		form := url.Values{
			"name": {"Shirt"}, "price": {"20"}, "active": {"on"}, "quantity_min": {"2"}, "quantity_max": {"5"}, "tip_percent": {"5, 10"}, "fee_percent": {"1,5"}, "fee_fixed": {"0.25"},
			"collect_phone": {"required"}, "collect_address": {"no"}, "collect_company": {"no"}, "consent_text": {"I accept the terms."}, "consent_required": {"on"},
			"question": {"0"}, "q0_type": {"choice"}, "q0_label": {"Size"}, "q0_options": {"S\r\nM"}, "q0_required": {"on"},
		}
		// A button for a question sends the form, which comes back with all that was typed.
		if got := b.Post("/dashboard/acme/products", dashboardtest.With(form, "act", "question-add")); got.Status != http.StatusOK || !got.Has(`value="Shirt"`, `name="q1_label"`, `value="Size"`, `value="5, 10"`) {
			t.Fatalf("adding a question: %d %s", got.Status, got.Said())
		}
		bad := b.Post("/dashboard/acme/products", dashboardtest.With(form, "quantity_max", "many", "q0_options", "S", "fee_fixed", "-1", "price", "20"))
		if bad.Status != http.StatusUnprocessableEntity || !bad.Has(`id="quantity_max-error"`, `id="q0_options-error"`, `id="fee_fixed-error"`, `value="Size"`) {
			t.Errorf("mistakes: %d %s", bad.Status, bad.Said())
		}
		if got := b.Post("/dashboard/acme/products", form); got.Status != http.StatusSeeOther {
			t.Fatalf("creating: %d %s", got.Status, got.Said())
		}
		stored := func() product.Product {
			items, _, err := s.Products.List(t.Context(), acme.ID, product.Filter{})
			if err != nil || len(items) != 1 {
				t.Fatalf("%v, %v", items, err)
			}
			return items[0]
		}
		want := checkout.Rules{
			Quantity: &checkout.Quantity{Min: 2, Max: 5}, Tip: &checkout.Tip{Percent: []int64{5, 10}}, CoverFee: &checkout.CoverFee{Percent: "1.5", Fixed: 25},
			Collect: checkout.Collect{Phone: checkout.Required}, Consent: &checkout.Consent{Text: "I accept the terms.", Required: true},
			Questions: []checkout.Question{{Key: "size", Label: "Size", Type: checkout.Choice, Required: true, Options: []string{"S", "M"}}},
		}
		made := stored()
		if !reflect.DeepEqual(made.Checkout, want) {
			t.Errorf("got %+v", made.Checkout)
		}
		edit := "/dashboard/acme/products/" + string(made.ID)
		opened := b.Get(edit)
		if !opened.Has(`value="size"`, `value="1.5"`, `value="0.25"`, "I accept the terms.", `value="2"`) {
			t.Errorf("the form lost something: %s", opened.Said())
		}
		// Two edit: the second one is told what the first one changed.
		mine := dashboardtest.With(form, "version", "1", "opened", dashboardtest.Between(t, opened.Body, `name="opened"`, `value="`, `"`), "price", "20.00", "fee_percent", "1.5", "q0_key", "size", "q0_label", "Which size?")
		if _, err := s.Products.Edit(t.Context(), acme.ID, made.ID, 0, func(f *product.Fields) {
			f.Price, f.Checkout.Tip = money.Amount{Minor: 2100, Currency: "EUR"}, nil
		}); err != nil {
			t.Fatal(err)
		}
		if got := b.Post(edit, dashboardtest.With(mine, "tip_percent", "20")); got.Status != http.StatusConflict || !got.Has("Tip in percent: 20") {
			t.Errorf("a conflict: %d %s", got.Status, got.Said())
		}
		if got := b.Post(edit, dashboardtest.With(mine, "conflict", "keep")); got.Status != http.StatusSeeOther {
			t.Errorf("untouched fields are nobody's conflict: %d %s", got.Status, got.Said())
		}
		if now := stored(); now.Checkout.Tip != nil || now.Price.Minor != 2100 || now.Checkout.Questions[0].Label != "Which size?" || now.Checkout.Questions[0].Key != "size" {
			t.Errorf("got %+v", now)
		}
	})
}
