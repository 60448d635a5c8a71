package payment

import (
	"context"
	"errors"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/link"
	"smartlinks/internal/money"
	"smartlinks/internal/product"
)

// row is an attempt as it is stored.
type row struct {
	ID             ID
	BusinessID     business.ID
	Source         Source
	LinkID         *link.ID
	ProductID      *product.ID
	Version        int64
	Title          string
	Description    string
	Reference      string
	AmountMinor    int64
	Currency       money.Currency
	Mode           business.Mode
	Provider       string
	ProviderRef    *string
	CheckoutURL    string `db:"checkout_url"`
	State          State
	Reason         string
	HoldsSlot      bool
	HoldUntil      db.Time
	InstantOnly    bool
	SyncTries      int64
	PayerName      string
	PayerEmail     string
	PayerNotes     string
	PayerLanguage  string
	PayerSource    string
	Channel        string
	ChannelDetail  string
	Campaign       string
	RecipientToken string
	VisitID        string
	BrowserKey     string
	ReceiptToken   string
	Referrer       string
	Browser        string
	OS             string `db:"os"`
	Language       string
	CreatedAt      db.Time
	UpdatedAt      db.Time
}

// rowColumns are the columns of row; attempts is a.
const rowColumns = `a.id, a.business_id, a.source, a.link_id, a.product_id, a.version, a.title, a.description, a.reference,
	a.amount_minor, a.currency, a.mode, a.provider, a.provider_ref, a.checkout_url, a.state, a.reason, a.holds_slot, a.hold_until, a.instant_only,
	a.sync_tries, a.payer_name, a.payer_email, a.payer_notes, a.payer_language, a.payer_source, a.channel, a.channel_detail, a.campaign,
	a.recipient_token, a.visit_id, a.browser_key, a.receipt_token, a.referrer, a.browser, a.os, a.language, a.created_at, a.updated_at`

func (r row) attempt() Attempt {
	a := Attempt{
		ID: r.ID, BusinessID: r.BusinessID, Source: r.Source, Version: r.Version, Title: r.Title, Description: r.Description,
		Reference: r.Reference, Amount: money.Amount{Minor: r.AmountMinor, Currency: r.Currency}, Mode: r.Mode, Provider: r.Provider,
		CheckoutURL: r.CheckoutURL, State: r.State, Reason: r.Reason, HoldsSlot: r.HoldsSlot, HoldUntil: r.HoldUntil.Time, InstantOnly: r.InstantOnly, tries: r.SyncTries,
		Payer: Payer{r.PayerName, r.PayerEmail, r.PayerNotes, r.PayerLanguage}, BrowserKey: r.BrowserKey, ReceiptToken: r.ReceiptToken,
		Attribution: Attribution{Channel: r.Channel, Detail: r.ChannelDetail, Campaign: r.Campaign,
			RecipientToken: r.RecipientToken, VisitID: r.VisitID, MaskedIP: r.PayerSource,
			Referrer: r.Referrer, Browser: r.Browser, OS: r.OS, Language: r.Language},
		CreatedAt: r.CreatedAt.Time, UpdatedAt: r.UpdatedAt.Time,
	}
	if r.LinkID != nil {
		a.LinkID = *r.LinkID
	}
	if r.ProductID != nil {
		a.ProductID = *r.ProductID
	}
	if r.ProviderRef != nil {
		a.ProviderRef = *r.ProviderRef
	}
	return a
}

// orNull is NULL for an empty id.
func orNull[T ~string](s T) *T {
	if s == "" {
		return nil
	}
	return &s
}

var errNotFound = fault.New(fault.NotFound, "There is no such payment.")

func find(ctx context.Context, r db.Reader, businessID business.ID, id ID) (Attempt, error) {
	return one(ctx, r, `SELECT `+rowColumns+` FROM attempts a WHERE a.business_id = $1 AND a.id = $2`, businessID, id)
}

// findByRef finds the attempt of a provider's id.
func findByRef(ctx context.Context, r db.Reader, businessID business.ID, provider, ref string) (Attempt, error) {
	return one(ctx, r, `SELECT `+rowColumns+` FROM attempts a WHERE a.business_id = $1 AND a.provider = $2 AND a.provider_ref = $3`,
		businessID, provider, ref)
}

// locked reads an attempt and locks its row until the transaction ends: a write
// does that on both engines.
func locked(ctx context.Context, tx *db.Tx, businessID business.ID, id ID) (Attempt, error) {
	return one(ctx, tx, `UPDATE attempts SET updated_at = updated_at WHERE business_id = $1 AND id = $2 RETURNING `+returned, businessID, id)
}

// one scans an attempt, or returns a NotFound fault.
func one(ctx context.Context, r db.Reader, query string, arguments ...any) (Attempt, error) {
	var found row
	err := r.Get(ctx, &found, query, arguments...)
	if errors.Is(err, db.ErrNoRows) {
		return Attempt{}, errNotFound
	}
	return found.attempt(), err
}

// returned are rowColumns as RETURNING takes them: SQLite knows no alias there.
const returned = `id, business_id, source, link_id, product_id, version, title, description, reference, amount_minor, currency,
	mode, provider, provider_ref, checkout_url, state, reason, holds_slot, hold_until, instant_only, sync_tries, payer_name, payer_email, payer_notes,
	payer_language, payer_source, channel, channel_detail, campaign, recipient_token, visit_id, browser_key, receipt_token, referrer, browser, os, language, created_at, updated_at`

// note adds a line to the attempt's timeline.
func note(ctx context.Context, tx *db.Tx, a Attempt, state State, cause Cause, detail string) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO attempt_events (attempt_id, seq, business_id, at, state, cause, detail)
		SELECT $1, COALESCE(MAX(seq), 0) + 1, $2, $3, $4, $5, $6 FROM attempt_events WHERE attempt_id = $1`,
		a.ID, a.BusinessID, db.At(tx.Now()), state, cause, detail)
	return err
}
