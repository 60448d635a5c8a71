package message

import (
	"context"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/job"
)

const (
	// atOnce bounds how many messages of a channel a process hands over at the same
	// time, so that a slow gateway holds up its own channel alone; atOnceEach those of
	// one business, so that one with many holds up nobody else.
	atOnce, atOnceEach = 12, 8
	// firstWait doubles with every try in vain, up to maxWait.
	firstWait = time.Minute
	maxWait   = 4 * time.Hour
	// maxTries makes the waits add up to a day.
	maxTries = 14
)

// wait is how long to leave a mail alone that was tried so often.
func wait(tries int64) time.Duration {
	if tries > 8 { // a minute doubled eight times is over four hours
		return maxWait
	}
	return min(firstWait<<max(tries-1, 0), maxWait)
}

// claim is a mail that this process is to send now.
type claim struct {
	ID            ID
	BusinessID    business.ID
	Kind          Kind
	Key           string
	Recipient     string
	RecipientName string
	Language      string
	Facts         string
	Tries         int64 // this one included
	// WrittenOff is why nothing is sent to the recipient as it is written: "cause reason".
	// nil says nothing of a recipient who is written otherwise.
	WrittenOff *string
	CreatedAt  db.Time
}

const claimColumns = "id, business_id, kind, key, recipient, recipient_name, language, facts, tries, created_at, " + writtenOffAs

// A claim counts as a try, so that a message whose sending kills the process isn't tried
// for ever.
const claimed = "state = 'sending', tries = tries + 1"

// addWork tells the queue how messages are sent.
func (m *Messages) addWork() {
	m.mails = job.Add(m.Jobs, job.Kind[claim]{
		Name: "mails", AtOnce: atOnce, AtOnceEach: atOnceEach, KeyOf: claim.key, GroupOf: claim.group, Do: m.try,
		Rows: job.Rows{
			Table: "mails", Key: []string{"id"}, ByWall: true, Group: "business_id", Set: claimed,
			Returning: claimColumns,
		},
	})
	m.smsWork = job.Add(m.Jobs, job.Kind[smsClaim]{
		Name: "texts", AtOnce: atOnce, AtOnceEach: atOnceEach, KeyOf: smsClaim.primaryKey, GroupOf: smsClaim.group, Accept: m.withinCap, Do: m.sendClaimedSMS,
		Rows: job.Rows{
			Table: "texts", Key: []string{"id"}, ByWall: true, Group: "business_id", Set: claimed,
			Returning: "id, business_id, key, recipient, body, segments, counted, report_token, tries, clear_tries, refusals",
		},
	})
}

func (c claim) key() []any    { return []any{c.ID} }
func (c claim) group() string { return string(c.BusinessID) }

// SendDue sends what is due and returns when nothing is left, neither here nor
// under way in this process. It is for whoever must know, such as the test
// clock.
func (m *Messages) SendDue(ctx context.Context) error {
	if _, err := m.mails.Drain(ctx); err != nil {
		return err
	}
	_, err := m.smsWork.Drain(ctx)
	return err
}

// Release lets messages go that wait for what is there again after a restart.
func (m *Messages) Release(ctx context.Context) {
	if err := m.releaseRefused(ctx); err != nil {
		m.Log.Warn("SMS that wait for a gateway stay as they are", "error", err)
	}
}
