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
	"smartlinks/internal/money"
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
	Name    string // a part of the name, without regard to case
	Types   []Type
	Status  []Status // in the business's mode
	Tags    []string // names
	TagMode TagMode
	// Requests are links that were made as a payment request of PayRequest.
	Requests bool
	// Customer is whom the links are for.
	Customer customer.ID
	Overdue  bool // those alone that should have been paid by now
	Sort     Sort

	today  string
	Cursor string
	Offset int // how many to leave out, without a cursor
	Limit  int // DefaultPage when 0, MaxPage at most
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
	Sums       []Sum // of all that the filter lets through, the most links first
}

// Sum adds up the links of one currency.
type Sum struct {
	Currency money.Currency
	Links    int64
	Views    int64
	Payments int64
	ByHand   int64 // of them, recorded by members
	Revenue  int64 // minor units, gross
}

// sortKeys are the expressions that a list may be sorted by. A link without
// views has no conversion, one without a limit uses none of it: they come
// behind those that have.
var sortKeys = map[string]string{
	"created":    `l.id`,
	"name":       `l.name_folded`,
	"type":       `l.type`,
	"amount":     PriceSQL,
	"views":      `COALESCE(t.views, 0)`,
	"payments":   `COALESCE(t.payments, 0)`,
	"conversion": `CASE WHEN t.views > 0 THEN (t.payments - t.by_hand) * 1000000 / t.views ELSE -1 END`,
	"revenue":    `COALESCE(t.revenue_minor, 0)`,
	"limit":      `CASE WHEN s.capacity > 0 THEN ` + usedSQL + ` * 1000000 / s.capacity ELSE -1 END`,
	"active":     `CASE WHEN l.active THEN 1 ELSE 0 END`,
}

// textKeys are those whose values are text.
var textKeys = []string{"created", "name", "type"}

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
	f.today = s.today(b)
	where, arguments := f.where(b)
	var page Page
	if err := s.sum(ctx, &page, where, arguments); err != nil {
		return Page{}, err
	}
	rows, err := s.listRows(ctx, where, arguments, order, from, f.Limit+1, f.Offset)
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

// sum adds up what the filter lets through.
func (s *Links) sum(ctx context.Context, page *Page, where string, arguments []any) error {
	err := s.db.Select(ctx, &page.Sums, `
		SELECT l.currency, COUNT(*) AS links, CAST(COALESCE(SUM(t.views), 0) AS BIGINT) AS views,
			CAST(COALESCE(SUM(t.payments), 0) AS BIGINT) AS payments, CAST(COALESCE(SUM(t.by_hand), 0) AS BIGINT) AS by_hand, CAST(COALESCE(SUM(t.revenue_minor), 0) AS BIGINT) AS revenue`+
		sumTables(where)+where+` GROUP BY l.currency ORDER BY 2 DESC, 1`, arguments...)
	if err != nil {
		return fmt.Errorf("add links up: %w", err)
	}
	for _, one := range page.Sums {
		page.Total += one.Links
	}
	return nil
}

const (
	slotsJoin   = ` JOIN link_slots s ON s.link_id = l.id AND s.mode = $2`
	productJoin = ` LEFT JOIN products p ON p.id = l.product_id`
)

// listTables are what a list is filtered and sorted by; $1 is the business, $2
// the mode.
const listTables = ` FROM links l` + slotsJoin + productJoin + `
	LEFT JOIN link_totals t ON t.link_id = l.id AND t.mode = $2
	WHERE l.business_id = $1 AND l.deleted_at IS NULL`

// sumTables are listTables without those that the condition does not name: each costs a
// look-up for every link.
func sumTables(where string) string {
	tables := listTables
	if !strings.Contains(where, "s.") {
		tables = strings.Replace(tables, slotsJoin, "", 1)
	}
	if !strings.Contains(where, "p.") {
		tables = strings.Replace(tables, productJoin, "", 1)
	}
	return tables
}

// statusConditions are the statuses in SQL, as Link.Status has them.
var statusConditions = map[Status]string{
	Inactive:     `NOT l.active`,
	LimitReached: `(l.active AND ` + FullSQL + `)`,
	Active:       `(l.active AND NOT ` + FullSQL + `)`,
}

func (f Filter) where(b business.Business) (string, []any) {
	var where strings.Builder
	arguments := []any{b.ID, b.Mode}
	for _, word := range text.Words(f.Query) {
		arguments = append(arguments, text.Pattern(word))
		fmt.Fprintf(&where, ` AND (l.name_folded LIKE $%[1]d ESCAPE '\' OR l.path_folded LIKE $%[1]d ESCAPE '\')`, len(arguments))
	}
	if f.Name != "" {
		arguments = append(arguments, text.Pattern(f.Name))
		fmt.Fprintf(&where, ` AND l.name_folded LIKE $%d ESCAPE '\'`, len(arguments))
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
	if f.Requests {
		where.WriteString(` AND EXISTS (SELECT 1 FROM payrequest_links q WHERE q.business_id = $1 AND q.link_id = l.id AND q.call = '')`)
	}
	if f.Overdue {
		arguments = append(arguments, f.today)
		where.WriteString(` AND ` + overdueSQL(2, len(arguments)))
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
		wrong.Add("sort", "", "Sort by created, name, type, amount, views, payments, conversion, revenue, limit or active, with - before it for the largest first.")
		return order{}, wrong.Err()
	}
	return order{name, descending}, nil
}

// listed is a row of a list with the value it is sorted by.
type listed struct {
	found
	SortKey string
}

// listRows reads a page's rows in the direction of the cursor, and one more
// that tells whether there is another page.
func (s *Links) listRows(ctx context.Context, where string, arguments []any, o order, from cursor, limit, offset int) ([]listed, error) {
	query, arguments := listQuery(where, arguments, o, from, limit, offset)
	var rows []listed
	if err := s.db.Select(ctx, &rows, query, arguments...); err != nil {
		return nil, fmt.Errorf("list links: %w", err)
	}
	return rows, nil
}

// listQuery finds the page by as little as it takes, so that sorting thousands
// of links moves few bytes, and then reads those links whole.
func listQuery(where string, arguments []any, o order, from cursor, limit, offset int) (string, []any) {
	key, descending := sortKeys[o.name], o.descending != from.Back
	compare, direction := `>`, `ASC`
	if descending {
		compare, direction = `<`, `DESC`
	}
	switch {
	case from.ID == "":
	case o.name == "created": // the id is the whole key
		arguments = append(arguments, from.ID)
		where += fmt.Sprintf(` AND l.id %s $%d`, compare, len(arguments))
	default:
		value := any(from.Key)
		if !slices.Contains(textKeys, o.name) {
			value = from.number()
		}
		arguments = append(arguments, value, from.ID)
		where += fmt.Sprintf(` AND (%s, l.id) %s ($%d, $%d)`, key, compare, len(arguments)-1, len(arguments))
	}
	arguments = append(arguments, limit)
	order := fmt.Sprintf(` ORDER BY %s %s, l.id %s`, key, direction, direction)
	if o.name == "created" {
		order = ` ORDER BY l.id ` + direction
	}
	return fmt.Sprintf(`SELECT %s, CAST(page.key AS TEXT) AS sort_key FROM (SELECT l.id, %s AS key%s%s LIMIT $%d OFFSET %d) page
		JOIN links l ON l.id = page.id JOIN link_slots s ON s.link_id = l.id AND s.mode = $2
		LEFT JOIN products p ON p.id = l.product_id
		LEFT JOIN tags ta ON ta.id = l.apply_tag_id LEFT JOIN tags tr ON tr.id = l.remove_tag_id
		ORDER BY page.key %s, page.id %s`, rowColumns, key, listTables+where, order, len(arguments), max(offset, 0), direction, direction), arguments
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
