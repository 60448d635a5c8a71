package message

import (
	"context"
	"errors"
	"fmt"
	"net/url"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/message/sms"
)

// tryText hands a claimed SMS over once and writes down what came of it.
func (m *Messages) tryText(ctx context.Context, c textClaim) {
	gatewayID, failed := m.sendText(ctx, c)
	if failed != nil && ctx.Err() != nil {
		return // we were told to stop: the lease ends and it is due again
	}
	ctx = context.WithoutCancel(ctx) // what was sent is written down, whatever ends
	err := m.DB.InTx(ctx, func(tx *db.Tx) error { return m.noteText(ctx, tx, c, gatewayID, failed) })
	if err != nil {
		m.Log.ErrorContext(ctx, "an SMS's outcome is not written down", "sms", c.ID, "error", err)
	}
	if failed != nil {
		m.Log.WarnContext(ctx, "an SMS was not sent", "sms", c.ID, "tries", c.Tries, "error", failed)
	}
}

func (m *Messages) sendText(ctx context.Context, c textClaim) (gatewayID string, err error) {
	text, err := m.Sealer.Open(c.Body, textContext(c.ID))
	if err != nil {
		return "", fmt.Errorf("the SMS can't be opened: %w", err)
	}
	b, err := m.Businesses.ByID(ctx, c.BusinessID)
	if err != nil {
		return "", err
	}
	from, err := m.smsSender(ctx, m.DB, b)
	if err != nil {
		return "", err
	}
	if from.gateway == nil {
		return "", errNoSMSGateway
	}
	t := sms.Message{ID: c.ID, From: from.Name, To: c.Recipient, Text: string(text), ReportURL: m.reportURL(from.kind, c.BusinessID, c.ReportToken)}
	if finder, can := from.gateway.(sms.Finder); can && c.doubtful() {
		if gatewayID, err := finder.FindSMS(ctx, t); err != nil || gatewayID != "" {
			return gatewayID, doubtful(err)
		}
	}
	return from.gateway.SendSMS(ctx, t)
}

// doubtful keeps a doubt alive while the gateway can't be asked.
func doubtful(err error) error {
	var refusal *sms.Refusal
	if errors.As(err, &refusal) {
		refusal.Doubtful, refusal.Final = true, false
	}
	return err
}

var errNoSMSGateway = fault.New(fault.Unavailable, "No SMS gateway is set, neither for the business nor for the installation.")

// SMSHookPath is where gateways report; business and, of a report, its token
// follow.
const SMSHookPath = "/hooks/sms/"

// reportURL is where the gateway tells what became of an SMS. Nobody but the
// gateway is told the token.
func (m *Messages) reportURL(kind sms.Kind, businessID business.ID, token string) string {
	if kind == "" {
		return ""
	}
	return m.SMSHookURL(kind, businessID) + "?report=" + url.QueryEscape(token)
}

// SMSHookURL is where a gateway tells of texts that come in for a business.
func (m *Messages) SMSHookURL(kind sms.Kind, businessID business.ID) string {
	return m.PublicURL + SMSHookPath + string(kind) + "/" + string(businessID)
}

// noteText writes down what came of a try, unless another process has taken the
// SMS over, or a report came first.
func (m *Messages) noteText(ctx context.Context, tx *db.Tx, c textClaim, gatewayID string, failed error) error {
	became := Change{BusinessID: c.BusinessID, Channel: BySMS, Key: c.Key, GatewayID: gatewayID}
	if failed == nil {
		n, err := tx.Exec(ctx, `UPDATE texts SET state = 'sent', reason = '', body = '', gateway_id = $3, due_at = NULL, updated_at = $4
			WHERE id = $1 AND state = 'sending' AND tries = $2`, c.ID, c.Tries, gatewayID, db.At(tx.Now()))
		became.State = Sent
		return m.tell(ctx, tx, became, n, err)
	}
	var refusal *sms.Refusal
	known := errors.As(failed, &refusal)
	became.Reason = textReason(failed)
	clearTries := c.Tries
	if known && refusal.Doubtful {
		clearTries = c.ClearTries
	}
	if known && refusal.Final || c.Tries >= maxTries {
		n, err := tx.Exec(ctx, `UPDATE texts SET state = 'failed', reason = $3, clear_tries = $4, due_at = NULL, updated_at = $5
			WHERE id = $1 AND state = 'sending' AND tries = $2`, c.ID, c.Tries, became.Reason, clearTries, db.At(tx.Now()))
		became.State, became.BadAddress = Failed, known && refusal.BadNumber
		return m.tell(ctx, tx, became, n, err)
	}
	again := m.DB.Clock().Wall().Add(wait(c.Tries))
	n, err := tx.Exec(ctx, `UPDATE texts SET state = 'queued', reason = $3, clear_tries = $4, due_at = $5, updated_at = $6
		WHERE id = $1 AND state = 'sending' AND tries = $2`, c.ID, c.Tries, became.Reason, clearTries, db.At(again), db.At(tx.Now()))
	became.State = Queued
	if err := m.tell(ctx, tx, became, n, err); err != nil || !known || !refusal.Away {
		return err
	}
	until := db.At(m.DB.Clock().Wall().Add(min(wait(c.Tries), maxPutOff)))
	_, err = tx.Exec(ctx, `UPDATE texts SET due_at = $2 WHERE business_id = $1 AND state = 'queued' AND due_at < $2`, c.BusinessID, until)
	return err
}

// textReason is what people are told of a failure.
func textReason(err error) string {
	var refusal *sms.Refusal
	if errors.As(err, &refusal) {
		return refusal.Error() + "."
	}
	return reason(err)
}
