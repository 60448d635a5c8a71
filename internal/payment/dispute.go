package payment

import (
	"context"
	"errors"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/money"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/payment/provider"
)

// Dispute is a payer's bank that asks for the money back.
type Dispute struct {
	Ref      string // the provider's id
	Amount   money.Amount
	State    provider.DisputeState
	Reason   string
	OpenedAt time.Time
}

// disputeRow is a dispute as it is stored.
type disputeRow struct {
	ID          string
	ProviderRef string
	AmountMinor int64
	Currency    money.Currency
	State       provider.DisputeState
	Reason      string
	OpenedAt    db.Time
}

const disputeQuery = `SELECT d.id, d.provider_ref, d.amount_minor, p.currency, d.state, d.reason, d.opened_at
	FROM disputes d JOIN payments p ON p.id = d.payment_id WHERE d.business_id = $1 AND d.payment_id = $2`

// Disputes are those of a payment, the oldest first.
func (p *Payments) Disputes(ctx context.Context, businessID business.ID, id attempt.ID) (disputes []Dispute, err error) {
	var rows []disputeRow
	err = p.DB.Select(ctx, &rows, disputeQuery+` ORDER BY d.id`, businessID, id)
	for _, r := range rows {
		disputes = append(disputes, Dispute{r.ProviderRef, r.amount(), r.State, r.Reason, r.OpenedAt.Time})
	}
	return disputes, err
}

func (r disputeRow) amount() money.Amount {
	return money.Amount{Minor: r.AmountMinor, Currency: r.Currency}
}

// applyDispute is one dispute of the provider's. One that has ended before we
// heard of it is opened and ended. A lost one may be reversed; a won one stays.
func (p *Payments) applyDispute(ctx context.Context, tx *db.Tx, a attempt.Attempt, reported provider.RemoteDispute, t trigger) error {
	if reported.Amount.Currency != a.Amount.Currency || reported.Amount.Minor <= 0 {
		p.Log.WarnContext(ctx, "a dispute is about other money", "payment", a.ID, "dispute", reported.Ref)
		return nil
	}
	var known disputeRow
	err := tx.Get(ctx, &known, disputeQuery+` AND d.provider_ref = $3`, a.BusinessID, a.ID, reported.Ref)
	if errors.Is(err, db.ErrNoRows) {
		known, err = p.openDispute(ctx, tx, a, reported, t)
	}
	if err != nil || !known.State.Later(reported.State) {
		return err
	}
	return p.closeDispute(ctx, tx, a, known, reported, t)
}

func (p *Payments) openDispute(ctx context.Context, tx *db.Tx, a attempt.Attempt, reported provider.RemoteDispute, t trigger) (disputeRow, error) {
	id, err := tx.NewID("dsp")
	if err != nil {
		return disputeRow{}, err
	}
	opened := reported.OpenedAt
	if opened.IsZero() {
		opened = tx.Now()
	}
	made := disputeRow{id, reported.Ref, reported.Amount.Minor, reported.Amount.Currency, provider.DisputeOpen, reported.Reason, db.At(opened)}
	_, err = tx.Exec(ctx, `INSERT INTO disputes (id, business_id, payment_id, provider_ref, amount_minor, state, reason, opened_at, updated_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		made.ID, a.BusinessID, a.ID, made.ProviderRef, made.AmountMinor, made.State, made.Reason, made.OpenedAt, db.At(tx.Now()))
	if err != nil {
		return made, err
	}
	if _, err := tx.Exec(ctx, `UPDATE payments SET disputed_minor = disputed_minor + $3 WHERE business_id = $1 AND id = $2`,
		a.BusinessID, a.ID, made.AmountMinor); err != nil {
		return made, err
	}
	if err := attempt.AddToTimeline(ctx, tx, a, attempt.Paid, t.cause, string(DisputeOpened)); err != nil {
		return made, err
	}
	return made, p.react(ctx, tx, a, Movement{Kind: DisputeOpened, ID: made.ID, Amount: reported.Amount, Reason: reported.Reason, Decided: reported.State != provider.DisputeOpen})
}

func (p *Payments) closeDispute(ctx context.Context, tx *db.Tx, a attempt.Attempt, known disputeRow, reported provider.RemoteDispute, t trigger) error {
	kind, lost, moved := DisputeClosed, int64(0), ""
	switch {
	case reported.State == provider.DisputeLost:
		kind, lost, moved = DisputeTaken, known.AmountMinor, `, lost_at = $4`
	case known.State == provider.DisputeLost:
		kind, lost, moved = DisputeReversed, -known.AmountMinor, `, reversed_at = $4`
	}
	if _, err := tx.Exec(ctx, `UPDATE disputes SET state = $3, updated_at = $4`+moved+` WHERE business_id = $1 AND id = $2`,
		a.BusinessID, known.ID, reported.State, db.At(tx.Now())); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `UPDATE payments SET lost_minor = lost_minor + $3 WHERE business_id = $1 AND id = $2`, a.BusinessID, a.ID, lost); err != nil {
		return err
	}
	if err := attempt.AddToTimeline(ctx, tx, a, attempt.Paid, t.cause, string(kind)); err != nil {
		return err
	}
	return p.react(ctx, tx, a, Movement{Kind: kind, ID: known.ID, Amount: known.amount(), Reason: known.Reason})
}
