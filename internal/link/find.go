package link

import (
	"context"
	"fmt"
	"strings"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/lookup"
	"smartlinks/internal/text"
)

// Found is a link of a search.
type Found struct {
	ID     ID
	Name   string
	Path   string
	Domain string // that it chose, "" for none
	Active bool
}

const foundColumns = `SELECT id, name, path, domain, active FROM links WHERE business_id = $1 AND deleted_at IS NULL`

// Find returns at most limit links whose name or path holds every word of the
// query: those that begin with it first, then those that hold it as it is, then the
// newest. It looks in memory, so it answers while somebody types.
func (s *Links) Find(ctx context.Context, businessID business.ID, query string, limit int) ([]Found, error) {
	all := text.Words(query)
	if len(all) == 0 || limit < 1 {
		return nil, nil
	}
	names, err := s.names.Text(ctx, string(businessID))
	if err != nil {
		return nil, err
	}
	if names == nil {
		return s.findStored(ctx, businessID, all, limit)
	}
	ids, _ := names.Find(lookup.Query{Words: all, First: strings.Join(all, " "), Most: limit})
	return s.byIDs(ctx, businessID, ids)
}

// byIDs are the links of the ids, in their order, without those that are gone.
func (s *Links) byIDs(ctx context.Context, businessID business.ID, ids []string) (found []Found, err error) {
	if len(ids) == 0 {
		return nil, nil
	}
	arguments, at := []any{businessID}, map[ID]int{}
	for i, id := range ids {
		arguments, at[ID(id)] = append(arguments, id), i
	}
	var rows []Found
	if err := s.db.Select(ctx, &rows, foundColumns+` AND id IN (`+db.In(len(ids), 2)+`)`, arguments...); err != nil {
		return nil, fmt.Errorf("find links: %w", err)
	}
	inOrder := make([]Found, len(ids))
	for _, l := range rows {
		inOrder[at[l.ID]] = l
	}
	for _, l := range inOrder {
		if l.ID != "" {
			found = append(found, l)
		}
	}
	return found, nil
}

// findStored is Find for a business with too many links to be kept in memory. What begins
// with the query comes first, what holds it as it is does not come before the rest.
func (s *Links) findStored(ctx context.Context, businessID business.ID, words []string, limit int) (found []Found, err error) {
	begins := strings.TrimPrefix(text.Pattern(strings.Join(words, " ")), "%")
	arguments := []any{businessID, begins, limit}
	var where strings.Builder
	for _, word := range words {
		arguments = append(arguments, text.Pattern(word))
		fmt.Fprintf(&where, ` AND (name_folded LIKE $%[1]d ESCAPE '\' OR path_folded LIKE $%[1]d ESCAPE '\')`, len(arguments))
	}
	err = s.db.Select(ctx, &found, foundColumns+where.String()+`
		ORDER BY CASE WHEN name_folded LIKE $2 ESCAPE '\' OR path_folded LIKE $2 ESCAPE '\' THEN 0 ELSE 1 END, id DESC LIMIT $3`, arguments...)
	return found, err
}

// Newest is the link that was made last, nil without any.
func (s *Links) Newest(ctx context.Context, businessID business.ID) (*Found, error) {
	newest, err := s.Latest(ctx, businessID, 1)
	if err != nil || len(newest) == 0 {
		return nil, err
	}
	return &newest[0], nil
}

// Latest are at most limit links, those that were made last first.
func (s *Links) Latest(ctx context.Context, businessID business.ID, limit int) (latest []Found, err error) {
	err = s.db.Select(ctx, &latest, foundColumns+` ORDER BY id DESC LIMIT $2`, businessID, limit)
	return latest, err
}
