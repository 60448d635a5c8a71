package message

import (
	"context"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/job"
	"smartlinks/internal/message/retry"
)

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

// addWork tells the queue how mails are sent.
func (m *Messages) addWork() {
	m.mails = job.Add(m.Jobs, job.Kind[claim]{
		Name: "mails", AtOnce: retry.AtOnce, AtOnceEach: retry.AtOnceEach, KeyOf: claim.key, GroupOf: claim.group, Do: m.try,
		Rows: job.Rows{
			Table: "mails", Key: []string{"id"}, ByWall: true, Group: "business_id", Set: retry.Claimed,
			Returning: claimColumns,
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
	return m.Drain(ctx)
}
