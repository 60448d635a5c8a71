package message

import (
	"context"
	"errors"
	"fmt"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/message/email"
	"smartlinks/internal/message/retry"
)

// try sends a claimed mail once and writes down what came of it.
func (m *Messages) try(ctx context.Context, c claim) error {
	over := m.sent.begin()
	defer over()
	failed := m.send(ctx, c)
	if failed != nil && ctx.Err() != nil {
		return failed // we were told to stop: the lease ends and it is due again
	}
	ctx = context.WithoutCancel(ctx) // what was sent is written down, whatever ends
	var err error
	if failed == nil && !m.watched(c.Key) {
		err = m.sent.record(ctx, c, over)
	} else {
		over()
		err = m.DB.InTx(ctx, func(tx *db.Tx) error { return m.record(ctx, tx, c, failed) })
	}
	if err != nil {
		m.Log.ErrorContext(ctx, "a mail's outcome is not written down", "mail", c.ID, "error", err)
	}
	if failed != nil {
		m.Log.WarnContext(ctx, "a mail was not sent", "mail", c.ID, "kind", c.Kind, "tries", c.Tries, "error", failed)
	}
	return nil
}

func (m *Messages) send(ctx context.Context, c claim) error {
	text, err := m.Sealer.Open(c.Facts, dataContext(c.ID))
	if err != nil {
		return fmt.Errorf("the mail can't be opened: %w", err)
	}
	data, err := readData(c.Kind, text)
	if err != nil {
		return err
	}
	if err := m.writtenOff(ctx, c); err != nil {
		return err
	}
	from, err := m.waitingSender(ctx, c.BusinessID)
	if err != nil {
		return err
	}
	if from.gateway == nil {
		return errNoGateway
	}
	letter, err := m.write(ctx, from, data, c.Language)
	if err != nil {
		return err
	}
	letter.ID, letter.Date = string(c.ID), c.CreatedAt.Time
	letter.To.Name, letter.To.Address = c.RecipientName, c.Recipient
	letter.Envelope = m.returnTo(from.returns, c.ID)
	return from.gateway.Send(ctx, letter)
}

var errNoGateway = fault.New(fault.Unavailable, "No mail server is set, neither for the business nor for the installation.")

// record writes down what came of a try, unless another process has taken the
// mail over meanwhile.
func (m *Messages) record(ctx context.Context, tx *db.Tx, c claim, failed error) error {
	var refusal *email.Refusal
	known := errors.As(failed, &refusal)
	became := Change{BusinessID: c.BusinessID, Channel: ByEmail, Key: c.Key, GatewayID: string(c.ID)}
	switch {
	case failed == nil:
		became.State = Sent
		query, arguments := markSent(tx.Now(), []claim{c})
		n, err := tx.Exec(ctx, query, arguments...)
		return m.publish(ctx, tx, became, n, err)
	case known && refusal.Final, fault.Is(failed, fault.Conflict), c.Tries >= retry.MaxTries:
		n, err := tx.Exec(ctx, `UPDATE mails SET state = 'failed', reason = $3, due_at = NULL, updated_at = $4
			WHERE id = $1 AND state = 'sending' AND tries = $2`, c.ID, c.Tries, reason(failed), db.At(tx.Now()))
		became.State, became.Reason, became.BadAddress = Failed, reason(failed), known && refusal.BadAddress()
		return m.publish(ctx, tx, became, n, err)
	}
	again := m.DB.Clock().Wall().Add(retry.Wait(c.Tries))
	n, err := tx.Exec(ctx, `UPDATE mails SET state = 'queued', reason = $3, due_at = $4, updated_at = $5
		WHERE id = $1 AND state = 'sending' AND tries = $2`, c.ID, c.Tries, reason(failed), db.At(again), db.At(tx.Now()))
	became.State, became.Reason = Queued, reason(failed)
	if err := m.publish(ctx, tx, became, n, err); err != nil || !known || !refusal.Away {
		return err
	}
	return putOff(ctx, tx, c.BusinessID, db.At(m.DB.Clock().Wall().Add(min(retry.Wait(c.Tries), retry.MaxPutOff))))
}

// publish passes a step on if it was made: n is how many mails made it.
func (m *Messages) publish(ctx context.Context, tx *db.Tx, c Change, n int64, err error) error {
	if err != nil || n == 0 {
		return err
	}
	return m.changed(ctx, tx, c)
}

// putOff lets the other mails of a business wait as well: the server that is
// away for one is away for all, and would hold up everybody else's.
func putOff(ctx context.Context, tx *db.Tx, businessID business.ID, until db.Time) error {
	_, err := tx.Exec(ctx, `UPDATE mails SET due_at = $2 WHERE business_id = $1 AND state = 'queued' AND due_at < $2`, businessID, until)
	return err
}

// reason is what people are told of a failure.
func reason(err error) string {
	var refusal *email.Refusal
	if errors.As(err, &refusal) {
		return refusal.Error()
	}
	return retry.Reason(err)
}
