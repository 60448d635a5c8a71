package account

import (
	"context"
	"errors"
	"time"

	"smartlinks/internal/db"
	"smartlinks/internal/fault"
)

// SessionID names one sign-in: "ses_…". It opens nothing by itself; the
// browser's token does.
type SessionID string

// Session is a user signed in on one browser.
type Session struct {
	ID        SessionID
	Agent     string // browser and system, in words
	Address   string // masked
	CreatedAt time.Time
	SeenAt    time.Time // rounded to seenEvery
}

// Device is where somebody signs in: what a list of sessions shows of it.
type Device struct {
	Agent   string // browser and system, in words
	Address string // masked
	By      Factor
}

// Factor is by what somebody signed in.
type Factor string

// The factors.
const (
	ByPassword     Factor = "a password"
	ByCode         Factor = "a password and a code"
	ByRecoveryCode Factor = "a password and a recovery code"
	ByPasskey      Factor = "a passkey"
	ByJoining      Factor = "a new account"
)

// seenEvery spares a write on most requests.
const seenEvery = 5 * time.Minute

// Open begins a session of a user who has proved to be one. The user is as
// they were when proving it: if what signs them in has changed since, the
// answer is an Unauthenticated fault.
func (a *Accounts) Open(ctx context.Context, u User, at Device) (id SessionID, err error) {
	now := db.At(a.db.Clock().Wall())
	err = a.db.InTx(ctx, func(tx *db.Tx) error {
		// The write locks the user: a change of the password comes before or after.
		n, err := tx.Exec(ctx, `UPDATE users SET signed_in_at = $3 WHERE id = $1 AND epoch = $2`, u.ID, u.Epoch, now)
		if err != nil {
			return err
		}
		if n == 0 {
			return fault.New(fault.Unauthenticated, "Your password or your second step was changed just now. Sign in again.")
		}
		fresh, err := tx.NewID("ses")
		if err != nil {
			return err
		}
		id = SessionID(fresh)
		_, err = tx.Exec(ctx, `INSERT INTO sign_ins (id, user_id, agent, address, created_at, seen_at) VALUES ($1, $2, $3, $4, $5, $5)`,
			id, u.ID, at.Agent, at.Address, now)
		if err != nil {
			return err
		}
		r, err := userByID(ctx, tx, u.ID)
		if err != nil {
			return err
		}
		return a.happened(ctx, tx, Event{User: r.user(), What: "Signed in with " + string(at.By)})
	})
	return id, err
}

// SignedIn returns whose session this is, or an Unauthenticated fault once it
// has ended: by signing out, from another session, by a change of the password,
// or because its time is over.
func (a *Accounts) SignedIn(ctx context.Context, id SessionID) (UserID, error) {
	now := a.db.Clock().Wall()
	var r struct {
		UserID UserID  `db:"user_id"`
		SeenAt db.Time `db:"seen_at"`
	}
	err := a.db.Get(ctx, &r, `SELECT user_id, seen_at FROM sign_ins WHERE id = $1 AND seen_at > $2 AND created_at > $3`,
		id, db.At(now.Add(-sessionIdle-seenEvery)), db.At(now.Add(-sessionLife)))
	if errors.Is(err, db.ErrNoRows) {
		return "", fault.New(fault.Unauthenticated, "Sign in first.")
	}
	if err != nil || now.Sub(r.SeenAt.Time) < seenEvery {
		return r.UserID, err
	}
	return r.UserID, a.db.InTx(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE sign_ins SET seen_at = $2 WHERE id = $1 AND seen_at < $2`, id, db.At(now))
		return err
	})
}

// Sessions returns where a user is signed in, the last used first.
func (a *Accounts) Sessions(ctx context.Context, userID UserID) ([]Session, error) {
	now := a.db.Clock().Wall()
	var rows []struct {
		ID        SessionID `db:"id"`
		Agent     string    `db:"agent"`
		Address   string    `db:"address"`
		CreatedAt db.Time   `db:"created_at"`
		SeenAt    db.Time   `db:"seen_at"`
	}
	err := a.db.Select(ctx, &rows, `SELECT id, agent, address, created_at, seen_at FROM sign_ins
		WHERE user_id = $1 AND seen_at > $2 AND created_at > $3 ORDER BY seen_at DESC, id DESC`,
		userID, db.At(now.Add(-sessionIdle-seenEvery)), db.At(now.Add(-sessionLife)))
	var list []Session
	for _, r := range rows {
		list = append(list, Session{ID: r.ID, Agent: r.Agent, Address: r.Address, CreatedAt: r.CreatedAt.Time, SeenAt: r.SeenAt.Time})
	}
	return list, err
}

// EndSession signs the user out of one session. One that has ended already, or
// is somebody else's, is left as it is.
func (a *Accounts) EndSession(ctx context.Context, userID UserID, id SessionID) error {
	return a.db.InTx(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `DELETE FROM sign_ins WHERE user_id = $1 AND id = $2`, userID, id)
		return err
	})
}

// EndOtherSessions signs the user out everywhere but in the session keep, and
// returns of how many.
func (a *Accounts) EndOtherSessions(ctx context.Context, userID UserID, keep SessionID) (n int64, err error) {
	err = a.db.InTx(ctx, func(tx *db.Tx) error {
		n, err = tx.Exec(ctx, `DELETE FROM sign_ins WHERE user_id = $1 AND id <> $2`, userID, keep)
		return err
	})
	return n, err
}
