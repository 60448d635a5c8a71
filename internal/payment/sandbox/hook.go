package sandbox

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/job"
)

const (
	// sendTimeout bounds one try to deliver a webhook.
	sendTimeout = 10 * time.Second
	// maxTries bounds the tries, over some hours.
	maxTries = 15
	// atOnce bounds how many webhooks a process sends at once: payers wait for them.
	atOnce = 256
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

// write stores the webhooks of a decision, and returns those to send now, until a lease.
func (s *Sandbox) write(ctx context.Context, tx *db.Tx, r row, also Also, lease db.Time) (now []hook, err error) {
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
		due := db.At(tx.Now().Add(report.after))
		if report.after == 0 {
			due = lease
		}
		if err := tx.Queue(ctx, db.Exec(nil, `INSERT INTO sandbox_webhooks (id, payment_id, event, forged, due_at) VALUES ($1, $2, $3, $4, $5)`,
			id, r.ID, events[report.event], also == Forged, due)); err != nil {
			return nil, err
		}
		if report.after == 0 {
			now = append(now, hook{ID: id, Event: events[report.event], Object: r.ID, Account: r.Account, WebhookURL: r.WebhookURL, Forged: also == Forged})
		}
	}
	return now, nil
}

// addWork tells the queue how webhooks are sent.
func (s *Sandbox) addWork() {
	s.hooks = job.Add(s.queue, job.Kind[hook]{
		Name: "sandbox webhooks", AtOnce: atOnce, KeyOf: hook.key, GroupOf: hook.group, Do: s.deliver,
		Rows: job.Rows{
			Table: "sandbox_webhooks", Key: []string{"id"}, Group: "payment_id",
			Returning: `id, event, payment_id AS object, forged, tries,
				(SELECT account FROM sandbox_payments p WHERE p.id = payment_id) AS account,
				(SELECT webhook_url FROM sandbox_payments p WHERE p.id = payment_id) AS webhook_url`,
		},
	})
}

func (h hook) key() []any    { return []any{h.ID} }
func (h hook) group() string { return string(h.Object) }

// sendSoon sends a webhook beside the answer to the payer, until a lease; what it
// returns is closed when that is over. When the process ends first, the row is still due.
func (s *Sandbox) sendSoon(h hook, lease db.Time) <-chan struct{} {
	over, begun := s.hooks.Now(h, lease)
	if begun {
		return over
	}
	never := make(chan struct{})
	close(never)
	return never
}

// DeliverDue sends the webhooks that fell due, and returns when none is left.
func (s *Sandbox) DeliverDue(ctx context.Context) (n int, err error) { return s.hooks.Drain(ctx) }

// deliver sends a webhook once, and notes whether it must be tried again. A
// forged one must not: its sender is no provider.
func (s *Sandbox) deliver(ctx context.Context, h hook) error {
	failed := s.send(ctx, h)
	if failed != nil && ctx.Err() != nil {
		return failed // we were told to stop: the lease ends and it is due again
	}
	err := s.d.Together(ctx, "sandbox webhooks", string(h.Account), func(tx *db.Tx) error {
		delivered, due := db.Time{}, db.Time{}
		switch {
		case failed == nil:
			delivered = db.At(tx.Now())
		case !h.Forged && h.Tries+1 < maxTries:
			due = db.At(tx.Now().Add(min(5*time.Second<<h.Tries, time.Hour)))
			s.hooks.DueAt(tx, due.Time)
		}
		return tx.Queue(ctx, db.Exec(nil, `UPDATE sandbox_webhooks SET tries = tries + 1, due_at = $2, delivered_at = $3 WHERE id = $1`, h.ID, due, delivered))
	})
	if failed != nil && !h.Forged || err != nil {
		s.log.Warn("a sandbox webhook was not delivered", "webhook", h.ID, "error", errors.Join(failed, err))
	}
	return nil
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
