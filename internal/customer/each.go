package customer

import (
	"context"
	"fmt"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
)

// Each hands over all customers that the filter lets through, in parts of MaxPage
// at most, the newest first. Cursor and Limit of the filter don't count.
func (s *Customers) Each(ctx context.Context, businessID business.ID, f Filter, do func(part []Customer) error) error {
	where, arguments := f.where(businessID)
	for from := ID(""); ; {
		rows, err := s.listRows(ctx, s.db, where, arguments, Newest, from, false, MaxPage)
		if err != nil || len(rows) == 0 {
			return err
		}
		part := make([]Customer, len(rows))
		for i, r := range rows {
			part[i] = r.customer()
		}
		if err := loadTags(ctx, s.db, businessID, part); err != nil {
			return err
		}
		if err := do(part); err != nil {
			return err
		}
		from = rows[len(rows)-1].ID
	}
}

// listRows reads customers behind the one that is given, or before it.
func (s *Customers) listRows(ctx context.Context, r db.Reader, where string, arguments []any, sort Sort, from ID, back bool, limit int) ([]row, error) {
	order, compare := `DESC`, `<`
	if back != (sort == Oldest || sort == ByName) {
		order, compare = `ASC`, `>`
	}
	by := `c.id ` + order
	if sort == ByName || sort == FromName {
		by = `c.name_folded ` + order + `, ` + by
	}
	if from != "" {
		arguments = append(arguments, from)
		if sort == ByName || sort == FromName {
			where += fmt.Sprintf(` AND (c.name_folded, c.id) %s (SELECT name_folded, id FROM customers WHERE business_id = $1 AND id = $%d)`, compare, len(arguments))
		} else {
			where += fmt.Sprintf(` AND c.id %s $%d`, compare, len(arguments))
		}
	}
	arguments = append(arguments, limit)
	var rows []row
	err := r.Select(ctx, &rows, fmt.Sprintf(`SELECT %s FROM customers c%s ORDER BY %s LIMIT $%d`, columns, where, by, len(arguments)), arguments...)
	if err != nil {
		return nil, fmt.Errorf("list customers: %w", err)
	}
	return rows, nil
}
