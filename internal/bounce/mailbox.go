package bounce

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"smartlinks/internal/bounce/imap"
	"smartlinks/internal/bounce/report"
	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/job"
)

const (
	// readEvery is how often a mailbox is read; one that can't be is left alone longer.
	readEvery   = 5 * time.Minute
	troubledFor = 15 * time.Minute
)

// due is a mailbox that is to be read now.
type due struct {
	BusinessID  business.ID
	Mailbox     string // sealed
	UIDValidity uint32
	LastUID     uint32
	Version     int64
}

func (b *Bounces) addWork() {
	b.mailboxes = job.Add(b.Queue, job.Kind[due]{
		Name: "mailboxes", AtOnce: 2, KeyOf: func(d due) []any { return []any{d.BusinessID} }, GroupOf: func(d due) string { return string(d.BusinessID) }, Do: b.read,
		Rows: job.Rows{
			Table: "bounce_sources", Key: []string{"business_id"}, ByWall: true, Group: "business_id", Set: "problem = problem",
			Returning: "business_id, mailbox, uid_validity, last_uid, version",
		},
	})
}

// ReadDue reads the mailboxes that are due and returns when none is left.
func (b *Bounces) ReadDue(ctx context.Context) error {
	_, err := b.mailboxes.Drain(ctx)
	return err
}

// read reads a mailbox and says when it is due again.
func (b *Bounces) read(ctx context.Context, d due) error {
	mailbox, err := b.openMailbox(d.BusinessID, d.Mailbox)
	if err != nil {
		return err
	}
	from := imap.Mark{Validity: d.UIDValidity, UID: d.LastUID}
	to, more, failed := b.reader.Read(ctx, mailbox, from, b.DB.Clock().Wall().Add(-Believed), report.MaxSize, func(source []byte) error {
		for _, r := range report.Read(source) {
			if _, err := b.take(ctx, d.BusinessID, r); err != nil {
				return err
			}
		}
		return nil
	})
	if failed != nil && ctx.Err() != nil {
		return failed // we were told to stop: the lease ends and it is due again
	}
	wall := b.DB.Clock().Wall()
	next, problem := wall.Add(readEvery), ""
	if more {
		next = wall
	}
	if failed != nil {
		next, problem = wall.Add(troubledFor), report.OneLine(failed.Error())
		b.Log.WarnContext(ctx, "a mailbox can't be read", "business", d.BusinessID, "error", failed)
	}
	return b.DB.InTx(context.WithoutCancel(ctx), func(tx *db.Tx) error {
		// Settings that were changed meanwhile are read anew.
		_, err := tx.Exec(ctx, `UPDATE bounce_sources SET uid_validity = $3, last_uid = $4, due_at = $5, problem = $6,
				heard_at = CASE WHEN $6 = '' THEN $7 ELSE heard_at END
			WHERE business_id = $1 AND version = $2`, d.BusinessID, d.Version, to.Validity, to.UID, db.At(next), problem, db.At(wall))
		if err == nil && more {
			b.mailboxes.Due(tx)
		}
		return err
	})
}

// mailboxContext is what a business's mailbox is sealed for.
func mailboxContext(id business.ID) string { return "business/" + string(id) + "/returned mail" }

func (b *Bounces) openMailbox(id business.ID, sealed string) (m imap.Mailbox, err error) {
	if sealed == "" {
		return m, nil
	}
	plain, err := b.Sealer.Open(sealed, mailboxContext(id))
	if err != nil {
		return m, fmt.Errorf("the mailbox can't be opened: %w", err)
	}
	err = json.Unmarshal(plain, &m)
	return m, err
}

func (b *Bounces) sealMailbox(id business.ID, m imap.Mailbox) (string, error) {
	plain, err := json.Marshal(m)
	if err != nil {
		return "", err
	}
	return b.Sealer.Seal(plain, mailboxContext(id))
}
