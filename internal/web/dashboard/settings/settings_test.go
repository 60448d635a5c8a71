package settings_test

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"smartlinks/internal/account"
	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/web/dashboard/dashboardtest"
)

func goodBusiness() url.Values {
	return url.Values{
		"version": {"1"}, "name": {"Studio Noord"}, "contact_email": {"hello@studio.example"}, "currency": {"EUR"}, "time_zone": {"Europe/Paris"}, "locale": {"nl"},
		"legal_name": {"Studio Noord B.V."}, "address": {"Dam 1\r\nAmsterdam"}, "registration": {"12345678"}, "vat_number": {"NL001234567B01"}, "vat_rate": {"21"},
	}
}

func TestTheBusinessIsSaved(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		acme := s.Business(t, "acme", "marit@example.com")
		b := s.SignedIn(t, "marit@example.com")
		const page = "/dashboard/acme/settings/business"
		if got := b.Get("/dashboard/acme/settings"); got.Location != page {
			t.Errorf("settings lead to %q", got.Location)
		}
		if got := b.Post(page, goodBusiness()); got.Status != http.StatusSeeOther {
			t.Fatalf("saving: %d %s", got.Status, got.Said())
		}
		after, err := s.Businesses.ByID(context.Background(), acme.ID)
		if err != nil || after.Name != "Studio Noord" || after.TimeZone != "Europe/Paris" || after.Legal.Address != "Dam 1\nAmsterdam" || after.Legal.VATRate.String() != "21" {
			t.Errorf("stored %+v, %v", after, err)
		}
		if got := b.Get(page); !got.Has(`value="Studio Noord B.V."`, `value="21"`, "is saved") {
			t.Errorf("the form afterwards: %d", got.Status)
		}
		if got := b.Post(page, dashboardtest.With(goodBusiness(), "name", "Late")); got.Status != http.StatusConflict || !got.Has("Somebody changed this", `value="Late"`) {
			t.Errorf("a stale form: %d", got.Status)
		}
	})
}

func TestBusinessMistakesKeepWhatWasTyped(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		acme := s.Business(t, "acme", "marit@example.com")
		b := s.SignedIn(t, "marit@example.com")
		for input, value := range map[string]string{
			"name": "", "contact_email": "nobody", "currency": "XXQ", "time_zone": "Mars/Olympus", "locale": "tlh", "vat_rate": "101", "vat_number": strings.Repeat("1", 41),
		} {
			got := b.Post("/dashboard/acme/settings/business", dashboardtest.With(goodBusiness(), input, value))
			if got.Status != http.StatusUnprocessableEntity || !got.Has(`id="`+input+`-error"`, "12345678") {
				t.Errorf("%s = %q: %d, told at the field: %v", input, value, got.Status, got.Has(`id="`+input+`-error"`))
			}
		}
		if got := b.Post("/dashboard/acme/settings/legal", url.Values{"terms_url": {"javascript:alert(1)"}, "privacy_url": {"https://a.example/p"}}); got.Status != http.StatusUnprocessableEntity || !got.Has(`id="terms_url-error"`, "https://a.example/p") {
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
		s := dashboardtest.New(t, d)
		acme := s.Business(t, "acme", "marit@example.com")
		b := s.SignedIn(t, "marit@example.com")
		const page = "/dashboard/acme/settings/tokens"
		for _, wrong := range []url.Values{{"name": {""}, "scope": {"all"}}, {"name": {"Shop"}}, {"name": {"Shop"}, "scope": {"everything"}}} {
			if got := b.Post(page, wrong); got.Status != http.StatusUnprocessableEntity || shownToken.MatchString(got.Body) {
				t.Errorf("%v: %d", wrong, got.Status)
			}
		}
		got := b.Submit(page, url.Values{"name": {"Ticket shop"}, "scope": {"links:read", "payments:read"}})
		found := shownToken.FindStringSubmatch(got.Body)
		if got.Status != http.StatusOK || found == nil {
			t.Fatalf("creating: %d %s", got.Status, got.Said())
		}
		token, err := s.Accounts.TokenByPlain(t.Context(), found[1])
		if err != nil || token.BusinessID != acme.ID || token.Scopes.Allow(account.LinksWrite) || !token.Scopes.Allow(account.LinksRead) {
			t.Fatalf("the token is %+v, %v", token, err)
		}
		var sessions [][]byte
		if err := d.Select(t.Context(), &sessions, `SELECT data FROM sessions`); err != nil || bytes.Contains(bytes.Join(sessions, nil), []byte(found[1])) {
			t.Errorf("the sessions keep the token: %v", err)
		}
		if again := b.Get(page); strings.Contains(again.Body, found[1]) || !again.Has("Ticket shop", "links:read") {
			t.Errorf("the list: %d, shows the token again: %v", again.Status, strings.Contains(again.Body, found[1]))
		}
		if got := b.Post(page+"/"+string(token.ID)+"/revoke", nil); got.Status != http.StatusSeeOther {
			t.Errorf("revoking: %d", got.Status)
		}
		if _, err := s.Accounts.TokenByPlain(t.Context(), found[1]); err == nil {
			t.Error("a revoked token still works")
		}
		for _, on := range []bool{true, false} {
			if got := b.Post(page+"/payrequest", url.Values{"active": {map[bool]string{true: "on", false: "off"}[on]}}); got.Status != http.StatusSeeOther {
				t.Errorf("coming from PayRequest: %d", got.Status)
			}
			if after, err := s.Businesses.ByID(t.Context(), acme.ID); err != nil || after.PayRequest != on || !b.Get(page).Has(fmt.Sprintf(`aria-checked="%v"`, on)) {
				t.Errorf("coming from PayRequest is %v: %+v %v", on, after.PayRequest, err)
			}
		}
		if got := b.Post(page+"/tok_nowhere/revoke", nil); got.Status != http.StatusNotFound {
			t.Errorf("revoking an unknown token: %d", got.Status)
		}
	})
}

func TestAnOldHandleIsLetGoInTheSettings(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		acme := s.Business(t, "acme", "marit@example.com")
		const settings, act = "/dashboard/acme-books/settings/business", "/dashboard/acme-books/settings/business/handles/let-go"
		if page := s.SignedIn(t, "marit@example.com").Get("/dashboard/acme/settings/business"); page.Has("Old handles") {
			t.Error("there are old handles before")
		}
		handle := "acme-books"
		if _, err := s.Businesses.Update(t.Context(), acme.ID, 0, business.Patch{Handle: &handle}); err != nil {
			t.Fatal(err)
		}
		b := s.SignedIn(t, "marit@example.com")
		if page := b.Get(settings); !page.Has("Old handles", "Release “acme”?", "it receives what is paid there", act) {
			t.Errorf("the page: %s", page.Said())
		}
		s.Member(t, acme, "sam@example.com", account.Staff)
		if got := s.SignedIn(t, "sam@example.com").Post(act, url.Values{"handle": {"acme"}}); got.Status != http.StatusForbidden {
			t.Errorf("staff: %d", got.Status)
		}
		if got := b.Post(act, url.Values{"handle": {"acme"}}); got.Location != settings {
			t.Fatalf("letting go: %d %s", got.Status, got.Said())
		}
		if got := b.Post(act, url.Values{"handle": {"acme"}}); got.Status != http.StatusNotFound {
			t.Errorf("again: %d", got.Status)
		}
		if page := b.Get(settings); page.Has("Old handles") {
			t.Error("it is still listed")
		}
		if page := b.Get("/dashboard/acme-books/settings/audit"); !page.Has("Released an old handle") {
			t.Error("the audit log lacks it")
		}
	})
}

func TestTheAuditLogSpeaksTheReadersLanguage(t *testing.T) {
	s := dashboardtest.New(t, dbtest.SQLite(t))
	s.Business(t, "acme", "marit@example.com")
	b := s.SignedIn(t, "marit@example.com")
	if got := b.Post("/dashboard/acme/tags", url.Values{"name": {"VIP"}, "kind": {"customer"}}); got.Status != http.StatusSeeOther {
		t.Fatalf("a tag: %d", got.Status)
	}
	if got := b.Post("/dashboard/acme/account/language", url.Values{"language": {"nl"}}); got.Status != http.StatusSeeOther {
		t.Fatalf("the language: %d", got.Status)
	}
	s.Browser(t).Post("/sign-in", url.Values{"email": {"marit@example.com"}, "password": {"not hers"}})
	got := b.Get("/dashboard/acme/settings/audit")
	for _, want := range []string{"Ingelogd met een wachtwoord", "Label aangemaakt", "Verkeerd wachtwoord ingevuld voor "} {
		if !got.Has(want) {
			t.Errorf("the page has no %q", want)
		}
	}
}

// Who has the signing secret can say that somebody paid: a session alone shows it to
// nobody.
func TestTheSigningSecretIsShownAfterThePassword(t *testing.T) {
	s := dashboardtest.New(t, dbtest.SQLite(t))
	acme := s.Business(t, "acme", "marit@example.com")
	b := s.SignedIn(t, "marit@example.com")
	const page = "/dashboard/acme/settings/tokens"
	secret := func() string {
		now, err := s.Businesses.SigningSecret(t.Context(), acme.ID)
		if err != nil {
			t.Fatal(err)
		}
		return now
	}
	logged := func() (what []string) { // of the secret, the newest first
		entries, _, err := s.Audit.List(t.Context(), acme.ID, "", "")
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			if strings.Contains(e.What, "signing secret") {
				what = append(what, e.What)
			}
		}
		return what
	}
	before := secret()
	if got := b.Get(page); got.Has(before) {
		t.Error("the page shows it to whoever opens it")
	}
	for _, at := range []string{page + "/secret", page + "/secret/change"} {
		if got := b.Post(at, url.Values{"current_password": {"not mine"}}); got.Status != http.StatusUnprocessableEntity || got.Has(before) || secret() != before {
			t.Errorf("%s with a wrong password: %d", at, got.Status)
		}
	}
	if what := logged(); len(what) > 0 {
		t.Errorf("the log says of wrong passwords: %q", what)
	}
	if got := b.Post(page+"/secret", url.Values{"current_password": {dashboardtest.Password}}); got.Status != http.StatusOK || !got.Has(before) {
		t.Errorf("with the password: %d", got.Status)
	}
	got := b.Submit(page+"/secret/change", url.Values{"current_password": {dashboardtest.Password}})
	if now := secret(); got.Status != http.StatusOK || now == before || !got.Has(now, "7 days") || got.Has(before) {
		t.Errorf("changing it: %d", got.Status)
	}
	if what := logged(); !slices.Contains(what, "Viewed the signing secret") || !slices.Contains(what, "Changed the signing secret") || len(what) != 2 {
		t.Errorf("the log says %q", what)
	}
}
