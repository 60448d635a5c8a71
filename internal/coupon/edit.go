package coupon

import (
	"context"
	"errors"
	"fmt"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/money"
	"smartlinks/internal/tag"
)

// Create makes a coupon: c is a percentage or an amount, with its fields. Errors: Invalid
// with the fields that are wrong.
func (s *Coupons) Create(ctx context.Context, businessID business.ID, percent int64, amount money.Amount, f Fields) (made Coupon, err error) {
	made = Coupon{BusinessID: businessID, Percent: percent, Amount: amount, Fields: f}
	var wrong fault.Fields
	made.tidy(&wrong)
	made.cleanOff(&wrong)
	err = s.db.InTx(ctx, func(tx *db.Tx) error {
		wrong := append(fault.Fields{}, wrong...)
		if err := checkTargets(ctx, tx, businessID, made.Fields, &wrong); err != nil {
			return err
		}
		if err := wrong.Err(); err != nil {
			return err
		}
		if err := room(ctx, tx, `SELECT COUNT(*) FROM coupons WHERE business_id = $1 AND deleted_at IS NULL`, businessID, maxCoupons); err != nil {
			return err
		}
		id, err := tx.NewID("cpn")
		if err != nil {
			return err
		}
		made.ID, made.Version, made.CreatedAt, made.UpdatedAt = ID(id), 1, tx.Now(), tx.Now()
		into, arguments := columns.Insert(made.row())
		if _, err := tx.Exec(ctx, `INSERT INTO coupons `+into, arguments...); err != nil {
			return err
		}
		if err := keepTargets(ctx, tx, made); err != nil {
			return err
		}
		changed(tx, businessID)
		return count(ctx, tx, businessID, id, made.Max)
	})
	return made, err
}

// tidy cleans the fields.
func (c *Coupon) tidy(wrong *fault.Fields) {
	c.Links, c.Products, c.Tags = unique(c.Links), unique(c.Products), unique(c.Tags)
	c.Fields.clean(wrong)
	c.Everywhere = c.Fields.everywhere()
}

// room refuses more than a business may have.
func room(ctx context.Context, tx *db.Tx, query string, businessID business.ID, most int) error {
	var n int
	err := tx.Get(ctx, &n, query, businessID)
	if err == nil && n >= most {
		err = fault.New(fault.Conflict, fmt.Sprintf("There are %d already, which is the most. Delete some that you no longer need.", n))
	}
	return err
}

// Edit changes a coupon that was read at the version; 0 accepts any. edit may run more than
// once. Attempts that were begun keep what they were promised. Errors: NotFound, Stale,
// Invalid.
func (s *Coupons) Edit(ctx context.Context, businessID business.ID, id ID, version int64, edit func(*Fields)) (after Coupon, err error) {
	err = s.db.InTx(ctx, func(tx *db.Tx) error {
		before, err := lock(ctx, tx, businessID, id)
		if err != nil {
			return err
		}
		if version != 0 && version != before.Version {
			return errStale
		}
		after = before
		edit(&after.Fields)
		var wrong fault.Fields
		// Targets that are gone don't make a coupon one for everything.
		untouched := !before.Everywhere && before.everywhere() && after.everywhere()
		after.tidy(&wrong)
		after.Everywhere = after.Everywhere && !untouched
		after.cleanOff(&wrong)
		if err := checkTargets(ctx, tx, businessID, after.Fields, &wrong); err != nil {
			return err
		}
		if err := wrong.Err(); err != nil {
			return err
		}
		after.UpdatedAt = tx.Now()
		set, arguments := columns.Set(after.row(), businessID, id)
		stored, err := one(ctx, tx, `UPDATE coupons SET `+set+`, version = version + 1 WHERE business_id = $1 AND id = $2 RETURNING `+columns.List(""), arguments...)
		if err != nil {
			return err
		}
		after.Version = stored.Version
		if err := keepTargets(ctx, tx, after); err != nil {
			return err
		}
		changed(tx, businessID)
		return recount(ctx, tx, businessID, string(id), after.Max)
	})
	return after, err
}

var errStale = fault.New(fault.Stale, "Someone else changed this meanwhile. Reload to see the changes, then make yours again.")

// Delete takes a coupon and its codes away; what was paid with them stays. Attempts that
// were begun keep what they were promised.
func (s *Coupons) Delete(ctx context.Context, businessID business.ID, id ID) error {
	return s.db.InTx(ctx, func(tx *db.Tx) error {
		if _, err := lock(ctx, tx, businessID, id); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `UPDATE coupons SET deleted_at = $3, updated_at = $3, version = version + 1 WHERE business_id = $1 AND id = $2`, businessID, id, db.At(tx.Now())); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `UPDATE promotion_codes SET deleted_at = $3, updated_at = $3, version = version + 1 WHERE business_id = $1 AND coupon_id = $2 AND deleted_at IS NULL`,
			businessID, id, db.At(tx.Now()))
		changed(tx, businessID)
		return err
	})
}

// CreateCode makes a code of a coupon; an empty text is a code that nobody guesses. Errors:
// Invalid with the fields that are wrong, among them "code" for one that is taken.
func (s *Coupons) CreateCode(ctx context.Context, businessID business.ID, couponID ID, typed string, f CodeFields) (c Code, err error) {
	var wrong fault.Fields
	f.clean(&wrong)
	if typed == "" {
		if typed, err = made(s.db.Random()); err != nil {
			return c, err
		}
	}
	code := readCode(typed, &wrong)
	err = s.db.InTx(ctx, func(tx *db.Tx) error {
		wrong := append(fault.Fields{}, wrong...)
		if _, err := lock(ctx, tx, businessID, couponID); fault.Is(err, fault.NotFound) {
			wrong.Add("coupon_id", "coupon.unknown", "There is no such coupon. It may have been deleted.")
		} else if err != nil {
			return err
		}
		if err := wrong.Err(); err != nil {
			return err
		}
		if err := room(ctx, tx, `SELECT COUNT(*) FROM promotion_codes WHERE business_id = $1 AND deleted_at IS NULL`, businessID, maxCodes); err != nil {
			return err
		}
		id, err := tx.NewID("pmc")
		if err != nil {
			return err
		}
		c = Code{ID: CodeID(id), BusinessID: businessID, CouponID: couponID, Text: code, CodeFields: f, Version: 1, CreatedAt: tx.Now(), UpdatedAt: tx.Now()}
		into, arguments := codeColumns.Insert(c)
		n, err := tx.Exec(ctx, `INSERT INTO promotion_codes `+into+` ON CONFLICT DO NOTHING`, arguments...)
		if err != nil {
			return err
		}
		if n == 0 {
			wrong.Add("code", TakenCode, code+" is a code of yours already. Choose another.")
			return wrong.Err()
		}
		changed(tx, businessID)
		return count(ctx, tx, businessID, id, f.Max)
	})
	return c, err
}

// EditCode changes a code that was read at the version; 0 accepts any.
func (s *Coupons) EditCode(ctx context.Context, businessID business.ID, id CodeID, version int64, edit func(*CodeFields)) (after Code, err error) {
	err = s.db.InTx(ctx, func(tx *db.Tx) error {
		before, err := lockCode(ctx, tx, businessID, id)
		if err != nil {
			return err
		}
		if version != 0 && version != before.Version {
			return errStale
		}
		after = before
		edit(&after.CodeFields)
		var wrong fault.Fields
		if after.CodeFields.clean(&wrong); len(wrong) > 0 {
			return wrong.Err()
		}
		after.UpdatedAt = tx.Now()
		set, arguments := codeColumns.Set(after, businessID, id)
		if after, err = oneCode(ctx, tx, `UPDATE promotion_codes SET `+set+`, version = version + 1 WHERE business_id = $1 AND id = $2 RETURNING `+codeColumns.List(""), arguments...); err != nil {
			return err
		}
		changed(tx, businessID)
		return recount(ctx, tx, businessID, string(id), after.Max)
	})
	return after, err
}

// EndCode ends a code now; one that has ended stays as it is.
func (s *Coupons) EndCode(ctx context.Context, businessID business.ID, id CodeID) (Code, error) {
	now := s.db.Clock().Now()
	return s.EditCode(ctx, businessID, id, 0, func(f *CodeFields) {
		if f.EndsAt == nil || f.EndsAt.After(now) {
			f.EndsAt = &now
		}
		if f.StartsAt != nil && !f.StartsAt.Before(*f.EndsAt) {
			f.StartsAt = nil
		}
	})
}

// DeleteCode takes a code away; what was paid with it stays, and the word is free for
// another one.
func (s *Coupons) DeleteCode(ctx context.Context, businessID business.ID, id CodeID) error {
	return s.db.InTx(ctx, func(tx *db.Tx) error {
		if _, err := lockCode(ctx, tx, businessID, id); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `UPDATE promotion_codes SET deleted_at = $3, updated_at = $3, version = version + 1 WHERE business_id = $1 AND id = $2`, businessID, id, db.At(tx.Now()))
		changed(tx, businessID)
		return err
	})
}

// MoveTag is for tags that become one.
func (s *Coupons) MoveTag(ctx context.Context, tx *db.Tx, businessID business.ID, keep, gone tag.ID) error {
	if _, err := tx.Exec(ctx, `INSERT INTO coupon_targets (coupon_id, business_id, kind, target_id)
		SELECT coupon_id, business_id, kind, $3 FROM coupon_targets WHERE business_id = $1 AND kind = 'tag' AND target_id = $2 ON CONFLICT DO NOTHING`, businessID, gone, keep); err != nil {
		return err
	}
	return s.DropTag(ctx, tx, businessID, gone)
}

// DropTag is for tags that are deleted. What a coupon was for alone is nothing then, not
// everything.
func (s *Coupons) DropTag(ctx context.Context, tx *db.Tx, businessID business.ID, id tag.ID) error {
	_, err := tx.Exec(ctx, `DELETE FROM coupon_targets WHERE business_id = $1 AND kind = 'tag' AND target_id = $2`, businessID, id)
	changed(tx, businessID)
	return err
}

// IsGone reports whether err says that there is no such coupon or code.
func IsGone(err error) bool { return errors.Is(err, errNoCoupon) || errors.Is(err, errNoCode) }
