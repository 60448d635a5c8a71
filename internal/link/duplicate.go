package link

import (
	"context"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
)

// Duplicate makes a copy that is inactive until it is saved, with everything of
// the link but path, analytics, recipients and payments. How it reminds, the
// reminder room copies.
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
	return s.CreateTx(ctx, tx, b, l.copied())
}

// copied is the draft of a copy.
func (l Link) copied() Draft {
	d := Draft{
		Name: copyName(l.Name), Type: l.Type, Amount: l.Amount, ProductID: l.ProductID, CustomerID: l.CustomerID, Description: l.Description,
		Notes: l.Notes, Reference: l.Reference, Limit: l.Limit, HideRemaining: !l.ShowRemaining, StartsAt: l.StartsAt,
		EndsAt: l.EndsAt, After: l.After, Inactive: true,
	}
	if l.PayerChooses() {
		d.PayerAmount = &Range{*l.PayerMin, *l.PayerMax, l.Suggested}
	}
	for _, t := range l.Tags {
		d.Tags = append(d.Tags, t.Name)
	}
	return d
}

// copyName marks the name, cutting it where it would get too long.
func copyName(name string) string {
	const mark = " (copy)"
	letters := []rune(name)
	return string(letters[:min(len(letters), nameRule.Most-len(mark))]) + mark
}
