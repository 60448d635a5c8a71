package idempotency_test

import (
	"bytes"
	"errors"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/business/businesstest"
	"smartlinks/internal/clock"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/fault"
	"smartlinks/internal/idempotency"
	"smartlinks/internal/secret"
)

// world is a database with a business, and a wall clock that the test moves.
type world struct {
	*testing.T
	d     *db.DB
	keys  idempotency.Keys
	acme  business.ID
	moved *atomic.Int64
}

func worlds(t *testing.T, test func(w world)) {
	run := func(name string, config func(t *testing.T) db.Config) {
		t.Run(name, func(t *testing.T) {
			moved := &atomic.Int64{}
			c := config(t)
			c.Clock = clock.From(func() time.Time { return dbtest.Start.Add(time.Duration(moved.Load())) })
			d := dbtest.Open(t, c)
			sealer, err := secret.NewSealer(bytes.Repeat([]byte{7}, secret.KeySize))
			if err != nil {
				t.Fatal(err)
			}
			test(world{t, d, idempotency.Keys{DB: d, Sealer: sealer}, businesstest.Make(t, d, "acme").ID, moved})
		})
	}
	run("sqlite", func(t *testing.T) db.Config { return db.Config{Path: dbtest.NewSQLite(t)} })
	run("postgresql", func(t *testing.T) db.Config { return db.Config{URL: dbtest.NewPostgres(t)} })
}

// claim is what a request under its key gets: the body of the first answer, "go" for none, or
// why it is refused.
func (w world) claim(r idempotency.Request) string {
	w.Helper()
	first, err := w.keys.Claim(w.Context(), r)
	switch {
	case fault.Is(err, fault.Conflict):
		return "running"
	case fault.Is(err, fault.Invalid):
		return "invalid"
	case err != nil:
		w.Fatal(err)
	case first == nil:
		return "go"
	}
	if first.Header.Get("Location") != "/x" || first.Status != http.StatusCreated {
		w.Errorf("the first answer is %+v", first)
	}
	return string(first.Body)
}

func (w world) settle(r idempotency.Request, status int, body string) {
	w.Helper()
	if err := w.keys.Settle(w.Context(), r, idempotency.Answer{Status: status, Header: http.Header{"Location": {"/x"}}, Body: []byte(body)}); err != nil {
		w.Fatal(err)
	}
}

func (w world) wants(r idempotency.Request, want string) {
	w.Helper()
	if got := w.claim(r); got != want {
		w.Errorf("%q for %q after %s: %s, want %s", r.Key, r.Fingerprint, time.Duration(w.moved.Load()), got, want)
	}
}

func TestAKeyAnswersAsTheFirstTimeForADay(t *testing.T) {
	worlds(t, func(w world) {
		other := businesstest.Make(w.T, w.d, "other").ID
		a, b := idempotency.Request{BusinessID: w.acme, Key: "a", Fingerprint: "POST /links 1"}, idempotency.Request{BusinessID: w.acme, Key: "b", Fingerprint: "POST /links 1"}
		w.wants(a, "go")
		w.wants(a, "running")
		w.wants(b, "go")
		w.wants(idempotency.Request{BusinessID: other, Key: "a", Fingerprint: "POST /links 2"}, "go")
		w.settle(a, http.StatusCreated, "made")
		w.settle(a, http.StatusCreated, "made twice") // too late to count
		w.settle(a, http.StatusNotFound, "")
		w.wants(a, "made")
		w.wants(b, "running")
		w.wants(idempotency.Request{BusinessID: w.acme, Key: "a", Fingerprint: "POST /links 2"}, "invalid")
		w.settle(b, http.StatusUnprocessableEntity, "wrong") // whoever mends it may use the key
		w.wants(b, "go")
		w.settle(b, http.StatusMultipleChoices, "")
		w.wants(b, "go")
		w.d.Clock().SetOffset(48 * time.Hour) // the test clock frees no key
		w.wants(a, "made")
		w.d.Clock().SetOffset(0)
		w.moved.Store(int64(5 * time.Minute))
		w.wants(b, "running")
		w.moved.Store(int64(5*time.Minute + time.Second)) // its process has died
		w.wants(b, "go")
		w.wants(b, "running")
		w.moved.Store(int64(24 * time.Hour))
		if n, err := idempotency.Delete(w.Context(), w.d); err != nil || n != 0 {
			w.Errorf("%d are forgotten within a day, %v", n, err)
		}
		w.wants(a, "made")
		w.moved.Store(int64(24*time.Hour + time.Second))
		w.wants(idempotency.Request{BusinessID: w.acme, Key: "a", Fingerprint: "POST /links 2"}, "go") // it is anybody's again
		anew := idempotency.Request{BusinessID: w.acme, Key: "a", Fingerprint: "POST /links 2"}
		w.wants(anew, "running")
		w.wants(a, "invalid")
		w.settle(a, http.StatusCreated, "of before") // whoever had it before has it no more
		w.settle(a, http.StatusNotFound, "")
		w.wants(anew, "running")
		w.settle(anew, http.StatusCreated, "anew")
		w.wants(anew, "anew")
		if n, err := idempotency.Delete(w.Context(), w.d); err != nil || n != 1 { // the other business's
			w.Errorf("%d are forgotten, %v", n, err)
		}
		for key, want := range map[string]string{strings.Repeat("k", 255): "go", strings.Repeat("k", 256): "invalid", "é": "invalid", "a\nb": "invalid", " ~": "go", "\x7f": "invalid"} {
			w.wants(idempotency.Request{BusinessID: w.acme, Key: key, Fingerprint: "x"}, want)
		}
	})
}

// What a part of a request made is found under its key, and answers are as they were under
// another secret key.
func TestPartsAreRememberedAndAnswersSealedAnew(t *testing.T) {
	worlds(t, func(w world) {
		made := func(key, object string) (found string) {
			w.Helper()
			if err := w.d.InTx(w.Context(), func(tx *db.Tx) (err error) {
				if object != "" {
					err = idempotency.RememberTx(w.Context(), tx, w.acme, key, object, w.d.Clock().Wall())
				}
				if err == nil {
					found, err = idempotency.MadeTx(w.Context(), tx, w.acme, key)
				}
				return err
			}); err != nil {
				w.Fatal(err)
			}
			return found
		}
		if none, first, second, again := made("a\x1f1", ""), made("a\x1f1", "lnk_1"), made("a\x1f2", "lnk_2"), made("a\x1f1", ""); none != "" || first != "lnk_1" || second != "lnk_2" || again != "lnk_1" {
			w.Errorf("made are %q, %q, %q, %q", none, first, second, again)
		}
		if anew := made("a\x1f1", "lnk_3"); anew != "lnk_3" {
			w.Errorf("made anew is %q", anew)
		}
		a, b := idempotency.Request{BusinessID: w.acme, Key: "a", Fingerprint: "1"}, idempotency.Request{BusinessID: w.acme, Key: "b", Fingerprint: "2"}
		for _, r := range []idempotency.Request{a, b} {
			w.wants(r, "go")
			w.settle(r, http.StatusCreated, "made "+r.Key)
		}
		resealed, refused := 0, errors.New("refused")
		reseal := func(err error) error {
			return w.d.InTx(w.Context(), func(tx *db.Tx) error {
				return idempotency.ResealTx(w.Context(), tx, func(sealed, context string) (string, error) {
					resealed++
					plain, opened := w.keys.Sealer.Open(sealed, context)
					if opened != nil || err != nil {
						return "", errors.Join(opened, err)
					}
					return w.keys.Sealer.Seal(plain, context)
				})
			})
		}
		if err := reseal(nil); err != nil || resealed != 2 {
			w.Errorf("%d are sealed anew, %v", resealed, err)
		}
		if err := reseal(refused); !errors.Is(err, refused) {
			w.Errorf("what can't be sealed: %v", err)
		}
		w.wants(a, "made a")
		w.wants(b, "made b")
	})
}
