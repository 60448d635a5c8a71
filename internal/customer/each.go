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
	for from := (place{}); ; {
		part, err := s.listRows(ctx, s.db, where, arguments, Newest, from, MaxPage)
		if err != nil || len(part) == 0 {
			return err
		}
		if err := loadTags(ctx, s.db, businessID, part); err != nil {
			return err
		}
		if err := do(part); err != nil {
			return err
		}
		from = placeOf(part[len(part)-1], Newest, false)
	}
}

// listRows reads customers behind a place of the list, or before it.
func (s *Customers) listRows(ctx context.Context, r db.Reader, where string, arguments []any, sort Sort, from place, limit int) (list []Customer, err error) {
	order, compare := `DESC`, `<`
	if from.back != (sort == Oldest || sort == ByName) {
		order, compare = `ASC`, `>`
	}
	by := `c.id ` + order
	if sort.byName() {
		by = `c.name_folded ` + order + `, ` + by
	}
	switch arguments = append(arguments, from.id); {
	case from.id == "":
		arguments = arguments[:len(arguments)-1]
	case sort.byName():
		arguments = append(arguments, from.name)
		where += fmt.Sprintf(` AND (c.name_folded, c.id) %s ($%d, $%d)`, compare, len(arguments), len(arguments)-1)
	default:
		where += fmt.Sprintf(` AND c.id %s $%d`, compare, len(arguments))
	}
	arguments = append(arguments, limit)
	err = r.Select(ctx, &list, fmt.Sprintf(`SELECT %s FROM customers c%s ORDER BY %s LIMIT $%d`, columns.List("c"), where, by, len(arguments)), arguments...)
	if err != nil {
		return nil, fmt.Errorf("list customers: %w", err)
	}
	return list, nil
}
