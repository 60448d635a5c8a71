// Package banktransfer is a way to pay that needs no provider: the payer sends the money
// from their bank to the business's own account, with a reference that names the payment.
package banktransfer

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/calendar"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/money"
	"smartlinks/internal/payment"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/payment/provider"
	"smartlinks/internal/sepa"
)

// Name is the provider's name in columns and answers.
const Name = business.BankTransfer

// euro is the one currency of the SEPA area's transfers.
const euro = money.Currency("EUR")

// Transfers is the store of accounts and of what payers were told to send. It is safe for
// concurrent use.
type Transfers struct {
	db         *db.DB
	businesses *business.Businesses
	onTransfer func(ctx context.Context, tx *db.Tx, t Transfer) error
}

// New returns the store. told hears, in its transaction, of each transfer that a payer is
// asked for.
func New(d *db.DB, businesses *business.Businesses, reported func(ctx context.Context, tx *db.Tx, t Transfer) error) *Transfers {
	return &Transfers{d, businesses, reported}
}

// Transfer is what one payer was told to send.
type Transfer struct {
	ID            string
	BusinessID    business.ID
	AttemptID     attempt.ID
	Mode          business.Mode
	Amount        money.Amount
	Reference     string
	Name          string
	IBAN          string
	BIC           string
	ExpiresAt     time.Time // until then its slot is held
	Returned      bool      // somebody said that money which was too much went back
	ReceivedMinor int64     // what the bank booked, in minor units, 0 for nothing
	Doubtful      bool      // that is another amount than was asked for, and nobody said what it is
}

// Code is the text of its QR code.
func (t Transfer) Code() (string, error) {
	return sepa.Transfer{BIC: t.BIC, Name: t.Name, IBAN: t.IBAN, Cents: t.Amount.Minor, Reference: t.Reference}.EPC()
}

type row struct {
	ID          string
	BusinessID  business.ID
	AttemptID   attempt.ID
	Mode        business.Mode
	AmountMinor int64
	Currency    money.Currency
	Reference   string
	Name        string
	IBAN        string `db:"iban"`
	BIC         string `db:"bic"`
	Status      string
	ExpiresAt   db.Time
	CreatedAt   db.Time
	BookedOn    string
	BookedMinor int64
	ReturnedAt  db.Time
	KeptAt      db.Time
}

const columns = `id, business_id, attempt_id, mode, amount_minor, currency, reference, name, iban, bic, status, expires_at, created_at, booked_on, booked_minor, returned_at, kept_at`

// doubtful is money of another amount than was asked for, until somebody says what it is.
const doubtful = `(status = 'paid' AND booked_minor <> amount_minor AND kept_at IS NULL)`

func (r row) transfer() Transfer {
	return Transfer{
		ID: r.ID, BusinessID: r.BusinessID, AttemptID: r.AttemptID, Mode: r.Mode, Amount: money.Amount{Minor: r.AmountMinor, Currency: r.Currency}, Reference: r.Reference,
		Name: r.Name, IBAN: r.IBAN, BIC: r.BIC, ExpiresAt: r.ExpiresAt.Time, Returned: !r.ReturnedAt.IsZero(), ReceivedMinor: r.BookedMinor,
		Doubtful: r.Status == "paid" && r.BookedMinor != r.AmountMinor && r.KeptAt.IsZero(),
	}
}

var errNoTransfer = fault.New(fault.NotFound, "There is no bank transfer for this payment.")

// Of is the transfer of an attempt. NotFound: there is none.
func (s *Transfers) Of(ctx context.Context, from db.Reader, businessID business.ID, attempt attempt.ID) (Transfer, error) {
	var r row
	err := from.Get(ctx, &r, `SELECT `+columns+` FROM bank_transfers WHERE business_id = $1 AND attempt_id = $2`, businessID, attempt)
	if errors.Is(err, db.ErrNoRows) {
		return Transfer{}, errNoTransfer
	}
	return r.transfer(), err
}

// Start implements payment.Provider: the payer is told where to send the money.
func (s *Transfers) Start(ctx context.Context, o provider.Order) (provider.Checkout, error) {
	made := provider.Checkout{Pending: true, URL: o.ReturnURL} // at the host that knows its payer
	err := s.db.InTx(ctx, func(tx *db.Tx) error {
		known, err := s.Of(ctx, tx, o.Account.Business, o.AttemptID)
		if made.Ref = known.ID; err == nil || !fault.Is(err, fault.NotFound) {
			return err
		}
		a, err := s.account(ctx, tx, o.Account.Business)
		if fault.Is(err, fault.NotFound) {
			return fmt.Errorf("%w: the business has no bank account", provider.ErrRefused)
		}
		if err != nil {
			return err
		}
		if made.Ref, err = tx.NewID("btr"); err != nil {
			return err
		}
		// The end of an id is random: sixteen of its letters and digits tell transfers apart.
		id := string(o.AttemptID)
		_, err = tx.Exec(ctx, `
			INSERT INTO bank_transfers (id, business_id, attempt_id, mode, amount_minor, currency, reference, name, iban, bic, status, expires_at, created_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'waiting', $11, $12)`,
			made.Ref, o.Account.Business, o.AttemptID, o.Account.Mode, o.Amount.Minor, o.Amount.Currency, sepa.Reference(id[len(id)-16:]), a.Name, a.IBAN, a.BIC,
			db.At(o.ExpiresAt), db.At(tx.Now()))
		if err != nil {
			return err
		}
		t, err := s.Of(ctx, tx, o.Account.Business, o.AttemptID)
		if err != nil {
			return err
		}
		return s.onTransfer(ctx, tx, t)
	})
	return made, err
}

// Fetch implements payment.Provider. A transfer waits until its day; what the bank booked
// says the rest.
func (s *Transfers) Fetch(ctx context.Context, account provider.Account, ref string) (provider.Remote, error) {
	var r row
	err := s.db.Get(ctx, &r, `SELECT `+columns+` FROM bank_transfers WHERE business_id = $1 AND id = $2`, account.Business, ref)
	if errors.Is(err, db.ErrNoRows) {
		return provider.Remote{}, provider.ErrUnknown
	}
	if err != nil {
		return provider.Remote{}, err
	}
	reported := provider.Remote{Ref: r.ID, AttemptID: r.AttemptID, Mode: r.Mode, Status: provider.RemotePending, Amount: r.transfer().Amount, Method: string(payment.HandTransfer)}
	switch {
	case r.Status == "paid":
		reported.Status, reported.Amount.Minor, reported.Agreed = provider.RemotePaid, r.BookedMinor, !r.KeptAt.IsZero()
		reported.ByHand = true
		reported.PaidAt, err = s.noonOf(ctx, r)
		if reported.PaidAt.Before(r.CreatedAt.Time) { // nobody pays before they are asked to
			reported.PaidAt = r.CreatedAt.Time
		}
	case r.Status == "canceled":
		reported.Status = provider.RemoteCanceled
		if r.BookedMinor > 0 {
			reported.Why = Dropped
		}
	case !s.db.Clock().Now().Before(r.ExpiresAt.Time):
		reported.Status = provider.RemoteExpired
	}
	return reported, err
}

// noonOf is the middle of the day on which the bank booked a transfer.
func (s *Transfers) noonOf(ctx context.Context, r row) (time.Time, error) {
	b, err := s.businesses.ByID(ctx, r.BusinessID)
	if err != nil {
		return time.Time{}, err
	}
	day, ok := calendar.ParseDay(r.BookedOn, b.Location())
	if !ok {
		return time.Time{}, fmt.Errorf("banktransfer: %s was booked on %q", r.ID, r.BookedOn)
	}
	return day.Add(12 * time.Hour), nil
}

// Cancel implements payment.Canceler: nobody waits for the money any more. It may come all
// the same.
func (s *Transfers) Cancel(ctx context.Context, account provider.Account, ref string) error {
	return s.db.InTx(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE bank_transfers SET status = 'canceled' WHERE business_id = $1 AND id = $2 AND status = 'waiting'`, account.Business, ref)
		return err
	})
}

// HoldUntil implements payment.Waiter.
func (s *Transfers) HoldUntil(ctx context.Context, account provider.Account, from time.Time) (time.Time, error) {
	a, err := s.account(ctx, s.db, account.Business)
	return from.Add(time.Duration(a.HoldDays) * 24 * time.Hour), err
}

// Bounds implements payment.Bounder.
func (*Transfers) Bounds(c money.Currency) provider.Bounds {
	return provider.Bounds{Lacking: c != euro, Min: 1, Max: 999_999_999_99}
}

// errByHand says that we can't move the money of an account that we only know the number of.
var errByHand = errors.New("give it back from your bank, then say so here")

// Refund implements payment.Refunder. What the merchant gives back is written down, since
// they sent it themselves. Money that was too much waits until somebody says that it went back.
func (s *Transfers) Refund(ctx context.Context, account provider.Account, ref string, o provider.RefundOrder) (provider.RemoteRefund, error) {
	var r row
	if err := s.db.Get(ctx, &r, `SELECT `+columns+` FROM bank_transfers WHERE business_id = $1 AND id = $2`, account.Business, ref); err != nil {
		return provider.RemoteRefund{}, err
	}
	if o.Key == string(r.AttemptID) && r.ReturnedAt.IsZero() {
		return provider.RemoteRefund{}, errByHand
	}
	return provider.RemoteRefund{Ref: o.Key, Key: o.Key, Amount: o.Amount, State: provider.RefundDone}, nil
}

// Booked is money of a transfer as the bank booked it.
type Booked struct {
	Amount money.Amount
	Day    string // 2026-12-31, never later than today or before FirstDay of the attempt
	Kept   bool   // it is the payment, whatever was asked for
}

// Book takes in that the money of an attempt came. Whoever settles payments asks for it
// then. What was booked with another amount than was asked for is put right by it, until
// somebody says what that is. Errors: NotFound, Invalid at "amount" and "paid_on", and
// Conflict where it was booked before.
func (s *Transfers) Book(ctx context.Context, b business.Business, attempt attempt.ID, booked Booked) error {
	return s.db.InTx(ctx, func(tx *db.Tx) error { return s.BookTx(ctx, tx, b, attempt, booked) })
}

// BookTx is Book within a transaction.
func (s *Transfers) BookTx(ctx context.Context, tx *db.Tx, b business.Business, attempt attempt.ID, booked Booked) error {
	booked.Day = strings.TrimSpace(booked.Day)
	var wrong fault.Fields
	day, ok := calendar.ParseDay(booked.Day, b.Location())
	if !ok || day.After(tx.Now()) {
		wrong.Add("paid_on", "paid_on.day", "Enter the day on which the bank booked it, not later than today.")
	}
	if booked.Amount.Minor <= 0 || booked.Amount.Currency != euro {
		wrong.Add("amount", string(money.NotPositive), "Enter an amount above zero, in euros.")
	}
	if err := wrong.Err(); err != nil {
		return err
	}
	var asked struct{ CreatedAt db.Time }
	err := tx.Get(ctx, &asked, `SELECT created_at FROM bank_transfers WHERE business_id = $1 AND attempt_id = $2`, b.ID, attempt)
	if errors.Is(err, db.ErrNoRows) {
		return errNoTransfer
	}
	if err != nil {
		return err
	}
	if booked.Day < FirstDay(b, asked.CreatedAt.Time) {
		wrong.Add("paid_on", "paid_on.early", "Enter the day before this payment was begun, or a later one.")
		return wrong.Err()
	}
	kept := db.Time{}
	if booked.Kept {
		kept = db.At(tx.Now())
	}
	n, err := tx.Exec(ctx, `UPDATE bank_transfers SET status = 'paid', booked_on = $3, booked_minor = $4, kept_at = CAST($5 AS BIGINT)
		WHERE business_id = $1 AND attempt_id = $2 AND (status <> 'paid' OR `+doubtful+`)`,
		b.ID, attempt, booked.Day, booked.Amount.Minor, kept)
	if err == nil && n == 0 {
		err = fault.New(fault.Conflict, "This transfer was booked before.")
	}
	return err
}

// FirstDay is the earliest day that a bank may book the money of what was asked for at a
// moment: the day before by the business's clock, because it may still be that day by the
// bank's.
func FirstDay(b business.Business, asked time.Time) string {
	return asked.In(b.Location()).AddDate(0, 0, -1).Format(time.DateOnly)
}

// GaveBack notes that money which was too much went back to its payer.
func (s *Transfers) GaveBack(ctx context.Context, businessID business.ID, attempt attempt.ID) error {
	return s.db.InTx(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE bank_transfers SET returned_at = $3 WHERE business_id = $1 AND attempt_id = $2 AND returned_at IS NULL`, businessID, attempt, db.At(tx.Now()))
		return err
	})
}
