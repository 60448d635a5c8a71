package account_test

import (
	"context"
	"testing"

	"smartlinks/internal/account"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/fault"
)

func nobodyIsTold(context.Context, *db.Tx, account.Reset) error { return nil }

func TestAskingForManyAddressesIsThrottled(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		a := accounts(d)
		for i := range 20 {
			if err := a.ForgotPassword(t.Context(), "192.0.2.1", string(rune('a'+i))+"@example.com", nobodyIsTold); err != nil {
				t.Fatal(err)
			}
		}
		if err := a.ForgotPassword(t.Context(), "192.0.2.1", "z@example.com", nobodyIsTold); !fault.Is(err, fault.TooMany) {
			t.Errorf("the 21st: %v", err)
		}
		if err := a.ForgotPassword(t.Context(), "192.0.2.2", "z@example.com", nobodyIsTold); err != nil {
			t.Errorf("from elsewhere: %v", err)
		}
	})
}

func TestAnOperatorSetsAPassword(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		_, u := owner(t, d, "acme")
		a := accounts(d)
		session, err := a.Open(t.Context(), u, account.Device{Agent: "Firefox"})
		if err != nil {
			t.Fatal(err)
		}
		for email, code := range map[string]fault.Code{"nobody@example.com": fault.NotFound, "jonas@example.com": fault.Invalid} {
			if err := a.SetPassword(t.Context(), email, "short"); !fault.Is(err, code) {
				t.Errorf("%s: %v", email, err)
			}
		}
		if err := a.SetPassword(t.Context(), " Jonas@Example.com", "another password"); err != nil {
			t.Fatal(err)
		}
		if _, err := a.SignedIn(t.Context(), session); !fault.Is(err, fault.Unauthenticated) {
			t.Errorf("the session goes on: %v", err)
		}
		if _, err := a.SignIn(t.Context(), account.Visitor{IP: "192.0.2.1"}, "jonas@example.com", "another password"); err != nil {
			t.Errorf("signing in: %v", err)
		}
		// A sign-in that began with the old password ends nowhere.
		if _, err := a.Open(t.Context(), u, account.Device{}); !fault.Is(err, fault.Unauthenticated) {
			t.Errorf("a session of the old password: %v", err)
		}
	})
}

func TestAResetThatMeetsAnotherChangeIsRefused(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		_, u := owner(t, d, "acme")
		a := accounts(d)
		first, err := a.ResetFor(t.Context(), "jonas@example.com")
		if err != nil || first.User != u {
			t.Fatalf("%+v, %v", first, err)
		}
		second, err := a.ResetFor(t.Context(), "jonas@example.com")
		if err != nil {
			t.Fatal(err)
		}
		done := make(chan error, 2)
		for _, r := range []account.Reset{first, second} {
			go func() {
				done <- a.ResetPassword(context.WithoutCancel(t.Context()), r.Token, "fresh password "+r.Token[:4])
			}()
		}
		one, two := <-done, <-done
		if (one == nil) == (two == nil) {
			t.Errorf("both ended alike: %v, %v", one, two)
		}
	})
}
