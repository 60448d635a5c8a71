package business

import (
	"context"
	"errors"
	"strings"

	"smartlinks/internal/db"
	"smartlinks/internal/fault"
)

// ByID returns a business, or a NotFound fault.
func (s *Businesses) ByID(ctx context.Context, id ID) (Business, error) {
	r, err := byID(ctx, s.db, id)
	if err != nil {
		return Business{}, orMissing(err)
	}
	return s.business(r), nil
}

// Reading is a business that is read by a statement that the caller sends with others.
type Reading struct {
	Statement *db.Statement
	from      *Businesses
	row       row
}

// Reading says how to read a business.
func (s *Businesses) Reading(id ID) *Reading {
	r := &Reading{from: s}
	r.Statement = db.One(&r.row, selectByID, id)
	return r
}

// ReadingByHandle says how to read the business that has a handle now.
func (s *Businesses) ReadingByHandle(handle string) *Reading {
	r := &Reading{from: s}
	r.Statement = db.One(&r.row, selectByHandle, handle)
	return r
}

// selectByHandle reads the business of a handle, which is $1.
const selectByHandle = `SELECT ` + columns + ` FROM businesses WHERE handle = $1`

// Business is what was read, or a NotFound fault.
func (r *Reading) Business() (Business, error) {
	if r.Statement.None {
		return Business{}, missing()
	}
	return r.from.business(r.row), nil
}

// ByIDTx is ByID inside a transaction of the caller's.
func (s *Businesses) ByIDTx(ctx context.Context, tx *db.Tx, id ID) (Business, error) {
	r, err := byID(ctx, tx, id)
	if err != nil {
		return Business{}, orMissing(err)
	}
	return s.business(r), nil
}

// ByHandle returns the business that a URL's first segment leads to. movedTo is
// the handle to redirect to when the business has another one by now, or the
// segment has capitals; else it is "".
func (s *Businesses) ByHandle(ctx context.Context, handle string) (b Business, movedTo string, err error) {
	asked := handle
	handle = strings.ToLower(handle)
	if ValidateHandle(handle) != nil {
		return Business{}, "", missing() // spares the database what can't be there
	}
	var r row
	err = s.db.Get(ctx, &r, selectByHandle, handle)
	if errors.Is(err, db.ErrNoRows) {
		err = s.db.Get(ctx, &r, `
			SELECT `+columns+` FROM businesses
			WHERE id = (SELECT business_id FROM old_handles WHERE handle = $1)`, handle)
	}
	if err != nil {
		return Business{}, "", orMissing(err)
	}
	b = s.business(r)
	if b.Handle != asked {
		movedTo = b.Handle
	}
	return b, movedTo, nil
}

// List returns all businesses of the installation, the oldest first.
func (s *Businesses) List(ctx context.Context) ([]Business, error) {
	var rows []row
	if err := s.db.Select(ctx, &rows, `SELECT `+columns+` FROM businesses ORDER BY id`); err != nil {
		return nil, err
	}
	list := make([]Business, len(rows))
	for i, r := range rows {
		list[i] = s.business(r)
	}
	return list, nil
}

func missing() error { return fault.New(fault.NotFound, "There is no such business.") }

// orMissing turns "no row" into NotFound.
func orMissing(err error) error {
	if errors.Is(err, db.ErrNoRows) {
		return missing()
	}
	return err
}
