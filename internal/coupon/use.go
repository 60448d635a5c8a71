package coupon

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/checkout"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/link"
	"smartlinks/internal/money"
	"smartlinks/internal/product"
)

// Sale is what a code is to be used for.
type Sale struct {
	Link    link.ID      // "" without one
	Product product.ID   // "" without one
	List    money.Amount // what the units cost together
}

// Use is what a code gives for a sale.
type Use struct {
	Code         CodeID
	OncePerEmail bool
	checkout.Off
}

// The codes of the field "code".
const (
	Unusable = "code.unusable" // unknown, ended, used up or for something else: all read the same
	Minimum  = "code.minimum"  // the message is the amount that must be bought at least
)

// ErrUnusable refuses a code without telling why, so that nobody learns by trying which
// there are.
func ErrUnusable() error {
	var wrong fault.Fields
	wrong.Add("code", Unusable, "This code can't be used here. Check the spelling, or pay without it.")
	return wrong.Err()
}

// valid is true of a code c of a coupon o that gives something for a sale now: $1 business,
// $2 mode, $3 now, $4 link, $5 product, $6 currency. Uses that are held don't count here:
// they may be the payer's own.
const valid = `c.business_id = $1 AND c.deleted_at IS NULL AND o.deleted_at IS NULL
	AND (c.starts_at IS NULL OR c.starts_at <= $3) AND (c.ends_at IS NULL OR c.ends_at > $3) AND (o.currency = '' OR o.currency = $6)
	AND NOT EXISTS (SELECT 1 FROM code_counts n WHERE n.owner_id IN (c.id, o.id) AND n.mode = $2 AND n.used >= n.capacity)
	AND (o.everywhere OR EXISTS (SELECT 1 FROM coupon_targets t WHERE t.coupon_id = o.id AND (t.kind = 'link' AND t.target_id = $4 OR t.kind = 'product' AND t.target_id = $5
		OR t.kind = 'tag' AND EXISTS (SELECT 1 FROM link_tags lt WHERE lt.business_id = $1 AND lt.link_id = $4 AND lt.tag_id = t.target_id))))`

// Find is what a code gives for a sale, as somebody typed it. An Invalid fault with the
// field "code": nothing.
func (s *Coupons) Find(ctx context.Context, from db.Reader, b business.Business, typed string, sale Sale, now time.Time) (Use, error) {
	code := Plain(typed)
	if len(code) > 4*maxCode || code == "" {
		return Use{}, ErrUnusable()
	}
	var found struct {
		ID              CodeID
		Code            string
		OncePerEmail    bool
		Percent         int64
		AmountMinor     int64
		MinimumMinor    int64
		MinimumCurrency money.Currency
	}
	err := from.Get(ctx, &found, `SELECT c.id, c.code, c.once_per_email, o.percent, o.amount_minor, o.minimum_minor, o.minimum_currency
		FROM promotion_codes c JOIN coupons o ON o.id = c.coupon_id WHERE c.code = $7 AND `+valid,
		b.ID, b.Mode, db.At(now), sale.Link, sale.Product, sale.List.Currency, code)
	if errors.Is(err, db.ErrNoRows) {
		return Use{}, ErrUnusable()
	}
	if err != nil {
		return Use{}, err
	}
	if least := (money.Amount{Minor: found.MinimumMinor, Currency: found.MinimumCurrency}); least.Minor > 0 {
		if least.Currency != sale.List.Currency {
			return Use{}, ErrUnusable()
		}
		if sale.List.Cmp(least) < 0 {
			var wrong fault.Fields
			wrong.Add("code", Minimum, "This code counts from "+least.Format("en")+" upwards.")
			return Use{Off: checkout.Off{Least: least.Minor}}, wrong.Err()
		}
	}
	return Use{found.ID, found.OncePerEmail, checkout.Off{Code: found.Code, Percent: found.Percent, Amount: found.AmountMinor}}, nil
}

// owners are a code and its coupon: $1 is the code, $2 the business.
const owners = `business_id = $2 AND mode = $3 AND owner_id IN ($1, (SELECT coupon_id FROM promotion_codes WHERE business_id = $2 AND id = $1))`

// Holder is whose use of a code it is.
type Holder struct {
	Business business.ID
	Mode     business.Mode
	Code     CodeID
	Attempt  string
	Email    string // folded
}

// Hold takes a use of a code for an attempt, inside the transaction that inserts it. One
// conditional update of the code's row and its coupon's is the rule. Errors: as Find.
func (s *Coupons) Hold(ctx context.Context, tx *db.Tx, h Holder, once bool) error {
	taken, err := s.take(ctx, tx, h, once, heldUses)
	if err == nil && !taken {
		err = ErrUnusable()
	}
	return err
}

// ConsumeFresh takes a use for money whose attempt had given its use back, whether the code
// has ended or not: the price was promised. It reports false when none is left.
func (s *Coupons) ConsumeFresh(ctx context.Context, tx *db.Tx, h Holder) (bool, error) {
	var once bool
	err := tx.Get(ctx, &once, `SELECT once_per_email FROM promotion_codes WHERE business_id = $1 AND id = $2`, h.Business, h.Code)
	if errors.Is(err, db.ErrNoRows) {
		return true, nil // a backup forgot it: nothing is counted
	}
	if err != nil {
		return false, err
	}
	return s.take(ctx, tx, h, once, usedUses)
}

// HoldAgain is Hold for an attempt that a backup had forgotten. False: there is no such code
// here, or no use is left.
func (s *Coupons) HoldAgain(ctx context.Context, tx *db.Tx, h Holder) (bool, error) {
	return s.take(ctx, tx, h, false, heldUses)
}

// take is false when no use is left, of the code or of its coupon, or the e-mail address has
// one already. Nothing was taken then.
func (s *Coupons) take(ctx context.Context, tx *db.Tx, h Holder, once bool, what counter) (bool, error) {
	var taken []string
	err := tx.Select(ctx, &taken, `UPDATE code_counts SET `+string(what)+` = `+string(what)+` + 1 WHERE `+owners+` AND (capacity IS NULL OR held + used < capacity) RETURNING owner_id`,
		h.Code, h.Business, h.Mode)
	if err != nil {
		return false, err
	}
	free := len(taken) == 2
	if free && once {
		// Behind the lock on the code's row: whoever else has this address is seen.
		err := tx.Get(ctx, &free, `SELECT NOT EXISTS (SELECT 1 FROM attempts a LEFT JOIN payments p ON p.id = a.id WHERE a.business_id = $1 AND a.code_id = $2 AND a.code_id <> '' AND a.mode = $3
			AND a.payer_email_folded = $4 AND a.id <> $5 AND (a.holds_code OR p.receipt IS NOT NULL))`, h.Business, h.Code, h.Mode, h.Email, h.Attempt)
		if err != nil {
			return false, err
		}
	}
	if free {
		return true, nil
	}
	for _, owner := range taken {
		if _, err := tx.Exec(ctx, `UPDATE code_counts SET `+string(what)+` = `+string(what)+` - 1 WHERE business_id = $1 AND mode = $2 AND owner_id = $3`, h.Business, h.Mode, owner); err != nil {
			return false, err
		}
	}
	return false, nil
}

// counter is the column of what is counted.
type counter string

const (
	heldUses counter = "held"
	usedUses counter = "used"
)

// Release gives a held use back.
func (s *Coupons) Release(ctx context.Context, tx *db.Tx, h Holder) error {
	return s.giveBack(ctx, tx, h, heldUses)
}

// Unuse takes back what ConsumeFresh took, where there is no place for the money after all.
func (s *Coupons) Unuse(ctx context.Context, tx *db.Tx, h Holder) error {
	return s.giveBack(ctx, tx, h, usedUses)
}

func (s *Coupons) giveBack(ctx context.Context, tx *db.Tx, h Holder, what counter) error {
	_, err := tx.Exec(ctx, `UPDATE code_counts SET `+string(what)+` = `+string(what)+` - 1 WHERE `+owners, h.Code, h.Business, h.Mode)
	return err
}

// Consume turns held uses of a code into used ones, once the statement has run.
func (s *Coupons) Consume(businessID business.ID, mode business.Mode, id CodeID, uses int64) *db.Statement {
	return db.Exec(nil, `UPDATE code_counts SET held = held - $4, used = used + $4 WHERE `+owners, id, businessID, mode, uses)
}

// Sold is what a payment with a code took off and brought.
type Sold struct {
	Code              CodeID
	Currency          money.Currency
	TakenOff, Brought int64
}

// Count adds accepted payments to the sums of their codes, in the transaction that accepts
// them: a statement for each code and currency, in order.
func (s *Coupons) Count(ctx context.Context, tx *db.Tx, businessID business.ID, mode business.Mode, all []Sold) error {
	sums := map[Sold]Sold{} // by code and currency alone
	for _, one := range all {
		key := Sold{Code: one.Code, Currency: one.Currency}
		one.TakenOff, one.Brought = one.TakenOff+sums[key].TakenOff, one.Brought+sums[key].Brought
		sums[key] = one
	}
	for _, key := range slices.SortedFunc(maps.Keys(sums), func(a, b Sold) int {
		return cmp.Or(cmp.Compare(a.Code, b.Code), cmp.Compare(a.Currency, b.Currency))
	}) {
		// A code that a backup forgot has no sums, as it has no uses.
		if err := tx.Queue(ctx, db.Exec(nil, `
			INSERT INTO code_sums (code_id, mode, currency, business_id, taken_off_minor, brought_minor)
			SELECT c.id, CAST($3 AS text), CAST($4 AS text), c.business_id, CAST($5 AS BIGINT), CAST($6 AS BIGINT) FROM promotion_codes c WHERE c.business_id = $1 AND c.id = $2
			ON CONFLICT (code_id, mode, currency) DO UPDATE SET taken_off_minor = code_sums.taken_off_minor + excluded.taken_off_minor, brought_minor = code_sums.brought_minor + excluded.brought_minor`,
			businessID, key.Code, mode, key.Currency, sums[key].TakenOff, sums[key].Brought)); err != nil {
			return err
		}
	}
	return nil
}

// Repair brings the counts and sums of all codes and coupons to what attempts and payments say.
func Repair(ctx context.Context, tx *db.Tx) error {
	const of = `FROM attempts a LEFT JOIN payments p ON p.id = a.id JOIN promotion_codes c ON c.id = a.code_id
		WHERE a.business_id = code_counts.business_id AND a.mode = code_counts.mode AND a.code_id <> '' AND (c.id = code_counts.owner_id OR c.coupon_id = code_counts.owner_id)`
	if err := tx.LockTables(ctx, "code_counts", "code_sums"); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `UPDATE code_counts SET held = (SELECT COUNT(*) `+of+` AND a.holds_code), used = (SELECT COUNT(*) `+of+` AND p.receipt IS NOT NULL)`)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `DELETE FROM code_sums`); err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO code_sums (code_id, mode, currency, business_id, taken_off_minor, brought_minor)
		SELECT a.code_id, a.mode, a.currency, a.business_id, CAST(SUM(a.discount_minor) AS BIGINT), CAST(SUM(p.captured_minor) AS BIGINT)
		FROM attempts a JOIN payments p ON p.id = a.id JOIN promotion_codes c ON c.id = a.code_id AND c.business_id = a.business_id
		WHERE a.code_id <> '' AND p.receipt IS NOT NULL GROUP BY a.code_id, a.mode, a.currency, a.business_id`)
	return err
}
