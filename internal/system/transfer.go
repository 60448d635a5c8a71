package system

import (
	"context"
	"time"

	"smartlinks/internal/address"
	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/message"
	"smartlinks/internal/payment/attempt"
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
	due, err := r.dueOf(ctx, tx, v.Attempt)
	if err != nil {
		return err
	}
	return r.Messages.Queue(ctx, tx, r.transferMail(v.Attempt, t, due, false))
}

// dueOf is the day by which what is paid wants to be paid, zero without one.
func (r *System) dueOf(ctx context.Context, tx *db.Tx, a attempt.Attempt) (time.Time, error) {
	if a.LinkID == "" {
		return time.Time{}, nil
	}
	b, err := r.Businesses.ByIDTx(ctx, tx, a.BusinessID)
	if err != nil {
		return time.Time{}, err
	}
	l, err := r.Links.GetTx(ctx, tx, b, a.LinkID)
	if err != nil {
		return time.Time{}, err
	}
	due, _ := l.Due(b.Location())
	return due, nil
}

// mailTransferEnded tells the payer of a transfer that has run out.
func (r *System) mailTransferEnded(ctx context.Context, tx *db.Tx, a attempt.Attempt) error {
	if a.Provider != banktransfer.Name || a.State != attempt.Expired {
		return nil
	}
	t, err := r.Transfers.Of(ctx, tx, a.BusinessID, a.ID)
	if err != nil {
		return err
	}
	return r.Messages.Queue(ctx, tx, r.transferMail(a, t, time.Time{}, true))
}

func (r *System) transferMail(a attempt.Attempt, t banktransfer.Transfer, due time.Time, ended bool) message.Mail {
	key := message.TransferKey(a.ID)
	if ended {
		key = "transfer ended/" + string(a.ID)
	}
	return message.Mail{
		BusinessID: a.BusinessID, To: a.Payer.Email, ToName: a.Payer.Name, Language: a.Payer.Language, Typed: true, Key: key,
		Data: message.Transfer{
			Ended: ended, CustomerName: a.Payer.Name, Title: a.Title, Amount: a.Amount, Name: t.Name, IBAN: sepa.FormatIBAN(t.IBAN), Reference: sepa.FormatReference(t.Reference),
			Until: t.ExpiresAt, Due: due, URL: r.Addresses.OfLink(string(a.BusinessID), a.Host, address.PaymentByMail(a.ID, a.ReceiptToken)), Test: a.Mode == business.Test,
		},
	}
}
