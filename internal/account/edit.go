package account

import (
	"context"
	"errors"
	"time"

	"smartlinks/internal/audit"
	"smartlinks/internal/business"
	"smartlinks/internal/db"
)

// Edit says who saved a version of something, and when.
type Edit struct {
	By      UserID
	Program bool // saved with an API token or by an assistant, whose name it is
	Name    string
	At      time.Time
}

// NoteEdit remembers that the user saved the object, which has this version
// now. It is a courtesy to whoever has the object open in a form meanwhile: the
// last edit of each object is known, older ones are forgotten.
func (a *Accounts) RecordEdit(ctx context.Context, businessID business.ID, user UserID, object string, version int64) error {
	return a.recordEdit(ctx, businessID, string(user), object, version)
}

// RecordProgramEdit is RecordEdit for a program with the token.
func (a *Accounts) RecordProgramEdit(ctx context.Context, businessID business.ID, token TokenID, object string, version int64) error {
	return a.recordEdit(ctx, businessID, string(token), object, version)
}

func (a *Accounts) recordEdit(ctx context.Context, businessID business.ID, by, object string, version int64) error {
	return a.db.InTx(audit.Aside(ctx), func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `
			INSERT INTO edits (business_id, object, version, user_id, at) VALUES ($1, $2, $3, $4, $5)
			ON CONFLICT (business_id, object) DO UPDATE SET version = excluded.version, user_id = excluded.user_id, at = excluded.at WHERE edits.version <> excluded.version`,
			businessID, object, version, by, db.At(tx.Now()))
		return err
	})
}

// EditOf returns who saved the version of the object, and false when that is not
// known: the business itself did after a payment, or a program with many at once.
func (a *Accounts) EditOf(ctx context.Context, businessID business.ID, object string, version int64) (Edit, bool, error) {
	var r struct {
		By      UserID `db:"user_id"`
		Program bool
		Name    string
		At      db.Time
	}
	err := a.db.Get(ctx, &r, `
		SELECT e.user_id, u.id IS NULL AS program, COALESCE(u.name, t.name, g.client_name) AS name, e.at
		FROM edits e LEFT JOIN users u ON u.id = e.user_id LEFT JOIN api_tokens t ON t.id = e.user_id AND t.business_id = e.business_id
		LEFT JOIN grants g ON g.id = e.user_id AND g.business_id = e.business_id
		WHERE e.business_id = $1 AND e.object = $2 AND e.version = $3 AND (u.id IS NOT NULL OR t.id IS NOT NULL OR g.id IS NOT NULL)`, businessID, object, version)
	if errors.Is(err, db.ErrNoRows) {
		return Edit{}, false, nil
	}
	return Edit{By: r.By, Program: r.Program, Name: r.Name, At: r.At.Time}, err == nil, err
}
