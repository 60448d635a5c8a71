package texting

import (
	"context"
	"errors"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/message/sms"
	"smartlinks/internal/secret"
)

// SMS is a text message to be sent, worded to the end.
type SMS struct {
	BusinessID business.ID
	To         string // E.164
	Text       string
	// Key tells the SMS of a business apart: there is at most one for each.
	Key string
}

// QueueSMS stores a text message, to be sent once the transaction is committed.
// A second one with the same key is left out. One of more than sms.MaxSegments is
// an Invalid fault.
func (m *Texts) QueueSMS(ctx context.Context, tx *db.Tx, s SMS) error {
	if s.Key == "" || s.To == "" {
		return errors.New("message: an SMS has no key or no number")
	}
	if why := sms.TooLong(s.Text); why != "" {
		return fault.New(fault.Invalid, why)
	}
	id, err := tx.NewID("txt")
	if err != nil {
		return err
	}
	token, err := secret.Short(m.DB.Random())
	if err != nil {
		return err
	}
	sealed, err := m.Sealer.Seal([]byte(s.Text), smsContext(id))
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `
		INSERT INTO texts (id, business_id, key, recipient, body, segments, report_token, state, due_at, created_at, updated_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, 'queued', $8, $9, $9) ON CONFLICT (business_id, key) DO NOTHING`,
		id, s.BusinessID, s.Key, s.To, sealed, sms.Count(s.Text).Segments, token, db.At(m.DB.Clock().Wall()), db.At(tx.Now()))
	m.work.Due(tx)
	return err
}

// smsContext is what an SMS's words are sealed for.
func smsContext(id string) string { return "text/" + id + "/body" }

// ResealTx seals anew what is kept sealed: gateways, and words on their way.
func ResealTx(ctx context.Context, tx *db.Tx, reseal func(sealed, context string) (string, error)) error {
	type sealed struct{ ID, Text string }
	for _, kept := range []struct {
		read, write string
		context     func(id string) string
	}{
		{`SELECT business_id AS id, gateway AS text FROM sms_settings WHERE gateway <> ''`, `UPDATE sms_settings SET gateway = $2 WHERE business_id = $1`,
			func(id string) string { return smsGatewayContext(business.ID(id)) }},
		{`SELECT id, body AS text FROM texts WHERE body <> ''`, `UPDATE texts SET body = $2 WHERE id = $1`, smsContext},
	} {
		var rows []sealed
		if err := tx.Select(ctx, &rows, kept.read); err != nil {
			return err
		}
		for _, row := range rows {
			anew, err := reseal(row.Text, kept.context(row.ID))
			if err != nil {
				return err
			}
			if _, err := tx.Exec(ctx, kept.write, row.ID, anew); err != nil {
				return err
			}
		}
	}
	return nil
}
