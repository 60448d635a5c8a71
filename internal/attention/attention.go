// Package attention counts what somebody must look at in a business. Every page of the
// dashboard shows it, so it is asked by one statement.
package attention

import (
	"context"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/payment/history"
	"smartlinks/internal/payment/keyring"
	"smartlinks/internal/statement"
)

// Attention is what waits for somebody.
type Attention struct {
	Payments   int64 // in review, not given back, or disputed
	Entries    int64 // on bank statements, which wait for a decision
	KeyRefused bool  // the provider in use refuses the key, so that nobody can pay
	SMSWait    bool  // the gateway refuses the account
}

// Of asks for a business in its mode.
func Of(ctx context.Context, from db.Reader, b business.Business) (a Attention, err error) {
	err = from.Get(ctx, &a, `SELECT
		(SELECT COUNT(*) FROM (`+history.AttentionIDs+`) look) AS payments,
		(SELECT COUNT(*) `+statement.WaitingEntries+`) AS entries,
		EXISTS (SELECT 1 FROM provider_accounts WHERE business_id = $1 AND mode = $2 AND provider = $3 AND status = $4) AS key_refused,
		EXISTS (SELECT 1 FROM sms_settings WHERE business_id = $1 AND problem <> '') AS sms_wait`,
		b.ID, b.Mode, b.Provider, keyring.Refused)
	return a, err
}

// Tabs is how much stands behind the tabs of the room "Payment Page".
type Tabs struct{ Links, Codes int64 }

// TabsOf counts it for a business.
func TabsOf(ctx context.Context, from db.Reader, businessID business.ID) (t Tabs, err error) {
	err = from.Get(ctx, &t, `SELECT (SELECT COUNT(*) FROM links WHERE business_id = $1 AND deleted_at IS NULL) AS links,
		(SELECT COUNT(*) FROM promotion_codes WHERE business_id = $1 AND deleted_at IS NULL) AS codes`, businessID)
	return t, err
}
