package message

import (
	"context"
	"errors"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/payment/attempt"
)

// ReceiptTo is the address that a payment's receipt was mailed to, or is on its
// way to; "" when it is not: no mail server is set, or it refused the address.
func (m *Messages) ReceiptTo(ctx context.Context, from db.Reader, businessID business.ID, id attempt.ID) (address string, err error) {
	return m.mailedTo(ctx, from, businessID, receiptKey(id))
}

// TransferTo is the address that was told where to transfer the money of a payment; "" when
// no mail says so, as where nobody has confirmed the address and it had its mails of the day.
func (m *Messages) TransferTo(ctx context.Context, from db.Reader, businessID business.ID, id attempt.ID) (address string, err error) {
	return m.mailedTo(ctx, from, businessID, TransferKey(id))
}

func (m *Messages) mailedTo(ctx context.Context, from db.Reader, businessID business.ID, key string) (address string, err error) {
	var found struct{ Recipient, State string }
	err = from.Get(ctx, &found, `SELECT recipient, state FROM mails WHERE business_id = $1 AND key = $2 AND state <> 'failed'`,
		businessID, key)
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

func receiptKey(id attempt.ID) string { return "receipt/" + string(id) }

// TransferKey is the key of the mail that tells where to transfer the money of a payment.
func TransferKey(id attempt.ID) string { return "transfer/" + string(id) }
