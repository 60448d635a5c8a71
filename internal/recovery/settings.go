package recovery

import (
	"context"
	"errors"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/customer"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/mailaddr"
	"smartlinks/internal/money"
)

// MaxHours bounds after how many hours payers are asked by themselves.
const MaxHours = 24

// Hours is after how many hours the business has payers asked again by itself; 0 is never.
func (s *Recoveries) Hours(ctx context.Context, businessID business.ID) (int64, error) {
	return hoursOf(ctx, s.DB, businessID)
}

func hoursOf(ctx context.Context, from db.Reader, businessID business.ID) (n int64, err error) {
	err = from.Get(ctx, &n, `SELECT after_hours FROM recovery_settings WHERE business_id = $1`, businessID)
	if errors.Is(err, db.ErrNoRows) {
		return 0, nil
	}
	return n, err
}

// SetHours changes it. Switched off, what is planned is left: it was never promised to
// anybody, so it is dropped. Errors: Invalid with "after_hours".
func (s *Recoveries) SetHours(ctx context.Context, businessID business.ID, hours int64) error {
	if hours < 0 || hours > MaxHours {
		var wrong fault.Fields
		wrong.Add("after_hours", "after_hours.range", "Choose 1 to 24 hours, or off.")
		return wrong.Err()
	}
	return s.DB.InTx(ctx, func(tx *db.Tx) error {
		writes := tx.Writes()
		if hours == 0 {
			n, err := tx.Exec(ctx, `DELETE FROM recovery_settings WHERE business_id = $1`, businessID)
			if err != nil {
				return err
			}
			planned, err := tx.Exec(ctx, `DELETE FROM recoveries WHERE business_id = $1 AND state = 'planned'`, businessID)
			if n+planned == 0 {
				tx.Unchanged(writes)
			}
			return err
		}
		n, err := tx.Exec(ctx, `INSERT INTO recovery_settings (business_id, after_hours, updated_at) VALUES ($1, $2, $3)
			ON CONFLICT (business_id) DO UPDATE SET after_hours = excluded.after_hours, updated_at = excluded.updated_at
			WHERE recovery_settings.after_hours <> excluded.after_hours`, businessID, hours, db.At(tx.Now()))
		if n == 0 {
			tx.Unchanged(writes)
		}
		return err
	})
}

// Figures are what mails brought that were sent within a period, whenever it came.
type Figures struct {
	Asked   int64 // mails
	Paid    int64 // payments that came by one of them
	Revenue []money.Amount
}

// figuresQuery counts the mails under no currency, and what came by them under each. An
// attempt has the token of the mail that led to it, in the account of what it is for.
const figuresQuery = `WITH asked AS (SELECT token FROM recoveries WHERE business_id = $1 AND mode = $2 AND sent_at >= $3 AND sent_at < $4)
	SELECT '' AS currency, COUNT(*) AS n, CAST(0 AS BIGINT) AS sum FROM asked
	UNION ALL
	SELECT a.currency, COUNT(*) AS n, CAST(SUM(p.captured_minor) AS BIGINT) AS sum
	FROM asked CROSS JOIN attempts a JOIN payments p ON p.id = a.id
	WHERE a.business_id = $1 AND a.recipient_token = asked.token AND a.recipient_token <> '' AND a.mode = $2 AND p.receipt IS NOT NULL
	GROUP BY a.currency ORDER BY sum DESC, currency`

// FiguresOf counts who was asked from an instant until another, and what came of it.
func (s *Recoveries) FiguresOf(ctx context.Context, b business.Business, from, until time.Time) (f Figures, err error) {
	var sums []struct {
		Currency money.Currency
		N, Sum   int64
	}
	err = s.DB.Select(ctx, &sums, figuresQuery, b.ID, b.Mode, db.At(from), db.At(until))
	for _, sum := range sums {
		if sum.Currency == "" {
			f.Asked = sum.N
			continue
		}
		f.Paid += sum.N
		f.Revenue = append(f.Revenue, money.Amount{Minor: sum.Sum, Currency: sum.Currency})
	}
	return f, err
}

const (
	keepLeftOut = 90 * 24 * time.Hour
	keepSent    = 400 * 24 * time.Hour
)

// DeleteOld deletes what was left out 90 days ago, and everything after 400 days.
func (s *Recoveries) DeleteOld(ctx context.Context) error {
	_, err := s.DB.InChunks(ctx, 500, func(tx *db.Tx, most int64) (int64, error) {
		return tx.Exec(ctx, `DELETE FROM recoveries WHERE id IN (SELECT id FROM recoveries WHERE created_at < $1 AND (state = 'left_out' OR created_at < $2) AND state <> 'planned' LIMIT $3)`,
			db.At(tx.Now().Add(-keepLeftOut)), db.At(tx.Now().Add(-keepSent)), most)
	})
	return err
}

// EraseCustomer ends the tokens of a customer's mails, which bring back what they typed,
// and plans no more of them. It finds the attempts by the address, which payments forget.
func (s *Recoveries) EraseCustomer(ctx context.Context, tx *db.Tx, businessID business.ID, c customer.Customer) error {
	to, err := mailaddr.Parse(c.Email)
	if err != nil {
		return nil // no address that was written to
	}
	_, err = tx.Exec(ctx, `DELETE FROM recoveries WHERE business_id = $1 AND attempt_id IN (
		SELECT a.id FROM attempts a WHERE a.business_id = $1 AND a.mode IN ('live', 'test') AND a.payer_email_folded = $2)`, businessID, to.Folded)
	return err
}
