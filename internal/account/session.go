package account

import (
	"bytes"
	"context"
	"errors"
	"net/http"
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

// NewSessions returns the manager of signed-in sessions, stored in the
// database. Call it once; set its ErrorFunc. secure is true when the public URL
// is https; the cookie then can't be set by other hosts of the domain (the
// prefix "__Host-").
func NewSessions(d *db.DB, secure bool) *scs.SessionManager {
	// New starts a clean-up of a store in memory that we replace. It idles on
	// for the life of the process: stopping it races with its start.
	m := scs.New()
	m.Store = SessionStore(d)
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
// asked to save one that stays as it was read.
func SparingWrites(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), readKey{}, &read{})))
	})
}

// stays reports whether a session is to be what it was when the request read it.
func stays(ctx context.Context, token string, data []byte, expiry time.Time) bool {
	last, asked := ctx.Value(readKey{}).(*read)
	return asked && last.token == token && bytes.Equal(last.data, data) && !last.expiry.After(expiry) && last.expiry.After(expiry.Add(-renewAfter))
}

// renewAfter spares a write when only the idle time moved on, and by little.
const renewAfter = time.Minute

// CommitCtx implements scs.CtxStore.
func (s sessionStore) CommitCtx(ctx context.Context, token string, data []byte, expiry time.Time) error {
	if stays(ctx, token, data, expiry) {
		return nil
	}
	return s.db.InTx(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `
			INSERT INTO sessions (token, data, expiry) VALUES ($1, $2, $3)
			ON CONFLICT (token) DO UPDATE SET data = excluded.data, expiry = excluded.expiry
			WHERE sessions.data <> excluded.data OR sessions.expiry < $4 OR sessions.expiry > $3`,
			secret.Hash(token), data, db.At(expiry), db.At(expiry.Add(-renewAfter)))
		return err
	})
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
