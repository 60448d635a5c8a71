package business

import (
	"context"

	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/secret"
)

// Create makes a business. What is wrong with the draft, a taken handle
// included, is an Invalid fault that names the fields.
func (s *Businesses) Create(ctx context.Context, d Draft) (b Business, err error) {
	err = s.db.InTx(ctx, func(tx *db.Tx) error {
		b, err = s.CreateTx(ctx, tx, d)
		return err
	})
	return b, err
}

// CreateTx is Create inside a transaction of the caller's.
func (s *Businesses) CreateTx(ctx context.Context, tx *db.Tx, d Draft) (Business, error) {
	b := d.business()
	if err := b.clean(); err != nil {
		return Business{}, err
	}
	id, err := tx.NewID("biz")
	if err != nil {
		return Business{}, err
	}
	b.ID = ID(id)
	sealed, err := s.newSigningSecret(b.ID)
	if err != nil {
		return Business{}, err
	}
	free, err := insert(ctx, tx, b, sealed)
	if err != nil {
		return Business{}, err
	}
	if !free {
		var fields fault.Fields
		addTaken(b.Handle, &fields)
		return Business{}, fields.Err()
	}
	if err := takeHandle(ctx, tx, b.ID, b.Handle); err != nil {
		return Business{}, err
	}
	tx.Notify("business", id)
	r, err := byID(ctx, tx, b.ID)
	if err != nil {
		return Business{}, err
	}
	return s.business(r), nil
}

func (s *Businesses) newSigningSecret(id ID) (sealed string, err error) {
	plain, err := secret.Token(s.db.Random())
	if err != nil {
		return "", err
	}
	return s.sealer.Seal([]byte(plain), signingContext(id))
}
