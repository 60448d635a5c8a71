package account

import (
	"context"
	"errors"

	"smartlinks/internal/audit"
	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/mailaddr"
	"smartlinks/internal/secret"
	"smartlinks/internal/text"
)

// Invited is an invitation as the person who got it sees it.
type Invited struct {
	Invitation
	BusinessName string
	Known        bool // the address has an account
}

// InvitedBy returns the invitation that a token is for, without using it up.
// Errors: NotFound when it is wrong, used, taken back or expired, or its giver may
// not give that role any more.
func (a *Accounts) InvitedBy(ctx context.Context, token string) (Invited, error) {
	var r struct {
		invitationRow
		BusinessName string `db:"business_name"`
		Known        bool   `db:"known"`
	}
	err := a.db.Get(ctx, &r, `SELECT `+invitationColumns+`, b.name AS business_name,
			EXISTS (SELECT 1 FROM users u WHERE u.email_folded = i.email_folded) AS known
		FROM invitations i JOIN users by_user ON by_user.id = i.invited_by JOIN businesses b ON b.id = i.business_id
		WHERE i.hash = $1 AND i.expires_at > $2 AND `+giverMay, secret.Hash(token), db.At(a.db.Clock().Wall()))
	if errors.Is(err, db.ErrNoRows) {
		return Invited{}, invitationEnded()
	}
	return Invited{Invitation: r.invitation(), BusinessName: r.BusinessName, Known: r.Known}, err
}

// Join uses the token up and makes the user a member; who is one already keeps
// their role. from is their masked address, for the audit log. Errors: NotFound.
func (a *Accounts) Join(ctx context.Context, token string, userID UserID, from string) (businessID business.ID, err error) {
	err = a.db.InTx(ctx, func(tx *db.Tx) error {
		businessID, err = a.join(ctx, tx, token, userID, from)
		return err
	})
	return businessID, err
}

// JoinNew is Join for somebody without an account, who gets one with the
// address that was invited. Errors: NotFound, Invalid at "name" and "password",
// Conflict when the address has an account.
func (a *Accounts) JoinNew(ctx context.Context, token, name, password, from string) (u User, businessID business.ID, err error) {
	invited, err := a.InvitedBy(ctx, token)
	if err != nil {
		return u, "", err
	}
	address, err := mailaddr.Parse(invited.Email)
	if err != nil {
		return u, "", err
	}
	var fields fault.Fields
	name = text.Rule{Most: 80, Required: true}.Clean("name", name, fields.Add)
	checkPassword(password, &fields, invited.Email, localPart(invited.Email))
	if err := fields.Err(); err != nil {
		return u, "", err
	}
	hash, err := a.passwords.hash(ctx, password)
	if err != nil {
		return u, "", err
	}
	err = a.db.InTx(ctx, func(tx *db.Tx) error {
		u = User{Email: address.Typed, Name: name}
		created, err := insertUser(ctx, tx, &u, address.Folded, hash)
		if err != nil {
			return err
		}
		if !created {
			return fault.New(fault.Conflict, "There is an account with this email address already. Sign in to accept the invitation.")
		}
		businessID, err = a.join(ctx, tx, token, u.ID, from)
		return err
	})
	return u, businessID, err
}

func (a *Accounts) join(ctx context.Context, tx *db.Tx, token string, userID UserID, from string) (businessID business.ID, err error) {
	var i struct {
		BusinessID business.ID `db:"business_id"`
		Role       Role        `db:"role"`
		By         UserID      `db:"invited_by"`
	}
	err = tx.Get(ctx, &i.BusinessID, `SELECT business_id FROM invitations WHERE hash = $1`, secret.Hash(token))
	if errors.Is(err, db.ErrNoRows) {
		return "", invitationEnded()
	}
	if err != nil {
		return "", err
	}
	// Who is being removed or demoted at this moment gives nothing.
	if err := lockTeam(ctx, tx, i.BusinessID); err != nil {
		return "", err
	}
	err = tx.Get(ctx, &i, `DELETE FROM invitations AS i WHERE i.hash = $1 AND i.expires_at > $2 AND `+giverMay+`
		RETURNING business_id, role, invited_by`, secret.Hash(token), db.At(a.db.Clock().Wall()))
	if errors.Is(err, db.ErrNoRows) {
		return "", invitationEnded()
	}
	if err != nil {
		return "", err
	}
	n, err := tx.Exec(ctx, `INSERT INTO members (business_id, user_id, role, created_at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (business_id, user_id) DO NOTHING`, i.BusinessID, userID, i.Role, db.At(tx.Now()))
	if err != nil || n == 0 {
		return i.BusinessID, err
	}
	joined, err := memberIn(ctx, tx, i.BusinessID, userID)
	if err != nil {
		return "", err
	}
	giver, err := userByID(ctx, tx, i.By)
	if err != nil {
		return "", err
	}
	return i.BusinessID, a.log.Record(ctx, tx, i.BusinessID, audit.Entry{
		Actor: string(userID), Name: joined.Name, What: joinedWords[i.Role].Of(giver.Name), Object: string(userID), Address: from,
	})
}

// joinedWords say it in the audit log.
var joinedWords = map[Role]audit.Sentence{Owner: audit.JoinedAsOwner, Admin: audit.JoinedAsAdmin, Staff: audit.JoinedAsStaff}

func invitationEnded() error {
	return fault.New(fault.NotFound, "This invitation has been used, taken back or is too old. Ask for a new one.")
}
