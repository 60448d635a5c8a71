package account_test

import (
	"strings"
	"testing"
	"time"

	"smartlinks/internal/account"
	"smartlinks/internal/business/businesstest"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/fault"
)

func TestTokensOpenUntilRevoked(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b, other := businesstest.Make(t, d, "acme"), businesstest.Make(t, d, "other")
		a := accounts(d)
		made, plain, err := a.CreateToken(t.Context(), b.ID, "Shop", account.Scopes{account.LinksRead, account.LinksWrite})
		if err != nil || !strings.HasPrefix(plain, "sl_") || len(plain) != 46 {
			t.Fatalf("got %q, %v", plain, err)
		}
		used, err := a.TokenByPlain(t.Context(), plain)
		if err != nil || used.ID != made.ID || used.BusinessID != b.ID || used.Scopes.String() != "links:read links:write" {
			t.Errorf("got %+v, %v", used, err)
		}
		for _, wrong := range []string{"", "sl_", plain[:45], plain + "x", strings.ToUpper(plain), plain[3:]} {
			if _, err := a.TokenByPlain(t.Context(), wrong); !fault.Is(err, fault.Unauthenticated) {
				t.Errorf("%q: %v", wrong, err)
			}
		}
		if err := a.RevokeToken(t.Context(), other.ID, made.ID); !fault.Is(err, fault.NotFound) {
			t.Errorf("another business revoked it: %v", err)
		}
		if _, err := a.TokenByPlain(t.Context(), plain); err != nil {
			t.Errorf("the token of the business was revoked by another: %v", err)
		}
		for range 2 {
			if err := a.RevokeToken(t.Context(), b.ID, made.ID); err != nil {
				t.Error(err)
			}
		}
		if _, err := a.TokenByPlain(t.Context(), plain); !fault.Is(err, fault.Unauthenticated) {
			t.Errorf("a revoked token opens: %v", err)
		}
		list, err := a.Tokens(t.Context(), b.ID)
		if err != nil || len(list) != 1 || list[0].RevokedAt == nil {
			t.Errorf("got %+v, %v", list, err)
		}
		if none, err := a.Tokens(t.Context(), other.ID); err != nil || len(none) != 0 {
			t.Errorf("another business lists %v, %v", none, err)
		}
	})
}

func TestTokensAreNotStoredInPlain(t *testing.T) {
	d := dbtest.SQLite(t)
	b := businesstest.Make(t, d, "acme")
	_, plain, err := accounts(d).CreateToken(t.Context(), b.ID, "Shop", account.Scopes{account.All})
	if err != nil {
		t.Fatal(err)
	}
	var hash string
	if err := d.Get(t.Context(), &hash, `SELECT hash FROM api_tokens`); err != nil || strings.Contains(hash, plain[3:]) {
		t.Errorf("stored as %s, %v", hash, err)
	}
}

func TestUseIsNotedOnceAMinute(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := businesstest.Make(t, d, "acme")
		a := accounts(d)
		_, plain, err := a.CreateToken(t.Context(), b.ID, "Shop", account.Scopes{account.All})
		if err != nil {
			t.Fatal(err)
		}
		for _, step := range []struct{ at, noted time.Duration }{
			{0, 0}, {59 * time.Second, 0}, {time.Minute, time.Minute}, {90 * time.Second, time.Minute},
		} {
			d.Clock().SetOffset(step.at)
			if _, err := a.TokenByPlain(t.Context(), plain); err != nil {
				t.Fatal(err)
			}
			list, err := a.Tokens(t.Context(), b.ID)
			if err != nil || !list[0].LastUsedAt.Equal(dbtest.Start.Add(step.noted)) {
				t.Errorf("used after %v: noted %v, %v", step.at, list[0].LastUsedAt, err)
			}
		}
	})
}

func TestScopes(t *testing.T) {
	for in, want := range map[string]string{
		"all": "all", "links:read, payments:read": "links:read payments:read",
		"": "refused", "links:delete": "refused", "ALL": "refused",
	} {
		got, err := account.ParseScopes(in)
		if (err != nil) != (want == "refused") || err == nil && got.String() != want {
			t.Errorf("%q: got %v, %v", in, got, err)
		}
	}
	some := account.Scopes{account.LinksRead}
	if !some.Allow(account.LinksRead) || some.Allow(account.LinksWrite) || some.Allow(account.All) {
		t.Error("a token opens more or less than its scopes")
	}
	if everything := (account.Scopes{account.All}); !everything.Allow(account.SandboxScope) {
		t.Error("all doesn't open everything")
	}
	d := dbtest.SQLite(t)
	b := businesstest.Make(t, d, "acme")
	_, _, err := accounts(d).CreateToken(t.Context(), b.ID, "", account.Scopes{"links:*"})
	if !fault.Is(err, fault.Invalid) || len(fault.Of(err).Fields) != 2 {
		t.Errorf("got %v", err)
	}
}
