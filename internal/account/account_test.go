package account_test

import (
	"crypto/rand"
	"strings"
	"testing"

	"smartlinks/internal/account"
	"smartlinks/internal/business"
	"smartlinks/internal/business/businesstest"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/fault"
)

const password = "correct horse battery"

func accounts(d *db.DB) *account.Accounts { return account.New(d, rand.Reader, true) }

// owner makes jonas@example.com the owner of a new business.
func owner(t *testing.T, d *db.DB, handle string) (business.Business, account.User) {
	t.Helper()
	b := businesstest.Make(t, d, handle)
	u, err := accounts(d).CreateOwner(t.Context(), b.ID, account.OwnerDraft{Name: "Jonas", Email: "Jonas@example.com", Password: password})
	if err != nil {
		t.Fatal(err)
	}
	return b, u
}

func TestOwnersAreMembersAndSignIn(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b, u := owner(t, d, "acme")
		a := accounts(d)
		for _, typed := range []string{"Jonas@example.com", " jonas@EXAMPLE.com "} {
			if got, err := a.SignIn(t.Context(), account.Visitor{IP: "192.0.2.1"}, typed, password); err != nil || got != u {
				t.Errorf("%q: got %+v, %v", typed, got, err)
			}
		}
		if got, err := a.UserByID(t.Context(), u.ID); err != nil || got != u {
			t.Errorf("got %+v, %v", got, err)
		}
		m, err := a.Member(t.Context(), b.ID, u.ID)
		if err != nil || m.Role != account.Owner || m.User != u || m.BusinessID != b.ID {
			t.Errorf("got %+v, %v", m, err)
		}
	})
}

func TestOneOwnerOfTwoBusinessesGivesTheSamePassword(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		first, u := owner(t, d, "first")
		second := businesstest.Make(t, d, "second")
		a := accounts(d)
		_, err := a.CreateOwner(t.Context(), second.ID, account.OwnerDraft{Email: "jonas@example.com", Password: "another password"})
		if !fault.Is(err, fault.Invalid) || fault.Of(err).Fields[0].Code != "password.other" {
			t.Errorf("with another password: %v", err)
		}
		if _, err := a.Member(t.Context(), second.ID, u.ID); !fault.Is(err, fault.NotFound) {
			t.Errorf("became a member all the same: %v", err)
		}
		same, err := a.CreateOwner(t.Context(), second.ID, account.OwnerDraft{Email: "JONAS@example.com", Password: password})
		if err != nil || same != u {
			t.Errorf("got %+v, %v", same, err)
		}
		list, err := a.Memberships(t.Context(), u.ID)
		if err != nil || len(list) != 2 || list[0].Handle != "first" || list[0].BusinessID != first.ID || list[1].Name != "Business second" {
			t.Errorf("got %+v, %v", list, err)
		}
	})
}

func TestOwnerAndBusinessAreMadeTogetherOrNotAtAll(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		a := accounts(d)
		prepared, err := a.PrepareOwner(t.Context(), account.OwnerDraft{Email: "jonas@example.com", Password: password})
		if err != nil {
			t.Fatal(err)
		}
		setup := func(handle string) error {
			return d.InTx(t.Context(), func(tx *db.Tx) error {
				b, err := businesstest.New(t, d).CreateTx(t.Context(), tx, business.Draft{Name: "A", Handle: handle})
				if err != nil {
					return err
				}
				_, err = a.CreateOwnerTx(t.Context(), tx, b.ID, prepared)
				return err
			})
		}
		if err := setup("acme"); err != nil {
			t.Fatal(err)
		}
		if err := setup("other"); !fault.Is(err, fault.Conflict) { // the address exists by now
			t.Errorf("got %v", err)
		}
		if list, err := businesstest.New(t, d).List(t.Context()); err != nil || len(list) != 1 {
			t.Errorf("got %v, %v", list, err)
		}
	})
}

func TestWeakOwnersAreRefused(t *testing.T) {
	d := dbtest.SQLite(t)
	b := businesstest.Make(t, d, "acme")
	for _, c := range []struct{ email, password, want string }{
		{"jonas@example", password, "email.incomplete"},
		{"", password, "email.missing"},
		{"jonas@example.com", "short77", "password.short"},
		{"jonas@example.com", "Password1", "password.common"},
		{"jonas@example.com", "zzzzzzzzzzzz", "password.common"},
		{"jonas@example.com", "ääääääääää", "password.common"},
		{"jonas@example.com", "JONAS@example.com", "password.common"},
		{"jonas@example.com", strings.Repeat("long ", 200), "password.long"},
		{"x", "x", "email.incomplete password.short"},
	} {
		_, err := accounts(d).CreateOwner(t.Context(), b.ID, account.OwnerDraft{Email: c.email, Password: c.password})
		var got []string
		for _, f := range fault.Of(err).Fields {
			got = append(got, f.Code)
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s, %.20s: got %v, %v", c.email, c.password, got, err)
		}
	}
	var users int
	if err := d.Get(t.Context(), &users, `SELECT COUNT(*) FROM users`); err != nil || users != 0 {
		t.Errorf("%d were stored, %v", users, err)
	}
}

// Letters beyond ASCII are one character each, as the sentence of the limit says.
func TestTheLengthOfAPasswordIsInCharacters(t *testing.T) {
	d := dbtest.SQLite(t)
	a, b := accounts(d), businesstest.Make(t, d, "acme")
	long := strings.Repeat("كلمة سر طويلة ", 36) // 504 characters
	if _, err := a.CreateOwner(t.Context(), b.ID, account.OwnerDraft{Email: "jonas@example.com", Password: long}); err != nil {
		t.Fatal(err)
	}
	if _, err := a.SignIn(t.Context(), account.Visitor{IP: "192.0.2.1"}, "jonas@example.com", long); err != nil {
		t.Error(err)
	}
}

func TestSignInTellsNeitherWhatIsWrong(t *testing.T) {
	d := dbtest.SQLite(t)
	owner(t, d, "acme")
	a := accounts(d)
	_, wrong := a.SignIn(t.Context(), account.Visitor{IP: "192.0.2.1"}, "jonas@example.com", "wrong password")
	_, unknown := a.SignIn(t.Context(), account.Visitor{IP: "192.0.2.1"}, "nobody@example.com", password)
	_, nonsense := a.SignIn(t.Context(), account.Visitor{IP: "192.0.2.1"}, "'; DROP TABLE users", "")
	_, long := a.SignIn(t.Context(), account.Visitor{IP: "192.0.2.1"}, "jonas@example.com", strings.Repeat("x", 1<<20))
	for _, err := range []error{wrong, unknown, nonsense, long} {
		if !fault.Is(err, fault.Unauthenticated) || err.Error() != wrong.Error() {
			t.Errorf("got %v", err)
		}
	}
}

// spend signs in wrongly n times; each must be let through to the password.
func spend(t *testing.T, a *account.Accounts, n int, ip, email string) {
	t.Helper()
	for range n {
		if _, err := a.SignIn(t.Context(), account.Visitor{IP: ip}, email, strings.Repeat("x", 600)); !fault.Is(err, fault.Unauthenticated) {
			t.Fatalf("got %v", err)
		}
	}
}

func TestRightPasswordsAreNeverThrottled(t *testing.T) {
	d := dbtest.SQLite(t)
	owner(t, d, "acme")
	a := accounts(d)
	for range 12 {
		if _, err := a.SignIn(t.Context(), account.Visitor{IP: "192.0.2.1"}, "jonas@example.com", password); err != nil {
			t.Fatal(err)
		}
	}
}

func TestMembersOfOthersAreNotFound(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		_, u := owner(t, d, "acme")
		other := businesstest.Make(t, d, "other")
		a := accounts(d)
		if _, err := a.Member(t.Context(), other.ID, u.ID); !fault.Is(err, fault.NotFound) {
			t.Errorf("got %v", err)
		}
		if _, err := a.UserByID(t.Context(), "usr_none"); !fault.Is(err, fault.NotFound) {
			t.Errorf("got %v", err)
		}
	})
}
