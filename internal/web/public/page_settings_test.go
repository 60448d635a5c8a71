package public_test

import (
	"bytes"
	"image"
	"image/png"
	"net/http"
	"net/url"
	"testing"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/web/public/publictest"
)

// What a merchant sets is what payers see, and what is held to.
func TestPaymentPageFollowsItsSettings(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := publictest.MustSite(t, d, "http")
		var logo bytes.Buffer
		if err := png.Encode(&logo, image.NewRGBA(image.Rect(0, 0, 20, 20))); err != nil {
			t.Fatal(err)
		}
		set, err := s.Businesses.Update(t.Context(), s.Business.ID, 0, business.Patch{
			Page: &business.Page{Enabled: true, Title: "Support us", Description: "Every bit helps.", Default: publictest.EUR(2500), Min: publictest.EUR(500), Max: publictest.EUR(50000)},
			Logo: logo.Bytes(),
		})
		if err != nil {
			t.Fatal(err)
		}
		shown := s.Ask("GET", "/acme", nil)
		picture := "/images/" + string(set.ID) + "/" + set.LogoID
		for _, want := range []string{"Support us", "Every bit helps.", `value="25.00"`, "€5.00", "€500.00", "/images/" + string(set.ID) + "/look.css?v="} {
			if !shown.Has(want) {
				t.Errorf("the page doesn't say %q", want)
			}
		}
		if got := s.Ask("GET", picture, nil); got.StatusCode != http.StatusOK || got.Header.Get("Content-Type") != "image/png" {
			t.Errorf("the logo: %d, %s", got.StatusCode, got.Header.Get("Content-Type"))
		}
		payer := url.Values{"name": {"Ada"}, "email": {"ada@example.com"}}
		for amount, status := range map[string]int{"4.99": 422, "500.01": 422, "5": 303, "500": 303} {
			payer.Set("amount", amount)
			if got := s.Ask("POST", "/acme", payer); got.StatusCode != status {
				t.Errorf("%s: %d, want %d", amount, got.StatusCode, status)
			}
		}
		off := set.Page
		off.Enabled = false
		if _, err := s.Businesses.Update(t.Context(), s.Business.ID, 0, business.Patch{Page: &off, RemoveLogo: true}); err != nil {
			t.Fatal(err)
		}
		if got := s.Ask("POST", "/acme", payer); got.StatusCode == http.StatusSeeOther {
			t.Error("a page that is off takes money")
		}
		if got := s.Ask("GET", picture, nil); got.StatusCode != http.StatusNotFound {
			t.Errorf("the logo that was removed: %d", got.StatusCode)
		}
	})
}
