package banktransfer

import (
	"context"
	"errors"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/sepa"
	"smartlinks/internal/text"
)

// Account is where a business's payers send their money.
type Account struct {
	Name      string // of its owner, as banks know it
	IBAN      string `db:"iban"`
	BIC       string `db:"bic"` // may be empty
	HoldDays  int64  // how long a slot is held for a transfer, 1 to 30
	ChangedAt time.Time
	ChangedBy string
}

// DefaultHold is how many days a slot is held where nobody says otherwise.
const DefaultHold = 7

var errNoAccount = fault.New(fault.NotFound, "There is no bank account yet.")

func (s *Transfers) account(ctx context.Context, from db.Reader, id business.ID) (Account, error) {
	var r struct {
		Name, ChangedBy string
		IBAN            string `db:"iban"`
		BIC             string `db:"bic"`
		HoldDays        int64
		ChangedAt       db.Time
	}
	err := from.Get(ctx, &r, `SELECT name, iban, bic, hold_days, changed_at, changed_by FROM bank_accounts WHERE business_id = $1`, id)
	if errors.Is(err, db.ErrNoRows) {
		return Account{}, errNoAccount
	}
	return Account{r.Name, r.IBAN, r.BIC, r.HoldDays, r.ChangedAt.Time, r.ChangedBy}, err
}

// Account is the business's account, or a NotFound fault.
func (s *Transfers) Account(ctx context.Context, id business.ID) (Account, error) {
	return s.account(ctx, s.db, id)
}

// nameRule is how long an owner's name may be (EPC069-12).
var nameRule = text.Rule{Most: 70, Required: true}

// clean tells all that is wrong with an account at once.
func (a *Account) clean() error {
	var wrong fault.Fields
	a.Name = nameRule.Clean("name", a.Name, wrong.Add)
	var err error
	if a.IBAN, err = sepa.ParseIBAN(text.Digits(a.IBAN)); err != nil {
		wrong.Add("iban", "iban", err.Error())
	}
	if a.BIC, err = sepa.ParseBIC(a.BIC); err != nil {
		wrong.Add("bic", "bic", err.Error())
	}
	if a.HoldDays < 1 || a.HoldDays > 30 {
		wrong.Add("hold_days", "hold_days", "Choose between 1 and 30 days.")
	}
	return wrong.Err()
}

// Save sets the account, and offers transfers to payers. changed runs in the transaction
// where the IBAN is another one than before. A business without any provider takes its
// payments by transfer from then on, of real money. What payers were told before stays.
func (s *Transfers) Save(ctx context.Context, b business.Business, a Account, by string, changed func(ctx context.Context, tx *db.Tx, a Account) error) error {
	if err := a.clean(); err != nil {
		return err
	}
	return s.db.InTx(ctx, func(tx *db.Tx) error {
		before, err := s.account(ctx, tx, b.ID)
		if err != nil && !fault.Is(err, fault.NotFound) {
			return err
		}
		if a.ChangedAt, a.ChangedBy = before.ChangedAt, before.ChangedBy; before.IBAN != a.IBAN {
			a.ChangedAt, a.ChangedBy = tx.Now(), by
		}
		if a == before && b.Transfers {
			tx.Unchanged(tx.Writes())
			return nil
		}
		if _, err := tx.Exec(ctx, `INSERT INTO bank_accounts (business_id, name, iban, bic, hold_days, changed_at, changed_by) VALUES ($1, $2, $3, $4, $5, $6, $7)
			ON CONFLICT (business_id) DO UPDATE SET name = excluded.name, iban = excluded.iban, bic = excluded.bic, hold_days = excluded.hold_days,
				changed_at = excluded.changed_at, changed_by = excluded.changed_by`,
			b.ID, a.Name, a.IBAN, a.BIC, a.HoldDays, db.At(a.ChangedAt), a.ChangedBy); err != nil {
			return err
		}
		if err := s.businesses.TakeTransfersTx(ctx, tx, b.ID, true); err != nil || before.IBAN == a.IBAN {
			return err
		}
		return changed(ctx, tx, a)
	})
}

// Stop offers transfers no more. What waits is settled as before.
func (s *Transfers) Stop(ctx context.Context, b business.Business) error {
	return s.db.InTx(ctx, func(tx *db.Tx) error {
		if b.Provider == Name { // earlier versions wrote it down
			if err := s.businesses.UseProviderTx(ctx, tx, b.ID, "", business.Live); err != nil {
				return err
			}
		}
		return s.businesses.TakeTransfersTx(ctx, tx, b.ID, false)
	})
}
