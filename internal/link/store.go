package link

import (
	"context"
	"errors"

	"smartlinks/internal/business"
	"smartlinks/internal/checkout"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/money"
	"smartlinks/internal/tag"
	"smartlinks/internal/text"
)

// row is a link as it is stored.
type row struct {
	Link
	NameFolded     string `db:"name_folded,write"` // what is searched without case
	PathFolded     string `db:"path_folded,write"`
	AmountMinor    *int64
	PayerMinMinor  *int64
	PayerMaxMinor  *int64
	PayerSuggested string
	ApplyTagID     tag.ID `db:"apply_tag_id,null"`
	RemoveTagID    tag.ID `db:"remove_tag_id,null"`
}

var columns = db.ColumnsOf[row]()

func (l Link) row() row {
	r := row{Link: l, NameFolded: text.Fold(l.Name), PathFolded: text.Fold(l.Path), ApplyTagID: l.After.applyID, RemoveTagID: l.After.removeID}
	if l.Amount != nil {
		r.AmountMinor = &l.Amount.Minor
	}
	if p := l.PayerAmount; p != nil {
		r.PayerMinMinor, r.PayerMaxMinor, r.PayerSuggested = &p.Min.Minor, &p.Max.Minor, money.Column(p.Suggested)
	}
	return r
}

// found is a row with what is read beside it.
type found struct {
	row
	ApplyTag, RemoveTag      string
	Held, Consumed           int64 // of its slots in one mode
	HeldUnits, ConsumedUnits int64
	Waiting                  int64
	Offered, OfferedUnits    int64
	PriceMinor               int64 // asked now: the link's amount, or its product's price
	PriceCurrency            money.Currency
	ProductAsks              checkout.Rules
	OffSale                  bool // its product is
}

func (r found) link() Link {
	l := r.Link
	l.Slots = Slots{Held: r.Held, Used: r.Consumed, Waiting: r.Waiting, Offered: r.Offered}
	l.Units = Slots{Held: r.HeldUnits, Used: r.ConsumedUnits, Waiting: r.Waiting, Offered: r.OfferedUnits}
	l.After.ApplyTag, l.After.RemoveTag, l.After.applyID, l.After.removeID = r.ApplyTag, r.RemoveTag, r.ApplyTagID, r.RemoveTagID
	l.sold, l.offSale = r.ProductAsks, r.OffSale
	l.price = money.Amount{Minor: r.PriceMinor, Currency: r.PriceCurrency}
	if r.AmountMinor != nil {
		l.Amount = &money.Amount{Minor: *r.AmountMinor, Currency: r.Currency}
	}
	if r.PayerMinMinor != nil && r.PayerMaxMinor != nil {
		l.PayerAmount = &Range{money.Amount{Minor: *r.PayerMinMinor, Currency: r.Currency}, money.Amount{Minor: *r.PayerMaxMinor, Currency: r.Currency},
			money.FromColumn(r.PayerSuggested, r.Currency)}
	}
	return l
}

// rowColumns are the columns of found; links is l, link_slots is s.
var rowColumns = columns.List("l") + `, COALESCE(ta.name, '') AS apply_tag, COALESCE(tr.name, '') AS remove_tag, s.held, s.consumed, s.held_units, s.consumed_units, s.waiting, s.offered, s.offered_units,
	` + PriceSQL + ` AS price_minor, ` + CurrencySQL + ` AS price_currency, COALESCE(p.checkout, '') AS product_asks,
	COALESCE(NOT p.active, FALSE) AS off_sale`

// rowJoins are a link with its slots and product; $2 is the mode.
const rowJoins = ` FROM links l JOIN link_slots s ON s.link_id = l.id AND s.mode = $2
	LEFT JOIN products p ON p.id = l.product_id
	LEFT JOIN tags ta ON ta.id = l.apply_tag_id LEFT JOIN tags tr ON tr.id = l.remove_tag_id
`

// rowTables finds the links of a business, which is $1.
const rowTables = rowJoins + `	WHERE l.business_id = $1 AND l.deleted_at IS NULL`

var errNotFound = fault.New(fault.NotFound, "There is no such link. It may have been deleted.")

// get reads a link; a NotFound fault when the business has none of that id.
func get(ctx context.Context, r db.Reader, b business.Business, id ID) (Link, error) {
	l, err := getUntagged(ctx, r, b, id)
	if err != nil {
		return Link{}, err
	}
	links := []Link{l}
	if err := loadTags(ctx, r, b.ID, links); err != nil {
		return Link{}, err
	}
	return links[0], nil
}

func getUntagged(ctx context.Context, r db.Reader, b business.Business, id ID) (Link, error) {
	var one found
	err := r.Get(ctx, &one, `SELECT `+rowColumns+rowTables+` AND l.id = $3`, b.ID, b.Mode, id)
	if errors.Is(err, db.ErrNoRows) {
		return Link{}, errNotFound
	}
	if err != nil {
		return Link{}, err
	}
	return one.link(), nil
}

// loadTags fills in the tags of all links at once, by name.
func loadTags(ctx context.Context, r db.Reader, businessID business.ID, links []Link) error {
	if len(links) == 0 {
		return nil
	}
	at := make(map[ID]int, len(links))
	arguments := []any{businessID}
	for i, l := range links {
		at[l.ID] = i
		arguments = append(arguments, l.ID)
	}
	var rows []struct {
		LinkID ID
		tag.Tag
	}
	err := r.Select(ctx, &rows, `
		SELECT lt.link_id, t.id, t.business_id, t.kind, t.name, t.color FROM link_tags lt JOIN tags t ON t.id = lt.tag_id
		WHERE lt.business_id = $1 AND lt.link_id IN (`+db.In(len(links), 2)+`) ORDER BY t.name_folded`, arguments...)
	for _, t := range rows {
		l := &links[at[t.LinkID]]
		l.Tags = append(l.Tags, t.Tag)
	}
	return err
}

// setTags stores the link's tags, creating those that don't exist.
func (s *Links) setTags(ctx context.Context, tx *db.Tx, l Link) error {
	if _, err := tx.Exec(ctx, `DELETE FROM link_tags WHERE business_id = $1 AND link_id = $2`, l.BusinessID, l.ID); err != nil {
		return err
	}
	tags, err := s.tags.FindOrCreate(ctx, tx, l.BusinessID, tag.OfLinks, tag.Names(l.Tags))
	if err != nil {
		return err
	}
	for _, t := range tags {
		_, err := tx.Exec(ctx, `INSERT INTO link_tags (business_id, link_id, tag_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`,
			l.BusinessID, l.ID, t.ID)
		if err != nil {
			return err
		}
	}
	return nil
}
