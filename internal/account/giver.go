package account

import (
	"context"
	"errors"

	"smartlinks/internal/audit"
	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
)

// giverMay is true while who invited (i) is a member who may give that role: a right
// that somebody lost gives nothing any more. It is MayGive in SQL.
const giverMay = `EXISTS (SELECT 1 FROM members g WHERE g.business_id = i.business_id AND g.user_id = i.invited_by
	AND (g.role = 'owner' OR g.role = 'admin' AND i.role <> 'owner'))`

// byOwner is true while who invited (i) is an owner.
const byOwner = `EXISTS (SELECT 1 FROM members g WHERE g.business_id = i.business_id AND g.user_id = i.invited_by AND g.role = 'owner')`

// MayTouch tells whether somebody with this role may replace, repeat or take back
// the invitation: an admin leaves those of owners alone.
func (r Role) MayTouch(i Invitation) bool { return r.MayGive(i.Role) && (r == Owner || !i.ByOwner) }

// touchable returns the invitation that fits the condition on i, or a zero one. It
// refuses what a member with the role may not touch; one that is over is anybody's.
// The caller holds the team's lock.
func (a *Accounts) touchable(ctx context.Context, tx *db.Tx, businessID business.ID, role Role, condition, value string) (Invitation, error) {
	var r invitationRow
	err := tx.Get(ctx, &r, `SELECT `+invitationColumns+` FROM invitations i JOIN users by_user ON by_user.id = i.invited_by
		WHERE i.business_id = $1 AND `+condition+` = $2`, businessID, value)
	if errors.Is(err, db.ErrNoRows) {
		return Invitation{}, nil
	}
	if err != nil {
		return Invitation{}, err
	}
	i := r.invitation()
	if i.ExpiresAt.After(a.db.Clock().Wall()) && !role.MayTouch(i) {
		return Invitation{}, fault.New(fault.Forbidden, "An owner invited this person. Ask an owner to change that.")
	}
	return i, nil
}

// Ending is what else ends when somebody leaves a team or loses rights.
type Ending struct {
	Tokens   []TokenID // of those that they made
	Sessions bool      // sign them out everywhere
	From     string    // masked address of who does it, for the audit log
}

// endRights ends what outlives the role that a member had: the invitations that
// they may not give any more with the role left, "" for none, and what the other
// member chose besides. It is noted in the business's audit log.
func (a *Accounts) endRights(ctx context.Context, tx *db.Tx, by, who Member, left Role, end Ending) error {
	noted := func(what, object string) error {
		return a.log.Record(ctx, tx, by.BusinessID, audit.Entry{Actor: string(by.ID), Name: by.Name, What: what, Object: object, Address: end.From})
	}
	var ended []string
	err := tx.Select(ctx, &ended, `DELETE FROM invitations WHERE business_id = $1 AND invited_by = $2
		AND ($3 = '' OR $3 = 'staff' OR $3 = 'admin' AND role = 'owner') RETURNING id`, by.BusinessID, who.ID, string(left))
	if err != nil {
		return err
	}
	for _, id := range ended {
		if err := noted(audit.EndedInvitation.Of(who.Name), id); err != nil {
			return err
		}
	}
	for _, id := range end.Tokens {
		n, err := tx.Exec(ctx, `UPDATE api_tokens SET revoked_at = $4
			WHERE business_id = $1 AND made_by = $2 AND id = $3 AND revoked_at IS NULL`, by.BusinessID, who.ID, id, db.At(tx.Now()))
		if err != nil {
			return err
		}
		if n == 0 {
			continue
		}
		if err := noted(audit.RevokedToken.Of(who.Name), string(id)); err != nil {
			return err
		}
	}
	if !end.Sessions {
		return nil
	}
	if _, err := tx.Exec(ctx, `DELETE FROM sign_ins WHERE user_id = $1`, who.ID); err != nil {
		return err
	}
	return noted(audit.SignedOut.Of(who.Name), string(who.ID))
}

// TokensOf returns the tokens of the business that a member made and that still
// open something, the newest first.
func (a *Accounts) TokensOf(ctx context.Context, businessID business.ID, userID UserID) ([]Token, error) {
	return a.tokens(ctx, `t.business_id = $1 AND t.made_by = $2 AND t.revoked_at IS NULL`, businessID, userID)
}
