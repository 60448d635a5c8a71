package link

import (
	"context"
	"fmt"
	"strings"

	"smartlinks/internal/business"
	"smartlinks/internal/text"
)

// Found is a link of a search.
type Found struct {
	ID     ID
	Name   string
	Path   string
	Active bool
}

// maxWords is how many words a search looks for; more narrow nothing.
const maxWords = 6

// Find returns at most limit links whose name or path holds every word of the
// query: those that begin with it first, then the newest. It reads the names of
// the business's links once and nothing else, so it answers while somebody types.
func (s *Links) Find(ctx context.Context, businessID business.ID, query string, limit int) (found []Found, err error) {
	words := strings.Fields(query)
	if len(words) == 0 {
		return nil, nil
	}
	begins := strings.TrimPrefix(text.Pattern(strings.Join(words, " ")), "%")
	arguments := []any{businessID, begins, limit}
	var where strings.Builder
	for _, word := range words[:min(len(words), maxWords)] {
		arguments = append(arguments, text.Pattern(word))
		fmt.Fprintf(&where, ` AND (name_folded LIKE $%[1]d ESCAPE '\' OR path_folded LIKE $%[1]d ESCAPE '\')`, len(arguments))
	}
	err = s.db.Select(ctx, &found, `
		SELECT id, name, path, active FROM links WHERE business_id = $1 AND deleted_at IS NULL`+where.String()+`
		ORDER BY CASE WHEN name_folded LIKE $2 ESCAPE '\' OR path_folded LIKE $2 ESCAPE '\' THEN 0 ELSE 1 END, id DESC LIMIT $3`, arguments...)
	return found, err
}
