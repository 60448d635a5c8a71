package message

import (
	"context"
	"errors"
	"net/url"
	"strconv"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/payment"
)

// Receipt writes down who gave the receipt, and queues it for the payer. It is a
// payment.Effect, SPEC [P4].
func (m *Messages) Receipt(ctx context.Context, tx *db.Tx, p payment.Payment) error {
	issuer, err := keepIssuer(ctx, tx, p)
	if err != nil {
		return err
	}
	return m.Queue(ctx, tx, Mail{
		BusinessID: p.BusinessID, To: p.Payer.Email, ToName: p.Payer.Name, Language: p.Payer.Language, Typed: true, Key: receiptKey(p.ID),
		Facts: Receipt{
			Number: p.Receipt, Code: p.ID.Code(), CustomerName: p.Payer.Name, Title: p.Title, Description: p.Description, Reference: p.Reference,
			Amount: p.Captured, Method: p.Method, PaidAt: p.PaidAt, URL: m.payerPage(p.Attempt, "/receipt"), Test: p.Mode == business.Test,
			Issuer: issuer,
		},
	})
}

// TellOwners queues what the owners hear of a payment: that it came, and that
// its link has all of its payments now. It is a payment.Effect.
func (m *Messages) TellOwners(ctx context.Context, tx *db.Tx, p payment.Payment) error {
	settings, err := readSettings(ctx, tx, p.BusinessID)
	if err != nil || !settings.TellPaid && !settings.TellLimit {
		return err
	}
	full, err := reached(ctx, tx, p)
	if err != nil {
		return err
	}
	owners, err := ownersOf(ctx, tx, p.BusinessID)
	if err != nil {
		return err
	}
	for _, o := range owners {
		at := m.dashboard(o.Handle, p)
		if settings.TellPaid {
			if err := m.Queue(ctx, tx, paidMail(p, o, at)); err != nil {
				return err
			}
		}
		if settings.TellLimit && full > 0 {
			if err := m.Queue(ctx, tx, limitMail(p, o, at, full)); err != nil {
				return err
			}
		}
	}
	return nil
}

// payerPage is the page of a payment, or one below it, for whoever reads the
// payer's mail: the receipt's token opens it.
func (m *Messages) payerPage(a payment.Attempt, below string) string {
	at := m.PublicURL + "/pay/" + string(a.ID) + below
	if a.ReceiptToken != "" {
		at += "?" + url.Values{"key": {a.ReceiptToken}}.Encode()
	}
	return at
}

func paidMail(p payment.Payment, o owner, at string) Mail {
	return Mail{
		BusinessID: p.BusinessID, To: o.Email, ToName: o.Name, Key: "paid/" + string(p.ID) + "/" + o.ID,
		Facts: Paid{
			CustomerName: p.Payer.Name, CustomerEmail: p.Payer.Email, Title: p.Title, Reference: p.Reference, Notes: p.Payer.Notes,
			Number: p.Receipt, Code: p.ID.Code(), Amount: p.Captured, PaidAt: p.PaidAt, URL: at, Test: p.Mode == business.Test,
		},
	}
}

// limitMail is sent once for each limit that a link reaches: raised and reached
// again, it is news again.
func limitMail(p payment.Payment, o owner, at string, limit int64) Mail {
	return Mail{
		BusinessID: p.BusinessID, To: o.Email, ToName: o.Name,
		Key:   "limit/" + string(p.LinkID) + "/" + string(p.Mode) + "/" + strconv.FormatInt(limit, 10) + "/" + o.ID,
		Facts: LimitReached{LinkName: p.Title, Max: limit, URL: at},
	}
}

// owner is who hears of money.
type owner struct{ ID, Name, Email, Handle string }

func ownersOf(ctx context.Context, tx *db.Tx, businessID business.ID) (owners []owner, err error) {
	err = tx.Select(ctx, &owners, `SELECT u.id, u.name, u.email, b.handle FROM members m
		JOIN users u ON u.id = m.user_id JOIN businesses b ON b.id = m.business_id
		WHERE m.business_id = $1 AND m.role = 'owner' ORDER BY u.id`, businessID)
	return owners, err
}

// reached is the limit of the payment's link when it has all its payments, else 0.
func reached(ctx context.Context, tx *db.Tx, p payment.Payment) (limit int64, err error) {
	if p.LinkID == "" {
		return 0, nil
	}
	err = tx.Get(ctx, &limit, `SELECT capacity FROM link_slots WHERE business_id = $1 AND link_id = $2 AND mode = $3 AND consumed >= capacity`,
		p.BusinessID, p.LinkID, p.Mode)
	if errors.Is(err, db.ErrNoRows) {
		return 0, nil
	}
	return limit, err
}

// dashboard is where the owner sees the payment.
func (m *Messages) dashboard(handle string, p payment.Payment) string {
	at := m.PublicURL + "/dashboard/" + url.PathEscape(handle) + "/links"
	if p.LinkID != "" {
		at += "/" + string(p.LinkID)
	}
	return at
}
