package link

import (
	"context"
	"errors"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/text"
)

// Get returns a link of the business with its slots in the business's mode, or
// a NotFound fault.
func (s *Links) Get(ctx context.Context, b business.Business, id ID) (Link, error) {
	return get(ctx, s.db, b, id)
}

// Untagged is Get without the tags, for who asks for these otherwise.
func (s *Links) Untagged(ctx context.Context, b business.Business, id ID) (Link, error) {
	return getUntagged(ctx, s.db, b, id)
}

// GetTx is Get inside a transaction of the caller's.
func (s *Links) GetTx(ctx context.Context, tx *db.Tx, b business.Business, id ID) (Link, error) {
	return get(ctx, tx, b, id)
}

// Match is what a path leads to: the link itself, without its tags, which are the
// merchant's and not for payers, or the path to go to.
type Match struct {
	Link       Link
	RedirectTo string
}

// ByPath finds the link of a path. Paths are case-sensitive; when none matches
// exactly, an old path or the only one that matches but for case redirects.
// Without either it is a NotFound fault.
func (s *Links) ByPath(ctx context.Context, b business.Business, path string) (Match, error) {
	r := s.Reading(b, path)
	if err := s.db.Batch(ctx, r.Statement); err != nil {
		return Match{}, err
	}
	return r.Match(ctx)
}

// Reading is a link that is read by a statement that the caller sends with others.
type Reading struct {
	Statement *db.Statement
	from      *Links
	business  business.ID
	path      string
	one       found
}

// Reading says how to read the link that a path leads to.
func (s *Links) Reading(b business.Business, path string) *Reading {
	r := &Reading{from: s, business: b.ID, path: path}
	r.Statement = db.One(&r.one, `SELECT `+rowColumns+rowTables+` AND l.path = $3`, b.ID, b.Mode, path)
	return r
}

// Match is what was read, as ByPath returns it.
func (r *Reading) Match(ctx context.Context) (Match, error) {
	if r.Statement.None {
		return r.from.elsewhere(ctx, r.business, r.path)
	}
	return Match{Link: r.one.link()}, nil
}

// elsewhere finds where a path that no link has should lead.
func (s *Links) elsewhere(ctx context.Context, businessID business.ID, path string) (Match, error) {
	var to string
	err := s.db.Get(ctx, &to, `
		SELECT l.path FROM old_paths o JOIN links l ON l.id = o.link_id AND l.deleted_at IS NULL
		WHERE o.business_id = $1 AND o.path = $2`, businessID, path)
	if err == nil {
		return Match{RedirectTo: to}, nil
	}
	if !errors.Is(err, db.ErrNoRows) {
		return Match{}, err
	}
	var alike []string
	err = s.db.Select(ctx, &alike, `
		SELECT path FROM links WHERE business_id = $1 AND path_folded = $2 AND deleted_at IS NULL LIMIT 2`,
		businessID, text.Fold(path))
	if err != nil {
		return Match{}, err
	}
	if len(alike) != 1 {
		return Match{}, errNotFound
	}
	return Match{RedirectTo: alike[0]}, nil
}
