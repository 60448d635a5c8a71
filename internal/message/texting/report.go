package texting

import (
	"context"
	"errors"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/message/sms"
)

// Answer is an SMS that somebody wrote back.
type Answer struct {
	BusinessID business.ID
	From       string // E.164
	Stop       bool   // they want no more SMS
	Start      bool   // they want them again
}

// OnAnswer adds what is called when somebody wants no more SMS, in a transaction. It
// is called when the program starts, before anything is received.
func (m *Texts) OnAnswer(do func(ctx context.Context, tx *db.Tx, a Answer) error) {
	m.answers = append(m.answers, do)
}

// TakeSMSHook takes what a gateway reports to a business, or, without one, to the
// installation. A report is believed when its address holds the token that only
// the gateway was given, and its signature fits where there is a key for it;
// everything else must be signed. Signed by the installation's account, it may be
// about any business's message. What is not believed is a Forbidden fault, the
// same whatever is wrong.
func (m *Texts) TakeSMSHook(ctx context.Context, businessID business.ID, kind sms.Kind, h sms.Hook) error {
	lines, err := m.smsLines(ctx, businessID, kind)
	if err != nil {
		return err
	}
	for _, line := range lines {
		event, proven := line.ReadHook(h)
		if token := h.Query.Get("report"); token != "" && (proven || line.unsigned()) {
			return m.takeReport(ctx, businessID, "report_token", token, event)
		}
		if proven && kind == sms.ByBird {
			if !line.own {
				businessID = business.ID(event.BusinessID)
			}
			return m.takeReport(ctx, businessID, "id", event.MessageID, event)
		}
		if proven && event.From != "" {
			return m.takeAnswer(ctx, businessID, event)
		}
	}
	return errForged
}

var errForged = fault.New(fault.Forbidden, "This is not from the gateway.")

// takeReport moves an SMS on, which is found by a column's value. Reports come
// twice and out of order, so nothing moves back; one may even come before the
// answer to our own request. It must not name another message of the gateway's.
func (m *Texts) takeReport(ctx context.Context, businessID business.ID, column, value string, e sms.Event) error {
	if e.State == "" || value == "" {
		return nil
	}
	became := Step{BusinessID: businessID, State: e.State, Reason: e.Reason, GatewayID: e.GatewayID, BadNumber: e.BadNumber}
	if became.Reason != "" {
		became.Reason += "."
	}
	return m.DB.InTx(ctx, func(tx *db.Tx) error {
		err := tx.Get(ctx, &became.Key, `UPDATE texts SET state = $3, reason = $4, body = '', due_at = NULL, updated_at = $6,
				gateway_id = CASE WHEN $5 = '' THEN gateway_id ELSE $5 END
			WHERE business_id = $1 AND `+column+` = $2 AND (gateway_id = '' OR $5 = '' OR $7 <> 'id' OR gateway_id = $5) AND (
				$3 = 'sent' AND state IN ('queued', 'sending') OR $3 = 'delivered' AND state <> 'delivered' OR
				$3 = 'failed' AND state IN ('queued', 'sending', 'sent'))
			RETURNING key`, businessID, value, became.State, became.Reason, e.GatewayID, db.At(tx.Now()), column)
		if errors.Is(err, db.ErrNoRows) {
			return nil // an old report, or one of a message that is forgotten
		}
		if err != nil {
			return err
		}
		return m.Tell(ctx, tx, became)
	})
}

// takeAnswer passes on that somebody wants no more SMS, or wants them again. Other
// incoming SMS are ignored.
func (m *Texts) takeAnswer(ctx context.Context, businessID business.ID, e sms.Event) error {
	a := Answer{BusinessID: businessID, From: e.From, Stop: e.Stop || sms.IsOptOut(e.Text), Start: e.Start}
	if !a.Stop && !a.Start {
		return nil
	}
	return m.DB.InTx(ctx, func(tx *db.Tx) error {
		for _, do := range m.answers {
			if err := do(ctx, tx, a); err != nil {
				return err
			}
		}
		return nil
	})
}
