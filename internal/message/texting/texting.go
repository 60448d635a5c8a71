// Package texting sends SMS as message sends mails: queued by the transaction that causes
// them, sent after its commit, each once whatever a gateway's line does.
package texting

import (
	"context"
	"log/slog"

	"smartlinks/internal/address"
	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/job"
	"smartlinks/internal/message/retry"
	"smartlinks/internal/message/sms"
	"smartlinks/internal/secret"
)

// Step is a step of one SMS, told in the transaction that makes it.
type Step struct {
	BusinessID business.ID
	Key        string // of the SMS
	State      sms.State
	Reason     string // why it waits or failed, a sentence for people
	GatewayID  string // what the gateway knows it by
	BadNumber  bool   // the number itself was refused for good
}

// Queued is the state of an SMS that waits, perhaps after tries in vain. No gateway
// reports it.
const Queued sms.State = "queued"

// Config is what SMS are sent with.
type Config struct {
	DB         *db.DB
	Jobs       *job.Queue
	Businesses *business.Businesses
	Sealer     *secret.Sealer
	// SMS is the installation's way for them; the zero value is none.
	SMS       Gateway
	Addresses address.Book
	Log       *slog.Logger
	// Tell hears of each step.
	Tell func(ctx context.Context, tx *db.Tx, s Step) error
}

// Texts is the store of SMS and what sends them. It is safe for concurrent use.
type Texts struct {
	Config
	answers []func(ctx context.Context, tx *db.Tx, a Answer) error
	work    job.Work[smsClaim]
	opener  *sms.Opener
}

// New returns the store. SMS are sent once the queue is started, or by Drain.
func New(c Config) *Texts {
	m := &Texts{Config: c, opener: sms.NewOpener(c.SMS.Bases, c.DB.Clock())}
	m.work = job.Add(m.Jobs, job.Kind[smsClaim]{
		Name: "texts", AtOnce: retry.AtOnce, AtOnceEach: retry.AtOnceEach, KeyOf: smsClaim.primaryKey, GroupOf: smsClaim.group, Accept: m.withinCap, Do: m.sendClaimedSMS,
		Rows: job.Rows{
			Table: "texts", Key: []string{"id"}, ByWall: true, Group: "business_id", Set: retry.Claimed,
			Returning: "id, business_id, key, recipient, body, segments, counted, report_token, tries, clear_tries, refusals",
		},
	})
	return m
}

// Drain sends what is due and returns when nothing is left.
func (m *Texts) Drain(ctx context.Context) error {
	_, err := m.work.Drain(ctx)
	return err
}

// publish passes a step on if it was made: n is how many SMS made it.
func (m *Texts) publish(ctx context.Context, tx *db.Tx, s Step, n int64, err error) error {
	if err != nil || n == 0 {
		return err
	}
	return m.Tell(ctx, tx, s)
}

// WithdrawSMS takes back an SMS that waits, and says why. One whose answer was lost may be
// at the gateway by now: at least it isn't sent again, and a report still corrects it.
func (m *Texts) WithdrawSMS(ctx context.Context, tx *db.Tx, businessID business.ID, key, why string) error {
	n, err := tx.Exec(ctx, `UPDATE texts SET state = 'failed', reason = $3, body = '', due_at = NULL, updated_at = $4
		WHERE business_id = $1 AND key = $2 AND state = 'queued'`, businessID, key, why, db.At(tx.Now()))
	if err := m.publish(ctx, tx, Step{BusinessID: businessID, Key: key, State: sms.Failed, Reason: why}, n, err); err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `UPDATE texts SET body = '' WHERE business_id = $1 AND key = $2 AND state = 'failed'`, businessID, key)
	return err
}

// Release lets SMS go that wait for what is there again after a restart.
func (m *Texts) Release(ctx context.Context) {
	if err := m.releaseRefused(ctx); err != nil {
		m.Log.Warn("SMS that wait for a gateway stay as they are", "error", err)
	}
}
