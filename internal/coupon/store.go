package coupon

import (
	"context"
	"errors"
	"slices"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/link"
	"smartlinks/internal/money"
	"smartlinks/internal/product"
	"smartlinks/internal/tag"
)

// row is a coupon as it is stored.
type row struct {
	Coupon
	AmountMinor     int64          `db:"amount_minor,once"`
	Currency        money.Currency `db:"currency,once"`
	MinimumMinor    int64
	MinimumCurrency money.Currency
}

var columns = db.ColumnsOf[row]()

func (c Coupon) row() row {
	r := row{Coupon: c, AmountMinor: c.Amount.Minor, Currency: c.Amount.Currency}
	if c.Minimum != nil {
		r.MinimumMinor, r.MinimumCurrency = c.Minimum.Minor, c.Minimum.Currency
	}
	return r
}

func (r row) coupon() Coupon {
	c := r.Coupon
	c.Amount = money.Amount{Minor: r.AmountMinor, Currency: r.Currency}
	if r.MinimumMinor > 0 {
		c.Minimum = &money.Amount{Minor: r.MinimumMinor, Currency: r.MinimumCurrency}
	}
	return c
}

var codeColumns = db.ColumnsOf[Code]()

var (
	errNoCoupon = fault.New(fault.NotFound, "There is no such coupon. It may have been deleted.")
	errNoCode   = fault.New(fault.NotFound, "There is no such code. It may have been deleted.")
)

// Get is a coupon of the business, or a NotFound fault.
func (s *Coupons) Get(ctx context.Context, businessID business.ID, id ID) (Coupon, error) {
	c, err := one(ctx, s.db, `SELECT `+columns.List("")+` FROM coupons WHERE business_id = $1 AND id = $2 AND deleted_at IS NULL`, businessID, id)
	if err != nil {
		return c, err
	}
	err = addTargets(ctx, s.db, businessID, []*Coupon{&c})
	return c, err
}

func one(ctx context.Context, from db.Reader, query string, arguments ...any) (Coupon, error) {
	var r row
	err := from.Get(ctx, &r, query, arguments...)
	if errors.Is(err, db.ErrNoRows) {
		err = errNoCoupon
	}
	return r.coupon(), err
}

// lock reads a coupon that is about to be changed.
func lock(ctx context.Context, tx *db.Tx, businessID business.ID, id ID) (Coupon, error) {
	c, err := one(ctx, tx, `UPDATE coupons SET version = version WHERE business_id = $1 AND id = $2 AND deleted_at IS NULL RETURNING `+columns.List(""), businessID, id)
	if err != nil {
		return c, err
	}
	err = addTargets(ctx, tx, businessID, []*Coupon{&c})
	return c, err
}

func oneCode(ctx context.Context, from db.Reader, query string, arguments ...any) (c Code, err error) {
	err = from.Get(ctx, &c, query, arguments...)
	if errors.Is(err, db.ErrNoRows) {
		err = errNoCode
	}
	return c, err
}

func lockCode(ctx context.Context, tx *db.Tx, businessID business.ID, id CodeID) (Code, error) {
	return oneCode(ctx, tx, `UPDATE promotion_codes SET version = version WHERE business_id = $1 AND id = $2 AND deleted_at IS NULL RETURNING `+codeColumns.List(""), businessID, id)
}

// addTargets reads what coupons are for.
func addTargets(ctx context.Context, from db.Reader, businessID business.ID, coupons []*Coupon) error {
	byID := map[ID]*Coupon{}
	arguments := []any{businessID}
	for _, c := range coupons {
		if !c.Everywhere {
			byID[c.ID], arguments = c, append(arguments, c.ID)
		}
	}
	if len(byID) == 0 {
		return nil
	}
	var targets []struct {
		CouponID       ID
		Kind, TargetID string
	}
	if err := from.Select(ctx, &targets, `SELECT coupon_id, kind, target_id FROM coupon_targets WHERE business_id = $1 AND coupon_id IN (`+db.In(len(byID), 2)+`) ORDER BY coupon_id, kind, target_id`, arguments...); err != nil {
		return err
	}
	for _, t := range targets {
		switch c := byID[t.CouponID]; t.Kind {
		case "link":
			c.Links = append(c.Links, link.ID(t.TargetID))
		case "product":
			c.Products = append(c.Products, product.ID(t.TargetID))
		default:
			c.Tags = append(c.Tags, tag.ID(t.TargetID))
		}
	}
	return nil
}

// keepTargets writes what a coupon is for.
func keepTargets(ctx context.Context, tx *db.Tx, c Coupon) error {
	if _, err := tx.Exec(ctx, `DELETE FROM coupon_targets WHERE business_id = $1 AND coupon_id = $2`, c.BusinessID, c.ID); err != nil {
		return err
	}
	for kind, ids := range map[string][]any{"link": anys(c.Links), "product": anys(c.Products), "tag": anys(c.Tags)} {
		for _, id := range ids {
			if _, err := tx.Exec(ctx, `INSERT INTO coupon_targets (coupon_id, business_id, kind, target_id) VALUES ($1, $2, $3, $4)`, c.ID, c.BusinessID, kind, id); err != nil {
				return err
			}
		}
	}
	return nil
}

// stored is what the database has of a coupon, and of what it is for.
func (c Coupon) stored() []any {
	return append(columns.Stored(c.row()), slices.Sorted(slices.Values(c.Links)), slices.Sorted(slices.Values(c.Products)), slices.Sorted(slices.Values(c.Tags)))
}

// count makes the rows of a code's or a coupon's uses.
func count(ctx context.Context, tx *db.Tx, businessID business.ID, owner string, most int64) error {
	_, err := tx.Exec(ctx, `INSERT INTO code_counts (owner_id, business_id, mode, capacity) VALUES ($1, $2, 'live', $3), ($1, $2, 'test', $3)`, owner, businessID, bound(most))
	return err
}

// recount changes how many uses there may be.
func recount(ctx context.Context, tx *db.Tx, businessID business.ID, owner string, most int64) error {
	_, err := tx.Exec(ctx, `UPDATE code_counts SET capacity = $3 WHERE business_id = $1 AND owner_id = $2`, businessID, owner, bound(most))
	return err
}

// bound is NULL for any number.
func bound(most int64) *int64 {
	if most == 0 {
		return nil
	}
	return &most
}

// changed tells the pages that ask for codes.
func changed(tx *db.Tx, businessID business.ID) { tx.Notify(Topic, string(businessID)) }

// Topic is that of the notices that a business's coupons or codes changed.
const Topic = "codes"
