package waitinglist

import (
	"context"
	"errors"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/link"
	"smartlinks/internal/mailaddr"
	"smartlinks/internal/secret"
)

// MaxQuantity bounds how many slots one entry wants.
const MaxQuantity = 100

// Join puts an address on the list of a link, and writes to it. Who is on it already stays
// where they are, waits for as many as they say now, and is written to once more, once a day
// at most; an offer that they have stays as it is. Anybody can type any
// address: the entry, above all its token, is for that address's mailbox and not to be
// shown to whoever typed it.
// Errors: Invalid with "email" and "quantity", NotFound where the link has no list or can't
// be paid at all, ErrFree when nobody need wait.
func (s *List) Join(ctx context.Context, b business.Business, id link.ID, email, language string, quantity int64) (e Entry, err error) {
	var wrong fault.Fields
	to, err := mailaddr.Parse(email)
	if refusal := new(mailaddr.Refusal); errors.As(err, &refusal) {
		wrong.Add("email", refusal.Code, refusal.Message)
	} else if err != nil {
		return Entry{}, err
	}
	if quantity < 1 || quantity > MaxQuantity {
		wrong.Add("quantity", "quantity.range", "Choose a number from 1 to 100.")
	}
	if err := wrong.Err(); err != nil {
		return Entry{}, err
	}
	err = s.DB.InTx(ctx, func(tx *db.Tx) error {
		e, err = s.join(ctx, tx, b, id, to, language, quantity)
		return err
	})
	return e, err
}

func (s *List) join(ctx context.Context, tx *db.Tx, b business.Business, id link.ID, to mailaddr.Address, language string, quantity int64) (Entry, error) {
	line, err := s.Links.LockLine(ctx, tx, b.ID, id, b.Mode)
	if err != nil {
		return Entry{}, err
	}
	l, err := s.Links.GetTx(ctx, tx, b, id)
	if err != nil {
		return Entry{}, err
	}
	if !l.WaitingList || line.Max == 0 || !l.Active || l.OffSale() || l.HasEnded(tx.Now()) {
		return Entry{}, errNoList
	}
	if err := checkQuantity(l, quantity); err != nil {
		return Entry{}, err
	}
	// Before the look at who is on the list: the answer is the same for everybody.
	if line.Waiting == 0 && line.Fits() >= quantity {
		if !l.Open(tx.Now()) { // before its start: nobody need wait then
			return Entry{}, errNoList
		}
		return Entry{}, ErrFree
	}
	var before row
	err = tx.Get(ctx, &before, `SELECT `+columns+` FROM waiting_entries WHERE business_id = $1 AND link_id = $2 AND mode = $3 AND email_folded = $4 AND state IN ('waiting', 'offered')`,
		b.ID, id, b.Mode, to.Folded)
	if err == nil {
		// Anybody can type any address: what they change is for whom the mail reaches.
		e := before.entry()
		return e, s.remind(ctx, tx, b, l, e)
	}
	if !errors.Is(err, db.ErrNoRows) {
		return Entry{}, err
	}
	e, err := s.insert(ctx, tx, b, l, to, language, quantity)
	if err != nil {
		return Entry{}, err
	}
	if err := s.Links.Wait(ctx, tx, b.ID, id, b.Mode); err != nil {
		return Entry{}, err
	}
	if _, err := s.mail(ctx, tx, b, l, e); err != nil {
		return Entry{}, err
	}
	for _, do := range s.joined {
		if err := do(ctx, tx, e); err != nil {
			return Entry{}, err
		}
	}
	// A slot may be free that was too few for all before.
	if err := s.fill(ctx, tx, b.ID, id, b.Mode); err != nil {
		return Entry{}, err
	}
	return s.Get(ctx, tx, b.ID, e.ID)
}

func (s *List) insert(ctx context.Context, tx *db.Tx, b business.Business, l link.Link, to mailaddr.Address, language string, quantity int64) (Entry, error) {
	made, err := tx.NewID("wtl")
	if err != nil {
		return Entry{}, err
	}
	token, err := secret.Token(s.DB.Random())
	if err != nil {
		return Entry{}, err
	}
	turn := l.Turn(tx.Now())
	if turn != nil {
		s.offers.DueAt(tx, *turn)
	}
	var r row
	err = tx.Get(ctx, &r, `INSERT INTO waiting_entries (id, business_id, link_id, mode, number, email, email_folded, language, quantity, state, token, due_at, created_at, updated_at)
		VALUES ($1, $2, $3, $4, (SELECT COALESCE(MAX(number), 0) + 1 FROM waiting_entries WHERE business_id = $2 AND link_id = $3 AND mode = $4), $5, $6, $7, $8, 'waiting', $9, $11, $10, $10)
		RETURNING `+columns, made, b.ID, l.ID, b.Mode, to.Typed, to.Folded, language, quantity, token, db.At(tx.Now()), db.AtPtr(turn))
	return r.entry(), err
}
