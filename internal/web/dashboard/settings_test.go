package dashboard_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"smartlinks/internal/account"
	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
)

func goodBusiness() url.Values {
	return url.Values{
		"version": {"1"}, "name": {"Studio Noord"}, "contact_email": {"hello@studio.example"}, "currency": {"EUR"}, "time_zone": {"Europe/Paris"}, "locale": {"nl"},
		"legal_name": {"Studio Noord B.V."}, "address": {"Dam 1\r\nAmsterdam"}, "registration": {"12345678"}, "vat_number": {"NL001234567B01"}, "vat_rate": {"21"},
	}
}

func TestTheBusinessIsSaved(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newSite(t, d)
		acme := s.business(t, "acme", "marit@example.com")
		b := s.signedIn(t, "marit@example.com")
		const page = "/dashboard/acme/settings/business"
		if got := b.get("/dashboard/acme/settings"); got.Location != page {
			t.Errorf("settings lead to %q", got.Location)
		}
		if got := b.post(page, goodBusiness()); got.Status != http.StatusSeeOther {
			t.Fatalf("saving: %d %s", got.Status, got.Said())
		}
		after, err := s.Businesses.ByID(context.Background(), acme.ID)
		if err != nil || after.Name != "Studio Noord" || after.TimeZone != "Europe/Paris" || after.Legal.Address != "Dam 1\nAmsterdam" || after.Legal.VATRate.String() != "21" {
			t.Errorf("stored %+v, %v", after, err)
		}
		if got := b.get(page); !got.Has(`value="Studio Noord B.V."`, `value="21"`, "is saved") {
			t.Errorf("the form afterwards: %d", got.Status)
		}
		if got := b.post(page, with(goodBusiness(), "name", "Late")); got.Status != http.StatusConflict || !got.Has("Somebody changed this", `value="Late"`) {
			t.Errorf("a stale form: %d", got.Status)
		}
	})
}

func TestBusinessMistakesKeepWhatWasTyped(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newSite(t, d)
		acme := s.business(t, "acme", "marit@example.com")
		b := s.signedIn(t, "marit@example.com")
		for input, value := range map[string]string{
			"name": "", "contact_email": "nobody", "currency": "XXQ", "time_zone": "Mars/Olympus", "locale": "tlh", "vat_rate": "101", "vat_number": strings.Repeat("1", 41),
		} {
			got := b.post("/dashboard/acme/settings/business", with(goodBusiness(), input, value))
			if got.Status != http.StatusUnprocessableEntity || !got.Has(`id="`+input+`-error"`, "12345678") {
				t.Errorf("%s = %q: %d, told at the field: %v", input, value, got.Status, got.Has(`id="`+input+`-error"`))
			}
		}
		if got := b.post("/dashboard/acme/settings/legal", url.Values{"terms_url": {"javascript:alert(1)"}, "privacy_url": {"https://a.example/p"}}); got.Status != http.StatusUnprocessableEntity || !got.Has(`id="terms_url-error"`, "https://a.example/p") {
			t.Errorf("a bad address of the terms: %d", got.Status)
		}
		if after, err := s.Businesses.ByID(context.Background(), acme.ID); err != nil || after.Version != 1 {
			t.Errorf("something was stored: version %d, %v", after.Version, err)
		}
	})
}

var shownToken = regexp.MustCompile(`value="(sl_[A-Za-z0-9_-]+)"`)

func TestATokenIsShownOnceAndCanBeRevoked(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newSite(t, d)
		acme := s.business(t, "acme", "marit@example.com")
		b := s.signedIn(t, "marit@example.com")
		const page = "/dashboard/acme/settings/tokens"
		for _, wrong := range []url.Values{{"name": {""}, "scope": {"all"}}, {"name": {"Shop"}}, {"name": {"Shop"}, "scope": {"everything"}}} {
			if got := b.post(page, wrong); got.Status != http.StatusUnprocessableEntity || shownToken.MatchString(got.Body) {
				t.Errorf("%v: %d", wrong, got.Status)
			}
		}
		got := b.post(page, url.Values{"name": {"Ticket shop"}, "scope": {"links:read", "payments:read"}})
		found := shownToken.FindStringSubmatch(got.Body)
		if got.Status != http.StatusOK || found == nil {
			t.Fatalf("creating: %d %s", got.Status, got.Said())
		}
		token, err := s.Accounts.TokenByPlain(t.Context(), found[1])
		if err != nil || token.BusinessID != acme.ID || token.Scopes.Allow(account.LinksWrite) || !token.Scopes.Allow(account.LinksRead) {
			t.Fatalf("the token is %+v, %v", token, err)
		}
		if again := b.get(page); strings.Contains(again.Body, found[1]) || !again.Has("Ticket shop", "links:read") {
			t.Errorf("the list: %d, shows the token again: %v", again.Status, strings.Contains(again.Body, found[1]))
		}
		if got := b.post(page+"/"+string(token.ID)+"/revoke", nil); got.Status != http.StatusSeeOther {
			t.Errorf("revoking: %d", got.Status)
		}
		if _, err := s.Accounts.TokenByPlain(t.Context(), found[1]); err == nil {
			t.Error("a revoked token still works")
		}
		for _, on := range []bool{true, false} {
			if got := b.post(page+"/payrequest", url.Values{"active": {map[bool]string{true: "on", false: "off"}[on]}}); got.Status != http.StatusSeeOther {
				t.Errorf("coming from PayRequest: %d", got.Status)
			}
			if after, err := s.Businesses.ByID(t.Context(), acme.ID); err != nil || after.PayRequest != on || !b.get(page).Has(fmt.Sprintf(`aria-checked="%v"`, on)) {
				t.Errorf("coming from PayRequest is %v: %+v %v", on, after.PayRequest, err)
			}
		}
		if got := b.post(page+"/tok_nowhere/revoke", nil); got.Status != http.StatusNotFound {
			t.Errorf("revoking an unknown token: %d", got.Status)
		}
	})
}

func TestAnOldHandleIsLetGoInTheSettings(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newSite(t, d)
		acme := s.business(t, "acme", "marit@example.com")
		const settings, act = "/dashboard/acme-books/settings/business", "/dashboard/acme-books/settings/business/handles/let-go"
		if page := s.signedIn(t, "marit@example.com").get("/dashboard/acme/settings/business"); page.Has("Old handles") {
			t.Error("there are old handles before")
		}
		handle := "acme-books"
		if _, err := s.Businesses.Update(t.Context(), acme.ID, 0, business.Patch{Handle: &handle}); err != nil {
			t.Fatal(err)
		}
		b := s.signedIn(t, "marit@example.com")
		if page := b.get(settings); !page.Has("Old handles", "Let “acme” go?", "what is paid there is theirs", act) {
			t.Errorf("the page: %s", page.Said())
		}
		s.member(t, acme, "sam@example.com", account.Staff)
		if got := s.signedIn(t, "sam@example.com").post(act, url.Values{"handle": {"acme"}}); got.Status != http.StatusForbidden {
			t.Errorf("staff: %d", got.Status)
		}
		if got := b.post(act, url.Values{"handle": {"acme"}}); got.Location != settings {
			t.Fatalf("letting go: %d %s", got.Status, got.Said())
		}
		if got := b.post(act, url.Values{"handle": {"acme"}}); got.Status != http.StatusNotFound {
			t.Errorf("again: %d", got.Status)
		}
		if page := b.get(settings); page.Has("Old handles") {
			t.Error("it is still listed")
		}
		if page := b.get("/dashboard/acme-books/settings/audit"); !page.Has("Let an old handle go") {
			t.Error("the audit log lacks it")
		}
	})
}

// Who has the signing secret can say that somebody paid: a session alone shows it to
// nobody.
func TestTheSigningSecretIsShownAfterThePassword(t *testing.T) {
	s := newSite(t, dbtest.SQLite(t))
	acme := s.business(t, "acme", "marit@example.com")
	b := s.signedIn(t, "marit@example.com")
	const page = "/dashboard/acme/settings/tokens"
	secret := func() string {
		now, err := s.Businesses.SigningSecret(t.Context(), acme.ID)
		if err != nil {
			t.Fatal(err)
		}
		return now
	}
	before := secret()
	if got := b.get(page); got.Has(before) {
		t.Error("the page shows it to whoever opens it")
	}
	for _, at := range []string{page + "/secret", page + "/secret/change"} {
		if got := b.post(at, url.Values{"current_password": {"not mine"}}); got.Status != http.StatusUnprocessableEntity || got.Has(before) || secret() != before {
			t.Errorf("%s with a wrong password: %d", at, got.Status)
		}
	}
	if got := b.post(page+"/secret", url.Values{"current_password": {password}}); got.Status != http.StatusOK || !got.Has(before) {
		t.Errorf("with the password: %d", got.Status)
	}
	got := b.post(page+"/secret/change", url.Values{"current_password": {password}})
	if now := secret(); got.Status != http.StatusOK || now == before || !got.Has(now, "7 days") || got.Has(before) {
		t.Errorf("changing it: %d", got.Status)
	}
}
