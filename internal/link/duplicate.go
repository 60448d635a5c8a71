package link

import (
	"context"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
)

// Duplicate makes a copy that is inactive until it is saved, with everything of
// the link but path, analytics, recipients and payments. How it reminds,
// package publish copies.
func (s *Links) Duplicate(ctx context.Context, b business.Business, id ID) (l Link, err error) {
	err = s.db.InTx(ctx, func(tx *db.Tx) error {
		l, err = s.DuplicateTx(ctx, tx, b, id)
		return err
	})
	return l, err
}

// DuplicateTx is Duplicate inside a transaction of the caller's.
func (s *Links) DuplicateTx(ctx context.Context, tx *db.Tx, b business.Business, id ID) (Link, error) {
	l, err := get(ctx, tx, b, id)
	if err != nil {
		return Link{}, err
	}
	f := l.Fields
	f.Name, f.Path, f.Active = copyName(f.Name), "", false
	if err := dropGone(ctx, tx, b.ID, &f.WhenClosed); err != nil {
		return Link{}, err
	}
	return s.CreateTx(ctx, tx, b, f)
}

// copyName marks the name, cutting it where it would get too long.
func copyName(name string) string {
	const mark = " (copy)"
	letters := []rune(name)
	return string(letters[:min(len(letters), nameRule.Most-len(mark))]) + mark
}
