package tag

import (
	"context"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/text"
)

const columns = `id, business_id, kind, name, color, version, created_at`

type row struct {
	ID         ID          `db:"id"`
	BusinessID business.ID `db:"business_id"`
	Kind       Kind        `db:"kind"`
	Name       string      `db:"name"`
	Color      string      `db:"color"`
	Version    int64       `db:"version"`
	CreatedAt  db.Time     `db:"created_at"`
}

func (r row) tag() Tag {
	return Tag{ID: r.ID, BusinessID: r.BusinessID, Kind: r.Kind, Name: r.Name, Color: r.Color, Version: r.Version, CreatedAt: r.CreatedAt.Time}
}

// insert gives t its id and stores it; it reports whether the name was free.
func insert(ctx context.Context, tx *db.Tx, t *Tag) (bool, error) {
	id, err := tx.NewID("tag")
	if err != nil {
		return false, err
	}
	t.ID, t.Version, t.CreatedAt = ID(id), 1, tx.Now()
	n, err := tx.Exec(ctx, `
		INSERT INTO tags (id, business_id, kind, name, name_folded, color, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (business_id, kind, name_folded) DO NOTHING`,
		t.ID, t.BusinessID, t.Kind, t.Name, text.Fold(t.Name), t.Color, db.At(t.CreatedAt))
	return n == 1, err
}

// byName returns the tag that has t's name, or db.ErrNoRows.
func byName(ctx context.Context, from db.Reader, t Tag) (Tag, error) {
	var r row
	err := from.Get(ctx, &r, `
		SELECT `+columns+` FROM tags WHERE business_id = $1 AND kind = $2 AND name_folded = $3`,
		t.BusinessID, t.Kind, text.Fold(t.Name))
	return r.tag(), err
}
