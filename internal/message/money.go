package message

import (
	"context"

	"smartlinks/internal/address"
	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/message/layout"
	"smartlinks/internal/money"
	"smartlinks/internal/payment"
	"smartlinks/internal/payment/attempt"
)

// Refund is what a payer is told of money that went back.
type Refund struct {
	Overflow     bool // it came when no place was left
	CustomerName string
	Title        string
	Number       string // of the receipt, "" for overflow
	Code         string // of the payment
	Reference    string
	Amount       money.Amount
	URL          string // where the payer sees the payment
	Test         bool
	PaymentID    attempt.ID
	CreditNote   string // its number, "" for overflow
	Stranger     bool   // nobody has confirmed the address
}

// Attention is what the owners are told of money that needs them.
type Attention struct {
	What         payment.MovementKind // or "overflow"
	CustomerName string
	Title        string
	Number       string // of the receipt, "" for overflow
	Code         string // of the payment
	Amount       money.Amount
	Reason       string // the provider's or the bank's, may be empty
	URL          string // where the dashboard shows it
	Test         bool
}

func (f Refund) kind() Kind {
	switch {
	case f.Overflow:
		return KindOverflow
	case f.Amount.IsZero(): // no money moves, so that no bank shows any
		return KindCanceled
	}
	return KindRefund
}

func (f Refund) values(s renderContext) map[string]string {
	return map[string]string{
		"customer_name": f.CustomerName, "amount": s.sum(f.Amount), "link_name": f.Title, "business_name": s.name(), "receipt_number": f.Number,
		"reference": f.Reference, "receipt_url": f.URL, "payment_code": f.Code, "credit_note": f.CreditNote,
	}
}

func (f Refund) card(s renderContext) *card {
	note := s.T("mail.given_back")
	if f.Amount.IsZero() {
		note = s.T("mail.canceled")
	}
	return &card{Title: f.Title, Amount: s.sum(f.Amount), Note: note, Rows: layout.Rows(
		line(s.T("mail.receipt_number"), f.Number, true), line(s.T("mail.credit_note"), f.CreditNote, true), line(s.T("mail.reference"), f.Reference, false), line(s.T("receipt.code"), f.Code, true),
		row{Label: s.T("mail.test"), Value: s.test(f.Test)},
	)}
}

func (Attention) kind() Kind { return KindAttention }

func (f Attention) values(s renderContext) map[string]string {
	return map[string]string{
		"what": s.T("mail.attention." + string(f.What)), "advice": s.T("mail.attention." + string(f.What) + "_advice"), "amount": s.sum(f.Amount),
		"customer_name": f.CustomerName, "link_name": f.Title, "business_name": s.name(), "dashboard_url": f.URL,
	}
}

func (f Attention) card(s renderContext) *card {
	return &card{Title: f.Title, Text: f.Reason, Amount: s.sum(f.Amount), Rows: layout.Rows(
		line(s.T("mail.customer"), f.CustomerName, false), line(s.T("mail.receipt_number"), f.Number, true), line(s.T("receipt.code"), f.Code, true),
		row{Label: s.T("mail.test"), Value: s.test(f.Test)},
	)}
}

// NotifyMovement tells the payer of money that went back, and the members who want it of what
// needs them or happened without them. It is a payment.Reaction.
func (m *Messages) NotifyMovement(ctx context.Context, tx *db.Tx, moved payment.Movement) error {
	if moved.Kind == payment.MoneyRefunded {
		if err := m.mailPayer(ctx, tx, moved); err != nil {
			return err
		}
	}
	if what := moved.Attention(); what != "" {
		if what == payment.SendBack {
			moved.Reason = "" // the mail says what there is to do
		}
		return m.alert(ctx, tx, moved, what)
	}
	return nil
}

func (m *Messages) mailPayer(ctx context.Context, tx *db.Tx, moved payment.Movement) error {
	return m.Queue(ctx, tx, Mail{
		BusinessID: moved.BusinessID, To: moved.Payer.Email, ToName: moved.Payer.Name, Language: moved.Payer.Language, Typed: true, Key: "refund/" + moved.ID,
		Data: Refund{
			Overflow: moved.Receipt == "", CustomerName: moved.Payer.Name, Title: moved.Title, Number: moved.Receipt, Code: moved.Attempt.ID.Code(), Reference: moved.Reference,
			Amount: moved.Amount, URL: m.Addresses.OfLink(string(moved.BusinessID), moved.Attempt.Host, address.PaymentByMail(moved.Attempt.ID, moved.Attempt.ReceiptToken)), Test: moved.Mode == business.Test,
			PaymentID: moved.Attempt.ID, CreditNote: moved.CreditNote,
		},
	})
}

func (m *Messages) alert(ctx context.Context, tx *db.Tx, moved payment.Movement, what payment.MovementKind) error {
	var members []subscriber
	if err := tx.Select(ctx, &members, selectSubscribers, moved.BusinessID, NewsColumn(usual())); err != nil {
		return err
	}
	for _, o := range members {
		if !o.wants(NewsAttention) {
			continue
		}
		err := m.Queue(ctx, tx, Mail{
			BusinessID: moved.BusinessID, To: o.Email, ToName: o.Name, Language: o.Language, Key: string(what) + "/" + moved.ID + "/" + o.ID,
			Data: Attention{
				What: what, CustomerName: moved.Payer.Name, Title: moved.Title, Number: moved.Receipt, Code: moved.Attempt.ID.Code(), Amount: moved.Amount, Reason: moved.Reason,
				URL: m.Addresses.Own(address.Dashboard(o.Handle, "transactions", string(moved.Attempt.ID))), Test: moved.Mode == business.Test,
			},
		})
		if err != nil {
			return err
		}
	}
	return nil
}
