package link

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"smartlinks/internal/business"
	"smartlinks/internal/customer"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/tag"
	"smartlinks/internal/text"
)

// Sort is the order of a list: a name of sortKeys, with "-" before it for the
// largest first. The empty one is the newest first.
type Sort string

// TagMode says how several tags narrow a list.
type TagMode string

// The tag modes. The empty one is AnyTag.
const (
	AnyTag  TagMode = "any"
	AllTags TagMode = "all"
)

// Filter says which links to list. Empty parts don't narrow.
type Filter struct {
	Query   string // in name and path
	Types   []Type
	Status  []Status // in the business's mode
	Tags    []string // names
	TagMode TagMode
	// Customer is whom the links are for.
	Customer customer.ID
	Sort     Sort
	Cursor   string
	Limit    int // DefaultPage when 0, MaxPage at most
}

// The sizes of a page.
const (
	DefaultPage = 25
	MaxPage     = 100
)

// Page is a part of a list. Next and Prev are the cursors of the pages behind
// and before it, empty where there is none.
type Page struct {
	Links      []Link
	Next, Prev string
	Total      int64 // of all that the filter lets through
}

// sortKeys are the expressions that a list may be sorted by.
var sortKeys = map[string]string{
	"created":  `l.id`,
	"name":     `l.name_folded`,
	"views":    `COALESCE(t.views, 0)`,
	"payments": `COALESCE(t.payments, 0)`,
	"revenue":  `COALESCE(t.revenue_minor, 0)`,
}

// textKeys are those whose values are text.
var textKeys = []string{"created", "name"}

// List returns a page of the business's links. Its cost doesn't grow with the
// number of views. A foreign cursor is an Invalid fault at "cursor".
func (s *Links) List(ctx context.Context, b business.Business, f Filter) (Page, error) {
	if f.Limit == 0 {
		f.Limit = DefaultPage
	}
	f.Limit = min(max(f.Limit, 1), MaxPage)
	order, err := f.Sort.order()
	if err != nil {
		return Page{}, err
	}
	from, err := parseCursor(f.Cursor, order)
	if err != nil {
		return Page{}, err
	}
	where, arguments := f.where(b)
	var page Page
	if err := s.db.Get(ctx, &page.Total, `SELECT COUNT(*)`+listTables+where, arguments...); err != nil {
		return Page{}, fmt.Errorf("count links: %w", err)
	}
	rows, err := s.listRows(ctx, where, arguments, order, from, f.Limit+1)
	if err != nil {
		return Page{}, err
	}
	rows = page.cut(rows, order, from, f.Limit)
	for _, r := range rows {
		page.Links = append(page.Links, r.link())
	}
	return page, loadTags(ctx, s.db, b.ID, page.Links)
}

// Count is the number of the business's links.
func (s *Links) Count(ctx context.Context, businessID business.ID) (n int64, err error) {
	err = s.db.Get(ctx, &n, `SELECT COUNT(*) FROM links WHERE business_id = $1 AND deleted_at IS NULL`, businessID)
	return n, err
}

// listTables are links with slots and totals; $1 is the business, $2 the mode.
const listTables = ` FROM links l JOIN link_slots s ON s.link_id = l.id AND s.mode = $2
	LEFT JOIN products p ON p.id = l.product_id
	LEFT JOIN tags ta ON ta.id = l.apply_tag_id LEFT JOIN tags tr ON tr.id = l.remove_tag_id
	LEFT JOIN link_totals t ON t.link_id = l.id AND t.mode = $2
	WHERE l.business_id = $1 AND l.deleted_at IS NULL`

// statusConditions are the statuses in SQL, as Link.Status has them.
var statusConditions = map[Status]string{
	Inactive:     `NOT l.active`,
	LimitReached: `(l.active AND s.capacity IS NOT NULL AND s.consumed >= s.capacity)`,
	Active:       `(l.active AND (s.capacity IS NULL OR s.consumed < s.capacity))`,
}

func (f Filter) where(b business.Business) (string, []any) {
	var where strings.Builder
	arguments := []any{b.ID, b.Mode}
	if f.Query != "" {
		arguments = append(arguments, text.Pattern(f.Query))
		fmt.Fprintf(&where, ` AND (l.name_folded LIKE $%[1]d ESCAPE '\' OR l.path_folded LIKE $%[1]d ESCAPE '\')`, len(arguments))
	}
	if len(f.Types) > 0 {
		fmt.Fprintf(&where, ` AND l.type IN (%s)`, db.In(len(f.Types), len(arguments)+1))
		for _, t := range f.Types {
			arguments = append(arguments, t)
		}
	}
	if len(f.Status) > 0 {
		var any []string
		for _, s := range f.Status {
			if condition, known := statusConditions[s]; known {
				any = append(any, condition)
			}
		}
		fmt.Fprintf(&where, ` AND (%s)`, strings.Join(append(any, `1 = 0`), ` OR `))
	}
	if f.Customer != "" {
		arguments = append(arguments, f.Customer)
		fmt.Fprintf(&where, ` AND l.customer_id = $%d`, len(arguments))
	}
	if names := foldedSet(f.Tags); len(names) > 0 {
		needed := 1
		if f.TagMode == AllTags {
			needed = len(names)
		}
		fmt.Fprintf(&where, ` AND (SELECT COUNT(*) FROM link_tags lt JOIN tags g ON g.id = lt.tag_id
			WHERE lt.link_id = l.id AND g.kind = '%s' AND g.name_folded IN (%s)) >= %d`,
			tag.OfLinks, db.In(len(names), len(arguments)+1), needed)
		for _, n := range names {
			arguments = append(arguments, n)
		}
	}
	return where.String(), arguments
}

// foldedSet are the folded names, each once.
func foldedSet(names []string) []string {
	var folded []string
	for _, n := range names {
		if n = text.Fold(strings.TrimSpace(n)); n != "" && !slices.Contains(folded, n) {
			folded = append(folded, n)
		}
	}
	return folded
}

// order is a sort, taken apart.
type order struct {
	name       string
	descending bool
}

func (s Sort) order() (order, error) {
	if s == "" {
		return order{"created", true}, nil
	}
	name, descending := strings.CutPrefix(string(s), "-")
	if _, known := sortKeys[name]; !known {
		var wrong fault.Fields
		wrong.Add("sort", "", "Sort by created, name, views, payments or revenue, with - before it for the largest first.")
		return order{}, wrong.Err()
	}
	return order{name, descending}, nil
}

// listed is a row of a list with the value it is sorted by.
type listed struct {
	row
	SortKey string
}

// listRows reads a page's rows in the direction of the cursor, and one more
// that tells whether there is another page.
func (s *Links) listRows(ctx context.Context, where string, arguments []any, o order, from cursor, limit int) ([]listed, error) {
	key, descending := sortKeys[o.name], o.descending != from.Back
	compare, direction := `>`, `ASC`
	if descending {
		compare, direction = `<`, `DESC`
	}
	if from.ID != "" {
		value := any(from.Key)
		if !slices.Contains(textKeys, o.name) {
			value = from.number()
		}
		where += fmt.Sprintf(` AND (%s, l.id) %s ($%d, $%d)`, key, compare, len(arguments)+1, len(arguments)+2)
		arguments = append(arguments, value, from.ID)
	}
	arguments = append(arguments, limit)
	var rows []listed
	err := s.db.Select(ctx, &rows, fmt.Sprintf(`SELECT %s, CAST(%s AS TEXT) AS sort_key%s%s ORDER BY %s %s, l.id %s LIMIT $%d`,
		rowColumns, key, listTables, where, key, direction, direction, len(arguments)), arguments...)
	if err != nil {
		return nil, fmt.Errorf("list links: %w", err)
	}
	return rows, nil
}

// cut takes the extra row off, puts a page that was read backwards into order,
// and makes the cursors.
func (p *Page) cut(rows []listed, o order, from cursor, limit int) []listed {
	more := len(rows) > limit
	rows = rows[:min(len(rows), limit)]
	if from.Back {
		slices.Reverse(rows)
	}
	if len(rows) == 0 {
		return nil
	}
	first, last := rows[0], rows[len(rows)-1]
	if more || from.Back {
		p.Next = cursor{Sort: o.String(), Key: last.SortKey, ID: last.ID}.String()
	}
	if from.ID != "" && (!from.Back || more) {
		p.Prev = cursor{Sort: o.String(), Key: first.SortKey, ID: first.ID, Back: true}.String()
	}
	return rows
}

func (o order) String() string {
	if o.descending {
		return "-" + o.name
	}
	return o.name
}
