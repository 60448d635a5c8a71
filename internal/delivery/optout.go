package delivery

import (
	"context"

	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/message"
	"smartlinks/internal/message/texting"
)

// OptOutByToken lets the reader of a message want no more of its business by its
// channel. The token is the one of /s/. It is NotFound for a token that nobody has.
func (s *Deliveries) OptOutByToken(ctx context.Context, token string) error {
	f, err := s.ByOptOutToken(ctx, token)
	if err != nil {
		return err
	}
	return s.DB.InTx(ctx, func(tx *db.Tx) error { return s.OptOut(ctx, tx, f.BusinessID, f.Channel, f.Address) })
}

// HasOptedOut reports whether the reader of a message wants no more of them.
func (s *Deliveries) HasOptedOut(ctx context.Context, f Found) (out bool, err error) {
	err = s.DB.Get(ctx, &out, `SELECT EXISTS (SELECT 1 FROM suppressions WHERE business_id = $1 AND channel = $2 AND address = $3 AND cause = 'opt_out')`,
		f.BusinessID, f.Channel, folded(f.Channel, f.Address))
	return out, err
}

// CanOptIn reports whether a token of /s/ takes an opting out back. Messages from before
// it had one of its own carry the pay link's in its place, which merchants and whoever a
// link was forwarded to hold: it opts out, where it does little harm and must go on
// working in mails that are out, and nothing else.
func (s *Deliveries) CanOptIn(ctx context.Context, token string) (can bool, err error) {
	err = s.DB.Get(ctx, &can, `SELECT EXISTS (SELECT 1 FROM deliveries WHERE stop_token = $1 AND token <> $1)`, token)
	return can, err
}

// OptInByToken takes that back. It is Forbidden where CanOptIn says no.
func (s *Deliveries) OptInByToken(ctx context.Context, token string) error {
	f, err := s.ByOptOutToken(ctx, token)
	if err != nil {
		return err
	}
	can, err := s.CanOptIn(ctx, token)
	if err != nil {
		return err
	}
	if !can {
		return fault.New(fault.Forbidden, "This link only stops messages. Ask the business to write to you again.")
	}
	return s.DB.InTx(ctx, func(tx *db.Tx) error { return s.OptIn(ctx, tx, f.BusinessID, f.Channel, f.Address) })
}

// onAnswer does what people ask for who answer an SMS: STOP, or START again.
func (s *Deliveries) onAnswer(ctx context.Context, tx *db.Tx, a texting.Answer) error {
	if a.Stop {
		return s.OptOut(ctx, tx, a.BusinessID, message.BySMS, a.From)
	}
	return s.OptIn(ctx, tx, a.BusinessID, message.BySMS, a.From)
}
