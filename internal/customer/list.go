package customer

import (
	"context"
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/nyaruka/phonenumbers"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/id"
	"smartlinks/internal/tag"
	"smartlinks/internal/text"
)

// Filter says which customers to list, the newest first. Empty parts don't
// narrow.
type Filter struct {
	Query   string   // in name, email address and phone number
	Tags    []string // names
	AllTags bool     // with all of the tags, not any
	Sort    Sort
	Cursor  string
	Limit   int // DefaultPage when 0, MaxPage at most

	named []ID // those whom the query finds, nil when that is not known
}

// maxNamed is how many customers of a search are named to the database one by one.
// More are so frequent that it finds a page of them at once by itself.
const maxNamed = 1_000

// Sort is the order of a list of customers.
type Sort string

// The orders.
const (
	Newest   Sort = ""
	Oldest   Sort = "added"
	ByName   Sort = "name"
	FromName Sort = "-name" // backwards
)

func (s Sort) byName() bool { return s == ByName || s == FromName }

// The sizes of a page.
const (
	DefaultPage = 25
	MaxPage     = 100
)

// Page is a part of a list. Next and Prev are the cursors of the pages behind
// and before it, empty where there is none.
type Page struct {
	Customers  []Customer
	Next, Prev string
	Total      int64 // of all that the filter lets through
}

// List returns a page of the business's customers. A foreign cursor is an
// Invalid fault at "cursor".
func (s *Customers) List(ctx context.Context, businessID business.ID, f Filter) (Page, error) {
	if f.Limit == 0 {
		f.Limit = DefaultPage
	}
	f.Limit = min(max(f.Limit, 1), MaxPage)
	from, err := parseCursor(f.Cursor, f.Sort)
	if err != nil {
		return Page{}, err
	}
	var page Page
	counted, err := s.findByText(ctx, businessID, &f, &page)
	if err != nil {
		return Page{}, err
	}
	where, arguments := f.where(businessID)
	if !counted {
		if err := s.db.Get(ctx, &page.Total, `SELECT COUNT(*) FROM customers c`+where, arguments...); err != nil {
			return Page{}, fmt.Errorf("count customers: %w", err)
		}
	}
	rows, err := s.listRows(ctx, s.db, where, arguments, f.Sort, from, f.Limit+1)
	if err != nil {
		return Page{}, err
	}
	page.fill(rows, from, f.Sort, f.Limit)
	return page, loadTags(ctx, s.db, businessID, page.Customers)
}

// findByText finds whom the query names, and whether that counted them already.
func (s *Customers) findByText(ctx context.Context, businessID business.ID, f *Filter, page *Page) (counted bool, err error) {
	if len(text.Words(f.Query)) == 0 {
		return false, nil
	}
	ids, total, known, err := s.Named(ctx, businessID, f.Query, maxNamed)
	if err != nil || !known {
		return false, err
	}
	if total <= maxNamed {
		f.named = append([]ID{}, ids...)
		return false, nil
	}
	page.Total = total
	return len(f.Tags) == 0, nil
}

// Count is the number of the business's customers.
func (s *Customers) Count(ctx context.Context, businessID business.ID) (n int64, err error) {
	err = s.db.Get(ctx, &n, `SELECT COUNT(*) FROM customers WHERE business_id = $1`, businessID)
	return n, err
}

func (f Filter) where(businessID business.ID) (string, []any) {
	where, arguments := ` WHERE c.business_id = $1`, []any{businessID}
	if f.named != nil && len(f.named) == 0 {
		where += ` AND 1 = 0`
	} else if f.named != nil {
		where += ` AND c.id IN (` + db.In(len(f.named), 2) + `)`
		for _, id := range f.named {
			arguments = append(arguments, id)
		}
	} else if q := text.Words(f.Query); len(q) > 0 {
		var every []string
		for _, word := range q {
			arguments = append(arguments, text.Pattern(word))
			every = append(every, fmt.Sprintf(`(c.name_folded LIKE $%[1]d ESCAPE '\' OR c.email_folded LIKE $%[1]d ESCAPE '\' OR c.phone LIKE $%[1]d ESCAPE '\')`, len(arguments)))
		}
		where += ` AND (` + strings.Join(every, ` AND `)
		if digits := phoneDigits(f.Query); digits != "" {
			arguments = append(arguments, text.Pattern(digits))
			where += fmt.Sprintf(` OR c.phone LIKE $%d ESCAPE '\'`, len(arguments))
		}
		where += `)`
	}
	var names []string
	for _, name := range f.Tags {
		if name = text.Fold(strings.TrimSpace(name)); name != "" && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		return where, arguments
	}
	needed := 1
	if f.AllTags {
		needed = len(names)
	}
	where += fmt.Sprintf(` AND (SELECT COUNT(*) FROM customer_tags ct JOIN tags g ON g.id = ct.tag_id
		WHERE ct.customer_id = c.id AND g.kind = '%s' AND g.name_folded IN (%s)) >= %d`,
		tag.OfCustomers, db.In(len(names), len(arguments)+1), needed)
	for _, name := range names {
		arguments = append(arguments, name)
	}
	return where, arguments
}

// phoneDigits are the digits of a query that can be part of a number, without
// the 0 that stands before it at home: 06 12 finds +31612….
func phoneDigits(query string) string {
	query = dialled(query)
	if strings.ContainsFunc(query, func(r rune) bool { return !unicode.Is(unicode.Nd, r) && !strings.ContainsRune("+ ()-./", r) }) {
		return ""
	}
	return strings.TrimLeft(phonenumbers.NormalizeDigitsOnly(query), "0")
}

// fill takes the extra row off, puts a page that was read backwards into order,
// and makes the cursors.
func (p *Page) fill(rows []Customer, from place, sort Sort, limit int) {
	more := len(rows) > limit
	rows = rows[:min(len(rows), limit)]
	if from.back {
		slices.Reverse(rows)
	}
	p.Customers = rows
	if len(rows) == 0 {
		return
	}
	if more || from.back {
		p.Next = placeOf(rows[len(rows)-1], sort, false).cursor()
	}
	if from.id != "" && (!from.back || more) {
		p.Prev = placeOf(rows[0], sort, true).cursor()
	}
}

// place is behind which customer a page starts, or before which it ends. It knows their
// name where the list is sorted by it: they may have another one by now, or be gone.
type place struct {
	id    ID
	named bool
	name  string // folded
	back  bool
}

func placeOf(c Customer, sort Sort, back bool) place {
	if sort.byName() {
		return place{c.ID, true, text.Fold(c.Name), back}
	}
	return place{id: c.ID, back: back}
}

// cursor is the place as a page hands it out.
func (p place) cursor() string {
	direction := "n"
	if p.back {
		direction = "p"
	}
	said := direction + string(p.id)
	if p.named {
		said += " " + p.name
	}
	return base64.RawURLEncoding.EncodeToString([]byte(said))
}

func parseCursor(s string, sort Sort) (at place, err error) {
	if s == "" {
		return place{}, nil
	}
	said, err := base64.RawURLEncoding.DecodeString(s)
	direction, rest := string(said[:min(len(said), 1)]), string(said[min(len(said), 1):])
	text, name, named := strings.Cut(rest, " ")
	if err != nil || direction != "n" && direction != "p" || !id.Valid("cus", text) || named != sort.byName() {
		var wrong fault.Fields
		wrong.Add("cursor", "", "This cursor belongs to another list. Start again without it.")
		return place{}, wrong.Err()
	}
	return place{ID(text), named, name, direction == "p"}, nil
}
