package app

import (
	"slices"
	"testing"
)

// What an operator does by command stands in the audit log of the businesses that it
// is about.
func TestCommandsStandInTheAuditLog(t *testing.T) {
	installations(t, func(t *testing.T, i *installation) {
		i.must("", "token", "create", "--business", "acme", "--name", "Shop")
		i.must("", "user", "reset-password", "--email", "marit@example.com")
		i.must("another good password\n", "user", "reset-password", "--email", "marit@example.com", "--password-stdin", "--two-step-off")
		i.must("", "secrets", "rotate")
		r := i.open()
		defer r.DB.Close()
		b, _, err := r.Businesses.ByHandle(t.Context(), "acme")
		if err != nil {
			t.Fatal(err)
		}
		entries, _, err := r.Audit.List(t.Context(), b.ID, "", "")
		if err != nil {
			t.Fatal(err)
		}
		var did []string
		for _, a := range entries {
			if a.Name != "Command line" || a.Actor != "cli" {
				t.Errorf("by %q, %q: %s", a.Actor, a.Name, a.What)
			}
			did = append(did, a.What)
		}
		slices.Reverse(did)
		want := []string{
			"Set the business up", "Made an API token", "Made a link for a new password: marit", "Changed their password: marit",
			"Turned the second step off: marit", "Changed the key that seals secrets",
		}
		if !slices.Equal(did, want) {
			t.Errorf("the audit log has %q", did)
		}
		var mails int
		if err := r.DB.Get(t.Context(), &mails, `SELECT COUNT(*) FROM mails WHERE kind = 'account_changed' AND recipient = 'marit@example.com'`); err != nil || mails != 2 {
			t.Errorf("%d mails tell the owner, %v", mails, err)
		}
	})
}
