package codes_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/coupon"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/link"
	"smartlinks/internal/money"
	"smartlinks/internal/payment"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/payment/sandbox"
	"smartlinks/internal/tag"
	"smartlinks/internal/web/dashboard/dashboardtest"
)

const base = "/dashboard/acme"

// made is a coupon for everything with one code.
func made(t *testing.T, s *dashboardtest.Site, b business.Business, name, code string, f coupon.CodeFields) (coupon.Coupon, coupon.Code) {
	t.Helper()
	c, codes, err := s.Coupons.CreateWithCodes(t.Context(), b.ID, 20_00, money.Amount{}, coupon.Fields{Name: name}, []string{code}, f)
	if err != nil {
		t.Fatal(err)
	}
	return c, codes[0]
}

// use pays the link with the code.
func use(t *testing.T, s *dashboardtest.Site, b business.Business, l link.Link, code string, outcome sandbox.Outcome) {
	t.Helper()
	ctx := t.Context()
	a, err := s.Payments.Start(ctx, payment.StartRequest{
		Business: b, Source: attempt.SourceLink, Link: &l, Version: l.Version, Amount: l.Price(), Code: code, Title: l.Name,
		Payer: attempt.Payer{Name: "Ann", Email: "ann@example.com", Language: "en"},
	})
	if err == nil && outcome != "" {
		if _, err = s.Sandbox.Decide(ctx, a.ProviderRef, outcome, sandbox.Lost); err == nil {
			_, err = s.Payments.Sync(ctx, b.ID, a.ID, attempt.CauseReturn)
		}
	}
	if err != nil {
		t.Fatal(err)
	}
}

// codesOf are all codes of the business, by their texts.
func codesOf(t *testing.T, s *dashboardtest.Site, b business.Business) []coupon.WithFigures {
	t.Helper()
	all, err := s.Coupons.Codes(t.Context(), b, coupon.Filter{})
	if err != nil {
		t.Fatal(err)
	}
	slices.SortFunc(all, func(a, b coupon.WithFigures) int { return strings.Compare(a.Text, b.Text) })
	return all
}

func TestACouponIsMadeWithItsCodes(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		acme := s.Business(t, "acme", "marit@example.com")
		l := s.Link(t, acme, link.Fields{Tags: tag.Named("Event")})
		b := s.SignedIn(t, "marit@example.com")
		if got := b.Get(base + "/codes"); !got.Has("Create your first coupon") {
			t.Errorf("without a coupon: %d", got.Status)
		}
		got := b.Post(base+"/coupons", url.Values{
			"name": {"Members"}, "off": {"amount"}, "amount": {"10"}, "currency": {"EUR"}, "for": {"chosen"}, "link": {string(l.ID)}, "tag": {string(l.Tags[0].ID)},
			"minimum": {"49,00"}, "minimum_currency": {"USD"}, "max": {"200"}, "codes": {" member20\r\nPRESS-7, Member20"}, "code_max": {"10"},
			"starts_at": {"2026-06-01T00:00"}, "ends_at": {"2026-09-01T00:00"}, "once_per_email": {"on"},
		})
		if got.Status != http.StatusSeeOther {
			t.Fatalf("creating: %d %s", got.Status, got.Said())
		}
		all, err := s.Coupons.List(t.Context(), acme.ID, coupon.Page[coupon.ID]{})
		if err != nil || len(all) != 1 {
			t.Fatalf("%d coupons, %v", len(all), err)
		}
		c := all[0]
		if c.Amount != *dashboardtest.Euros(1000) || *c.Minimum != *dashboardtest.Euros(4900) || c.Max != 200 || c.Everywhere || len(c.Links) != 1 || len(c.Tags) != 1 {
			t.Errorf("stored %+v", c)
		}
		codes := codesOf(t, s, acme)
		if len(codes) != 2 || codes[0].Text != "MEMBER20" || codes[1].Text != "PRESS-7" || codes[1].Max != 10 || !codes[1].OncePerEmail || codes[1].EndsAt.UTC().Hour() != 22 {
			t.Errorf("codes %+v", codes)
		}
		if list := b.Get(base + "/codes"); !list.Has("MEMBER20", "PRESS-7", "€10.00 off · Photography Workshop · Links tagged Event · From €49.00 upwards") {
			t.Errorf("the list: %d %s", list.Status, list.Said())
		}
	})
}

func TestMistakesStandAtTheirFieldsAndNothingTypedIsLost(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		acme := s.Business(t, "acme", "marit@example.com")
		zenith := s.Business(t, "zenith", "zoe@example.com")
		made(t, s, acme, "First", "TAKEN", coupon.CodeFields{})
		foreign := s.Link(t, zenith, link.Fields{})
		b := s.SignedIn(t, "marit@example.com")
		good := url.Values{"name": {"Summer"}, "off": {"percent"}, "percent": {"15"}, "currency": {"EUR"}, "minimum_currency": {"EUR"}, "for": {"all"}, "codes": {"SUMMER15"}}
		for _, c := range []struct{ at, field, typed string }{
			{"name", "name", ""}, {"percent", "percent", ""}, {"percent", "percent", "0"}, {"percent", "percent", "100.01"}, {"percent", "percent", "1e1"}, {"percent", "percent", "12.345"},
			{"max", "max", "0"}, {"max", "max", "1000001"}, {"max", "max", "many"}, {"minimum", "minimum", "-1"}, {"minimum", "minimum", "x"},
			{"codes", "codes", "no"}, {"codes", "codes", "TAKEN"}, {"codes", "codes", "taken GOOD-1"}, {"codes", "codes", strings.Repeat("X", 41)}, {"codes", "codes", "GOOD-2 a+b"},
			{"codes", "codes", strings.Repeat("ABC ", coupon.MaxAtOnce+1)}, {"code_max", "code_max", "-5"}, {"starts_at", "starts_at", "soon"}, {"ends_at", "ends_at", "2026-13-01T00:00"}, {"for", "for", "chosen"}, {"for", "link", string(foreign.ID)},
		} {
			form := dashboardtest.With(good, c.field, c.typed)
			if c.field == "link" {
				form.Set("for", "chosen")
			}
			got := b.Post(base+"/coupons", form)
			if got.Status != http.StatusUnprocessableEntity || !got.Has(`id="`+c.at+`-error"`) || c.field != "name" && !got.Has(`value="Summer"`) || c.field != "codes" && !got.Has("SUMMER15</textarea>") {
				t.Errorf("%s %q: %d, with the message: %v", c.field, c.typed, got.Status, got.Has(`id="`+c.at+`-error"`))
			}
		}
		// All at once, and each once.
		got := b.Post(base+"/coupons", url.Values{"off": {"amount"}, "amount": {"-1"}, "currency": {"EUR"}, "for": {"chosen"}, "codes": {"x"}, "code_max": {"x"}, "ends_at": {"x"}})
		for _, at := range []string{"name", "amount", "for", "codes", "code_max", "ends_at"} {
			if n := strings.Count(got.Body, `id="`+at+`-error"`); n != 1 {
				t.Errorf("with everything wrong, %s is told %d times", at, n)
			}
		}
		coupons, err := s.Coupons.List(t.Context(), acme.ID, coupon.Page[coupon.ID]{})
		if all := codesOf(t, s, acme); err != nil || len(all) != 1 || len(coupons) != 1 {
			t.Errorf("%d codes of %d coupons are stored, %v", len(all), len(coupons), err)
		}
	})
}

func TestTheListShowsWhatCameOfEachCode(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		acme := s.Business(t, "acme", "marit@example.com")
		l := s.Link(t, acme, link.Fields{})
		now := d.Clock().Now()
		later := now.Add(48 * time.Hour)
		made(t, s, acme, "Members", "MEMBER20", coupon.CodeFields{Max: 4})
		made(t, s, acme, "Press", "PRESS", coupon.CodeFields{Max: 1})
		made(t, s, acme, "Summer", "SUMMER", coupon.CodeFields{StartsAt: &later})
		if _, err := s.Coupons.Create(t.Context(), acme.ID, 5_00, money.Amount{}, coupon.Fields{Name: "Bare"}); err != nil {
			t.Fatal(err)
		}
		use(t, s, acme, l, "MEMBER20", sandbox.Paid)
		use(t, s, acme, l, "MEMBER20", sandbox.Paid)
		use(t, s, acme, l, "MEMBER20", "")
		use(t, s, acme, l, "PRESS", sandbox.Paid)
		b := s.SignedIn(t, "marit@example.com")
		list := b.Get(base + "/codes")
		if !list.Has("€35.60", "€142.40", "1 held now", "1 left", "Used up", "Upcoming", "3 used", "€53.40", "€213.60", "3 codes · 4 coupons", "Bare") {
			t.Errorf("the list: %s", list.Said())
		}
		if at := []int{strings.Index(list.Body, ">Members<"), strings.Index(list.Body, ">Press<"), strings.Index(list.Body, ">Bare<"), strings.Index(list.Body, ">Summer<")}; !slices.IsSorted(at) || at[0] < 0 {
			t.Errorf("what brought the most does not come first: %v", at)
		}
		for query, want := range map[string][]string{"q=press": {"PRESS"}, "q=mem": {"MEMBER20"}, "status=upcoming": {"SUMMER"}, "status=used_up&status=active": {"MEMBER20", "PRESS"}, "for=everywhere&q=summer": {"SUMMER"}, "for=tag": nil, "q=zzz": nil} {
			got := b.Get(base + "/codes?" + query)
			for _, code := range []string{"MEMBER20", "PRESS", "SUMMER"} {
				if got.Has(">"+code+"<") != slices.Contains(want, code) {
					t.Errorf("%s: %s is shown: %v", query, code, got.Has(">"+code+"<"))
				}
			}
		}
		file := b.Get(base + "/codes.csv?q=member")
		if !strings.Contains(file.Body, "MEMBER20,Members,20,,active,,,no,4,2,1,EUR,35.60,142.40") || strings.Contains(file.Body, "PRESS") {
			t.Errorf("the file: %s", file.Body)
		}
		if found := b.Get(base + "/search?q=member"); !found.Has("MEMBER20", base+"/codes/pmc_") || found.Has("PRESS") {
			t.Errorf("the search of everything: %s", found.Said())
		}
		page := b.Get(base + "/codes/" + string(codesOf(t, s, acme)[0].ID))
		if !page.Has("MEMBER20", "€35.60", "€142.40", "Of 4", `name="code_max"`) {
			t.Errorf("the code's page: %s", page.Said())
		}
	})
}

func TestALongListIsReadPageByPage(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		acme := s.Business(t, "acme", "marit@example.com")
		c, _ := made(t, s, acme, "Gift cards", "GIFT-000", coupon.CodeFields{Max: 1})
		var texts []string
		for i := range 59 {
			texts = append(texts, "GIFT-1"+string(rune('A'+i/26))+string(rune('A'+i%26)))
		}
		if _, err := s.Coupons.AddCodes(t.Context(), acme.ID, c.ID, texts, coupon.CodeFields{Max: 1}); err != nil {
			t.Fatal(err)
		}
		b := s.SignedIn(t, "marit@example.com")
		first := b.Get(base + "/codes")
		if !first.Has("50 of 60 codes", "60 codes · 1 coupon", ">GIFT-000<") || first.Has(">GIFT-1CG<") {
			t.Fatalf("the first page: %s", first.Said())
		}
		second := b.Get(base + "/codes?cursor=50&trail=-")
		if !second.Has("10 of 60 codes", "Gift cards", ">GIFT-1CG<") || second.Has(">GIFT-000<") {
			t.Errorf("the second page: %s", second.Said())
		}
		if got := b.Get(base + "/codes?cursor=none"); got.Status != http.StatusOK || !got.Has(">GIFT-000<") {
			t.Errorf("a cursor that is none: %d", got.Status)
		}
	})
}

func TestACodeIsEndedOpenedAgainAndDeleted(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		acme := s.Business(t, "acme", "marit@example.com")
		ends := d.Clock().Now().Add(72 * time.Hour).UTC().Truncate(time.Second)
		_, code := made(t, s, acme, "Members", "MEMBER20", coupon.CodeFields{EndsAt: &ends})
		b := s.SignedIn(t, "marit@example.com")
		page := base + "/codes/" + string(code.ID)
		status := func() coupon.Status { return codesOf(t, s, acme)[0].Status() }
		if got := b.Post(page+"/stop", nil); got.Status != http.StatusSeeOther || status() != coupon.Ended {
			t.Fatalf("ending: %d, %s", got.Status, status())
		}
		undo := dashboardtest.Between(t, b.Get(base+"/codes").Body, `class="toast`, `action="`, `"`)
		if got := b.Post(strings.ReplaceAll(undo, "&amp;", "&"), nil); got.Status != http.StatusSeeOther || status() != coupon.Active || !codesOf(t, s, acme)[0].EndsAt.Equal(ends) {
			t.Errorf("taking it back by %s: %d, until %v, want %v", undo, got.Status, codesOf(t, s, acme)[0].EndsAt, ends)
		}
		b.Post(page+"/stop", nil)
		if b.Post(page+"/reopen", url.Values{"back": {page}}); codesOf(t, s, acme)[0].EndsAt != nil {
			t.Errorf("opened again until %v", codesOf(t, s, acme)[0].EndsAt)
		}
		if got := b.Post(page+"/delete", url.Values{"back": {page}}); got.Location != base+"/codes" || len(codesOf(t, s, acme)) != 0 {
			t.Errorf("deleting leads to %s", got.Location)
		}
		if got := b.Get(page); got.Status != http.StatusNotFound {
			t.Errorf("the page of a deleted code: %d", got.Status)
		}
	})
}

func TestStaffMakeCodesAndDeleteNone(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		acme := s.Business(t, "acme", "marit@example.com")
		s.Business(t, "elsewhere", "sam@example.com")
		s.Staff(t, acme, "sam@example.com")
		c, code := made(t, s, acme, "Members", "MEMBER20", coupon.CodeFields{})
		b := s.SignedIn(t, "sam@example.com")
		if got := b.Post(base+"/coupons/"+string(c.ID)+"/codes", url.Values{"codes": {""}}); got.Status != http.StatusSeeOther || len(codesOf(t, s, acme)) != 2 {
			t.Errorf("adding a code: %d", got.Status)
		}
		for _, path := range []string{"/codes/" + string(code.ID), "/coupons/" + string(c.ID)} {
			if got := b.Get(base + path); got.Status != http.StatusOK || got.Has("/delete") {
				t.Errorf("%s: %d, with the way to delete: %v", path, got.Status, got.Has("/delete"))
			}
			if got := b.Post(base+path+"/delete", nil); got.Status != http.StatusForbidden {
				t.Errorf("deleting %s: %d, want 403", path, got.Status)
			}
		}
		if got := b.Get(base + "/codes"); got.Has("Delete") || len(codesOf(t, s, acme)) != 2 {
			t.Error("the list leads staff to delete")
		}
	})
}

func TestTwoMembersDoNotOverwriteEachOther(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		acme := s.Business(t, "acme", "marit@example.com")
		c, code := made(t, s, acme, "Members", "MEMBER20", coupon.CodeFields{Max: 10})
		b := s.SignedIn(t, "marit@example.com")
		for _, one := range []struct {
			page, field, first, second string
			others                     url.Values
		}{
			{base + "/coupons/" + string(c.ID), "name", "Friends", "Family", url.Values{"for": {"all"}, "percent": {"99"}}},
			{base + "/codes/" + string(code.ID), "code_max", "20", "30", url.Values{}},
		} {
			form := one.others
			form.Set("version", "1")
			form.Set("opened", dashboardtest.Between(t, b.Get(one.page).Body, `name="opened"`, `value="`, `"`))
			if got := b.Post(one.page, dashboardtest.With(form, one.field, one.first)); got.Status != http.StatusSeeOther {
				t.Fatalf("%s: %d %s", one.page, got.Status, got.Said())
			}
			if got := b.Post(one.page, dashboardtest.With(form, one.field, one.second)); got.Status != http.StatusConflict || !got.Has(`value="`+one.second+`"`, one.first) {
				t.Errorf("%s, stale: %d", one.page, got.Status)
			}
		}
		after, err := s.Coupons.Get(t.Context(), acme.ID, c.ID)
		if err != nil || after.Name != "Friends" || after.Percent != 20_00 || !after.Everywhere {
			t.Errorf("stored %+v, %v", after, err)
		}
	})
}

// A coupon whose targets are all gone is for nothing until somebody says what it is for.
func TestACouponForNothingIsMadeOneForEverythingByHand(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		acme := s.Business(t, "acme", "marit@example.com")
		event := s.Tag(t, acme, tag.OfLinks, "Event")
		c, err := s.Coupons.Create(t.Context(), acme.ID, 5_00, money.Amount{}, coupon.Fields{Name: "Events", Tags: []tag.ID{event.ID}})
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Tags.Delete(t.Context(), acme.ID, event.ID); err != nil {
			t.Fatal(err)
		}
		b := s.SignedIn(t, "marit@example.com")
		if list := b.Get(base + "/codes"); !list.Has("For nothing") {
			t.Errorf("the list: %s", list.Said())
		}
		page := base + "/coupons/" + string(c.ID)
		if got := b.Post(page, url.Values{"name": {"Events"}, "for": {"chosen"}}); got.Status == http.StatusSeeOther {
			t.Error("it is saved for nothing")
		}
		got := b.Post(page, url.Values{"version": {"1"}, "name": {"Events"}, "for": {"all"}})
		after, err := s.Coupons.Get(t.Context(), acme.ID, c.ID)
		if got.Status != http.StatusSeeOther || err != nil || !after.Everywhere {
			t.Errorf("%d: for everything: %v, %v %s", got.Status, after.Everywhere, err, got.Said())
		}
	})
}

// What is found by the search of the form stays chosen, however old it is.
func TestACouponIsForAnyOfManyLinks(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		acme := s.Business(t, "acme", "marit@example.com")
		oldest := s.Link(t, acme, link.Fields{Name: "First evening"})
		s.DB.Clock().SetOffset(time.Minute) // those of one instant have no order
		for range 51 {
			s.Link(t, acme, link.Fields{Name: "Another"})
		}
		b := s.SignedIn(t, "marit@example.com")
		ticked := `value="` + string(oldest.ID) + `" checked`
		if got := b.Get("/dashboard/acme/coupons/new"); got.Has(string(oldest.ID)) || !got.Has("/dashboard/acme/coupons/links", "There are more.") {
			t.Error("all links are on the page, or nothing searches")
		}
		if got := b.Get("/dashboard/acme/coupons/links?find=first+ev"); !got.Has(string(oldest.ID)) || got.Has("Another") || got.Has(ticked) {
			t.Errorf("the search: %.400s", got.Body)
		}
		if got := b.Get("/dashboard/acme/coupons/links?find=another&link=" + string(oldest.ID)); !got.Has(ticked, "Another") {
			t.Errorf("another search: %.400s", got.Body)
		}
		if got := b.Get("/dashboard/acme/coupons/products?find=nothing"); !got.Has("Nothing found") {
			t.Errorf("nothing: %.400s", got.Body)
		}
		form := url.Values{"name": {""}, "off": {"percent"}, "percent": {"10"}, "for": {"chosen"}, "link": {string(oldest.ID)}}
		if got := b.Post("/dashboard/acme/coupons", form); got.Status != http.StatusUnprocessableEntity || !got.Has(ticked) {
			t.Errorf("with a mistake: %d %s", got.Status, got.Said())
		}
	})
}
