package api

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/secret"
)

const (
	// keyLasts is how long a key is remembered.
	keyLasts = 24 * time.Hour
	// forgetChunk bounds a clean-up transaction: answers may be long.
	forgetChunk = 200
	// keyHeld is how long a request may run before its key is believed to be
	// left behind by a process that died. No request is given so much time.
	keyHeld = 5 * time.Minute
	// maxKey bounds a key in bytes.
	maxKey = 255
)

// errRunning answers a repetition that came before the first answer.
var errRunning = fault.New(fault.Conflict, "The first request with this Idempotency-Key is still running. Ask again in a moment.")

// keyed is a request under its key. Its times are wall time: moving the test
// clock neither frees a key nor holds it.
type keyed struct {
	d        *db.DB
	sealer   *secret.Sealer
	business business.ID
	key      string
	request  string
}

type keyRow struct {
	Request   string
	Status    int
	Header    string
	Body      []byte
	CreatedAt db.Time
}

// claim takes the key. It returns the first answer when there is one.
func (k keyed) claim(ctx context.Context) (first *answer, err error) {
	if err := checkKey(k.key); err != nil {
		return nil, err
	}
	now := k.d.Clock().Wall()
	err = k.d.InTx(ctx, func(tx *db.Tx) error {
		first = nil
		n, err := tx.Exec(ctx, `
			INSERT INTO idempotency_keys (business_id, key, request, created_at) VALUES ($1, $2, $3, $4)
			ON CONFLICT DO NOTHING`, k.business, k.key, k.request, db.At(now))
		if err != nil || n == 1 {
			return err
		}
		var row keyRow
		err = tx.Get(ctx, &row, `
			SELECT request, status, header, body, created_at FROM idempotency_keys WHERE business_id = $1 AND key = $2`,
			k.business, k.key)
		if errors.Is(err, db.ErrNoRows) {
			return errRunning // freed at this very moment
		}
		if err != nil {
			return err
		}
		if row.over(now) {
			return k.takeOver(ctx, tx, row, now)
		}
		first, err = k.answer(row)
		return err
	})
	return first, err
}

func checkKey(key string) error {
	for i := 0; i < len(key); i++ {
		if key[i] < 0x20 || key[i] > 0x7e || len(key) > maxKey {
			var fields fault.Fields
			fields.Add("Idempotency-Key", "", "Use at most 255 printable ASCII characters.")
			return fields.Err()
		}
	}
	return nil
}

// over reports whether the key may be used anew.
func (r keyRow) over(now time.Time) bool {
	age := now.Sub(r.CreatedAt.Time)
	return age > keyLasts || r.Status == 0 && age > keyHeld
}

// answer is what a repetition gets.
func (k keyed) answer(r keyRow) (*answer, error) {
	if r.Request != k.request {
		var fields fault.Fields
		fields.Add("Idempotency-Key", "", "This key belongs to another request. Use a new one.")
		return nil, fields.Err()
	}
	if r.Status == 0 {
		return nil, errRunning
	}
	first := newAnswer()
	if err := json.Unmarshal([]byte(r.Header), &first.header); err != nil {
		return nil, err
	}
	body, err := k.sealer.Open(string(r.Body), answerContext(k.business, k.key))
	if err != nil {
		return nil, err
	}
	first.status = r.Status
	first.body.Write(body)
	return first, nil
}

// answerContext names where an answer is kept, for the sealer.
func answerContext(businessID business.ID, key string) string {
	return "idempotency/" + string(businessID) + "/" + key
}

// takeOver makes an old key this request's, for one of those that try.
func (k keyed) takeOver(ctx context.Context, tx *db.Tx, old keyRow, now time.Time) error {
	n, err := tx.Exec(ctx, `
		UPDATE idempotency_keys SET request = $3, status = 0, header = '', body = NULL, created_at = $4
		WHERE business_id = $1 AND key = $2 AND created_at = $5`,
		k.business, k.key, k.request, db.At(now), old.CreatedAt)
	if err == nil && n == 0 {
		return errRunning
	}
	return err
}

func (k keyed) keep(ctx context.Context, a *answer) error {
	header, err := json.Marshal(a.header)
	if err != nil {
		return err
	}
	body, err := k.sealer.Seal(a.body.Bytes(), answerContext(k.business, k.key))
	if err != nil {
		return err
	}
	return k.d.InTx(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `
			UPDATE idempotency_keys SET status = $4, header = $5, body = $6
			WHERE business_id = $1 AND key = $2 AND request = $3 AND status = 0`,
			k.business, k.key, k.request, a.status, string(header), []byte(body))
		return err
	})
}

func (k keyed) free(ctx context.Context) error {
	return k.d.InTx(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `DELETE FROM idempotency_keys WHERE business_id = $1 AND key = $2 AND request = $3 AND status = 0`,
			k.business, k.key, k.request)
		return err
	})
}

// ForgetKeys removes the idempotency keys that are no longer remembered, and
// returns how many. It is for a periodic job.
func ForgetKeys(ctx context.Context, d *db.DB) (n int64, err error) {
	before := db.At(d.Clock().Wall().Add(-keyLasts))
	return d.InChunks(ctx, forgetChunk, func(tx *db.Tx, most int64) (int64, error) {
		return tx.Exec(ctx, `DELETE FROM idempotency_keys WHERE (business_id, key) IN (
			SELECT business_id, key FROM idempotency_keys WHERE created_at < $1 ORDER BY created_at LIMIT $2)`, before, most)
	})
}

// ResealTx seals the kept answers anew. The secret key itself is changed by the
// caller, in the same transaction.
func ResealTx(ctx context.Context, tx *db.Tx, reseal func(sealed, context string) (string, error)) error {
	var rows []struct {
		BusinessID business.ID
		Key        string
		Body       []byte
	}
	if err := tx.Select(ctx, &rows, `SELECT business_id, key, body FROM idempotency_keys WHERE body IS NOT NULL`); err != nil {
		return err
	}
	for _, r := range rows {
		fresh, err := reseal(string(r.Body), answerContext(r.BusinessID, r.Key))
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `UPDATE idempotency_keys SET body = $3 WHERE business_id = $1 AND key = $2`, r.BusinessID, r.Key, []byte(fresh)); err != nil {
			return err
		}
	}
	return nil
}
