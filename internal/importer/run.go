package importer

import (
	"context"
	"encoding/json"
	"errors"

	"smartlinks/internal/business"
	"smartlinks/internal/customer"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/publish"
)

// progressEvery is after how many lines those who look on are told.
const progressEvery = 20

// Continue makes the lines that have not had their turn, each in a transaction
// of its own, and ends the import. Whoever continues it at the same time, or
// after a crash, makes nothing twice: a line is claimed by the transaction that
// makes it.
func (s *Imports) Continue(ctx context.Context, businessID business.ID, id ID) error {
	b, err := s.Businesses.ByID(ctx, businessID)
	if err != nil {
		return err
	}
	i, err := s.Get(ctx, businessID, id)
	if err != nil || i.State != Running {
		return err
	}
	for turn := range i.turns() {
		going, left, err := s.takeTurn(ctx, b, i, turn)
		if err != nil || !going {
			return err
		}
		if !left {
			break
		}
	}
	return s.end(ctx, businessID, id, Done)
}

// takeTurn makes the lines of a turn. It reports whether the import goes on, and whether
// lines are left for a later turn.
func (s *Imports) takeTurn(ctx context.Context, b business.Business, i Import, turn int) (going, left bool, err error) {
	after := int64(0)
	for {
		rows, err := s.rows(ctx, b.ID, i.ID, waiting, after, rowsAtOnce)
		if err != nil || len(rows) == 0 {
			return true, left, err
		}
		for _, r := range rows {
			after = r.Line
			if ready, err := s.ready(ctx, s.DB, b, i, r, turn, nil); err != nil {
				return false, left, err
			} else if !ready {
				left = true
				continue
			}
			if going, err := s.take(ctx, b, i, r); err != nil || !going {
				return going, left, err
			}
		}
	}
}

// take makes a line, or notes why it can't be made. It reports false when the
// import was stopped.
func (s *Imports) take(ctx context.Context, b business.Business, i Import, r Row) (going bool, err error) {
	var v verdict
	err = s.DB.InTx(ctx, func(tx *db.Tx) (err error) {
		if going, err = claim(ctx, tx, b.ID, i.ID, r.Line); err != nil || !going {
			return err
		}
		alike, err := s.alike(ctx, tx, b, i, r)
		if err != nil {
			return err
		}
		if v, err = s.judge(ctx, tx, b, i, r, alike, nil); err != nil {
			return err
		}
		if err := s.do(ctx, tx, b, &v); err != nil {
			return err
		}
		return note(ctx, tx, b.ID, i.ID, r, v)
	})
	if err == nil {
		return going, nil
	}
	// What another did at this very moment, or a rule that only making it knows.
	// Nothing of the line was kept; it is noted by itself.
	if refused := v.refuse(nil, err); refused != nil {
		return false, refused
	}
	v.outcome = failed
	err = s.DB.InTx(ctx, func(tx *db.Tx) (err error) {
		if going, err = claim(ctx, tx, b.ID, i.ID, r.Line); err != nil || !going {
			return err
		}
		return note(ctx, tx, b.ID, i.ID, r, v)
	})
	return going, err
}

// claim takes a waiting line for the transaction, while the import runs.
// Another who wants it waits, and then finds it done: that is no reason to end.
func claim(ctx context.Context, tx *db.Tx, businessID business.ID, id ID, line int64) (bool, error) {
	n, err := tx.Exec(ctx, `
		UPDATE import_rows SET problems = '' WHERE business_id = $1 AND import_id = $2 AND line = $3 AND state = 'waiting'
			AND EXISTS (SELECT 1 FROM imports WHERE business_id = $1 AND id = $2 AND state = 'running')`, businessID, id, line)
	return n == 1, err
}

// do makes what the verdict says.
func (s *Imports) do(ctx context.Context, tx *db.Tx, b business.Business, v *verdict) error {
	switch {
	case v.outcome == updated:
		_, err := s.Customers.EditTx(ctx, tx, b, customer.ID(v.known), 0, v.values.edit)
		return err
	case v.outcome != created:
		return nil
	case v.past.BusinessID != "":
		return s.takePast(ctx, tx, b, v)
	case v.link.Name != "":
		made, err := s.Publish.CreateTx(ctx, tx, b, v.link, publish.With{})
		v.known = string(made.Link.ID)
		return err
	default:
		c, err := s.Customers.CreateTx(ctx, tx, b, v.customer)
		v.known = string(c.ID)
		return err
	}
}

// note writes down what became of a line. Only one that failed keeps its words,
// so that they can be mended.
func note(ctx context.Context, tx *db.Tx, businessID business.ID, id ID, r Row, v verdict) error {
	cells, problems := "", ""
	if v.outcome == failed {
		list, err := json.Marshal(v.problems)
		if err != nil {
			return err
		}
		cells, problems = encode(r.Cells), string(list)
	}
	_, err := tx.Exec(ctx, `
		UPDATE import_rows SET state = $4, cells = $5, problems = $6, fingerprint = $7, object_id = $8
		WHERE business_id = $1 AND import_id = $2 AND line = $3`,
		businessID, id, r.Line, v.outcome, cells, problems, v.fingerprint, v.known)
	if r.Line%progressEvery == 0 {
		tx.Notify(Topic, string(id))
	}
	return err
}

// ContinueDue continues every import that is running: for whoever must know that
// all is made, such as the test clock.
func (s *Imports) ContinueDue(ctx context.Context) error {
	var open []running
	if err := s.DB.Select(ctx, &open, `SELECT business_id, id FROM imports WHERE state = 'running' ORDER BY id`); err != nil {
		return err
	}
	var all error
	for _, i := range open {
		err := s.Continue(ctx, i.BusinessID, i.ID)
		if fault.Is(err, fault.NotFound) {
			err = nil
		}
		all = errors.Join(all, err)
	}
	return all
}
