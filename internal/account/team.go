package account

import (
	"context"
	"errors"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
)

// Roles returns all roles, the one with the most rights first.
func Roles() []Role { return []Role{Owner, Admin, Staff} }

// MayManage tells who may change settings and the team: owners and admins.
func (r Role) MayManage() bool { return r == Owner || r == Admin }

// MayGive tells whether somebody with this role may give or take the other: an
// admin lets nobody become owner and touches none.
func (r Role) MayGive(other Role) bool { return r == Owner || r == Admin && other != Owner }

func (r Role) valid() bool { return r == Owner || r == Admin || r == Staff }

// Teammate is a member as the team sees them.
type Teammate struct {
	Member
	JoinedAt   time.Time
	SignedInAt time.Time // zero for never
}

// Team returns the members of a business: owners first, then by name.
func (a *Accounts) Team(ctx context.Context, businessID business.ID) ([]Teammate, error) {
	var rows []struct {
		userRow
		Role       Role    `db:"role"`
		JoinedAt   db.Time `db:"joined_at"`
		SignedInAt db.Time `db:"signed_in_at"`
	}
	err := a.db.Select(ctx, &rows, `
		SELECT `+userColumns+`, m.role, m.created_at AS joined_at, u.signed_in_at
		FROM members m JOIN users u ON u.id = m.user_id
		WHERE m.business_id = $1
		ORDER BY CASE m.role WHEN 'owner' THEN 1 WHEN 'admin' THEN 2 ELSE 3 END, lower(u.name), u.id`, businessID)
	var team []Teammate
	for _, r := range rows {
		team = append(team, Teammate{
			Member: Member{User: r.user(), BusinessID: businessID, Role: r.Role}, JoinedAt: r.JoinedAt.Time, SignedInAt: r.SignedInAt.Time,
		})
	}
	return team, err
}

// ChangeRole gives a member another role, and ends the invitations that they may
// not give with it. by is the member who does it. Errors: NotFound, Forbidden when
// by may not, Conflict for the last owner.
func (a *Accounts) ChangeRole(ctx context.Context, businessID business.ID, by, who UserID, role Role, end Ending) error {
	if !role.valid() {
		return fault.New(fault.Invalid, "Choose a role: owner, admin or staff.")
	}
	return a.changeTeam(ctx, businessID, by, who, func(tx *db.Tx, actor, now Member) error {
		if !actor.Role.MayGive(now.Role) || !actor.Role.MayGive(role) {
			return notYours()
		}
		if now.Role == role {
			tx.Unchanged(tx.Writes())
			return nil
		}
		n, err := tx.Exec(ctx, `UPDATE members SET role = $3 WHERE business_id = $1 AND user_id = $2
			AND ($3 = 'owner' OR role <> 'owner' OR `+anotherOwner+`)`, businessID, who, role)
		if err := lastOwner(n, err); err != nil {
			return err
		}
		return a.endRights(ctx, tx, actor, now, role, end)
	})
}

// RemoveMember takes a member out of the business; everybody may take out
// themselves. Their open pages end with the next request, and the invitations that
// they gave at once. Errors: NotFound, Forbidden when by may not, Conflict for the
// last owner.
func (a *Accounts) RemoveMember(ctx context.Context, businessID business.ID, by, who UserID, end Ending) error {
	return a.changeTeam(ctx, businessID, by, who, func(tx *db.Tx, actor, now Member) error {
		if by != who && !actor.Role.MayGive(now.Role) {
			return notYours()
		}
		n, err := tx.Exec(ctx, `DELETE FROM members WHERE business_id = $1 AND user_id = $2
			AND (role <> 'owner' OR `+anotherOwner+`)`, businessID, who)
		if err := lastOwner(n, err); err != nil {
			return err
		}
		return a.endRights(ctx, tx, actor, now, "", end)
	})
}

// anotherOwner is true when the business $1 has an owner besides $2.
const anotherOwner = `EXISTS (SELECT 1 FROM members o WHERE o.business_id = $1 AND o.role = 'owner' AND o.user_id <> $2)`

// changeTeam runs do with both members as they are while nobody else changes the
// team: two owners who leave at once see each other.
func (a *Accounts) changeTeam(ctx context.Context, businessID business.ID, by, who UserID, do func(tx *db.Tx, actor, now Member) error) error {
	return a.db.InTx(ctx, func(tx *db.Tx) error {
		if err := lockTeam(ctx, tx, businessID); err != nil {
			return err
		}
		for _, id := range []UserID{by, who} {
			if _, err := roleOf(ctx, tx, businessID, id); err != nil {
				return err
			}
		}
		actor, err := memberIn(ctx, tx, businessID, by)
		if err != nil {
			return err
		}
		now, err := memberIn(ctx, tx, businessID, who)
		if err != nil {
			return err
		}
		return do(tx, actor, now)
	})
}

// lockTeam makes changes of a team and of its invitations come one after another.
func lockTeam(ctx context.Context, tx *db.Tx, businessID business.ID) error {
	return tx.Lock(ctx, "team "+string(businessID))
}

func roleOf(ctx context.Context, from db.Reader, businessID business.ID, userID UserID) (role Role, err error) {
	err = from.Get(ctx, &role, `SELECT role FROM members WHERE business_id = $1 AND user_id = $2`, businessID, userID)
	if errors.Is(err, db.ErrNoRows) {
		return "", fault.New(fault.NotFound, "This person is not a member of the business any more.")
	}
	return role, err
}

func notYours() error {
	return fault.New(fault.Forbidden, "Only an owner may do that. Ask one of them.")
}

// lastOwner explains why a change of the team touched no row.
func lastOwner(rows int64, err error) error {
	if err == nil && rows == 0 {
		return fault.New(fault.Conflict, "This is the only owner. Make another member owner first.")
	}
	return err
}
