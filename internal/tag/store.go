package tag

import (
	"context"

	"smartlinks/internal/db"
	"smartlinks/internal/text"
)

// row is a tag as it is stored.
type row struct {
	Tag
	NameFolded string `db:"name_folded,write"`
}

var columns = db.ColumnsOf[row]()

func (t Tag) row() row { return row{t, text.Fold(t.Name)} }

// insert gives t its id and stores it; it reports whether the name was free.
func insert(ctx context.Context, tx *db.Tx, t *Tag) (bool, error) {
	id, err := tx.NewID("tag")
	if err != nil {
		return false, err
	}
	t.ID, t.Version, t.CreatedAt = ID(id), 1, tx.Now()
	into, arguments := columns.Insert(t.row())
	n, err := tx.Exec(ctx, `INSERT INTO tags `+into+` ON CONFLICT (business_id, kind, name_folded) DO NOTHING`, arguments...)
	return n == 1, err
}

// byName returns the tag that has t's name, or db.ErrNoRows.
func byName(ctx context.Context, from db.Reader, t Tag) (found Tag, err error) {
	err = from.Get(ctx, &found, `
		SELECT `+columns.List("")+` FROM tags WHERE business_id = $1 AND kind = $2 AND name_folded = $3`,
		t.BusinessID, t.Kind, text.Fold(t.Name))
	return found, err
}
