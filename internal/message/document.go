package message

import (
	"context"

	"smartlinks/internal/business"
	"smartlinks/internal/message/email"
	"smartlinks/internal/payment/attempt"
)

// File is one that goes with a mail.
type File = email.File

// Document says which file goes with a mail.
type Document struct {
	BusinessID business.ID
	PaymentID  attempt.ID
	CreditNote string // its number; "" is the receipt
	Language   string
	// Stranger tells that nobody has confirmed the address: nothing that a payer typed goes
	// there.
	Stranger bool
}

// documentOf is the file that a mail brings, where the business wants that; false for none.
func documentOf(data Data) (d Document, is bool) {
	switch f := data.(type) {
	case Receipt:
		d.PaymentID, d.Stranger = f.PaymentID, f.Stranger
	case Refund:
		d.PaymentID, d.CreditNote, d.Stranger = f.PaymentID, f.CreditNote, f.Stranger
		if f.CreditNote == "" {
			return d, false
		}
	}
	return d, d.PaymentID != ""
}

// attach adds the file that goes with a mail. One that can't be made keeps no mail back: its
// reader finds it on the page that the mail leads to.
func (m *Messages) attach(ctx context.Context, from sender, data Data, language string, to *email.Mail) {
	d, is := documentOf(data)
	if !is || from.business == nil || !from.attaches || m.Document == nil {
		return
	}
	d.BusinessID, d.Language = from.business.ID, language
	file, err := m.Document(ctx, d)
	if err != nil {
		m.Log.WarnContext(ctx, "a mail goes without its document", "business", d.BusinessID, "payment", d.PaymentID.Code(), "error", err)
		return
	}
	to.Files = append(to.Files, file)
}
