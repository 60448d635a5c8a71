package message

import (
	"context"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/message/layout"
	"smartlinks/internal/money"
)

// Transfer is what a payer is told of a bank transfer: where to send the money, and that
// nobody waits for it any more.
type Transfer struct {
	Ended        bool
	CustomerName string
	Title        string
	Amount       money.Amount
	Name, IBAN   string // as they are shown
	Reference    string
	Until        time.Time
	Due          time.Time // the start of the day by which it wants to be paid, zero without one
	URL          string    // where the payer sees it
	Test         bool
}

// BankChanged is what the owners are told when payers send their money elsewhere.
type BankChanged struct {
	IBAN, By string
	URL      string // where the dashboard shows it
}

func (f Transfer) kind() Kind {
	if f.Ended {
		return KindTransferEnded
	}
	return KindTransfer
}

func (f Transfer) values(s renderContext) map[string]string {
	return map[string]string{"customer_name": f.CustomerName, "amount": s.sum(f.Amount), "link_name": f.Title, "business_name": s.name(), "until": s.day(f.Until), "payment_url": f.URL}
}

func (f Transfer) card(s renderContext) *card {
	c := &card{Title: f.Title, Amount: s.sum(f.Amount)}
	if f.Test {
		c.Note = s.T("transfer.test")
	}
	if !f.Ended {
		c.Rows = layout.Rows(line(s.T("transfer.name"), f.Name, false), line(s.T("transfer.iban"), f.IBAN, true), line(s.T("paid.reference"), f.Reference, true), line(s.T("mail.due"), s.day(f.Due), false))
	}
	return c
}

func (BankChanged) kind() Kind { return KindBankChanged }

func (f BankChanged) values(s renderContext) map[string]string {
	return map[string]string{"business_name": s.name(), "iban": f.IBAN, "by": f.By, "dashboard_url": f.URL}
}

func (BankChanged) card(renderContext) *card { return nil }

// BankChanged queues the mail about another IBAN for every owner.
func (m *Messages) BankChanged(ctx context.Context, tx *db.Tx, businessID business.ID, data BankChanged) error {
	owners, err := ownersOf(ctx, tx, businessID)
	if err != nil {
		return err
	}
	key, err := tx.NewID("ibn")
	if err != nil {
		return err
	}
	for _, o := range owners {
		if err := m.Queue(ctx, tx, Mail{BusinessID: businessID, To: o.Email, ToName: o.Name, Language: o.Language, Key: "iban/" + key + "/" + o.ID, Data: data}); err != nil {
			return err
		}
	}
	return nil
}
