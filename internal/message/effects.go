package message

import (
	"context"
	"strconv"

	"smartlinks/internal/address"
	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/payment"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/receipt"
)

// Receipts writes down who gave the receipts of payments, and queues them for the payers.
// It begins a payment.Effect.
func (m *Messages) Receipts(tx *db.Tx, of []attempt.Attempt) ([]*db.Statement, payment.Do) {
	strangers, counted := m.countUnconfirmed(tx, of)
	do := func(ctx context.Context, tx *db.Tx, s payment.Settlement) error {
		if err := receipt.KeepIssuer(ctx, tx, s); err != nil {
			return err
		}
		var mails []Mail
		for _, p := range s.Payments {
			if p.Quiet {
				continue
			}
			mails = append(mails, Mail{
				BusinessID: p.BusinessID, To: p.Payer.Email, ToName: p.Payer.Name, Language: p.Payer.Language, Key: receiptKey(p.ID),
				Data: Receipt{
					Number: p.Receipt, Code: p.ID.Code(), CustomerName: p.Payer.Name, Title: p.Title, Description: p.Description, Reference: p.Reference,
					Amount: p.Captured, Parts: p.Parts(), Method: p.Method, PaidAt: p.PaidAt, URL: m.Addresses.OfLink(string(p.BusinessID), p.Host, address.Receipt(p.ID, p.ReceiptToken)), Test: p.Mode == business.Test,
					Issuer: s.Payee, PaymentID: p.ID,
				},
			})
		}
		if err := strangers.uncount(ctx, tx, mails); err != nil {
			return err
		}
		m.gather(tx, strangers.fit(ctx, m, mails))
		return nil
	}
	return []*db.Statement{counted}, do
}

// NotifyMembers queues what the members who want it hear of payments: that they came, and
// that a link has all of its payments now. It begins a payment.Effect.
func (m *Messages) NotifyMembers(_ *db.Tx, of []attempt.Attempt) ([]*db.Statement, payment.Do) {
	var members []subscriber
	do := func(_ context.Context, tx *db.Tx, s payment.Settlement) error {
		var mails []Mail
		for _, p := range s.Payments {
			for _, h := range members {
				at := m.dashboard(h.Handle, p)
				if h.wants(NewsPaid) {
					mails = append(mails, paidMail(p, h, at))
				}
				if h.wants(NewsLimitReached) && p.Reached() {
					mails = append(mails, limitMail(p, h, at, *p.Slots.Capacity))
				}
			}
		}
		m.gather(tx, mails)
		return nil
	}
	return []*db.Statement{subscribersOf(&members, of[0].BusinessID)}, do
}

func paidMail(p payment.Payment, o subscriber, at string) Mail {
	return Mail{
		BusinessID: p.BusinessID, To: o.Email, ToName: o.Name, Language: o.Language, Key: "paid/" + string(p.ID) + "/" + o.ID,
		Data: Paid{
			CustomerName: p.Payer.Name, CustomerEmail: p.Payer.Email, Title: p.Title, Reference: p.Reference, Notes: p.Payer.Notes,
			Number: p.Receipt, Code: p.ID.Code(), Amount: p.Captured, Parts: p.Parts(), Answers: p.Answers, PaidAt: p.PaidAt, URL: at, Test: p.Mode == business.Test,
		},
	}
}

// limitMail is sent once for each limit that a link reaches: raised and reached
// again, it is news again.
func limitMail(p payment.Payment, o subscriber, at string, limit int64) Mail {
	return Mail{
		BusinessID: p.BusinessID, To: o.Email, ToName: o.Name, Language: o.Language,
		Key:  "limit/" + string(p.LinkID) + "/" + string(p.Mode) + "/" + strconv.FormatInt(limit, 10) + "/" + o.ID,
		Data: LimitReached{LinkName: p.Title, Max: limit, URL: at},
	}
}

// owner is who hears of what concerns the account of the business itself.
type owner struct{ ID, Name, Email, Language, Handle string }

const selectOwners = `SELECT u.id, u.name, u.email, u.language, b.handle FROM members m
	JOIN users u ON u.id = m.user_id JOIN businesses b ON b.id = m.business_id
	WHERE m.business_id = $1 AND m.role = 'owner' ORDER BY u.id`

func ownersOf(ctx context.Context, tx *db.Tx, businessID business.ID) (owners []owner, err error) {
	err = tx.Select(ctx, &owners, selectOwners, businessID)
	return owners, err
}

// dashboard is where the member sees the payment.
func (m *Messages) dashboard(handle string, p payment.Payment) string {
	page := address.Dashboard(handle, "links")
	if p.LinkID != "" {
		page = page.Below(string(p.LinkID))
	}
	return m.Addresses.Own(page)
}
