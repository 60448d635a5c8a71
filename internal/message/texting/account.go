package texting

import (
	"context"
	"errors"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/message/sms"
	"smartlinks/internal/secret"
)

// Problem is why the gateway refuses the account that a business sends
// through. Its messages wait meanwhile.
type Problem struct {
	Gateway string // its name
	Reason  string // a sentence for people; "" for no problem
	Since   time.Time
	// Own says that the account is the business's own, so that it can mend it.
	Own bool
}

// SMSProblem reports whether the business's SMS wait because of the account.
func (m *Texts) SMSProblem(ctx context.Context, from db.Reader, businessID business.ID) (Problem, error) {
	r, err := readSMSSettings(ctx, from, businessID)
	if err != nil || r.Problem == "" {
		return Problem{}, err
	}
	account, err := m.ownSMS(businessID, r)
	if errors.Is(err, secret.ErrSealed) {
		return Problem{Reason: r.Problem, Since: r.ProblemAt.Time, Own: true}, nil
	}
	if err != nil {
		return Problem{}, err
	}
	p := Problem{Reason: r.Problem, Since: r.ProblemAt.Time, Own: account != nil}
	if account == nil {
		account = &m.SMS.Account
	}
	p.Gateway = account.Kind.Name()
	return p, nil
}

// accountRefused writes down that the gateway refuses the account, unless the
// settings were changed since the message left.
func (m *Texts) accountRefused(ctx context.Context, tx *db.Tx, businessID business.ID, from Sender, reason string) error {
	n, err := tx.Exec(ctx, `INSERT INTO sms_settings (business_id, day_cap, version, updated_at, problem, problem_at) VALUES ($1, $2, 0, $4, $5, $4)
		ON CONFLICT (business_id) DO UPDATE SET problem = excluded.problem,
			problem_at = CASE WHEN sms_settings.problem = '' THEN excluded.problem_at ELSE sms_settings.problem_at END
		WHERE sms_settings.version = $3 AND sms_settings.problem <> excluded.problem`,
		businessID, UsualDayCap, from.version, db.At(tx.Now()), reason)
	if n > 0 {
		tx.Notify("figures", string(businessID))
	}
	return err
}

// accountWorks ends the problem that was known when a message left, and lets what
// waits for it go.
func (m *Texts) accountWorks(ctx context.Context, tx *db.Tx, businessID business.ID, from Sender) error {
	if !from.refused {
		return nil
	}
	n, err := tx.Exec(ctx, `UPDATE sms_settings SET problem = '', problem_at = NULL WHERE business_id = $1 AND version = $2 AND problem <> ''`, businessID, from.version)
	if err != nil || n == 0 {
		return err
	}
	tx.Notify("figures", string(businessID))
	return m.releaseSMS(ctx, tx, businessID)
}

// releaseSMS makes what waits for its next try due at once.
func (m *Texts) releaseSMS(ctx context.Context, tx *db.Tx, businessID business.ID) error {
	now := db.At(m.DB.Clock().Wall())
	_, err := tx.Exec(ctx, `UPDATE texts SET due_at = $2 WHERE business_id = $1 AND state = 'queued' AND due_at > $2`, businessID, now)
	m.work.Due(tx)
	return err
}

// releaseRefused makes due what waits for a refused account of any business: the
// installation's may have been mended by a start with another key.
func (m *Texts) releaseRefused(ctx context.Context) error {
	return m.DB.InTx(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE texts SET due_at = $1 WHERE state = 'queued' AND due_at > $1
			AND business_id IN (SELECT business_id FROM sms_settings WHERE problem <> '')`, db.At(m.DB.Clock().Wall()))
		m.work.Due(tx)
		return err
	})
}

// keyWait bounds how long a gateway is waited for that is to try a key.
const keyWait = 20 * time.Second

// checkSMSAccount asks the gateway whether it takes the account, when it is a new one or
// was refused. Nothing is sent. Errors: Invalid at "key" with what to do,
// Unavailable while the gateway does not answer.
func (m *Texts) checkSMSAccount(ctx context.Context, businessID business.ID, a sms.Account) error {
	if a.Kind == "" {
		return nil
	}
	before, err := readSMSSettings(ctx, m.DB, businessID)
	if err != nil {
		return err
	}
	if a, err = m.withKeptSecrets(businessID, a, before); err != nil {
		return err
	}
	if a.Check() != nil {
		return nil // reported with what else is wrong
	}
	kept, err := m.ownSMS(businessID, before)
	if err != nil && !errors.Is(err, secret.ErrSealed) {
		return err
	}
	if before.Problem == "" && kept != nil && kept.Kind == a.Kind && kept.User == a.User && kept.Key == a.Key {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, keyWait)
	defer cancel()
	err = m.opener.Open(a).Check(ctx)
	var refusal *sms.Refusal
	switch {
	case err == nil:
		return nil
	case errors.As(err, &refusal) && refusal.Account:
		var wrong fault.Fields
		wrong.Add("key", "", refusal.Error()+".")
		return wrong.Err()
	}
	return fault.Wrap(err, fault.Unavailable, a.Kind.Name()+" could not be asked whether it takes the key: "+smsReason(err)+" Nothing was saved; please try again.")
}
