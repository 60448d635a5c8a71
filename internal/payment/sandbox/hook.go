package sandbox

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
)

const (
	// sendTimeout bounds one try to deliver a webhook.
	sendTimeout = 10 * time.Second
	// maxTries bounds the tries, over some hours.
	maxTries = 15
	// sendLease is how long a webhook is left to who sends it.
	sendLease = 30 * time.Second
	// claimed bounds how many webhooks one claim takes.
	claimed = 20
)

// hook is a webhook on its way.
type hook struct {
	ID         string
	Event      string
	Object     ID
	Account    business.ID
	WebhookURL string `db:"webhook_url"`
	Forged     bool
	Tries      int64
}

// body is what a webhook says.
type body struct {
	ID     string `json:"id"`
	Type   string `json:"type"`
	Object string `json:"object"`
}

// queue writes the webhooks of a decision, and returns those to send now.
func (s *Sandbox) queue(ctx context.Context, tx *db.Tx, r row, also Also) (now []hook, err error) {
	var events [2]string
	for i := range events {
		if events[i], err = tx.NewID("evt"); err != nil {
			return nil, err
		}
	}
	for _, report := range also.reports() {
		id, err := tx.NewID("swh")
		if err != nil {
			return nil, err
		}
		wait := max(report.after, sendLease)
		_, err = tx.Exec(ctx, `INSERT INTO sandbox_webhooks (id, payment_id, event, forged, due_at) VALUES ($1, $2, $3, $4, $5)`,
			id, r.ID, events[report.event], also == Forged, db.At(tx.Now().Add(wait)))
		if err != nil {
			return nil, err
		}
		if report.after == 0 {
			now = append(now, hook{ID: id, Event: events[report.event], Object: r.ID, Account: r.Account, WebhookURL: r.WebhookURL, Forged: also == Forged})
		}
	}
	return now, nil
}

// sendSoon sends a webhook beside the answer to the payer; what it returns is
// closed when that is over. When the process ends first, the row is still due.
func (s *Sandbox) sendSoon(h hook) <-chan struct{} {
	over := make(chan struct{})
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		close(over)
		return over
	}
	s.hooks.Go(func() {
		defer close(over)
		s.deliver(context.Background(), h)
	})
	return over
}

// DeliverDue sends the webhooks that fell due, and returns when none is left.
func (s *Sandbox) DeliverDue(ctx context.Context) (n int, err error) {
	for ctx.Err() == nil {
		var due []hook
		err := s.d.InTx(ctx, func(tx *db.Tx) error {
			due = nil
			return tx.Select(ctx, &due, `
				UPDATE sandbox_webhooks SET due_at = $1
				WHERE id IN (SELECT id FROM sandbox_webhooks WHERE due_at <= $2 ORDER BY due_at LIMIT $3) AND due_at <= $2
				RETURNING id, event, payment_id AS object, forged, tries,
					(SELECT account FROM sandbox_payments p WHERE p.id = payment_id) AS account,
					(SELECT webhook_url FROM sandbox_payments p WHERE p.id = payment_id) AS webhook_url`,
				db.At(tx.Now().Add(sendLease)), db.At(tx.Now()), claimed)
		})
		if err != nil || len(due) == 0 {
			return n, err
		}
		var sending sync.WaitGroup // at once, so that the lease outlasts all of them
		for _, h := range due {
			sending.Go(func() { s.deliver(ctx, h) })
		}
		sending.Wait()
		n += len(due)
	}
	return n, ctx.Err()
}

// deliver sends a webhook once, and notes whether it must be tried again. A
// forged one must not: its sender is no provider.
func (s *Sandbox) deliver(ctx context.Context, h hook) {
	failed := s.send(ctx, h)
	err := s.d.InTx(context.WithoutCancel(ctx), func(tx *db.Tx) error {
		delivered, due := db.Time{}, db.Time{}
		switch {
		case failed == nil:
			delivered = db.At(tx.Now())
		case !h.Forged && h.Tries+1 < maxTries:
			due = db.At(tx.Now().Add(min(5*time.Second<<h.Tries, time.Hour)))
		}
		_, err := tx.Exec(ctx, `UPDATE sandbox_webhooks SET tries = tries + 1, due_at = $2, delivered_at = $3 WHERE id = $1`, h.ID, due, delivered)
		return err
	})
	if failed != nil && !h.Forged || err != nil {
		s.log.Warn("a sandbox webhook was not delivered", "webhook", h.ID, "error", errors.Join(failed, err))
	}
}

func (s *Sandbox) send(ctx context.Context, h hook) error {
	ctx, cancel := context.WithTimeout(ctx, sendTimeout)
	defer cancel()
	text, err := json.Marshal(body{ID: h.Event, Type: "payment.updated", Object: string(h.Object)})
	if err != nil {
		return err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, h.WebhookURL, bytes.NewReader(text))
	if err != nil {
		return err
	}
	key := s.key(h.Account)
	if h.Forged {
		key = []byte("not the key")
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set(SignatureHeader, sign(key, s.d.Clock().Wall(), text))
	response, err := s.client.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if _, err := io.Copy(io.Discard, io.LimitReader(response.Body, 64<<10)); err != nil {
		return err
	}
	if response.StatusCode/100 != 2 {
		return fmt.Errorf("answered %s", response.Status)
	}
	return nil
}
