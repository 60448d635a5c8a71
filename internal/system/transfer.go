package system

import (
	"context"

	"smartlinks/internal/address"
	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/message"
	"smartlinks/internal/payment"
	"smartlinks/internal/payment/banktransfer"
	"smartlinks/internal/sepa"
)

// What bank transfers cause: their payers are told by mail what to send, and when nobody
// waits for it any more.

// mailTransfer tells a payer where to send the money.
func (r *System) mailTransfer(ctx context.Context, tx *db.Tx, t banktransfer.Transfer) error {
	v, err := r.Payments.GetTx(ctx, tx, t.BusinessID, t.AttemptID)
	if err != nil {
		return err
	}
	return r.Messages.Queue(ctx, tx, r.transferMail(v.Attempt, t, false))
}

// mailTransferEnded tells the payer of a transfer that has run out.
func (r *System) mailTransferEnded(ctx context.Context, tx *db.Tx, a payment.Attempt) error {
	if a.Provider != banktransfer.Name || a.State != payment.Expired {
		return nil
	}
	t, err := r.Transfers.Of(ctx, tx, a.BusinessID, a.ID)
	if err != nil {
		return err
	}
	return r.Messages.Queue(ctx, tx, r.transferMail(a, t, true))
}

func (r *System) transferMail(a payment.Attempt, t banktransfer.Transfer, ended bool) message.Mail {
	key := "transfer/"
	if ended {
		key = "transfer ended/"
	}
	return message.Mail{
		BusinessID: a.BusinessID, To: a.Payer.Email, ToName: a.Payer.Name, Language: a.Payer.Language, Typed: true, Key: key + string(a.ID),
		Data: message.Transfer{
			Ended: ended, CustomerName: a.Payer.Name, Title: a.Title, Amount: a.Amount, Name: t.Name, IBAN: sepa.FormatIBAN(t.IBAN), Reference: sepa.FormatReference(t.Reference),
			Until: t.ExpiresAt, URL: r.addresses.Of(string(a.BusinessID), address.PaymentByMail(a.ID, a.ReceiptToken)), Test: a.Mode == business.Test,
		},
	}
}
