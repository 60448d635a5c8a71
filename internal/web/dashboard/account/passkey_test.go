package account_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/web/dashboard/dashboardtest"
)

func TestAPasskeySignsInWithoutPasswordAndCode(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		s.Business(t, "acme", "marit@example.com")
		owner := s.SignedIn(t, "marit@example.com")
		s.TurnOn(t, owner)
		phone := owner.AddPasskey(t, "Marit's phone")
		if page := owner.Get("/dashboard/acme/account"); !page.Has("Marit&#39;s phone", "never used") {
			t.Errorf("the list: %s", page.Said())
		}
		b := s.Browser(t)
		if page := b.Get("/sign-in"); !page.Has(`data-passkey-get="/sign-in/passkey/ask"`, `src="/dashboard/static/account.`) {
			t.Error("the sign-in does not offer it")
		}
		options := b.AskPasskey(t)
		if !strings.Contains(options, `"userVerification":"required"`) || strings.Contains(options, dashboardtest.B64(phone.Id)) {
			t.Errorf("the browser is asked %s", options)
		}
		if got := b.Passkey(phone.Get(options)); got.Location != "/dashboard/acme/products" {
			t.Fatalf("signing in: %d %s", got.Status, got.Said())
		}
		if page := b.Get("/dashboard/acme/account"); page.Status != http.StatusOK || !page.Has("used just now") {
			t.Errorf("afterwards: %d", page.Status)
		}
	})
}

func TestAnswersOfPasskeysAreChecked(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		s.Business(t, "acme", "marit@example.com")
		phone := s.SignedIn(t, "marit@example.com").AddPasskey(t, "Phone")
		b := s.Browser(t)
		refused := func(name string, credential string) {
			t.Helper()
			got := b.Passkey(credential)
			if got.Status == http.StatusSeeOther || got.Status >= http.StatusInternalServerError || b.Get("/dashboard/acme/links").Status == http.StatusOK {
				t.Errorf("%s: %d", name, got.Status)
			}
		}
		first := phone.Get(b.AskPasskey(t))
		refused("an answer to an older question", phone.Get(strings.Replace(b.AskPasskey(t), `"challenge":"`, `"challenge":"AAAA`, 1)))
		b.AskPasskey(t)
		refused("an answer to the question before", first)
		refused("an answer to no question", phone.Get(`{"publicKey":{"challenge":"AAAA"}}`))
		b.AskPasskey(t)
		refused("nonsense", "{}")
		b.AskPasskey(t)
		refused("nothing", "")

		stranger := dashboardtest.NewDevice(t)
		stranger.Id, stranger.User = phone.Id, phone.User
		refused("another key", stranger.Get(b.AskPasskey(t)))
		phone.Origin = "http://localhost.evil.example"
		refused("another site", phone.Get(b.AskPasskey(t)))
		phone.Origin, phone.Verified = "http://localhost", false
		refused("nobody looked at the finger", phone.Get(b.AskPasskey(t)))
		phone.Verified = true
		phone.Counter = 0 // a copy that signed less often
		refused("a copy", phone.Get(b.AskPasskey(t)))
		phone.Counter = 10
		answer := phone.Get(b.AskPasskey(t))
		if got := b.Passkey(answer); got.Status != http.StatusSeeOther {
			t.Fatalf("the true one: %d %s", got.Status, got.Said())
		}
		b = s.Browser(t)
		b.AskPasskey(t)
		refused("the same answer in another browser", answer)
	})
}

func TestARemovedPasskeyOpensNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		s.Business(t, "acme", "marit@example.com")
		s.Business(t, "zenith", "zoe@example.com")
		owner := s.SignedIn(t, "marit@example.com")
		phone := owner.AddPasskey(t, "Phone")
		found := regexp.MustCompile(`/account/passkeys/(pky_[a-z0-9]+)/remove`).FindStringSubmatch(owner.Get("/dashboard/acme/account").Body)
		if found == nil {
			t.Fatal("it can't be removed")
		}
		if got := s.SignedIn(t, "zoe@example.com").Post("/dashboard/zenith/account/passkeys/"+found[1]+"/remove", nil); got.Status != http.StatusNotFound {
			t.Errorf("a stranger removes it: %d", got.Status)
		}
		for said, wrong := range map[string]url.Values{"Enter your password.": nil, "This is not your password": {"current_password": {"guess"}}} {
			if got := owner.Post("/dashboard/acme/account/passkeys/"+found[1]+"/remove", wrong); got.Status != http.StatusUnprocessableEntity || !got.Has(said, "remove-"+found[1]+"-error") {
				t.Errorf("removing with %v: %d", wrong, got.Status)
			}
		}
		if got := owner.Post("/dashboard/acme/account/passkeys/"+found[1]+"/remove", url.Values{"current_password": {dashboardtest.Password}}); got.Status != http.StatusSeeOther {
			t.Fatalf("removing: %d", got.Status)
		}
		b := s.Browser(t)
		if got := b.Passkey(phone.Get(b.AskPasskey(t))); got.Status == http.StatusSeeOther || !got.Has("was not accepted") {
			t.Errorf("afterwards: %d %s", got.Status, got.Said())
		}
	})
}

func TestAddingAPasskeyTakesThePasswordAndAnAnswerInTime(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		s.Business(t, "acme", "marit@example.com")
		b := s.SignedIn(t, "marit@example.com")
		for _, c := range []struct{ name, password, wrong string }{{"Phone", "guess", "passkey-password"}, {" ", dashboardtest.Password, "passkey-name"}} {
			got := b.Post("/dashboard/acme/account/passkeys/begin", url.Values{"name": {c.name}, "current_password": {c.password}})
			if got.Status != http.StatusUnprocessableEntity || !got.Has(`id="`+c.wrong+`-error"`) {
				t.Errorf("%+v: %d", c, got.Status)
			}
		}
		v := dashboardtest.NewDevice(t)
		answer := v.Create(b.BeginPasskey(t, "Phone"))
		other := s.SignedIn(t, "marit@example.com")
		if got := other.Post("/dashboard/acme/account/passkeys", url.Values{"credential": {answer}}); got.Status != http.StatusUnprocessableEntity || !got.Has("Try again") {
			t.Errorf("in a session that was not asked: %d", got.Status)
		}
		if got := b.Post("/dashboard/acme/account/passkeys", url.Values{"credential": {answer}}); got.Status != http.StatusSeeOther {
			t.Fatalf("in time: %d %s", got.Status, got.Said())
		}
		if got := b.Post("/dashboard/acme/account/passkeys", url.Values{"credential": {answer}}); got.Status != http.StatusUnprocessableEntity {
			t.Errorf("again: %d", got.Status)
		}
		same := dashboardtest.NewDevice(t)
		same.Id = v.Id
		if got := b.Post("/dashboard/acme/account/passkeys", url.Values{"credential": {same.Create(b.BeginPasskey(t, "Copy"))}}); got.Status != http.StatusUnprocessableEntity || !got.Has("known already") {
			t.Errorf("a key that is known: %d %s", got.Status, got.Said())
		}
		unverified := dashboardtest.NewDevice(t)
		unverified.Verified = false
		if got := b.Post("/dashboard/acme/account/passkeys", url.Values{"credential": {unverified.Create(b.BeginPasskey(t, "Bare"))}}); got.Status != http.StatusUnprocessableEntity {
			t.Errorf("a key that asks for no finger: %d", got.Status)
		}
	})
}
