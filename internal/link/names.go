package link

import (
	"context"
	"fmt"
	"slices"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/lookup"
	"smartlinks/internal/text"
)

// namesTopic is the notice that what a search finds links by changed.
const namesTopic = "link names"

// renamed tells all processes that a link came, went, or is found by other words.
func renamed(tx *db.Tx, businessID business.ID, id ID) {
	tx.Notify(namesTopic, lookup.Key(string(businessID), string(id)))
}

func (s *Links) onNotice(topic, key string) {
	switch topic {
	case namesTopic:
		s.names.Changed(key)
	case "*":
		s.names.Clear()
	}
}

// nameRow is what a link is found by.
type nameRow struct {
	ID         string
	NameFolded string
	PathFolded string
	Gone       bool
}

const selectNames = `SELECT id, name_folded, path_folded, deleted_at IS NOT NULL AS gone FROM links WHERE business_id = $1`

// readNames hands the cache what links of the business are found by. Deleted ones are
// gone, but their payments are still found by their names.
func (s *Links) readNames(ctx context.Context, businessID string, ids []string, put func(lookup.Row)) error {
	var rows []nameRow
	if ids == nil {
		if err := s.db.Select(ctx, &rows, selectNames+` ORDER BY id`, businessID); err != nil {
			return fmt.Errorf("read the names of links: %w", err)
		}
	}
	for some := range slices.Chunk(ids, MaxPage) {
		arguments := []any{businessID}
		for _, id := range some {
			arguments = append(arguments, id)
		}
		var part []nameRow
		if err := s.db.Select(ctx, &part, selectNames+` AND id IN (`+db.In(len(some), 2)+`)`, arguments...); err != nil {
			return fmt.Errorf("read the names of links: %w", err)
		}
		rows = append(rows, part...)
	}
	for _, r := range rows {
		put(lookup.Row{ID: r.ID, Text: r.NameFolded + lookup.Part + r.PathFolded, Gone: r.Gone})
	}
	return nil
}

// Named are the ids of the links whose name and path hold every word of the query,
// deleted ones too, the newest first. known is false when the business has too many to
// be kept in memory.
func (s *Links) Named(ctx context.Context, businessID business.ID, query string, most int) (ids []ID, known bool, err error) {
	names, err := s.names.Text(ctx, string(businessID))
	if err != nil || names == nil {
		return nil, false, err
	}
	found, _ := names.Find(lookup.Query{Words: text.Words(query), Most: most, Gone: true})
	for _, id := range found {
		ids = append(ids, ID(id))
	}
	return ids, true, nil
}

// Spelt is how the word is written in names and paths of the business's links: as it is
// when some hold it, else with another letter. The fit tells how well, 0 that there is
// nothing like it.
func (s *Links) Spelt(ctx context.Context, businessID business.ID, word string) (spelt string, fit int, err error) {
	names, err := s.names.Text(ctx, string(businessID))
	if err != nil || names == nil {
		return "", 0, err
	}
	spelt, fit = names.Spelt(text.Fold(word))
	return spelt, fit, nil
}
