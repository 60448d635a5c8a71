package account

import (
	"bytes"
	"context"
	"errors"
	"maps"
	"net/http"
	"reflect"
	"time"

	"github.com/alexedwards/scs/v2"

	"smartlinks/internal/db"
	"smartlinks/internal/secret"
)

// How long a session lives, on wall time: NIST SP 800-63B asks for a limit on
// both.
const (
	// sessionIdle lets someone who works all day stay signed in, and signs out
	// a forgotten machine by the next morning.
	sessionIdle = 12 * time.Hour
	// sessionLife makes everyone type the password once a month.
	sessionLife = 30 * 24 * time.Hour
)

// codec writes what a session holds.
var codec scs.GobCodec

// NewSessions returns the manager of signed-in sessions, stored in the
// database. Call it once; set its ErrorFunc. secure is true when the public URL
// is https; the cookie then can't be set by other hosts of the domain (the
// prefix "__Host-").
func NewSessions(d *db.DB, secure bool) *scs.SessionManager {
	// New starts a clean-up of a store in memory that we replace. It idles on
	// for the life of the process: stopping it races with its start.
	m := scs.New()
	m.Store = SessionStore(d)
	m.Codec = codec
	m.IdleTimeout = sessionIdle
	m.Lifetime = sessionLife
	m.Cookie.Name = "session"
	if secure {
		m.Cookie.Name = "__Host-session"
	}
	m.Cookie.Secure = secure
	m.Cookie.HttpOnly = true
	m.Cookie.SameSite = http.SameSiteLaxMode
	m.Cookie.Path = "/"
	return m
}

// SessionStore keeps sessions in the database, under the hash of their token:
// who reads the database can't take one over.
func SessionStore(d *db.DB) scs.CtxStore { return sessionStore{d} }

type sessionStore struct{ db *db.DB }

// FindCtx implements scs.CtxStore.
func (s sessionStore) FindCtx(ctx context.Context, token string) (data []byte, found bool, err error) {
	var r struct {
		Data   []byte  `db:"data"`
		Expiry db.Time `db:"expiry"`
	}
	err = s.db.Get(ctx, &r, `SELECT data, expiry FROM sessions WHERE token = $1 AND expiry > $2`,
		secret.Hash(token), db.At(s.db.Clock().Wall()))
	if errors.Is(err, db.ErrNoRows) {
		return nil, false, nil
	}
	if last, asked := ctx.Value(readKey{}).(*read); asked && err == nil {
		*last = read{token, r.Data, r.Expiry.Time}
	}
	return r.Data, err == nil, err
}

// read is a session as a request read it.
type read struct {
	token  string
	data   []byte
	expiry time.Time
}

type readKey struct{}

// SparingWrites serves next, a handler that loads and saves sessions: the database is not
// asked to save one that stays as it was read, and takes of others what the request changed.
func SparingWrites(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), readKey{}, &read{})))
	})
}

// renewAfter spares a write when only the idle time moved on, and by little.
const renewAfter = time.Minute

// CommitCtx implements scs.CtxStore. Requests of one browser run side by side: each writes what
// it changed itself. What it read may be old by now, and would bring back what another request
// took out. A session that ended meanwhile stays ended.
func (s sessionStore) CommitCtx(ctx context.Context, token string, data []byte, expiry time.Time) error {
	base, asked := ctx.Value(readKey{}).(*read)
	if !asked || base.token != token {
		return s.insert(ctx, token, data, expiry)
	}
	if !bytes.Equal(base.data, data) { // maps are encoded in any order
		before, after, err := valuesOf(base.data, data)
		if err != nil {
			return err
		}
		if !reflect.DeepEqual(before, after) {
			return s.change(ctx, token, before, after, expiry)
		}
	}
	if !base.expiry.After(expiry) && base.expiry.After(expiry.Add(-renewAfter)) {
		return nil
	}
	return s.db.InTx(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE sessions SET expiry = $2 WHERE token = $1`, secret.Hash(token), db.At(expiry))
		return err
	})
}

// insert keeps a session under a new token.
func (s sessionStore) insert(ctx context.Context, token string, data []byte, expiry time.Time) error {
	return s.db.InTx(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `
			INSERT INTO sessions (token, data, expiry) VALUES ($1, $2, $3)
			ON CONFLICT (token) DO UPDATE SET data = excluded.data, expiry = excluded.expiry`,
			secret.Hash(token), data, db.At(expiry))
		return err
	})
}

// change applies what a request changed, between before and after, to the session as it is now.
func (s sessionStore) change(ctx context.Context, token string, before, after map[string]any, expiry time.Time) error {
	return s.db.InTx(ctx, func(tx *db.Tx) error {
		var data []byte
		err := tx.Get(ctx, &data, `UPDATE sessions SET expiry = $2 WHERE token = $1 RETURNING data`, secret.Hash(token), db.At(expiry))
		if errors.Is(err, db.ErrNoRows) {
			return nil
		}
		if err != nil {
			return err
		}
		deadline, values, err := codec.Decode(data)
		if err != nil {
			return err
		}
		maps.DeleteFunc(values, func(name string, _ any) bool {
			_, had := before[name]
			_, has := after[name]
			return had && !has
		})
		for name, value := range after {
			if !reflect.DeepEqual(before[name], value) {
				values[name] = value
			}
		}
		if data, err = codec.Encode(deadline, values); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `UPDATE sessions SET data = $2 WHERE token = $1`, secret.Hash(token), data)
		return err
	})
}

// valuesOf reads what a session held before and after a request.
func valuesOf(old, new []byte) (before, after map[string]any, err error) {
	if _, before, err = codec.Decode(old); err == nil {
		_, after, err = codec.Decode(new)
	}
	return before, after, err
}

// DeleteCtx implements scs.CtxStore.
func (s sessionStore) DeleteCtx(ctx context.Context, token string) error {
	return s.db.InTx(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `DELETE FROM sessions WHERE token = $1`, secret.Hash(token))
		return err
	})
}

// Find implements scs.Store.
func (s sessionStore) Find(token string) ([]byte, bool, error) {
	return s.FindCtx(context.Background(), token)
}

// Commit implements scs.Store.
func (s sessionStore) Commit(token string, data []byte, expiry time.Time) error {
	return s.CommitCtx(context.Background(), token, data, expiry)
}

// Delete implements scs.Store.
func (s sessionStore) Delete(token string) error { return s.DeleteCtx(context.Background(), token) }
