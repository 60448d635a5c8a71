package link

import (
	"context"
	"errors"

	"smartlinks/internal/business"
	"smartlinks/internal/customer"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/money"
	"smartlinks/internal/product"
	"smartlinks/internal/tag"
	"smartlinks/internal/text"
)

// row is a link as it is stored, with its slots in one mode.
type row struct {
	ID             ID
	BusinessID     business.ID
	Path           string
	Name           string
	Type           Type
	AmountMinor    *int64
	Currency       money.Currency
	ProductID      *product.ID
	CustomerID     *customer.ID
	Description    string
	Notes          string
	Reference      string
	Active         bool
	LimitKind      LimitKind
	LimitMax       *int64
	ShowRemaining  bool
	PayerMinMinor  *int64
	PayerMaxMinor  *int64
	PayerSuggested string
	StartsAt       db.Time
	EndsAt         db.Time
	RedirectURL    string `db:"redirect_url"`
	ApplyTagID     *tag.ID
	RemoveTagID    *tag.ID
	ApplyTag       *string
	RemoveTag      *string
	Version        int64
	CreatedAt      db.Time
	UpdatedAt      db.Time
	Held           int64
	Consumed       int64
	PriceMinor     int64 // asked now: the link's amount, or its product's price
	PriceCurrency  money.Currency
}

// rowColumns are the columns of row; links is l, link_slots is s.
const rowColumns = `l.id, l.business_id, l.path, l.name, l.type, l.amount_minor, l.currency, l.product_id, l.customer_id, l.description, l.notes,
	l.reference, l.active, l.limit_kind, l.limit_max, l.show_remaining, l.payer_min_minor, l.payer_max_minor, l.payer_suggested, l.starts_at,
	l.ends_at, l.redirect_url, l.apply_tag_id, l.remove_tag_id, ta.name AS apply_tag, tr.name AS remove_tag, l.version, l.created_at, l.updated_at, s.held, s.consumed,
	COALESCE(l.amount_minor, p.price_minor, 0) AS price_minor, COALESCE(p.currency, l.currency) AS price_currency`

// rowTables joins a link with its slots and product; $1 is the business, $2 the mode.
const rowTables = ` FROM links l JOIN link_slots s ON s.link_id = l.id AND s.mode = $2
	LEFT JOIN products p ON p.id = l.product_id
	LEFT JOIN tags ta ON ta.id = l.apply_tag_id LEFT JOIN tags tr ON tr.id = l.remove_tag_id
	WHERE l.business_id = $1 AND l.deleted_at IS NULL`

func (r row) link() Link {
	l := Link{
		ID: r.ID, BusinessID: r.BusinessID, Path: r.Path, Name: r.Name, Type: r.Type, Currency: r.Currency,
		Amount: r.amount(r.AmountMinor), Description: r.Description, Notes: r.Notes, Reference: r.Reference,
		Active: r.Active, Limit: Limit{Kind: r.LimitKind}, ShowRemaining: r.ShowRemaining,
		PayerMin: r.amount(r.PayerMinMinor), PayerMax: r.amount(r.PayerMaxMinor), StartsAt: r.StartsAt.Ptr(), EndsAt: r.EndsAt.Ptr(),
		Suggested: money.FromColumn(r.PayerSuggested, r.Currency),
		After:     AfterPayment{RedirectURL: r.RedirectURL, applyID: r.ApplyTagID, removeID: r.RemoveTagID},
		Version:   r.Version, CreatedAt: r.CreatedAt.Time, UpdatedAt: r.UpdatedAt.Time,
		Slots: Slots{Held: r.Held, Used: r.Consumed}, price: money.Amount{Minor: r.PriceMinor, Currency: r.PriceCurrency},
	}
	if r.ProductID != nil {
		l.ProductID = *r.ProductID
	}
	if r.CustomerID != nil {
		l.CustomerID = *r.CustomerID
	}
	if r.ApplyTag != nil {
		l.After.ApplyTag = *r.ApplyTag
	}
	if r.RemoveTag != nil {
		l.After.RemoveTag = *r.RemoveTag
	}
	if r.LimitMax != nil {
		l.Limit.Max = *r.LimitMax
	}
	return l
}

func (r row) amount(minor *int64) *money.Amount {
	if minor == nil {
		return nil
	}
	return &money.Amount{Minor: *minor, Currency: r.Currency}
}

// minor is the column of an amount that may be missing.
func minor(a *money.Amount) *int64 {
	if a == nil {
		return nil
	}
	return &a.Minor
}

// productColumn is NULL for links without a product.
func (l Link) productColumn() *product.ID {
	if l.ProductID == "" {
		return nil
	}
	return &l.ProductID
}

// customerColumn is NULL for links that are for everybody.
func (l Link) customerColumn() *customer.ID {
	if l.CustomerID == "" {
		return nil
	}
	return &l.CustomerID
}

var errNotFound = fault.New(fault.NotFound, "There is no such link. It may have been deleted.")

// get reads a link; a NotFound fault when the business has none of that id.
func get(ctx context.Context, r db.Reader, b business.Business, id ID) (Link, error) {
	var found row
	err := r.Get(ctx, &found, `SELECT `+rowColumns+rowTables+` AND l.id = $3`, b.ID, b.Mode, id)
	if errors.Is(err, db.ErrNoRows) {
		return Link{}, errNotFound
	}
	if err != nil {
		return Link{}, err
	}
	links := []Link{found.link()}
	if err := loadTags(ctx, r, b.ID, links); err != nil {
		return Link{}, err
	}
	return links[0], nil
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
		ID     tag.ID
		Name   string
		Color  string
	}
	err := r.Select(ctx, &rows, `
		SELECT lt.link_id, t.id, t.name, t.color FROM link_tags lt JOIN tags t ON t.id = lt.tag_id
		WHERE lt.business_id = $1 AND lt.link_id IN (`+db.In(len(links), 2)+`) ORDER BY t.name_folded`, arguments...)
	for _, t := range rows {
		l := &links[at[t.LinkID]]
		l.Tags = append(l.Tags, tag.Tag{ID: t.ID, BusinessID: businessID, Kind: tag.OfLinks, Name: t.Name, Color: t.Color})
	}
	return err
}

// setTags makes the names the link's tags, creating those that don't exist.
func (s *Links) setTags(ctx context.Context, tx *db.Tx, l *Link, names []string) error {
	if _, err := tx.Exec(ctx, `DELETE FROM link_tags WHERE business_id = $1 AND link_id = $2`, l.BusinessID, l.ID); err != nil {
		return err
	}
	tags, err := s.tags.FindOrCreate(ctx, tx, l.BusinessID, tag.OfLinks, names)
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

// folded are the columns that are searched without case.
func (l Link) folded() (name, path string) { return text.Fold(l.Name), text.Fold(l.Path) }
