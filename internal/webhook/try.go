package webhook

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"time"

	"smartlinks/internal/db"
	"smartlinks/internal/outbound"
)

// post is one try: what was sent and what came of it.
type post struct {
	at        time.Time // wall time
	signature string
	took      time.Duration
	answer    Answer
	failed    error // no answer came
}

// try posts a claimed delivery once and writes down what came of it.
func (h *Webhooks) try(ctx context.Context, c claim) error {
	p, err := h.post(ctx, c)
	if err != nil {
		return fmt.Errorf("write event %s: %w", c.EventID, err)
	}
	if p.failed != nil && ctx.Err() != nil {
		return p.failed // we were told to stop: the lease ends and it is due again
	}
	ctx = context.WithoutCancel(ctx) // what was sent is written down, whatever ends
	if err := h.DB.InTx(ctx, func(tx *db.Tx) error { return h.record(ctx, tx, c, p) }); err != nil {
		h.Log.ErrorContext(ctx, "what came of an event is not written down", "event", c.EventID, "endpoint", c.EndpointID, "error", err)
	}
	return nil
}

func (h *Webhooks) post(ctx context.Context, c claim) (post, error) {
	secrets, err := h.secrets(ctx, c)
	if err != nil {
		return post{}, err
	}
	m := Message{ID: string(c.EventID), At: h.DB.Clock().Wall(), URL: c.URL, Body: []byte(c.Body)}
	p := post{at: m.At}
	if p.signature, err = c.Format.write(&m, secrets); err != nil {
		return post{}, err
	}
	p.answer, p.failed = h.poster.Post(ctx, m)
	p.took = h.DB.Clock().Wall().Sub(m.At)
	return p, nil
}

// record writes a try down and says what follows. What another process has taken
// over meanwhile, or a member began anew, only gets the line in the log.
func (h *Webhooks) record(ctx context.Context, tx *db.Tx, c claim, p post) error {
	if err := h.logPost(ctx, tx, c, p); err != nil {
		return err
	}
	if p.failed == nil && p.answer.Taken() {
		return h.taken(ctx, tx, c, p)
	}
	wait, again := NextTry(int(c.Tries), p.answer.RetryAfter)
	due, state := db.At(h.DB.Clock().Wall().Add(wait)), Waiting
	if gone := p.answer.Status == http.StatusGone; !again || gone || c.Type == Test {
		due, state = db.Time{}, Failed
	}
	if err := h.move(ctx, tx, c, p, state, due); err != nil || c.Type == Test {
		return err
	}
	return h.failing(ctx, tx, c, p, state)
}

// logPost adds the try to the log, unless the endpoint was deleted meanwhile.
func (h *Webhooks) logPost(ctx context.Context, tx *db.Tx, c claim, p post) error {
	id, err := tx.NewID("whp")
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `
		INSERT INTO webhook_posts (id, business_id, event_id, endpoint_id, at, url, signature, took, status, answer, problem)
		SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11 WHERE EXISTS (SELECT 1 FROM webhook_deliveries WHERE event_id = $3 AND endpoint_id = $4)`,
		id, c.BusinessID, c.EventID, c.EndpointID, db.At(p.at), c.URL, p.signature, p.took.Microseconds(), p.answer.Status, p.answer.Body, problem(p.failed))
	return err
}

// move says how the delivery stands behind the claimed try.
func (h *Webhooks) move(ctx context.Context, tx *db.Tx, c claim, p post, state State, due db.Time) error {
	_, err := tx.Exec(ctx, `UPDATE webhook_deliveries SET state = $4, status = $5, due_at = $6, updated_at = $7
		WHERE event_id = $1 AND endpoint_id = $2 AND tries = $3 AND (state = 'waiting' OR $4 = 'delivered')`,
		c.EventID, c.EndpointID, c.Tries, state, p.answer.Status, due, db.At(h.DB.Clock().Wall()))
	if state == Waiting {
		h.deliveries.DueAt(tx, due.Time)
	}
	return err
}

func (h *Webhooks) taken(ctx context.Context, tx *db.Tx, c claim, p post) error {
	if c.Type != Test {
		if _, err := tx.Exec(ctx, `UPDATE webhook_endpoints SET failing_since = NULL WHERE business_id = $1 AND id = $2 AND failing_since IS NOT NULL`,
			c.BusinessID, c.EndpointID); err != nil {
			return err
		}
	}
	return h.move(ctx, tx, c, p, Delivered, db.Time{})
}

// problem is what people are told where no answer came.
func problem(err error) string {
	var name *net.DNSError
	var timed net.Error
	switch {
	case err == nil:
		return ""
	case errors.Is(err, outbound.ErrPrivate):
		return "The name leads to an address within a private network, where nothing is sent."
	case errors.As(err, &timed) && timed.Timeout():
		return "No answer came within 15 seconds."
	case errors.As(err, &name):
		return "The name can't be found: " + name.Err + "."
	}
	var asked *url.Error
	if errors.As(err, &asked) {
		err = asked.Err // without our own address before it
	}
	return "No connection: " + err.Error()
}
