package message

import (
	"context"
	"errors"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
)

const (
	// lease is how long a claimed mail is left to whoever claimed it: longer
	// than a gateway may take.
	lease = 5 * time.Minute
	// atOnce bounds how many messages of a channel a process hands over at the
	// same time.
	atOnce = 8
	// every is how often a process looks for mails that nobody told it of:
	// tries that are to be made again, and what a command has queued.
	every = 5 * time.Second
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
	CreatedAt     db.Time
}

// Start sends what is due until Close: what this process queues as soon as it
// is committed, everything else within seconds.
func (m *Messages) Start() {
	m.loop.Go(func() {
		if err := m.releaseRefused(m.life); err != nil && m.life.Err() == nil {
			m.Log.Warn("SMS that wait for a gateway stay as they are", "error", err)
		}
		look := time.NewTicker(every)
		defer look.Stop()
		for {
			select {
			case <-m.closed:
				return
			case <-m.wake:
			case <-look.C:
			}
			if _, err := m.dispatch(m.life); err != nil && m.life.Err() == nil {
				m.Log.Warn("mails are not sent now", "error", err)
			}
		}
	})
}

// Close ends what Start began and waits for letters that are being handed over,
// until ctx ends. A letter that is let go then is due again later, with the
// same Message-ID.
func (m *Messages) Close(ctx context.Context) {
	close(m.closed)
	m.loop.Wait()
	if err := m.settled(ctx); err != nil {
		m.end()
		_ = m.settled(context.WithoutCancel(ctx)) // sending ends with its context
	}
	m.end()
}

// stir says that something may be due. Once is enough for any number of mails.
func (m *Messages) stir() {
	select {
	case m.wake <- struct{}{}:
	default:
	}
}

// SendDue sends what is due and returns when nothing is left, neither here nor
// under way in this process. It is for whoever must know, such as the test
// clock.
func (m *Messages) SendDue(ctx context.Context) error {
	for {
		more, err := m.dispatch(ctx)
		if err != nil {
			return err
		}
		if err := m.settled(ctx); err != nil {
			return err
		}
		if !more {
			return nil
		}
	}
}

// settled waits until nothing is being handed over.
func (m *Messages) settled(ctx context.Context) error {
	if err := m.letters.settled(ctx); err != nil {
		return err
	}
	return m.texts.settled(ctx)
}

// dispatch claims as many due messages as there are free slots and begins to
// send them. It reports whether more may be due: whoever gives a slot back looks
// again by itself.
func (m *Messages) dispatch(ctx context.Context) (more bool, err error) {
	mails, failedMails := dispatch(m, m.letters, func(most int) ([]claim, error) { return m.claim(ctx, most) }, m.try)
	texts, failedTexts := dispatch(m, m.texts, func(most int) ([]textClaim, error) { return m.claimTexts(ctx, most) }, m.tryText)
	return mails || texts, errors.Join(failedMails, failedTexts)
}

func dispatch[C any](m *Messages, l *lane, claim func(most int) ([]C, error), try func(context.Context, C)) (more bool, err error) {
	free := l.take()
	if free == 0 {
		return true, nil
	}
	due, err := claim(free)
	l.giveBack(free - len(due))
	for _, c := range due {
		go func() {
			defer m.stir()
			defer l.giveBack(1)
			try(m.life, c)
		}()
	}
	return len(due) > 0, err
}

// A claim moves the due time, so of several processes one sends; and it counts
// as a try, so that a mail whose sending kills the process isn't tried for ever.
const claimMails = `UPDATE mails SET state = 'sending', tries = tries + 1, due_at = $1
	WHERE id IN (SELECT id FROM mails WHERE due_at <= $2 ORDER BY due_at LIMIT $3) AND due_at <= $2
	RETURNING id, business_id, kind, key, recipient, recipient_name, language, facts, tries, created_at`

func (m *Messages) claim(ctx context.Context, most int) (due []claim, err error) {
	err = m.DB.InTx(ctx, func(tx *db.Tx) error {
		due = nil
		now := m.DB.Clock().Wall()
		return tx.Select(ctx, &due, claimMails, db.At(now.Add(lease)), db.At(now), most)
	})
	if err != nil {
		return nil, err
	}
	return due, nil
}
