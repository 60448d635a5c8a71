package coupon

import (
	"context"
	"errors"
	"reflect"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/tag"
)

// Edit changes a coupon that was read at the version; 0 accepts any. edit may run more than
// once. Attempts that were begun keep what they were promised. Errors: NotFound, Stale,
// Invalid.
func (s *Coupons) Edit(ctx context.Context, businessID business.ID, id ID, version int64, edit func(*Fields)) (after Coupon, err error) {
	err = s.db.InTx(ctx, func(tx *db.Tx) error {
		writes := tx.Writes()
		before, err := lock(ctx, tx, businessID, id)
		if err != nil {
			return err
		}
		if version != 0 && version != before.Version {
			return errStale
		}
		after = before
		was := before.stored()
		edit(&after.Fields)
		var wrong fault.Fields
		// Targets that are gone don't make a coupon one for everything.
		untouched := !before.Everywhere && before.everywhere() && after.everywhere()
		after.tidy(&wrong)
		after.Everywhere = after.Everywhere && (!untouched || after.ForAll)
		after.cleanOff(&wrong)
		if err := checkTargets(ctx, tx, businessID, after.Fields, &wrong); err != nil {
			return err
		}
		if err := wrong.Err(); err != nil {
			return err
		}
		if reflect.DeepEqual(was, after.stored()) {
			tx.Unchanged(writes)
			return nil
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

// EditCode changes a code that was read at the version; 0 accepts any.
func (s *Coupons) EditCode(ctx context.Context, businessID business.ID, id CodeID, version int64, edit func(*CodeFields)) (after Code, err error) {
	err = s.db.InTx(ctx, func(tx *db.Tx) error {
		writes := tx.Writes()
		before, err := lockCode(ctx, tx, businessID, id)
		if err != nil {
			return err
		}
		if version != 0 && version != before.Version {
			return errStale
		}
		after = before
		was := codeColumns.Stored(before)
		edit(&after.CodeFields)
		var wrong fault.Fields
		if after.CodeFields.clean(&wrong); len(wrong) > 0 {
			return wrong.Err()
		}
		if codeColumns.Same(was, after) {
			tx.Unchanged(writes)
			return nil
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
