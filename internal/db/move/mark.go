package move

import (
	"context"
	"errors"

	"smartlinks/internal/db"
)

// role is what a database is in a move.
type role string

const (
	roleSource role = "source"
	roleTarget role = "target"
)

// mark is the row of moves. A database that is in no move has none: the zero mark.
type mark struct {
	Move    string
	Role    role
	Other   string
	EndedAt *int64 // of a source that is all in the other database
}

func markOf(ctx context.Context, d db.Reader) (mark, error) {
	var m mark
	err := d.Get(ctx, &m, `SELECT move, role, other, ended_at FROM moves`)
	if errors.Is(err, db.ErrNoRows) {
		err = nil
	}
	return m, err
}

func setMark(ctx context.Context, d *db.DB, m mark) error {
	return d.InTx(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `INSERT INTO moves (id, move, role, other, began_at) VALUES (1, $1, $2, $3, $4)`,
			m.Move, m.Role, m.Other, wall(d.Clock().Wall()))
		return err
	})
}

// endSource notes that everything of the source is in the other database.
func endSource(ctx context.Context, d *db.DB) error {
	return d.InTx(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE moves SET ended_at = $1 WHERE role = 'source' AND ended_at IS NULL`, wall(d.Clock().Wall()))
		return err
	})
}

// freeTarget lets servers use the target.
func freeTarget(ctx context.Context, d *db.DB) error {
	return d.InTx(ctx, func(tx *db.Tx) error {
		if _, err := tx.Exec(ctx, `DELETE FROM moved_tables`); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `DELETE FROM moves WHERE role = 'target'`)
		return err
	})
}

// State is what a move made of a database.
type State struct {
	Other string // where the other database is, for people
	// Left is true for a database that was moved away, Begun for one from which a move
	// is under way, and Half for one that is being filled. At most one is true.
	Left, Begun, Half bool
	ended             int64
}

// Before reports whether this one was left before the other.
func (s State) Before(other State) bool { return s.ended < other.ended }

// StateOf tells whether a database may be used. It may if none of the three is true.
func StateOf(ctx context.Context, d db.Reader) (State, error) {
	m, err := markOf(ctx, d)
	state := State{Other: m.Other, Left: m.EndedAt != nil, Begun: m.Role == roleSource && m.EndedAt == nil, Half: m.Role == roleTarget}
	if state.Left {
		state.ended = *m.EndedAt
	}
	return state, err
}

// Undo lets a source be used again, whether its move has ended or not. It reports false
// for a database that is none. What happened in the other one since is not brought back:
// that is left from then on, if it is given, so that nobody is paid in both.
func Undo(ctx context.Context, d, other *db.DB) (undone bool, err error) {
	if other != nil { // first, because a database too few is mended by another Undo, and one too many is not
		if err := leave(ctx, other, d.Where()); err != nil {
			return false, err
		}
	}
	err = d.InTx(ctx, func(tx *db.Tx) error {
		n, err := tx.Exec(ctx, `DELETE FROM moves WHERE role = 'source'`)
		undone = n > 0
		return err
	})
	return undone, err
}

// leave marks a database as moved to where its business goes on. One that is marked stays as it is.
func leave(ctx context.Context, d *db.DB, goesOn string) error {
	return d.InTx(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `INSERT INTO moves (id, move, role, other, began_at, ended_at) VALUES (1, '', 'source', $1, $2, $2) ON CONFLICT DO NOTHING`,
			goesOn, wall(d.Clock().Wall()))
		return err
	})
}
