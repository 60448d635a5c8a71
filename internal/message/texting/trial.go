package texting

import (
	"context"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/id"
	"smartlinks/internal/message/retry"
	"smartlinks/internal/message/sms"
)

// SendTestSMS sends a text message to a number (E.164) at once; it counts
// against the cap of the day. Its error says why the gateway did not take it;
// nothing is tried again.
func (m *Texts) SendTestSMS(ctx context.Context, b business.Business, to string) error {
	from, err := m.smsSender(ctx, m.DB, b)
	if err != nil {
		return err
	}
	if from.gateway == nil {
		return errNoSMSGateway
	}
	if why := from.WhyNot(to); why != "" {
		return fault.New(fault.Unavailable, why)
	}
	t := sms.Message{BusinessID: string(b.ID), From: from.Name, To: to, Text: "This is a test from " + b.Name + ". Your SMS settings work."}
	if t.ID, err = id.New("txt", m.DB.Clock().Now(), m.DB.Random()); err != nil {
		return err
	}
	t.Key = t.ID
	if err := m.spendTest(ctx, b.ID, sms.Count(t.Text).Segments); err != nil {
		return err
	}
	waiting, cancel := context.WithTimeout(ctx, retry.TestWait)
	defer cancel()
	_, failed := from.gateway.SendSMS(waiting, t)
	if err := m.noteTest(ctx, b.ID, from, failed); err != nil {
		return err
	}
	if failed != nil {
		return fault.Wrap(failed, fault.Unavailable, "The test was not sent: "+smsReason(failed))
	}
	return nil
}

// noteTest writes down what a test tells of the account.
func (m *Texts) noteTest(ctx context.Context, businessID business.ID, from Sender, failed error) error {
	refused := refusalOf(failed).Account
	if failed != nil && !refused {
		return nil
	}
	return m.DB.InTx(ctx, func(tx *db.Tx) error {
		if refused {
			return m.accountRefused(ctx, tx, businessID, from, smsReason(failed))
		}
		return m.accountWorks(ctx, tx, businessID, from)
	})
}

func (m *Texts) spendTest(ctx context.Context, businessID business.ID, segments int) error {
	return m.DB.InTx(ctx, func(tx *db.Tx) error {
		limit, fits, err := spendSegments(ctx, tx, businessID, int64(segments))
		if err == nil && !fits {
			err = fault.New(fault.Unavailable, overCapReason(limit))
		}
		return err
	})
}
