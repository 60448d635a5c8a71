package delivery

import (
	"context"

	"smartlinks/internal/db"
)

// OptOutByToken lets the reader of a message want no more of its business by
// its channel. It is NotFound for a token that nobody has.
func (s *Deliveries) OptOutByToken(ctx context.Context, token string) error {
	f, err := s.ByToken(ctx, token)
	if err != nil {
		return err
	}
	return s.DB.InTx(ctx, func(tx *db.Tx) error { return s.OptOut(ctx, tx, f.BusinessID, f.Channel, f.Address) })
}

// OptInByToken takes that back.
func (s *Deliveries) OptInByToken(ctx context.Context, token string) error {
	f, err := s.ByToken(ctx, token)
	if err != nil {
		return err
	}
	return s.DB.InTx(ctx, func(tx *db.Tx) error { return s.OptIn(ctx, tx, f.BusinessID, f.Channel, f.Address) })
}
