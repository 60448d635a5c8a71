package message

import (
	"context"
	"time"

	"smartlinks/internal/address"
	"smartlinks/internal/business"
	"smartlinks/internal/fault"
	"smartlinks/internal/id"
	"smartlinks/internal/message/email"
	"smartlinks/internal/message/retry"
	"smartlinks/internal/money"
)

// sample is what a mail of the kind could say, for previews.
func (m *Messages) sample(b business.Business, k Kind) Data {
	amount, now := money.Amount{Minor: 8900, Currency: b.Currency}, m.DB.Clock().Now()
	at := m.Addresses.Of(string(b.ID), address.PaymentPage(b.Handle))
	switch k {
	case KindLink:
		return sampleAsk(k, amount, at)
	case KindReminderFirst, KindReminderMiddle, KindReminderLast:
		ask := sampleAsk(k, amount, at)
		ask.Number, ask.Max = map[Kind]int64{KindReminderFirst: 1, KindReminderMiddle: 2, KindReminderLast: 3}[k], 3
		return ask
	case KindRecovery:
		return Recovery{CustomerName: "Amara Okafor", LinkName: "Photography Workshop", Amount: amount, Until: now.Add(7 * 24 * time.Hour), URL: at, OptOutURL: at}
	case KindPaid:
		return Paid{CustomerName: "Amara Okafor", CustomerEmail: "amara@example.com", Title: "Photography Workshop", Reference: "INV-7", Notes: "Looking forward to it!",
			Number: "2026-00001", Code: "P-7KQ2-M4XD", Amount: amount, PaidAt: now, URL: at}
	case KindWaitingJoined, KindWaitingOffered, KindWaitingOpen:
		until := now.Add(24 * time.Hour)
		return Waiting{Stage: k, LinkName: "Photography Workshop", Quantity: 2, Hours: 24, Until: &until, PageURL: at, LeaveURL: at}
	case KindLimitReached:
		return LimitReached{LinkName: "Photography Workshop", Max: 20, URL: at}
	case KindRefund, KindOverflow:
		return Refund{Overflow: k == KindOverflow, CustomerName: "Amara Okafor", Title: "Photography Workshop", Number: "2026-00001", Code: "P-7KQ2-M4XD", Reference: "INV-7", Amount: amount, URL: at, CreditNote: creditNoteOf(k)}
	case KindInvitation:
		return Invitation{BusinessName: b.Name, InviterName: "Amara Okafor", Role: "admin", URL: at, ExpiresAt: now.Add(7 * 24 * time.Hour)}
	}
	return Receipt{Number: "2026-00001", Code: "P-7KQ2-M4XD", CustomerName: "Amara Okafor", Title: "Photography Workshop", Description: "A full day in our studio.", Reference: "INV-7",
		Amount: amount, Method: "iDEAL", PaidAt: now, URL: at, Issuer: b.Legal}
}

func sampleAsk(k Kind, amount money.Amount, at string) Ask {
	return Ask{Stage: k, CustomerName: "Amara Okafor", FirstName: "Amara", LinkName: "Photography Workshop", Description: "A full day in our studio.",
		Amount: amount, Limit: 20, URL: at, OptOutURL: at}
}

// creditNoteOf is the number that a mail could tell: what came too late has none.
func creditNoteOf(k Kind) string {
	if k == KindOverflow {
		return ""
	}
	return "CN-2026-00001"
}

// SampleValues are what the fields of a mail say in its preview.
func (m *Messages) SampleValues(b business.Business, k Kind) map[string]string {
	return m.sample(b, k).values(renderContext{m.Localizer(b.Locale), &b, m.Addresses})
}

// Preview is a mail of the business with made-up data, as the template would
// write it. A broken template is an Invalid fault that names field and line.
func (m *Messages) Preview(ctx context.Context, b business.Business, t Template) (email.Mail, error) {
	words, err := t.parse()
	if err != nil {
		return email.Mail{}, err
	}
	from, err := m.sender(ctx, b.ID)
	if err != nil {
		return email.Mail{}, err
	}
	return m.compose(from, renderContext{m.Localizer(b.Locale), &b, m.Addresses}, words, m.sample(b, t.Kind))
}

// SendTest sends a preview at once. Its error says why the mail server did not
// take it; nothing is tried again.
func (m *Messages) SendTest(ctx context.Context, b business.Business, t Template, to, toName string) error {
	l, err := m.Preview(ctx, b, t)
	if err != nil {
		return err
	}
	from, err := m.sender(ctx, b.ID)
	if err != nil {
		return err
	}
	if from.gateway == nil {
		return errNoGateway
	}
	if l.ID, err = id.New("mal", m.DB.Clock().Now(), m.DB.Random()); err != nil {
		return err
	}
	l.Date, l.To.Address, l.To.Name = m.DB.Clock().Now(), to, toName
	ctx, cancel := context.WithTimeout(ctx, retry.TestWait)
	defer cancel()
	if err := from.gateway.Send(ctx, l); err != nil {
		return fault.Wrap(err, fault.Unavailable, "The test was not sent: "+reason(err)+".")
	}
	return nil
}
