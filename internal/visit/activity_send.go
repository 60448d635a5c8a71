package visit

import (
	"context"
	"fmt"

	"smartlinks/internal/db"
)

// sendsBefore finds the sends of a link, or those of one kind.
func sendsBefore(ctx context.Context, r db.Reader, businessID, targetID, mode string, kind Kind, before string, limit int) ([]Row, error) {
	only, arguments := ``, []any{targetID, mode, businessID, before, limit}
	if kind != KindAll {
		only, arguments = ` AND kind = $6`, append(arguments, string(kind))
	}
	var found []struct {
		ID   string
		Kind string
		At   db.Time
	}
	err := r.Select(ctx, &found, `SELECT id, kind, at FROM sends
		WHERE link_id = $1 AND mode = $2 AND business_id = $3 AND id < $4`+only+` ORDER BY id DESC LIMIT $5`, arguments...)
	if err != nil {
		return nil, fmt.Errorf("read sends: %w", err)
	}
	rows := make([]Row, len(found))
	for i, f := range found {
		rows[i] = Row{Kind: Kind(f.Kind), At: f.At.Time, order: f.At.Time, SendID: f.ID}
	}
	return rows, nil
}
