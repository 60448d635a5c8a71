package sandbox

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/payment"
)

const (
	// SignatureHeader carries t=unix seconds,v1=hex HMAC-SHA256 of "t.body".
	SignatureHeader = "Sandbox-Signature"
	// tolerance is how old a signature may be, against replays.
	tolerance = 5 * time.Minute
	// sendTimeout bounds one try to deliver a webhook.
	sendTimeout = 10 * time.Second
	// maxTries bounds the tries, over about a day.
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
func (s *Sandbox) queue(ctx context.Context, tx *db.Tx, r row, also Also) ([]hook, error) {
	if also == Lost {
		return nil, nil
	}
	event, err := tx.NewID("evt")
	if err != nil {
		return nil, err
	}
	due, copies := tx.Now().Add(sendLease), 1
	if also == Late {
		due = tx.Now().Add(lateBy)
	}
	if also == Twice {
		copies = 2
	}
	var now []hook
	for range copies {
		id, err := tx.NewID("swh")
		if err != nil {
			return nil, err
		}
		_, err = tx.Exec(ctx, `INSERT INTO sandbox_webhooks (id, payment_id, event, forged, due_at) VALUES ($1, $2, $3, $4, $5)`,
			id, r.ID, event, also == Forged, db.At(due))
		if err != nil {
			return nil, err
		}
		if also != Late {
			now = append(now, hook{ID: id, Event: event, Object: r.ID, Account: r.Account, WebhookURL: r.WebhookURL, Forged: also == Forged})
		}
	}
	return now, nil
}

// sendSoon sends a webhook beside the answer to the payer. When the process
// ends first, the row is still due.
func (s *Sandbox) sendSoon(h hook) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return
	}
	s.hooks.Go(func() { s.deliver(context.Background(), h) })
}

// DeliverDue sends the webhooks that fell due, and returns when none is left.
func (s *Sandbox) DeliverDue(ctx context.Context) (n int, err error) {
	for ctx.Err() == nil {
		var hooks []hook
		err := s.d.InTx(ctx, func(tx *db.Tx) error {
			hooks = nil
			return tx.Select(ctx, &hooks, `
				UPDATE sandbox_webhooks SET due_at = $1
				WHERE id IN (SELECT id FROM sandbox_webhooks WHERE due_at <= $2 ORDER BY due_at LIMIT $3) AND due_at <= $2
				RETURNING id, event, payment_id AS object, forged, tries,
					(SELECT account FROM sandbox_payments p WHERE p.id = payment_id) AS account,
					(SELECT webhook_url FROM sandbox_payments p WHERE p.id = payment_id) AS webhook_url`,
				db.At(tx.Now().Add(sendLease)), db.At(tx.Now()), claimed)
		})
		if err != nil || len(hooks) == 0 {
			return n, err
		}
		for _, h := range hooks {
			s.deliver(ctx, h)
		}
		n += len(hooks)
	}
	return n, ctx.Err()
}

// deliver sends a webhook once, and notes whether it must be tried again.
func (s *Sandbox) deliver(ctx context.Context, h hook) {
	failed := s.send(ctx, h)
	err := s.d.InTx(ctx, func(tx *db.Tx) error {
		if failed == nil || h.Forged || h.Tries+1 >= maxTries {
			_, err := tx.Exec(ctx, `UPDATE sandbox_webhooks SET tries = tries + 1, due_at = NULL, delivered_at = $2 WHERE id = $1`, h.ID, db.At(tx.Now()))
			return err
		}
		wait := min(5*time.Second<<h.Tries, time.Hour)
		_, err := tx.Exec(ctx, `UPDATE sandbox_webhooks SET tries = tries + 1, due_at = $2 WHERE id = $1`, h.ID, db.At(tx.Now().Add(wait)))
		return err
	})
	if failed != nil || err != nil {
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

// sign is the signature header of a body.
func sign(key []byte, at time.Time, text []byte) string {
	t := strconv.FormatInt(at.Unix(), 10)
	return "t=" + t + ",v1=" + digest(key, t, text)
}

func digest(key []byte, t string, text []byte) string {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(t + "."))
	mac.Write(text)
	return hex.EncodeToString(mac.Sum(nil))
}

// Verify implements payment.Verifier.
func (s *Sandbox) Verify(_ context.Context, account business.ID, header http.Header, text []byte) (payment.Event, error) {
	t, v1, found := strings.Cut(strings.TrimPrefix(header.Get(SignatureHeader), "t="), ",v1=")
	seconds, err := strconv.ParseInt(t, 10, 64)
	if !found || err != nil {
		return payment.Event{}, payment.ErrForged
	}
	if age := s.d.Clock().Wall().Sub(time.Unix(seconds, 0)); age > tolerance || age < -tolerance {
		return payment.Event{}, payment.ErrForged
	}
	if !hmac.Equal([]byte(digest(s.key(account), t, text)), []byte(v1)) {
		return payment.Event{}, payment.ErrForged
	}
	var b body
	if err := json.Unmarshal(text, &b); err != nil || b.ID == "" || b.Object == "" {
		return payment.Event{}, payment.ErrForged
	}
	return payment.Event{ID: b.ID, Object: b.Object}, nil
}
