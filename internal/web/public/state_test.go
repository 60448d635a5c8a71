package public_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/link"
	"smartlinks/internal/product"
	"smartlinks/internal/web/public/publictest"
)

func TestALinkThatTakesNoPaymentsSaysWhy(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := publictest.MustSite(t, d, "http")
		later, earlier := dbtest.Start.Add(48*time.Hour), dbtest.Start.Add(-48*time.Hour)
		s.MustLink(link.Fields{Name: "Off", Path: "off"}, publictest.Off)
		s.MustLink(link.Fields{Name: "Soon", Path: "soon", StartsAt: &later})
		s.MustLink(link.Fields{Name: "Over", Path: "over", EndsAt: &earlier})
		full := s.MustLink(link.Fields{Name: "Last seat", Path: "full", Limit: link.Limit{Kind: link.Once}})
		s.Use(full)
		for _, c := range []struct {
			path   string
			status int
			words  []string
		}{
			{"/acme/off", http.StatusNotFound, []string{"This link is paused"}},
			{"/acme/soon", http.StatusNotFound, []string{"not open yet", "20 Feb 2026, 09:42"}},
			{"/acme/over", http.StatusNotFound, []string{"This link has ended", "16 Feb 2026, 09:42"}},
			{"/acme/full", http.StatusGone, []string{"<title>Payment limit reached", "Last seat", "You have not been charged"}},
		} {
			for _, method := range []string{http.MethodGet, http.MethodPost} {
				got := s.Ask(method, c.path, publictest.Payer())
				if got.StatusCode != c.status {
					t.Errorf("%s %s: %d, want %d", method, c.path, got.StatusCode, c.status)
				}
				for _, words := range c.words {
					if !got.Has(words) {
						t.Errorf("%s %s: %q is missing in\n%s", method, c.path, words, got.Body)
					}
				}
				if got.Has("<form") {
					t.Errorf("%s %s: shows a form", method, c.path)
				}
			}
		}
		if n := s.Views(string(full.ID)); n != 0 {
			t.Errorf("a link at its limit counts %d views", n)
		}
	})
}

func TestThePageTellsWhatRemains(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := publictest.MustSite(t, d, "http")
		l := s.MustLink(link.Fields{Name: "Workshop", Path: "workshop", Limit: link.Limit{Kind: link.Multiple, Max: 3}})
		s.MustLink(link.Fields{Name: "Quiet", Path: "quiet", Limit: link.Limit{Kind: link.Multiple, Max: 3}}, publictest.Quiet)
		s.MustLink(link.Fields{Name: "Endless", Path: "endless"})
		for _, words := range []string{"3 payments remaining", "2 payments remaining", "1 payment remaining"} {
			publictest.Eventually(t, words, func() bool { return s.Get("/acme/workshop").Has(words) })
			s.Use(l)
		}
		publictest.Eventually(t, "the limit page", func() bool { return s.Get("/acme/workshop").StatusCode == http.StatusGone })
		for _, path := range []string{"/acme/quiet", "/acme/endless"} {
			if s.Get(path).Has("remaining") {
				t.Errorf("%s tells what remains", path)
			}
		}
	})
}

// Whatever is changed is seen by the next visitor, although pages are kept.
func TestChangesAreSeenAtOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := publictest.MustSite(t, d, "http")
		l := s.MustLink(link.Fields{Name: "Workshop", Path: "workshop"})
		ctx := t.Context()
		if !s.Get("/acme/workshop").Has("Pay €89.00") {
			t.Fatal("the link is not there")
		}
		for _, c := range []struct {
			words string
			make  func() error
		}{
			{"Pay €95.00", func() error {
				_, err := s.Links.Edit(ctx, s.Business, l.ID, 0, func(f *link.Fields) { f.Amount = publictest.EUR(9500) })
				return err
			}},
			{"Acme Books", func() error {
				name := "Acme Books"
				_, err := s.Businesses.Update(ctx, s.Business.ID, 0, business.Patch{Name: &name})
				return err
			}},
			{"is paused", func() error { _, err := s.Links.SetActive(ctx, s.Business, l.ID, false); return err }},
			{"Pay €95.00", func() error { _, err := s.Links.SetActive(ctx, s.Business, l.ID, true); return err }},
			{"find this page", func() error { return s.Links.Delete(ctx, s.Business, l.ID) }},
			{"Pay €7.00", func() error {
				s.MustLink(link.Fields{Name: "Another", Path: "workshop", Amount: publictest.EUR(700)})
				return nil
			}},
		} {
			if err := c.make(); err != nil {
				t.Fatal(err)
			}
			publictest.Eventually(t, c.words, func() bool { return s.Get("/acme/workshop").Has(c.words) })
		}
	})
}

func TestAPaymentPageThatIsOffLeavesLinksAlone(t *testing.T) {
	s := publictest.MustSite(t, dbtest.SQLite(t), "http")
	s.MustLink(link.Fields{Name: "Workshop", Path: "workshop"})
	page := s.Business.Page
	page.Enabled = false
	if _, err := s.Businesses.Update(t.Context(), s.Business.ID, 0, business.Patch{Page: &page}); err != nil {
		t.Fatal(err)
	}
	for path, status := range map[string]int{"/acme": 404, "/acme/25": 404, "/acme/workshop": 200, "/acme/shop": 200} {
		if got := s.Get(path); got.StatusCode != status {
			t.Errorf("%s: %d, want %d", path, got.StatusCode, status)
		}
	}
}

func TestAProductLinkLeadsToItsProduct(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := publictest.MustSite(t, d, "http")
		sold, err := s.Products.Create(t.Context(), s.Business, product.Fields{Name: "Print A3", Price: *publictest.EUR(4500), Active: true})
		if err != nil {
			t.Fatal(err)
		}
		l := s.MustLink(link.Fields{Name: "Print", Path: "print", Type: link.Product, ProductID: sold.ID, Limit: link.Limit{Kind: link.Multiple, Max: 9}})
		got := s.Get("/acme/print?name=Jo&utm_source=news")
		if got.StatusCode != http.StatusFound || got.Header.Get("Location") != "/acme/shop/print-a3?link=print&name=Jo&utm_source=news" {
			t.Errorf("%d to %q", got.StatusCode, got.Header.Get("Location"))
		}
		if len(got.Cookies()) != 1 {
			t.Errorf("the visit is not remembered: %v", got.Cookies())
		}
		shown := s.Get(got.Header.Get("Location"))
		if shown.StatusCode != http.StatusOK || !shown.Has("9 payments remaining") || !shown.Has(`value="Jo"`) {
			t.Errorf("the product's page: %d\n%s", shown.StatusCode, shown.Body)
		}
		if link, own := s.Views(string(l.ID)), s.Views(string(sold.ID)); link != 1 || own != 0 {
			t.Errorf("%d views of the link and %d of the product, want 1 and 0", link, own)
		}
		if s.Get("/acme/shop/print-a3"); s.Views(string(sold.ID)) != 1 {
			t.Error("opening the product without a link is no view of it")
		}
		off := false
		if _, err := s.Products.Edit(t.Context(), s.Business.ID, sold.ID, 0, func(f *product.Fields) { f.Active = off }); err != nil {
			t.Fatal(err)
		}
		for _, path := range []string{"/acme/print", "/acme/shop/print-a3", "/acme/shop/print-a3?link=print"} {
			publictest.Eventually(t, path+" is gone", func() bool { return s.Get(path).StatusCode == http.StatusNotFound })
		}
		if strings.Contains(s.Get("/acme/shop").Body, "Print A3") {
			t.Error("the shop shows what is not for sale")
		}
	})
}
