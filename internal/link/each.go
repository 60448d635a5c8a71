package link

import (
	"context"

	"smartlinks/internal/business"
)

// Each hands over all links that the filter lets through, in parts of MaxPage at
// most, the newest first. Sort, Cursor and Limit of the filter don't count.
func (s *Links) Each(ctx context.Context, b business.Business, f Filter, do func(part []Link) error) error {
	newest := order{"created", true}
	where, arguments := f.where(b)
	var from cursor
	for {
		rows, err := s.listRows(ctx, where, arguments, newest, from, MaxPage, 0)
		if err != nil || len(rows) == 0 {
			return err
		}
		part := make([]Link, len(rows))
		for i, r := range rows {
			part[i] = r.link()
		}
		if err := loadTags(ctx, s.db, b.ID, part); err != nil {
			return err
		}
		if err := do(part); err != nil {
			return err
		}
		from = cursor{ID: rows[len(rows)-1].ID}
	}
}
