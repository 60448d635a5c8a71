package coupon

import (
	"context"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/money"
	"smartlinks/internal/text"
)

// Page is a part of a list, in the order in which its rows were made: what comes behind an
// id, so many at most; 0 is all.
type Page[T ~string] struct {
	After T
	Limit int
}

// List are the coupons of a business.
func (s *Coupons) List(ctx context.Context, businessID business.ID, p Page[ID]) ([]Coupon, error) {
	query, arguments := `SELECT `+columns.List("")+` FROM coupons WHERE business_id = $1 AND deleted_at IS NULL AND id > $2 ORDER BY id`, []any{businessID, p.After}
	if p.Limit > 0 {
		query, arguments = query+` LIMIT $3`, append(arguments, p.Limit)
	}
	var rows []row
	if err := s.db.Select(ctx, &rows, query, arguments...); err != nil {
		return nil, err
	}
	all, pointers := make([]Coupon, len(rows)), make([]*Coupon, len(rows))
	for i, r := range rows {
		all[i] = r.coupon()
		pointers[i] = &all[i]
	}
	return all, addTargets(ctx, s.db, businessID, pointers)
}

// Filter narrows a list of codes.
type Filter struct {
	Page[CodeID]
	Coupon ID     // "" for all
	Code   CodeID // "" for all
	Query  string // part of the code or of the coupon's name
}

// codeRow is a code with its counts.
type codeRow struct {
	Code
	CouponName              string
	Held, Used              int64
	CouponHeld, CouponUsed  int64
	Capacity, CouponMaximum *int64
}

// Codes are the codes of a business, with what came of them in its mode.
func (s *Coupons) Codes(ctx context.Context, b business.Business, f Filter) ([]WithFigures, error) {
	var where strings.Builder
	arguments := []any{b.ID, b.Mode, f.After}
	add := func(condition string, value any) {
		arguments = append(arguments, value)
		fmt.Fprintf(&where, condition, len(arguments))
	}
	if f.Coupon != "" {
		add(` AND c.coupon_id = $%d`, f.Coupon)
	}
	if f.Code != "" {
		add(` AND c.id = $%d`, f.Code)
	}
	if f.Query = strings.TrimSpace(f.Query); f.Query != "" {
		n := len(arguments)
		fmt.Fprintf(&where, ` AND (c.code LIKE $%d ESCAPE '\' OR LOWER(o.name) LIKE $%d ESCAPE '\' OR o.name LIKE $%d ESCAPE '\')`, n+1, n+2, n+3)
		arguments = append(arguments, patterns(f.Query)...)
	}
	order := ` ORDER BY c.id`
	if f.Limit > 0 {
		arguments = append(arguments, f.Limit)
		order += fmt.Sprintf(` LIMIT $%d`, len(arguments))
	}
	var rows []codeRow
	err := s.db.Select(ctx, &rows, `SELECT `+codeColumns.List("c")+`, o.name AS coupon_name, n.held, n.used, n.capacity, m.held AS coupon_held, m.used AS coupon_used, m.capacity AS coupon_maximum
		FROM promotion_codes c JOIN coupons o ON o.id = c.coupon_id
			JOIN code_counts n ON n.owner_id = c.id AND n.mode = $2 JOIN code_counts m ON m.owner_id = o.id AND m.mode = $2
		WHERE c.business_id = $1 AND c.deleted_at IS NULL AND c.id > $3`+where.String()+order, arguments...)
	if err != nil {
		return nil, err
	}
	now := s.db.Clock().Now()
	all := make([]WithFigures, len(rows))
	for i, r := range rows {
		c := WithFigures{Code: r.Code, Figures: Figures{Held: r.Held, Used: r.Used}, CouponName: r.CouponName, now: now}
		for _, bound := range []struct {
			most       *int64
			used, held int64
		}{{r.Capacity, r.Used, r.Held}, {r.CouponMaximum, r.CouponUsed, r.CouponHeld}} {
			if bound.most == nil {
				continue
			}
			left := max(*bound.most-bound.used-bound.held, 0)
			if c.Left == nil || left < *c.Left {
				c.Left = &left
			}
			c.gone = c.gone || bound.used >= *bound.most
		}
		all[i] = c
	}
	return all, s.addFigures(ctx, b, all)
}

// Named are codes whose text or whose coupon's name has the words, at most so many, without
// figures.
func (s *Coupons) Named(ctx context.Context, businessID business.ID, words string, most int) (found []WithFigures, err error) {
	err = s.db.Select(ctx, &found, `SELECT `+codeColumns.List("c")+`, o.name AS coupon_name FROM promotion_codes c JOIN coupons o ON o.id = c.coupon_id
		WHERE c.business_id = $1 AND c.deleted_at IS NULL AND (c.code LIKE $3 ESCAPE '\' OR LOWER(o.name) LIKE $4 ESCAPE '\' OR o.name LIKE $5 ESCAPE '\') ORDER BY c.code LIMIT $2`, append([]any{businessID, most}, patterns(words)...)...)
	return found, err
}

// patterns are those by which words are looked for in codes, which are in capitals, in
// names, and in names that begin with a capital beyond ASCII, which SQLite does not fold.
func patterns(words string) []any {
	first, size := utf8.DecodeRuneInString(words)
	return []any{text.Contains(capitals(words)), text.Pattern(words), text.Contains(string(unicode.ToUpper(first)) + words[size:])}
}

// CodeOf is one code, or a NotFound fault.
func (s *Coupons) CodeOf(ctx context.Context, b business.Business, id CodeID) (WithFigures, error) {
	all, err := s.Codes(ctx, b, Filter{Code: id})
	if err == nil && len(all) == 0 {
		err = errNoCode
	}
	if err != nil {
		return WithFigures{}, err
	}
	return all[0], nil
}

// mostAsked is how many codes are asked for by name; more of them are read with all.
const mostAsked = 200

// addFigures adds what payments with the codes took off and brought.
func (s *Coupons) addFigures(ctx context.Context, b business.Business, codes []WithFigures) error {
	if len(codes) == 0 {
		return nil
	}
	arguments, only := []any{b.ID, b.Mode}, ``
	if len(codes) <= mostAsked {
		for _, c := range codes {
			arguments = append(arguments, c.ID)
		}
		only = ` AND code_id IN (` + db.In(len(codes), 3) + `)`
	}
	var sums []struct {
		CodeID            CodeID
		Currency          money.Currency
		TakenOff, Brought int64
	}
	err := s.db.Select(ctx, &sums, `SELECT code_id, currency, taken_off_minor AS taken_off, brought_minor AS brought
		FROM code_sums WHERE business_id = $1 AND mode = $2`+only+` ORDER BY code_id, currency`, arguments...)
	if err != nil {
		return err
	}
	at := map[CodeID]int{}
	for i, c := range codes {
		at[c.ID] = i
	}
	for _, sum := range sums {
		if i, there := at[sum.CodeID]; there {
			f := &codes[i].Figures
			f.TakenOff = append(f.TakenOff, money.Amount{Minor: sum.TakenOff, Currency: sum.Currency})
			f.Brought = append(f.Brought, money.Amount{Minor: sum.Brought, Currency: sum.Currency})
		}
	}
	return nil
}

// Uses are how often all codes of coupons were used, also of those that were deleted.
func (s *Coupons) Uses(ctx context.Context, b business.Business, coupons []Coupon) (map[ID]Figures, error) {
	all := map[ID]Figures{}
	if len(coupons) == 0 {
		return all, nil
	}
	arguments := []any{b.ID, b.Mode}
	for _, c := range coupons {
		arguments = append(arguments, c.ID)
	}
	var rows []struct {
		OwnerID    ID
		Held, Used int64
	}
	err := s.db.Select(ctx, &rows, `SELECT owner_id, held, used FROM code_counts WHERE business_id = $1 AND mode = $2 AND owner_id IN (`+db.In(len(coupons), 3)+`)`, arguments...)
	for _, r := range rows {
		all[r.OwnerID] = Figures{Held: r.Held, Used: r.Used}
	}
	return all, err
}

// The kinds of what coupons are for.
const (
	ToLink    = "link"
	ToProduct = "product"
	ToTag     = "tag"
)

// Target is something that a coupon is for, as people know it.
type Target struct {
	CouponID ID
	Kind     string
	TargetID string
	Name     string // "" of what was deleted
	Path     string // of a link's or a product's page
	Domain   string // of a link, "" for the business's
}

// Targets are what coupons are for, by their names; only one coupon's unless it is "".
func (s *Coupons) Targets(ctx context.Context, businessID business.ID, only ID) (map[ID][]Target, error) {
	var rows []Target
	err := s.db.Select(ctx, &rows, `SELECT t.coupon_id, t.kind, t.target_id, COALESCE(l.name, p.name, g.name, '') AS name, COALESCE(l.path, p.slug, '') AS path, COALESCE(l.domain, '') AS domain
		FROM coupon_targets t JOIN coupons o ON o.id = t.coupon_id AND o.deleted_at IS NULL
			LEFT JOIN links l ON t.kind = 'link' AND l.business_id = $1 AND l.id = t.target_id AND l.deleted_at IS NULL
			LEFT JOIN products p ON t.kind = 'product' AND p.business_id = $1 AND p.id = t.target_id AND p.deleted_at IS NULL
			LEFT JOIN tags g ON t.kind = 'tag' AND g.business_id = $1 AND g.id = t.target_id
		WHERE t.business_id = $1 AND (CAST($2 AS text) = '' OR t.coupon_id = $2) ORDER BY t.coupon_id, t.kind, name, t.target_id`, businessID, only)
	all := map[ID][]Target{}
	for _, r := range rows {
		all[r.CouponID] = append(all[r.CouponID], r)
	}
	return all, err
}
