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
)

func TestALinkThatTakesNoPaymentsSaysWhy(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := mustSite(t, d, "http")
		later, earlier := dbtest.Start.Add(48*time.Hour), dbtest.Start.Add(-48*time.Hour)
		s.mustLink(link.Fields{Name: "Off", Path: "off"}, off)
		s.mustLink(link.Fields{Name: "Soon", Path: "soon", StartsAt: &later})
		s.mustLink(link.Fields{Name: "Over", Path: "over", EndsAt: &earlier})
		full := s.mustLink(link.Fields{Name: "Last seat", Path: "full", Limit: link.Limit{Kind: link.Once}})
		s.use(full)
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
				got := s.ask(method, c.path, payer())
				if got.StatusCode != c.status {
					t.Errorf("%s %s: %d, want %d", method, c.path, got.StatusCode, c.status)
				}
				for _, words := range c.words {
					if !got.has(words) {
						t.Errorf("%s %s: %q is missing in\n%s", method, c.path, words, got.body)
					}
				}
				if got.has("<form") {
					t.Errorf("%s %s: shows a form", method, c.path)
				}
			}
		}
		if n := s.views(string(full.ID)); n != 0 {
			t.Errorf("a link at its limit counts %d views", n)
		}
	})
}

// use makes a payment count against the link's limit.
func (s *site) use(l link.Link) {
	s.t.Helper()
	err := s.d.InTx(s.t.Context(), func(tx *db.Tx) error {
		if _, err := s.links.Hold(s.t.Context(), tx, s.business.ID, l.ID, s.business.Mode, 1); err != nil {
			return err
		}
		c := &link.Consumption{Link: l.ID, Slots: 1}
		ran := s.links.Consume(s.business.ID, s.business.Mode, c)
		if err := tx.Batch(s.t.Context(), ran); err != nil {
			return err
		}
		return c.Done(tx, ran)
	})
	if err != nil {
		s.t.Fatal(err)
	}
}

func TestThePageTellsWhatRemains(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := mustSite(t, d, "http")
		l := s.mustLink(link.Fields{Name: "Workshop", Path: "workshop", Limit: link.Limit{Kind: link.Multiple, Max: 3}})
		s.mustLink(link.Fields{Name: "Quiet", Path: "quiet", Limit: link.Limit{Kind: link.Multiple, Max: 3}}, quiet)
		s.mustLink(link.Fields{Name: "Endless", Path: "endless"})
		for _, words := range []string{"3 payments remaining", "2 payments remaining", "1 payment remaining"} {
			eventually(t, words, func() bool { return s.get("/acme/workshop").has(words) })
			s.use(l)
		}
		eventually(t, "the limit page", func() bool { return s.get("/acme/workshop").StatusCode == http.StatusGone })
		for _, path := range []string{"/acme/quiet", "/acme/endless"} {
			if s.get(path).has("remaining") {
				t.Errorf("%s tells what remains", path)
			}
		}
	})
}

// Whatever is changed is seen by the next visitor, although pages are kept.
func TestChangesAreSeenAtOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := mustSite(t, d, "http")
		l := s.mustLink(link.Fields{Name: "Workshop", Path: "workshop"})
		ctx := t.Context()
		if !s.get("/acme/workshop").has("Pay €89.00") {
			t.Fatal("the link is not there")
		}
		for _, c := range []struct {
			words string
			make  func() error
		}{
			{"Pay €95.00", func() error {
				_, err := s.links.Edit(ctx, s.business, l.ID, 0, func(f *link.Fields) { f.Amount = eur(9500) })
				return err
			}},
			{"Acme Books", func() error {
				name := "Acme Books"
				_, err := s.businesses.Update(ctx, s.business.ID, 0, business.Patch{Name: &name})
				return err
			}},
			{"is paused", func() error { _, err := s.links.SetActive(ctx, s.business, l.ID, false); return err }},
			{"Pay €95.00", func() error { _, err := s.links.SetActive(ctx, s.business, l.ID, true); return err }},
			{"find this page", func() error { return s.links.Delete(ctx, s.business, l.ID) }},
			{"Pay €7.00", func() error {
				s.mustLink(link.Fields{Name: "Another", Path: "workshop", Amount: eur(700)})
				return nil
			}},
		} {
			if err := c.make(); err != nil {
				t.Fatal(err)
			}
			eventually(t, c.words, func() bool { return s.get("/acme/workshop").has(c.words) })
		}
	})
}

func TestAPaymentPageThatIsOffLeavesLinksAlone(t *testing.T) {
	s := mustSite(t, dbtest.SQLite(t), "http")
	s.mustLink(link.Fields{Name: "Workshop", Path: "workshop"})
	page := s.business.Page
	page.Enabled = false
	if _, err := s.businesses.Update(t.Context(), s.business.ID, 0, business.Patch{Page: &page}); err != nil {
		t.Fatal(err)
	}
	for path, status := range map[string]int{"/acme": 404, "/acme/25": 404, "/acme/workshop": 200, "/acme/shop": 200} {
		if got := s.get(path); got.StatusCode != status {
			t.Errorf("%s: %d, want %d", path, got.StatusCode, status)
		}
	}
}

func TestAProductLinkLeadsToItsProduct(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := mustSite(t, d, "http")
		sold, err := s.products.Create(t.Context(), s.business, product.Fields{Name: "Print A3", Price: *eur(4500), Active: true})
		if err != nil {
			t.Fatal(err)
		}
		l := s.mustLink(link.Fields{Name: "Print", Path: "print", Type: link.Product, ProductID: sold.ID, Limit: link.Limit{Kind: link.Multiple, Max: 9}})
		got := s.get("/acme/print?name=Jo&utm_source=news")
		if got.StatusCode != http.StatusFound || got.Header.Get("Location") != "/acme/shop/print-a3?link=print&name=Jo&utm_source=news" {
			t.Errorf("%d to %q", got.StatusCode, got.Header.Get("Location"))
		}
		if len(got.Cookies()) != 1 {
			t.Errorf("the visit is not remembered: %v", got.Cookies())
		}
		shown := s.get(got.Header.Get("Location"))
		if shown.StatusCode != http.StatusOK || !shown.has("9 payments remaining") || !shown.has(`value="Jo"`) {
			t.Errorf("the product's page: %d\n%s", shown.StatusCode, shown.body)
		}
		if link, own := s.views(string(l.ID)), s.views(string(sold.ID)); link != 1 || own != 0 {
			t.Errorf("%d views of the link and %d of the product, want 1 and 0", link, own)
		}
		if s.get("/acme/shop/print-a3"); s.views(string(sold.ID)) != 1 {
			t.Error("opening the product without a link is no view of it")
		}
		off := false
		if _, err := s.products.Edit(t.Context(), s.business.ID, sold.ID, 0, func(f *product.Fields) { f.Active = off }); err != nil {
			t.Fatal(err)
		}
		for _, path := range []string{"/acme/print", "/acme/shop/print-a3", "/acme/shop/print-a3?link=print"} {
			eventually(t, path+" is gone", func() bool { return s.get(path).StatusCode == http.StatusNotFound })
		}
		if strings.Contains(s.get("/acme/shop").body, "Print A3") {
			t.Error("the shop shows what is not for sale")
		}
	})
}
