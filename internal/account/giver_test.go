package account_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"smartlinks/internal/account"
	"smartlinks/internal/audit"
	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/fault"
)

// team is a business with an owner, and others by their roles.
type team struct {
	t *testing.T
	d *db.DB
	*account.Accounts
	b     business.Business
	owner account.UserID
}

func mustTeam(t *testing.T, d *db.DB) *team {
	t.Helper()
	b, u := owner(t, d, "acme")
	return &team{t: t, d: d, Accounts: account.NewWithCost(d, d.Random(), false, account.Cost{MemoryKiB: 64, Passes: 1}), b: b, owner: u.ID}
}

// member joins by an invitation of the owner's.
func (x *team) member(name string, role account.Role) account.UserID {
	x.t.Helper()
	u, _, err := x.JoinNew(x.t.Context(), x.invited(x.owner, name+"@example.com", role), name, password, "192.0.2.xxx")
	if err != nil {
		x.t.Fatal(err)
	}
	return u.ID
}

// invited returns the token of an invitation.
func (x *team) invited(by account.UserID, email string, role account.Role) (token string) {
	x.t.Helper()
	err := x.Invite(x.t.Context(), x.b.ID, by, email, role, func(_ context.Context, _ *db.Tx, _ account.Invitation, plain string) error {
		token = plain
		return nil
	})
	if err != nil {
		x.t.Fatal(err)
	}
	return token
}

// joins tells whether somebody new is let in by the token.
func (x *team) joins(token string) bool {
	x.t.Helper()
	_, seen := x.InvitedBy(x.t.Context(), token)
	_, _, err := x.JoinNew(x.t.Context(), token, "New", password, "")
	if err != nil && !fault.Is(err, fault.NotFound) || (seen == nil) != (err == nil) {
		x.t.Fatalf("looked at: %v, joined: %v", seen, err)
	}
	return err == nil
}

// entries are the lines of the audit log, the newest first.
func (x *team) entries() string {
	x.t.Helper()
	entries, _, err := audit.New(x.d).List(x.t.Context(), x.b.ID, "", "")
	if err != nil {
		x.t.Fatal(err)
	}
	var lines []string
	for _, a := range entries {
		lines = append(lines, fmt.Sprintf("%s: %s (%s)", a.Name, a.What, a.Address))
	}
	return strings.Join(lines, "\n")
}

func TestInvitationsEndWithTheRightsOfTheirGiver(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := mustTeam(t, d)
		for n, c := range []struct {
			giver, role account.Role
			change      func(x *team, giver account.UserID) error
			opens       bool
		}{
			{account.Owner, account.Owner, nil, true},
			{account.Admin, account.Staff, nil, true},
			{account.Owner, account.Owner, to(account.Admin), false},
			{account.Owner, account.Owner, to(account.Staff), false},
			{account.Owner, account.Admin, to(account.Admin), true}, // which an admin may give
			{account.Owner, account.Admin, to(account.Staff), false},
			{account.Admin, account.Staff, to(account.Staff), false},
			{account.Admin, account.Staff, to(account.Owner), true},
			{account.Owner, account.Owner, remove, false},
			{account.Admin, account.Staff, remove, false},
			{account.Owner, account.Staff, leave, false},
		} {
			name := fmt.Sprintf("giver%d", n)
			giver := x.member(name, c.giver)
			token := x.invited(giver, fmt.Sprintf("new%d@example.com", n), c.role)
			if c.change != nil {
				if err := c.change(x, giver); err != nil {
					t.Fatal(err)
				}
			}
			listed, err := x.Invitations(t.Context(), x.b.ID)
			if err != nil || (len(listed) == 1) != c.opens {
				t.Errorf("%s gives %s: %d are listed, %v", c.giver, c.role, len(listed), err)
			}
			if opens := x.joins(token); opens != c.opens {
				t.Errorf("%s gives %s: the link opens is %v", c.giver, c.role, opens)
			}
			want := name + " had given"
			if c.opens {
				want = "New: Joined as " + string(c.role) + ", invited by " + name
			}
			if acts := x.entries(); !strings.Contains(acts, want) || !strings.Contains(acts, name+": Joined as "+string(c.giver)+", invited by Jonas (192.0.2.xxx)") {
				t.Errorf("%s gives %s: the audit log has\n%s", c.giver, c.role, acts)
			}
		}
	})
}

// to gives a member the role.
func to(role account.Role) func(*team, account.UserID) error {
	return func(x *team, who account.UserID) error {
		return x.ChangeRole(x.t.Context(), x.b.ID, x.owner, who, role, account.Ending{})
	}
}

func remove(x *team, who account.UserID) error {
	return x.RemoveMember(x.t.Context(), x.b.ID, x.owner, who, account.Ending{})
}

func leave(x *team, who account.UserID) error {
	return x.RemoveMember(x.t.Context(), x.b.ID, who, who, account.Ending{})
}

// What an invitation is worth is asked when it is accepted, whatever was forgotten
// to end before.
func TestAnInvitationAsksForItsGiverAtAcceptance(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := mustTeam(t, d)
		for n, change := range []string{`UPDATE members SET role = 'staff' WHERE user_id = $1`, `UPDATE members SET role = 'admin' WHERE user_id = $1`, `DELETE FROM members WHERE user_id = $1`} {
			giver := x.member(fmt.Sprintf("giver%d", n), account.Owner)
			token := x.invited(giver, fmt.Sprintf("new%d@example.com", n), account.Owner)
			err := d.InTx(t.Context(), func(tx *db.Tx) error {
				_, err := tx.Exec(t.Context(), change, giver)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			if x.joins(token) {
				t.Errorf("after %q it lets an owner in", change)
			}
		}
	})
}

func TestAnAdminLeavesTheInvitationsOfOwnersAlone(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := mustTeam(t, d)
		admin := x.member("admin", account.Admin)
		for n, role := range account.Roles() {
			email := fmt.Sprintf("sam%d@example.com", n)
			token := x.invited(x.owner, email, role)
			listed, err := x.Invitations(t.Context(), x.b.ID)
			if err != nil || len(listed) != 1 || !listed[0].ByOwner {
				t.Fatalf("%+v, %v", listed, err)
			}
			send := func(context.Context, *db.Tx, account.Invitation, string) error { return nil }
			for what, err := range map[string]error{
				"overwritten": x.Invite(t.Context(), x.b.ID, admin, email, account.Staff, send),
				"repeated":    x.InviteAgain(t.Context(), x.b.ID, admin, listed[0].ID, send),
				"taken back":  x.Uninvite(t.Context(), x.b.ID, admin, listed[0].ID),
			} {
				if !fault.Is(err, fault.Forbidden) {
					t.Errorf("%s of an owner is %s: %v", role, what, err)
				}
			}
			if !x.joins(token) {
				t.Errorf("%s of an owner does not open", role)
			}
		}
		token := x.invited(admin, "eve@example.com", account.Staff)
		listed, err := x.Invitations(t.Context(), x.b.ID)
		if err != nil || len(listed) != 1 || listed[0].ByOwner {
			t.Fatalf("%+v, %v", listed, err)
		}
		if err := x.Uninvite(t.Context(), x.b.ID, x.owner, listed[0].ID); err != nil || x.joins(token) {
			t.Errorf("an owner takes an admin's back: %v", err)
		}
	})
}

func TestTokensKnowTheirMakerAndEndWithThem(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := mustTeam(t, d)
		admin := x.member("Admin", account.Admin)
		staff := x.member("Staff", account.Staff)
		if _, _, err := x.CreateTokenBy(t.Context(), x.b.ID, staff, "Shop", account.Scopes{account.All}); !fault.Is(err, fault.Forbidden) {
			t.Errorf("staff makes a token: %v", err)
		}
		make := func(by account.UserID, name string) (account.Token, string) {
			made, plain, err := x.CreateTokenBy(t.Context(), x.b.ID, by, name, account.Scopes{account.All})
			if err != nil {
				t.Fatal(err)
			}
			return made, plain
		}
		ended, endedPlain := make(admin, "Ended")
		_, keptPlain := make(admin, "Kept")
		others, othersPlain := make(x.owner, "Owner's")
		mine, err := x.TokensOf(t.Context(), x.b.ID, admin)
		if err != nil || len(mine) != 2 {
			t.Fatalf("%+v, %v", mine, err)
		}
		for _, m := range mine {
			if m.MadeBy != admin || m.Maker != "Admin" || m.MakerLeft {
				t.Errorf("made by somebody else: %+v", m)
			}
		}
		session, err := x.Open(t.Context(), account.User{ID: admin}, account.Device{Agent: "Firefox"})
		if err != nil {
			t.Fatal(err)
		}
		// The owner's token is not one of those that the form may name.
		err = x.RemoveMember(t.Context(), x.b.ID, x.owner, admin, account.Ending{Tokens: []account.TokenID{ended.ID, others.ID}, Sessions: true, From: "192.0.2.xxx"})
		if err != nil {
			t.Fatal(err)
		}
		for plain, opens := range map[string]bool{endedPlain: false, keptPlain: true, othersPlain: true} {
			if _, err := x.TokenByPlain(t.Context(), plain); (err == nil) != opens {
				t.Errorf("a token, which should open: %v: %v", opens, err)
			}
		}
		if _, err := x.SignedIn(t.Context(), session); !fault.Is(err, fault.Unauthenticated) {
			t.Errorf("the session: %v", err)
		}
		all, err := x.Tokens(t.Context(), x.b.ID)
		if err != nil || len(all) != 3 {
			t.Errorf("%+v, %v", all, err)
		}
		for _, m := range all {
			if m.MakerLeft != (m.MadeBy == admin) || m.Maker == "" {
				t.Errorf("whose it is: %+v", m)
			}
		}
		acts := x.entries()
		if !strings.Contains(acts, "Jonas: Revoked an API token that Admin had made (192.0.2.xxx)") || !strings.Contains(acts, "Jonas: Signed Admin out everywhere (192.0.2.xxx)") || strings.Count(acts, "Revoked") != 1 {
			t.Errorf("the audit log has\n%s", acts)
		}
	})
}
