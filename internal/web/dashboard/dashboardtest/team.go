package dashboardtest

import (
	"testing"

	"smartlinks/internal/account"
	"smartlinks/internal/business"
)

// Member makes a member with the role, who signs in with password.
func (s *Site) Member(t testing.TB, b business.Business, email string, role account.Role) account.UserID {
	t.Helper()
	u, err := s.Accounts.CreateOwner(t.Context(), b.ID, account.OwnerDraft{Name: "Member " + email, Email: email, Password: Password})
	if err != nil {
		t.Fatal(err)
	}
	s.Exec(t, `UPDATE members SET role = $2 WHERE user_id = $1`, u.ID, role)
	return u.ID
}

func (s *Site) Role(t testing.TB, b business.Business, user account.UserID) account.Role {
	t.Helper()
	m, err := s.Accounts.Member(t.Context(), b.ID, user)
	if err != nil {
		return ""
	}
	return m.Role
}

func (s *Site) UserID(t testing.TB, email string) account.UserID {
	t.Helper()
	var id account.UserID
	if err := s.DB.Get(t.Context(), &id, `SELECT id FROM users WHERE email_folded = $1`, email); err != nil {
		t.Fatal(err)
	}
	return id
}
