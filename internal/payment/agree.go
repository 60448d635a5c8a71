package payment

import (
	"context"

	"smartlinks/internal/db"
	"smartlinks/internal/money"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/payment/provider"
)

// agree makes what came the amount of an attempt, where the merchant takes it as the
// payment. The timeline keeps what was asked for.
func agree(ctx context.Context, tx *db.Tx, a *attempt.Attempt, remote provider.Remote) error {
	if !remote.Agreed || remote.Status != provider.RemotePaid || remote.AttemptID != a.ID || remote.Amount == a.Amount || remote.Amount.Currency != a.Amount.Currency {
		return nil
	}
	asked := a.Amount
	charge(a, remote.Amount.Minor)
	_, err := tx.Exec(ctx, `UPDATE attempts SET amount_minor = $3, unit_minor = $4, tip_minor = $5, fee_minor = $6, updated_at = $7 WHERE business_id = $1 AND id = $2`,
		a.BusinessID, a.ID, a.Amount.Minor, a.Unit.Minor, a.Tip, a.Fee, db.At(tx.Now()))
	if err != nil {
		return err
	}
	return attempt.AddToTimeline(ctx, tx, *a, a.State, attempt.CauseMerchant, AgreedDetail+": "+remote.Amount.String()+", not "+asked.String())
}

// AgreedDetail begins the detail of that line of the timeline.
const AgreedDetail = "taken as the payment"

// charge makes minor, above zero, the whole amount. What is missing is missing of the tip
// first, then of the fee, then of the goods. What the units can't share evenly, less than
// one minor unit of each, is the payer's tip.
func charge(a *attempt.Attempt, minor int64) {
	missing := max(a.Amount.Minor-minor, 0)
	of := min(missing, a.Tip)
	a.Tip -= of
	a.Fee -= min(missing-of, a.Fee)
	goods := minor - a.Tip - a.Fee
	list := goods + a.Discount
	a.Unit = money.Amount{Minor: list / a.Quantity, Currency: a.Amount.Currency}
	a.Tip += list % a.Quantity
	a.Amount.Minor = minor
}
