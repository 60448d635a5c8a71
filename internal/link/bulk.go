package link

import (
	"context"
	"slices"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/tag"
	"smartlinks/internal/text"
)

// SwitchAll switches links on or off together, and returns those that were the
// other way before. What is not a link of the business is left out.
func (s *Links) SwitchAll(ctx context.Context, b business.Business, ids []ID, on bool) ([]ID, error) {
	return s.changeAll(ctx, b, ids, func(tx *db.Tx, id ID) (bool, error) {
		n, err := tx.Exec(ctx, `UPDATE links SET active = $3 WHERE business_id = $1 AND id = $2 AND active <> $3`, b.ID, id, on)
		return n > 0, err
	})
}

// TagAll gives links the tag of that name, which is made if there is none, and
// returns those that did not have it.
func (s *Links) TagAll(ctx context.Context, b business.Business, ids []ID, name string) ([]ID, error) {
	var given tag.ID
	return s.changeAll(ctx, b, ids, func(tx *db.Tx, id ID) (bool, error) {
		if given == "" {
			tags, err := s.tags.FindOrCreate(ctx, tx, b.ID, tag.OfLinks, []string{name})
			if err != nil {
				return false, err
			}
			given = tags[0].ID
		}
		n, err := tx.Exec(ctx, `INSERT INTO link_tags (business_id, link_id, tag_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`, b.ID, id, given)
		return n > 0, err
	})
}

// UntagAll takes the tag of that name from links, and returns those that had it.
func (s *Links) UntagAll(ctx context.Context, b business.Business, ids []ID, name string) ([]ID, error) {
	return s.changeAll(ctx, b, ids, func(tx *db.Tx, id ID) (bool, error) {
		n, err := tx.Exec(ctx, `DELETE FROM link_tags WHERE business_id = $1 AND link_id = $2
			AND tag_id IN (SELECT id FROM tags WHERE business_id = $1 AND kind = $3 AND name_folded = $4)`,
			b.ID, id, tag.OfLinks, text.Fold(name))
		return n > 0, err
	})
}

// changeAll changes links in one transaction, in the order of their ids, so that
// two of them never wait for each other in a circle. Each that changed is a new
// version.
func (s *Links) changeAll(ctx context.Context, b business.Business, ids []ID, change func(tx *db.Tx, id ID) (bool, error)) (changed []ID, err error) {
	if len(ids) > MaxPage {
		return nil, fault.New(fault.TooLarge, "Choose at most 100 links at once.")
	}
	ids = slices.Compact(slices.Sorted(slices.Values(ids)))
	err = s.db.InTx(ctx, func(tx *db.Tx) error {
		changed = nil
		for _, id := range ids {
			did, err := s.changeOne(ctx, tx, b, id, change)
			if err != nil {
				return err
			}
			if did {
				changed = append(changed, id)
			}
		}
		return nil
	})
	return changed, err
}

func (s *Links) changeOne(ctx context.Context, tx *db.Tx, b business.Business, id ID, change func(tx *db.Tx, id ID) (bool, error)) (bool, error) {
	writes := tx.Writes()
	err := lock(ctx, tx, b.ID, id)
	if fault.Is(err, fault.NotFound) {
		tx.Unchanged(writes)
		return false, nil
	}
	if err != nil {
		return false, err
	}
	before, err := get(ctx, tx, b, id)
	if err != nil {
		return false, err
	}
	did, err := change(tx, id)
	if err != nil {
		return false, err
	}
	if !did {
		tx.Unchanged(writes)
		return false, nil
	}
	if _, err := tx.Exec(ctx, `UPDATE links SET version = version + 1, updated_at = $3 WHERE business_id = $1 AND id = $2`, b.ID, id, db.At(tx.Now())); err != nil {
		return false, err
	}
	tx.Notify("link", string(id))
	after, err := get(ctx, tx, b, id)
	if err != nil {
		return false, err
	}
	return true, s.notifyUpdate(ctx, tx, b, before, after)
}
