package message

import (
	"context"
	"errors"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/payment"
)

// ReceiptTo is the address that a payment's receipt was mailed to, or is on its
// way to; "" when it is not: no mail server is set, or it refused the address.
func (m *Messages) ReceiptTo(ctx context.Context, from db.Reader, businessID business.ID, id payment.ID) (address string, err error) {
	var found struct{ Recipient, State string }
	err = from.Get(ctx, &found, `SELECT recipient, state FROM mails WHERE business_id = $1 AND key = $2 AND state <> 'failed'`,
		businessID, receiptKey(id))
	if errors.Is(err, db.ErrNoRows) {
		return "", nil
	}
	if err != nil || found.State == string(Sent) {
		return found.Recipient, err
	}
	if ready, err := m.MailReady(ctx, from, businessID); err != nil || !ready {
		return "", err
	}
	return found.Recipient, nil
}

func receiptKey(id payment.ID) string { return "receipt/" + string(id) }
