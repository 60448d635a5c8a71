package account

import (
	"context"
	"errors"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
)

// Edit says who saved a version of something, and when.
type Edit struct {
	By   UserID
	Name string
	At   time.Time
}

// NoteEdit remembers that the user saved the object, which has this version
// now. It is a courtesy to whoever has the object open in a form meanwhile: the
// last edit of each object is known, older ones are forgotten.
func (a *Accounts) NoteEdit(ctx context.Context, businessID business.ID, user UserID, object string, version int64) error {
	return a.db.InTx(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `
			INSERT INTO edits (business_id, object, version, user_id, at) VALUES ($1, $2, $3, $4, $5)
			ON CONFLICT (business_id, object) DO UPDATE SET version = excluded.version, user_id = excluded.user_id, at = excluded.at`,
			businessID, object, version, user, db.At(tx.Now()))
		return err
	})
}

// EditOf returns who saved the version of the object, and false when no member
// did: a program by the API, or the business itself after a payment.
func (a *Accounts) EditOf(ctx context.Context, businessID business.ID, object string, version int64) (Edit, bool, error) {
	var r struct {
		By   UserID `db:"user_id"`
		Name string
		At   db.Time
	}
	err := a.db.Get(ctx, &r, `
		SELECT e.user_id, u.name, e.at FROM edits e JOIN users u ON u.id = e.user_id
		WHERE e.business_id = $1 AND e.object = $2 AND e.version = $3`, businessID, object, version)
	if errors.Is(err, db.ErrNoRows) {
		return Edit{}, false, nil
	}
	return Edit{r.By, r.Name, r.At.Time}, err == nil, err
}
