package webhook

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
)

// Callback is a form that is posted to an address of its own, once taken: guarded and
// tried again as events to endpoints are. It is not signed.
type Callback struct {
	BusinessID business.ID
	Key        string // at most one callback for each: the payment's id
	URL        string // which CheckURL allows
	Form       url.Values
}

// Call enqueues a callback in the transaction that causes it. A second with the same
// key is left out.
func (h *Webhooks) Call(ctx context.Context, tx *db.Tx, c Callback) error {
	to, err := url.Parse(c.URL)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO callbacks (key, business_id, url, host, form, state, due_at, updated_at) VALUES ($1, $2, $3, $4, $5, 'waiting', $6, $6)
		ON CONFLICT DO NOTHING`, c.Key, c.BusinessID, c.URL, to.Host, c.Form.Encode(), db.At(h.DB.Clock().Wall()))
	h.callbacks.Due(tx)
	return err
}

// CallbackState is how far a callback came.
type CallbackState struct {
	URL       string `db:"url"`
	State     State
	Tries     int64
	Status    int64   // of the last answer; 0 for none
	Problem   string  // why there was no answer, a sentence for people
	DueAt     db.Time // wall time of the next try; zero for none
	UpdatedAt db.Time
}

// CallbackOf is the callback under a key, or a NotFound fault: there was none, or it
// is longer ago than Kept.
func (h *Webhooks) CallbackOf(ctx context.Context, businessID business.ID, key string) (s CallbackState, err error) {
	err = h.DB.Get(ctx, &s, `SELECT url, state, tries, status, problem, due_at, updated_at FROM callbacks WHERE business_id = $1 AND key = $2`, businessID, key)
	if errors.Is(err, db.ErrNoRows) {
		err = fault.New(fault.NotFound, "There was no callback.")
	}
	return s, err
}

// tryCallback posts a claimed callback once, and writes down what came of it.
func (h *Webhooks) tryCallback(ctx context.Context, c call) error {
	m := Message{ID: c.Key, At: h.DB.Clock().Wall(), URL: c.URL, Body: []byte(c.Form), Header: http.Header{"Content-Type": {"application/x-www-form-urlencoded"}}}
	answer, failed := h.poster.Post(ctx, m)
	if failed != nil && ctx.Err() != nil {
		return failed // we were told to stop: the lease ends and it is due again
	}
	state, due := Delivered, db.Time{}
	if failed != nil || !answer.Taken() {
		wait, again := NextTry(int(c.Tries), answer.RetryAfter)
		if state = Failed; again && answer.Status != http.StatusGone {
			state, due = Waiting, db.At(h.DB.Clock().Wall().Add(wait))
		}
	}
	ctx = context.WithoutCancel(ctx) // what was sent is written down, whatever ends
	err := h.DB.InTx(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE callbacks SET state = $3, status = $4, problem = $5, due_at = $6, updated_at = $7
			WHERE business_id = $1 AND key = $2 AND state = 'waiting' AND tries = $8`,
			c.BusinessID, c.Key, state, answer.Status, problem(failed), due, db.At(h.DB.Clock().Wall()), c.Tries)
		if state == Waiting {
			h.callbacks.DueAt(tx, due.Time)
		}
		return err
	})
	if err != nil {
		h.Log.ErrorContext(ctx, "what came of a callback is not written down", "payment", c.Key, "error", err)
	}
	if state == Failed {
		h.Log.WarnContext(ctx, "a callback is given up", "payment", c.Key, "host", c.Host, "status", answer.Status, "error", failed)
	}
	return nil
}

// deleteOldCallbacks removes those that nothing happened to for Kept.
func (h *Webhooks) deleteOldCallbacks(ctx context.Context, before time.Time) (int64, error) {
	return h.DB.InChunks(ctx, chunk, func(tx *db.Tx, most int64) (int64, error) {
		return tx.Exec(ctx, `DELETE FROM callbacks WHERE (business_id, key) IN (
			SELECT business_id, key FROM callbacks WHERE updated_at < $1 AND state <> 'waiting' ORDER BY updated_at LIMIT $2)`, db.At(before), most)
	})
}
