package texting

import (
	"context"
	"errors"
	"fmt"
	"time"

	"smartlinks/internal/address"
	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/message/retry"
	"smartlinks/internal/message/sms"
)

// sendClaimedSMS hands a claimed SMS over once and writes down what came of it.
func (m *Texts) sendClaimedSMS(ctx context.Context, c smsClaim) error {
	from, gatewayID, failed := m.sendSMS(ctx, c)
	if failed != nil && ctx.Err() != nil {
		return failed // we were told to stop: the lease ends and it is due again
	}
	ctx = context.WithoutCancel(ctx) // what was sent is written down, whatever ends
	err := m.DB.InTx(ctx, func(tx *db.Tx) error { return m.recordSMS(ctx, tx, c, from, gatewayID, failed) })
	if err != nil {
		m.Log.ErrorContext(ctx, "an SMS's outcome is not written down", "sms", c.ID, "error", err)
	}
	if failed != nil {
		m.Log.WarnContext(ctx, "an SMS was not sent", "sms", c.ID, "tries", c.Tries, "error", failed)
		return nil
	}
	if reporter, can := from.gateway.(sms.Reporter); can {
		if event, known := reporter.Report(sms.Message{ID: c.ID, To: c.Recipient}); known {
			event.GatewayID = gatewayID
			if err := m.takeReport(ctx, c.BusinessID, "id", c.ID, event); err != nil {
				m.Log.ErrorContext(ctx, "what became of an SMS is not written down", "sms", c.ID, "error", err)
			}
		}
	}
	return nil
}

func (m *Texts) sendSMS(ctx context.Context, c smsClaim) (from Sender, gatewayID string, err error) {
	text, err := m.Sealer.Open(c.Body, smsContext(c.ID))
	if err != nil {
		return from, "", fmt.Errorf("the SMS can't be opened: %w", err)
	}
	b, err := m.Businesses.ByID(ctx, c.BusinessID)
	if err != nil {
		return from, "", err
	}
	if from, err = m.smsSender(ctx, m.DB, b); err != nil {
		return from, "", err
	}
	if from.gateway == nil {
		return from, "", errNoSMSGateway
	}
	t := sms.Message{
		ID: c.ID, BusinessID: string(c.BusinessID), Key: c.idempotencyKey(), From: from.Name, To: c.Recipient, Text: string(text),
		ReportURL: m.reportURL(from.kind, c.BusinessID, c.ReportToken),
	}
	if finder, can := from.gateway.(sms.Finder); can && c.doubtful() {
		if gatewayID, err := finder.FindSMS(ctx, t); err != nil || gatewayID != "" {
			return from, gatewayID, doubtful(err)
		}
	}
	gatewayID, err = from.gateway.SendSMS(ctx, t)
	return from, gatewayID, err
}

// doubtful keeps a doubt alive while the gateway can't be asked.
func doubtful(err error) error {
	var refusal *sms.Refusal
	if errors.As(err, &refusal) {
		refusal.Doubtful, refusal.Final = true, false
	}
	return err
}

// errUnreadable says that the business's account can't be opened as it is stored.
var errUnreadable = fault.New(fault.Unavailable, "The SMS account that is stored can’t be read any more. Enter it again in Settings, SMS.")

var errNoSMSGateway = fault.New(fault.Unavailable, "No SMS gateway is set, neither for the business nor for the installation.")

// InstallationHook stands for the business where a gateway tells about the
// installation's own account, which any business may send through.
const InstallationHook = "installation"

// reportURL is where the gateway reports what became of an SMS. Only the gateway is
// given the token.
func (m *Texts) reportURL(kind sms.Kind, businessID business.ID, token string) string {
	if kind == "" {
		return ""
	}
	return m.Addresses.Own(address.SMSReport(kind, businessID, token))
}

// SMSHookURL is where a gateway reports SMS that come in for a business.
func (m *Texts) SMSHookURL(kind sms.Kind, businessID business.ID) string {
	return m.Addresses.Own(address.SMSHook(kind, businessID))
}

// recordSMS writes down what came of a try, unless another process has taken the
// SMS over, or a report came first.
func (m *Texts) recordSMS(ctx context.Context, tx *db.Tx, c smsClaim, from Sender, gatewayID string, failed error) error {
	became := Step{BusinessID: c.BusinessID, Key: c.Key, GatewayID: gatewayID}
	if failed == nil {
		n, err := tx.Exec(ctx, `UPDATE texts SET state = 'sent', reason = '', body = '', gateway_id = $3, due_at = NULL, updated_at = $4
			WHERE id = $1 AND state = 'sending' AND tries = $2`, c.ID, c.Tries, gatewayID, db.At(tx.Now()))
		became.State = sms.Sent
		if err := m.publish(ctx, tx, became, n, err); err != nil {
			return err
		}
		return m.accountWorks(ctx, tx, c.BusinessID, from)
	}
	refusal := refusalOf(failed)
	became.Reason = smsReason(failed)
	clearTries := c.Tries
	if refusal.Doubtful {
		clearTries = c.ClearTries
	}
	over := !refusal.Doubtful && (refusal.Account || refusal.Final)
	if over {
		c.Refusals++
	}
	if refusal.Final || !refusal.Account && c.Tries-c.Refusals >= retry.MaxTries {
		n, err := tx.Exec(ctx, `UPDATE texts SET state = 'failed', reason = $3, clear_tries = $4, refusals = $5, due_at = NULL, updated_at = $6
			WHERE id = $1 AND state = 'sending' AND tries = $2`, c.ID, c.Tries, became.Reason, clearTries, c.Refusals, db.At(tx.Now()))
		became.State, became.BadNumber = sms.Failed, refusal.BadNumber
		return m.publish(ctx, tx, became, n, err)
	}
	pause := retry.Wait(c.Tries)
	if refusal.Account {
		pause = min(pause, maxAccountWait)
	}
	again := m.DB.Clock().Wall().Add(pause)
	n, err := tx.Exec(ctx, `UPDATE texts SET state = 'queued', reason = $3, clear_tries = $4, refusals = $5, due_at = $6, updated_at = $7
		WHERE id = $1 AND state = 'sending' AND tries = $2`, c.ID, c.Tries, became.Reason, clearTries, c.Refusals, db.At(again), db.At(tx.Now()))
	became.State = Queued
	if err := m.publish(ctx, tx, became, n, err); err != nil || !refusal.Away {
		return err
	}
	if refusal.Account {
		if err := m.accountRefused(ctx, tx, c.BusinessID, from, became.Reason); err != nil {
			return err
		}
	}
	until := db.At(m.DB.Clock().Wall().Add(min(pause, retry.MaxPutOff)))
	_, err = tx.Exec(ctx, `UPDATE texts SET due_at = $2 WHERE business_id = $1 AND state = 'queued' AND due_at < $2`, c.BusinessID, until)
	return err
}

// maxAccountWait bounds how long messages wait for an account that is refused:
// we are not told when somebody mends it at the gateway.
const maxAccountWait = 15 * time.Minute

// refusalOf is what the gateway said, or nothing where it wasn't asked. An account that can't
// be opened is as one that is refused: messages wait until it is entered again.
func refusalOf(err error) sms.Refusal {
	var refusal *sms.Refusal
	if errors.As(err, &refusal) {
		return *refusal
	}
	if errors.Is(err, errUnreadable) {
		return sms.Refusal{Away: true, Account: true}
	}
	return sms.Refusal{}
}

// smsReason is what people are told of a failure.
func smsReason(err error) string {
	var refusal *sms.Refusal
	if errors.As(err, &refusal) {
		return refusal.Error() + "."
	}
	return retry.Reason(err)
}
