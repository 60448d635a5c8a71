package message

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"time"

	"smartlinks/internal/db"
)

// sentMails writes down what was sent, together with what is being sent at the same time.
type sentMails struct {
	db *db.DB

	mu      sync.Mutex
	sending int
	waiting *sentBatch // nil when nothing waits
}

// sentBatch are mails that are written down together.
type sentBatch struct {
	mails []claim
	full  chan struct{} // closed when nothing more is awaited
	done  chan struct{}
	err   error
}

const (
	// mostSent bounds how many are written down at once, and sentPatience how long one
	// waits for others: a process that is killed meanwhile sends them again.
	mostSent     = 16
	sentPatience = 10 * time.Millisecond
)

// begin says that a mail is being sent, until over is called.
func (s *sentMails) begin() (over func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sending++
	return sync.OnceFunc(func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.sending--
		if s.sending == 0 && s.waiting != nil {
			s.close()
		}
	})
}

// close lets what waits be written down. The caller has the lock.
func (s *sentMails) close() {
	close(s.waiting.full)
	s.waiting = nil
}

// record writes down that a mail was sent.
func (s *sentMails) record(ctx context.Context, c claim, over func()) error {
	s.mu.Lock()
	batch, first := s.waiting, s.waiting == nil
	if first {
		batch = &sentBatch{full: make(chan struct{}), done: make(chan struct{})}
		s.waiting = batch
	}
	if batch.mails = append(batch.mails, c); len(batch.mails) == mostSent {
		s.close()
	}
	s.mu.Unlock()
	over()
	if !first {
		<-batch.done
		return batch.err
	}
	patience := time.NewTimer(sentPatience)
	defer patience.Stop()
	select {
	case <-batch.full:
	case <-patience.C:
		s.mu.Lock()
		if s.waiting == batch {
			s.close()
		}
		s.mu.Unlock()
	}
	defer close(batch.done)
	batch.err = s.db.InTx(ctx, func(tx *db.Tx) error {
		query, arguments := markSent(tx.Now(), batch.mails)
		return tx.Queue(ctx, db.Exec(nil, query, arguments...))
	})
	return batch.err
}

// markSent marks claimed mails as sent, unless another process has taken them over.
func markSent(now time.Time, mails []claim) (query string, arguments []any) {
	arguments = []any{db.At(now)}
	rows := make([]string, len(mails))
	for i, c := range mails {
		rows[i] = fmt.Sprintf("(id = $%d AND tries = $%d)", len(arguments)+1, len(arguments)+2)
		arguments = append(arguments, c.ID, c.Tries)
	}
	return `UPDATE mails SET state = 'sent', reason = '', facts = '', due_at = NULL, updated_at = $1
		WHERE state = 'sending' AND (` + strings.Join(rows, ` OR `) + `)`, arguments
}
