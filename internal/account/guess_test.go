package account_test

import (
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"smartlinks/internal/account"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/fault"
)

// waited lets all waits end that have begun.
func waited(t *testing.T, d *db.DB) {
	t.Helper()
	err := d.InTx(t.Context(), func(tx *db.Tx) error {
		_, err := tx.Exec(t.Context(), `UPDATE throttles SET open_at = $1`, db.At(d.Clock().Wall()))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// right signs jonas@example.com in with the right password.
func right(t *testing.T, a *account.Accounts, at account.Visitor) error {
	t.Helper()
	_, err := a.SignIn(t.Context(), at, "JONAS@example.com", password)
	return err
}

func TestWrongPasswordsFromElsewhereLockNobodyOut(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		owner(t, d, "acme")
		a := accounts(d)
		for network := range 5 {
			spend(t, a, 10, fmt.Sprintf("192.0.2.%d", network), "jonas@example.com")
			if err := right(t, a, account.Visitor{IP: fmt.Sprintf("192.0.2.%d", network)}); !fault.Is(err, fault.TooMany) {
				t.Errorf("who guessed ten times: %v", err)
			}
		}
		if err := right(t, a, account.Visitor{IP: "198.51.100.7"}); err != nil {
			t.Errorf("the owner, from another network: %v", err)
		}
	})
}

func TestWaitsGrowAndEndByThemselves(t *testing.T) {
	d := dbtest.SQLite(t)
	owner(t, d, "acme")
	a := accounts(d)
	spend(t, a, 10, "192.0.2.1", "jonas@example.com")
	for _, wait := range []string{"in a minute", "in a minute", "in 2 minutes", "in 4 minutes", "in 8 minutes", "in 15 minutes", "in 15 minutes"} {
		for range 3 { // which does not make it longer
			if err := right(t, a, account.Visitor{IP: "192.0.2.1"}); !fault.Is(err, fault.TooMany) || !strings.Contains(err.Error(), wait+".") {
				t.Fatalf("it should be %q: %v", wait, err)
			}
		}
		waited(t, d)
		spend(t, a, 1, "192.0.2.1", "jonas@example.com")
	}
	waited(t, d)
	if err := right(t, a, account.Visitor{IP: "192.0.2.1"}); err != nil {
		t.Fatalf("after the wait: %v", err)
	}
	spend(t, a, 9, "192.0.2.1", "jonas@example.com") // the right one forgave the others
	if err := right(t, a, account.Visitor{IP: "192.0.2.1"}); err != nil {
		t.Errorf("after nine: %v", err)
	}
}

func TestATrustedBrowserWaitsForNobodyElse(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		_, u := owner(t, d, "acme")
		a := accounts(d)
		token, err := a.Trust(t.Context(), u.ID, "planted by somebody")
		if err != nil || token == "planted by somebody" {
			t.Fatalf("%q, %v", token, err)
		}
		if again, err := a.Trust(t.Context(), u.ID, token); err != nil || again != token {
			t.Errorf("the same browser gets %q, %v", again, err)
		}
		desk := account.Visitor{IP: "192.0.2.1", Browser: token}
		// The same network, and a hundred others: nothing of it counts for the browser.
		spend(t, a, 10, "192.0.2.1", "jonas@example.com")
		for n := range 10 {
			spend(t, a, 9, fmt.Sprintf("203.0.113.%d", n), "jonas@example.com")
		}
		if err := right(t, a, account.Visitor{IP: "198.51.100.9"}); !fault.Is(err, fault.TooMany) {
			t.Errorf("after a hundred wrong ones a new browser: %v", err)
		}
		if err := right(t, a, desk); err != nil {
			t.Errorf("the trusted one: %v", err)
		}
		for range 10 {
			if _, err := a.SignIn(t.Context(), desk, "jonas@example.com", "wrong password"); !fault.Is(err, fault.Unauthenticated) {
				t.Fatal(err)
			}
		}
		if err := right(t, a, desk); !fault.Is(err, fault.TooMany) {
			t.Errorf("it has a bucket of its own: %v", err)
		}
		// It is trusted with one account only.
		if _, err := a.SignIn(t.Context(), account.Visitor{IP: "192.0.2.1", Browser: token}, "nobody@example.com", password); !fault.Is(err, fault.Unauthenticated) {
			t.Errorf("another account: %v", err)
		}
	})
}

func TestANewPasswordLiftsTheWaits(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		owner(t, d, "acme")
		a := accounts(d)
		spend(t, a, 10, "192.0.2.1", "jonas@example.com")
		if err := a.SetPassword(t.Context(), "jonas@example.com", "another good password"); err != nil {
			t.Fatal(err)
		}
		if _, err := a.SignIn(t.Context(), account.Visitor{IP: "192.0.2.1"}, "jonas@example.com", "another good password"); err != nil {
			t.Errorf("got %v", err)
		}
	})
}

func TestANetworkHasABucketThatRefusedTriesDoNotUse(t *testing.T) {
	d := dbtest.SQLite(t)
	owner(t, d, "acme")
	a := accounts(d)
	spend(t, a, 10, "2001:db8::1", "a@example.com")
	for range 100 {
		if _, err := a.SignIn(t.Context(), account.Visitor{IP: "2001:db8::1"}, "a@example.com", "wrong password"); !fault.Is(err, fault.TooMany) {
			t.Fatal(err)
		}
	}
	if err := right(t, a, account.Visitor{IP: "2001:db8::3"}); err != nil {
		t.Errorf("refused tries have used the network's up: %v", err)
	}
	spend(t, a, 10, "2001:db8::2", "b@example.com")
	spend(t, a, 10, "2001:db8:0:0:ffff::1", "c@example.com")
	if err := right(t, a, account.Visitor{IP: "2001:db8::3"}); !fault.Is(err, fault.TooMany) {
		t.Errorf("the same network got in: %v", err)
	}
	if err := right(t, a, account.Visitor{IP: "2001:db8:0:1::1"}); err != nil {
		t.Errorf("another network was kept out: %v", err)
	}
}

func TestGuessesSentAtOnceCountAll(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		owner(t, d, "acme")
		a := accounts(d)
		var looked atomic.Int64
		var all sync.WaitGroup
		for range 40 {
			all.Go(func() {
				_, err := a.SignIn(t.Context(), account.Visitor{IP: "192.0.2.1"}, "jonas@example.com", strings.Repeat("x", 600))
				switch {
				case fault.Is(err, fault.Unauthenticated):
					looked.Add(1)
				case !fault.Is(err, fault.TooMany):
					t.Error(err)
				}
			})
		}
		all.Wait()
		if looked.Load() != 10 {
			t.Errorf("%d were looked at", looked.Load())
		}
	})
}
