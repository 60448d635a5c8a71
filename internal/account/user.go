package account

import (
	"context"
	"errors"
	"strings"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
)

// userRow is a line of the table users.
type userRow struct {
	ID        UserID  `db:"id"`
	Email     string  `db:"email"`
	Name      string  `db:"name"`
	Hash      string  `db:"password_hash"`
	CreatedAt db.Time `db:"created_at"`
	Epoch     int64   `db:"epoch"`
	Sealed    string  `db:"totp_secret"`
	Language  string  `db:"language"`
}

// userColumns fill a userRow from the table users as u.
const userColumns = `u.id, u.email, u.name, u.password_hash, u.created_at, u.epoch, u.totp_secret, u.language`

func (r userRow) user() User {
	return User{ID: r.ID, Email: r.Email, Name: r.Name, CreatedAt: r.CreatedAt.Time, TwoStep: r.Sealed != "", Epoch: r.Epoch, Language: r.Language}
}

func userByEmail(ctx context.Context, from db.Reader, folded string) (r userRow, err error) {
	err = from.Get(ctx, &r, `SELECT `+userColumns+` FROM users u WHERE u.email_folded = $1`, folded)
	return r, err
}

func userByID(ctx context.Context, from db.Reader, id UserID) (r userRow, err error) {
	err = from.Get(ctx, &r, `SELECT `+userColumns+` FROM users u WHERE u.id = $1`, id)
	if errors.Is(err, db.ErrNoRows) {
		return r, fault.New(fault.NotFound, "This account no longer exists.")
	}
	return r, err
}

// insertUser gives u its id and reports whether the address was free.
func insertUser(ctx context.Context, tx *db.Tx, u *User, folded, hash string) (bool, error) {
	id, err := tx.NewID("usr")
	if err != nil {
		return false, err
	}
	u.ID, u.CreatedAt = UserID(id), tx.Now()
	n, err := tx.Exec(ctx, `
		INSERT INTO users (id, email, email_folded, name, password_hash, created_at)
		VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (email_folded) DO NOTHING`,
		u.ID, u.Email, folded, u.Name, hash, db.At(u.CreatedAt))
	return n == 1, err
}

// UserByID returns the user of a session, or a NotFound fault.
func (a *Accounts) UserByID(ctx context.Context, id UserID) (User, error) {
	r, err := userByID(ctx, a.db, id)
	return r.user(), err
}

// Member returns a user as member of the business, or a NotFound fault for
// whoever is none.
func (a *Accounts) Member(ctx context.Context, businessID business.ID, userID UserID) (Member, error) {
	return memberIn(ctx, a.db, businessID, userID)
}

func memberIn(ctx context.Context, from db.Reader, businessID business.ID, userID UserID) (Member, error) {
	var r struct {
		userRow
		Role Role `db:"role"`
	}
	err := from.Get(ctx, &r, `
		SELECT `+userColumns+`, m.role
		FROM members m JOIN users u ON u.id = m.user_id
		WHERE m.business_id = $1 AND m.user_id = $2`, businessID, userID)
	if errors.Is(err, db.ErrNoRows) {
		return Member{}, noMember()
	}
	return Member{User: r.user(), BusinessID: businessID, Role: r.Role}, err
}

func noMember() error {
	return fault.New(fault.NotFound, "There is no such business, or you are not a member of it.")
}

// Memberships returns the businesses that a user is a member of, by name.
func (a *Accounts) Memberships(ctx context.Context, userID UserID) ([]Membership, error) {
	var list []Membership
	err := a.db.Select(ctx, &list, `
		SELECT m.business_id, b.handle, b.name, m.role
		FROM members m JOIN businesses b ON b.id = m.business_id
		WHERE m.user_id = $1
		ORDER BY lower(b.name), b.id`, userID)
	return list, err
}

// localPart is what stands before the @.
func localPart(email string) string {
	local, _, _ := strings.Cut(strings.TrimSpace(email), "@")
	return local
}
