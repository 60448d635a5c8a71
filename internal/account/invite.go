package account

import (
	"context"
	"errors"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/mailaddr"
	"smartlinks/internal/secret"
)

// InvitationID names an invitation: "inv_…".
type InvitationID string

// inviteLife is how long an invitation is open, inviteKept how long an expired
// one is still listed, to be sent again.
const (
	inviteLife = 7 * 24 * time.Hour
	inviteKept = 30 * 24 * time.Hour
)

// invitesPerHour bounds the mails that a business sends to strangers.
const invitesPerHour = 30

// Invitation asks somebody to become a member.
type Invitation struct {
	ID         InvitationID
	BusinessID business.ID
	Email      string
	Role       Role
	By         UserID
	InvitedBy  string // their name
	ByOwner    bool   // who is an owner now
	Language   string // chosen in the account that has this address; "" for none
	CreatedAt  time.Time
	ExpiresAt  time.Time
}

// Send brings an invitation's token to whom it is for, inside the transaction
// that stores its hash.
type Send func(ctx context.Context, tx *db.Tx, i Invitation, token string) error

// Invite invites by e-mail; inviting an address again replaces the link and the
// role. Errors: Invalid at "email" and "role", Forbidden, also for an admin where an
// owner invited this address, TooMany.
func (a *Accounts) Invite(ctx context.Context, businessID business.ID, by UserID, email string, role Role, send Send) error {
	var fields fault.Fields
	address, err := mailaddr.Parse(email)
	if refusal := (*mailaddr.Refusal)(nil); errors.As(err, &refusal) {
		fields.Add("email", refusal.Code, refusal.Message)
	}
	if !role.valid() {
		fields.Add("role", "role.unknown", "Choose a role.")
	}
	if err := fields.Err(); err != nil {
		return err
	}
	return a.invite(ctx, businessID, by, send, func(tx *db.Tx) (Invitation, string, error) {
		var member bool
		err := tx.Get(ctx, &member, `SELECT EXISTS (SELECT 1 FROM members m JOIN users u ON u.id = m.user_id
			WHERE m.business_id = $1 AND u.email_folded = $2)`, businessID, address.Folded)
		if err == nil && member {
			fields.Add("email", "email.member", "This person is a member already.")
			err = fields.Err()
		}
		return Invitation{Email: address.Typed, Role: role}, address.Folded, err
	})
}

// InviteAgain sends an invitation anew, with a new link and seven days more.
// Errors: NotFound, Forbidden, TooMany.
func (a *Accounts) InviteAgain(ctx context.Context, businessID business.ID, by UserID, id InvitationID, send Send) error {
	return a.invite(ctx, businessID, by, send, func(tx *db.Tx) (Invitation, string, error) {
		var r struct {
			Email  string `db:"email"`
			Folded string `db:"email_folded"`
			Role   Role   `db:"role"`
		}
		err := tx.Get(ctx, &r, `SELECT email, email_folded, role FROM invitations WHERE business_id = $1 AND id = $2`, businessID, id)
		if errors.Is(err, db.ErrNoRows) {
			return Invitation{}, "", fault.New(fault.NotFound, "This invitation was taken back or accepted meanwhile.")
		}
		return Invitation{Email: r.Email, Role: r.Role}, r.Folded, err
	})
}

// invite stores and sends what whom says, as by, if by may give that role.
func (a *Accounts) invite(ctx context.Context, businessID business.ID, by UserID, send Send, whom func(tx *db.Tx) (Invitation, string, error)) error {
	retryAfter, ok, err := a.Allow(ctx, "invitations of "+string(businessID), invitesPerHour, time.Hour)
	if err != nil {
		return err
	}
	if !ok {
		return tooMany(retryAfter)
	}
	token, err := secret.Token(a.random)
	if err != nil {
		return err
	}
	return a.db.InTx(ctx, func(tx *db.Tx) error {
		if err := lockTeam(ctx, tx, businessID); err != nil {
			return err
		}
		i, folded, err := whom(tx)
		if err != nil {
			return err
		}
		member, err := memberIn(ctx, tx, businessID, by)
		if err != nil {
			return err
		}
		if !member.Role.MayGive(i.Role) {
			return notYours()
		}
		if _, err := a.touchable(ctx, tx, businessID, member.Role, "i.email_folded", folded); err != nil {
			return err
		}
		if i, err = a.storeInvitation(ctx, tx, businessID, member, i, folded, secret.Hash(token)); err != nil {
			return err
		}
		if i.Language, err = chosenLanguage(ctx, tx, folded); err != nil {
			return err
		}
		return send(ctx, tx, i, token)
	})
}

func (a *Accounts) storeInvitation(ctx context.Context, tx *db.Tx, businessID business.ID, by Member, i Invitation, folded, hash string) (Invitation, error) {
	id, err := tx.NewID("inv")
	if err != nil {
		return i, err
	}
	now := a.db.Clock().Wall()
	i.BusinessID, i.InvitedBy, i.CreatedAt, i.ExpiresAt = businessID, by.Name, now, now.Add(inviteLife)
	err = tx.Get(ctx, &i.ID, `
		INSERT INTO invitations (id, business_id, email, email_folded, role, hash, invited_by, created_at, expires_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
		ON CONFLICT (business_id, email_folded) DO UPDATE SET role = excluded.role, hash = excluded.hash,
			invited_by = excluded.invited_by, created_at = excluded.created_at, expires_at = excluded.expires_at
		RETURNING id`, id, businessID, i.Email, folded, i.Role, hash, by.ID, db.At(i.CreatedAt), db.At(i.ExpiresAt))
	return i, err
}

// Uninvite takes an invitation back: its link ends. by is the member who does it.
// Errors: NotFound, Forbidden for an admin where an owner invited.
func (a *Accounts) Uninvite(ctx context.Context, businessID business.ID, by UserID, id InvitationID) error {
	return a.db.InTx(ctx, func(tx *db.Tx) error {
		if err := lockTeam(ctx, tx, businessID); err != nil {
			return err
		}
		role, err := roleOf(ctx, tx, businessID, by)
		if err != nil {
			return err
		}
		if _, err := a.touchable(ctx, tx, businessID, role, "i.id", string(id)); err != nil {
			return err
		}
		n, err := tx.Exec(ctx, `DELETE FROM invitations WHERE business_id = $1 AND id = $2`, businessID, id)
		if err == nil && n == 0 {
			return fault.New(fault.NotFound, "This invitation was taken back or accepted meanwhile.")
		}
		return err
	})
}

// invitationRow is a line of the table invitations as i, with who invites.
type invitationRow struct {
	ID         InvitationID `db:"id"`
	BusinessID business.ID  `db:"business_id"`
	Email      string       `db:"email"`
	Role       Role         `db:"role"`
	By         UserID       `db:"giver"`
	InvitedBy  string       `db:"invited_by"`
	CreatedAt  db.Time      `db:"created_at"`
	ExpiresAt  db.Time      `db:"expires_at"`
	ByOwner    bool         `db:"by_owner"`
}

const invitationColumns = `i.id, i.business_id, i.email, i.role, i.invited_by AS giver, by_user.name AS invited_by, i.created_at, i.expires_at, ` + byOwner + ` AS by_owner`

func (r invitationRow) invitation() Invitation {
	return Invitation{
		ID: r.ID, BusinessID: r.BusinessID, Email: r.Email, Role: r.Role, By: r.By, InvitedBy: r.InvitedBy,
		CreatedAt: r.CreatedAt.Time, ExpiresAt: r.ExpiresAt.Time, ByOwner: r.ByOwner,
	}
}

// Invitations returns those of a business that nobody has accepted, the newest
// first, also expired ones.
func (a *Accounts) Invitations(ctx context.Context, businessID business.ID) ([]Invitation, error) {
	var rows []invitationRow
	err := a.db.Select(ctx, &rows, `SELECT `+invitationColumns+`
		FROM invitations i JOIN users by_user ON by_user.id = i.invited_by
		WHERE i.business_id = $1 ORDER BY i.created_at DESC, i.id`, businessID)
	var list []Invitation
	for _, r := range rows {
		list = append(list, r.invitation())
	}
	return list, err
}
