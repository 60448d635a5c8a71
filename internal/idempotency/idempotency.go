// Package idempotency lets a request act once however often it is sent: it keeps the answer
// under the key that its sender chose, and the objects that parts of a request made.
package idempotency

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/secret"
)

const (
	// keyLasts is how long a key is remembered.
	keyLasts = 24 * time.Hour
	// deleteChunk bounds a clean-up transaction: answers may be long.
	deleteChunk = 200
	// keyHeld is how long a request may run before its key is believed to be
	// left behind by a process that died. No request is given so much time.
	keyHeld = 5 * time.Minute
	// maxKey bounds a key in bytes.
	maxKey = 255
)

// errRunning answers a repetition that came before the first answer.
var errRunning = fault.New(fault.Conflict, "The first request with this Idempotency-Key is still running. Ask again in a moment.")

// Keys keeps the keys and the sealed answers. Its times are wall time: moving the test
// clock neither frees a key nor holds it. It is safe for concurrent use.
type Keys struct {
	DB     *db.DB
	Sealer *secret.Sealer
}

// Request is a request under its key.
type Request struct {
	BusinessID  business.ID
	Key         string // printable ASCII, at most 255 characters
	Fingerprint string // what tells it from another request under the same key
}

// Answer is what a request was answered.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
}

type keyRow struct {
	Request   string
	Status    int
	Header    string
	Body      []byte
	CreatedAt db.Time
}

// Claim takes the key for the request. It returns the first answer when there is one, else
// nil: then the request is to be done, and Settle called. Errors: Invalid for a key that
// can't be one or belongs to another request, Conflict while the first request runs.
func (k Keys) Claim(ctx context.Context, r Request) (first *Answer, err error) {
	if err := checkKey(r.Key); err != nil {
		return nil, err
	}
	now := k.DB.Clock().Wall()
	err = k.DB.InTx(ctx, func(tx *db.Tx) error {
		first = nil
		n, err := tx.Exec(ctx, `
			INSERT INTO idempotency_keys (business_id, key, request, created_at) VALUES ($1, $2, $3, $4)
			ON CONFLICT DO NOTHING`, r.BusinessID, r.Key, r.Fingerprint, db.At(now))
		if err != nil || n == 1 {
			return err
		}
		var row keyRow
		err = tx.Get(ctx, &row, `
			SELECT request, status, header, body, created_at FROM idempotency_keys WHERE business_id = $1 AND key = $2`,
			r.BusinessID, r.Key)
		if errors.Is(err, db.ErrNoRows) {
			return errRunning // freed at this very moment
		}
		if err != nil {
			return err
		}
		if row.over(now) {
			return takeOver(ctx, tx, r, row, now)
		}
		first, err = k.answer(r, row)
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
func (k Keys) answer(r Request, kept keyRow) (*Answer, error) {
	if kept.Request != r.Fingerprint {
		var fields fault.Fields
		fields.Add("Idempotency-Key", "", "This key belongs to another request. Use a new one.")
		return nil, fields.Err()
	}
	if kept.Status == 0 {
		return nil, errRunning
	}
	first := Answer{Status: kept.Status, Header: http.Header{}}
	if err := json.Unmarshal([]byte(kept.Header), &first.Header); err != nil {
		return nil, err
	}
	var err error
	first.Body, err = k.Sealer.Open(string(kept.Body), answerContext(r.BusinessID, r.Key))
	return &first, err
}

// answerContext names where an answer is kept, for the sealer.
func answerContext(businessID business.ID, key string) string {
	return "idempotency/" + string(businessID) + "/" + key
}

// takeOver makes an old key this request's, for one of those that try.
func takeOver(ctx context.Context, tx *db.Tx, r Request, old keyRow, now time.Time) error {
	n, err := tx.Exec(ctx, `
		UPDATE idempotency_keys SET request = $3, status = 0, header = '', body = NULL, created_at = $4
		WHERE business_id = $1 AND key = $2 AND created_at = $5`,
		r.BusinessID, r.Key, r.Fingerprint, db.At(now), old.CreatedAt)
	if err == nil && n == 0 {
		return errRunning
	}
	return err
}

// Settle keeps an answer of success, and frees the key of any other.
func (k Keys) Settle(ctx context.Context, r Request, a Answer) error {
	if a.Status >= http.StatusOK && a.Status < http.StatusMultipleChoices {
		return k.keep(ctx, r, a)
	}
	return k.free(ctx, r)
}

func (k Keys) keep(ctx context.Context, r Request, a Answer) error {
	header, err := json.Marshal(a.Header)
	if err != nil {
		return err
	}
	body, err := k.Sealer.Seal(a.Body, answerContext(r.BusinessID, r.Key))
	if err != nil {
		return err
	}
	return k.DB.InTx(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `
			UPDATE idempotency_keys SET status = $4, header = $5, body = $6
			WHERE business_id = $1 AND key = $2 AND request = $3 AND status = 0`,
			r.BusinessID, r.Key, r.Fingerprint, a.Status, string(header), []byte(body))
		return err
	})
}

func (k Keys) free(ctx context.Context, r Request) error {
	return k.DB.InTx(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `DELETE FROM idempotency_keys WHERE business_id = $1 AND key = $2 AND request = $3 AND status = 0`,
			r.BusinessID, r.Key, r.Fingerprint)
		return err
	})
}

// MadeTx is the object that a part of a request made under the key, "" for none. Such a key
// is not checked: one with a control character can't be a caller's own.
func MadeTx(ctx context.Context, tx *db.Tx, businessID business.ID, key string) (object string, err error) {
	err = tx.Get(ctx, &object, `SELECT request FROM idempotency_keys WHERE business_id = $1 AND key = $2`, businessID, key)
	if errors.Is(err, db.ErrNoRows) {
		return "", nil
	}
	return object, err
}

// RememberTx keeps what MadeTx returns.
func RememberTx(ctx context.Context, tx *db.Tx, businessID business.ID, key, object string, now time.Time) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO idempotency_keys (business_id, key, request, created_at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (business_id, key) DO UPDATE SET request = excluded.request, created_at = excluded.created_at`,
		businessID, key, object, db.At(now))
	return err
}

// Delete removes the idempotency keys that are no longer remembered, and
// returns how many. It is for a periodic job.
func Delete(ctx context.Context, d *db.DB) (n int64, err error) {
	before := db.At(d.Clock().Wall().Add(-keyLasts))
	return d.InChunks(ctx, deleteChunk, func(tx *db.Tx, most int64) (int64, error) {
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
