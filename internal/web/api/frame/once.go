package frame

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"

	"smartlinks/internal/idempotency"
)

// once does a POST with an Idempotency-Key one time, and answers its
// repetitions with what the first one was answered. Only success is kept: who
// was refused may mend the request and use the key again.
func (a *API) Idempotent(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		key := r.Header.Get("Idempotency-Key")
		if r.Method != http.MethodPost || key == "" {
			next.ServeHTTP(w, r)
			return
		}
		ctx := context.WithValue(r.Context(), keyKey{}, key)
		r = r.WithContext(ctx)
		claim := idempotency.Request{BusinessID: CallerOf(ctx).Business.ID, Key: key, Fingerprint: fingerprint(r)}
		first, err := a.keys().Claim(ctx, claim)
		switch {
		case err != nil:
			a.Refused(ctx, err, "header").Send(w)
		case first != nil:
			replayed := NewAnswer()
			replayed.header, replayed.status = first.Header, first.Status
			replayed.header.Set("Idempotent-Replayed", "true")
			replayed.Body.Write(first.Body)
			replayed.Send(w)
		default:
			a.runOnce(ctx, claim, next, w, r)
		}
	})
}

type keyKey struct{}

// IdempotencyKey is the Idempotency-Key of a request, empty without one.
func IdempotencyKey(ctx context.Context) string {
	key, _ := ctx.Value(keyKey{}).(string)
	return key
}

// runOnce does the request and keeps its answer, also when the program went
// away meanwhile. The answer is sent last, so that whoever has it can repeat.
func (a *API) runOnce(ctx context.Context, claim idempotency.Request, next http.Handler, w http.ResponseWriter, r *http.Request) {
	ctx = context.WithoutCancel(ctx)
	kept := NewAnswer()
	func() {
		defer func() { // also when the handler panics
			answered := idempotency.Answer{Status: kept.status, Header: kept.header, Body: kept.Body.Bytes()}
			if err := a.keys().Settle(ctx, claim, answered); err != nil {
				a.Log.ErrorContext(ctx, "idempotency key can't be settled", "error", err)
			}
		}()
		next.ServeHTTP(kept, r)
	}()
	kept.Send(w)
}

func (a *API) keys() idempotency.Keys { return idempotency.Keys{DB: a.DB, Sealer: a.Sealer} }

// fingerprint tells requests apart: method, address, body, and what the token
// may do, so that no other token is told what it may not read.
func fingerprint(r *http.Request) string {
	body, _ := r.Context().Value(bodyKey{}).([]byte)
	h := sha256.New()
	h.Write([]byte(r.Method + " " + r.URL.RequestURI() + "\n" + CallerOf(r.Context()).Scopes.String() + "\n"))
	h.Write(Canonical(body))
	return hex.EncodeToString(h.Sum(nil))
}

// Canonical is JSON with its keys in order and without blanks, because programs keep
// neither when they write a request again. Numbers keep their digits. What can't be
// read stays as it is.
func Canonical(body []byte) []byte {
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	var value any
	if err := d.Decode(&value); err != nil || d.More() {
		return body
	}
	written, err := json.Marshal(value)
	if err != nil {
		return body
	}
	return written
}
